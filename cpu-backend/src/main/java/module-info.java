/** The backend in pure Java. */
module dev.cotangent.cpu {
    // Optional: without --add-modules jdk.incubator.vector loops are scalar.
    requires static jdk.incubator.vector;
    requires static org.jspecify;
    requires arpack.combined.all;
    requires dev.cotangent.core;
    requires jdk.management;
    requires org.slf4j;

    provides dev.cotangent.backend.BackendProvider with
            dev.cotangent.cpu.CpuProvider;
}

/** Device kernels in CUDA C, and the code generator that renders scalar programs into them. */
module dev.cotangent.kernels {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;

    exports dev.cotangent.kernels to
            dev.cotangent.emulator,
            dev.cotangent.jcuda;
}

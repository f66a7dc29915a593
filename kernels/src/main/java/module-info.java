/** Device kernels in CUDA C, and the code generator for scalar programs. */
module dev.cotangent.kernels {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;

    exports dev.cotangent.kernels to
            dev.cotangent.emulator,
            dev.cotangent.jcuda;
}

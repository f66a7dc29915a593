/** Emulated {@code libcuda}, NVRTC and cuBLAS for hosts without a GPU. */
module dev.cotangent.emulator {
    requires static org.jspecify;

    exports dev.cotangent.emulator;
    exports dev.cotangent.emulator.ptx;
}

/** Emulated CUDA for hosts without a GPU: a driver, NVRTC and cuBLAS that run kernels on the CPU. */
@NullMarked
package dev.cotangent.emulator;

import org.jspecify.annotations.NullMarked;

/** CUDA for a host without a GPU: a driver, an NVRTC and a cuBLAS that run kernels on the processor. */
@NullMarked
package dev.cotangent.emulator;

import org.jspecify.annotations.NullMarked;

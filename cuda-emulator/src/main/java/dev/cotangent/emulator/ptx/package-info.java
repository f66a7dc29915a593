/**
 * An engine that executes PTX, the code that NVRTC and nvcc make for GPUs, warp by warp, and counts what decides a kernel's
 * speed: instructions by class, memory sectors against the ideal, bank conflicts, divergence. The semantics are those of
 * NVIDIA's "Parallel Thread Execution ISA", for the instructions of this project's kernels.
 */
@NullMarked
package dev.cotangent.emulator.ptx;

import org.jspecify.annotations.NullMarked;

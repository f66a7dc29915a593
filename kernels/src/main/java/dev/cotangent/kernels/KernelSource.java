package dev.cotangent.kernels;

/**
 * CUDA C of one module, complete: no header is included.
 *
 * @param name what it is for, to show
 * @param text the source; equal texts are the same module
 */
public record KernelSource(String name, String text) {}

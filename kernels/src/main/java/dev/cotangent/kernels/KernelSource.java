package dev.cotangent.kernels;

/**
 * Complete CUDA C source of one module, which includes no header.
 *
 * @param name descriptive name, for messages
 * @param text the source; equal texts are the same module
 */
public record KernelSource(String name, String text) {}

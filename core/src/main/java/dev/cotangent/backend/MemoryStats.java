package dev.cotangent.backend;

/**
 * Memory statistics of a backend, in bytes.
 *
 * @param live in live storages
 * @param cached cached by the backend for reuse
 * @param total that the device has, or the process may use
 */
public record MemoryStats(long live, long cached, long total) {}

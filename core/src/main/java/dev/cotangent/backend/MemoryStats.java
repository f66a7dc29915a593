package dev.cotangent.backend;

/**
 * What a backend knows of its memory, in bytes.
 *
 * @param live in storages that are alive
 * @param cached kept by the backend for reuse
 * @param total that the device has, or that the process may take
 */
public record MemoryStats(long live, long cached, long total) {}

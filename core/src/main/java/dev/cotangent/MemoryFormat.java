package dev.cotangent;

/** In which order the dimensions of a copy lie in memory; PyTorch's {@code torch.memory_format}. */
public enum MemoryFormat {
    /** Row-major. */
    CONTIGUOUS_FORMAT,
    /** As the original's. */
    PRESERVE_FORMAT,
    /** Of batches of images (4 dimensions) the channels innermost. */
    CHANNELS_LAST,
    /** Of batches of volumes (5 dimensions) the channels innermost. */
    CHANNELS_LAST_3D
}

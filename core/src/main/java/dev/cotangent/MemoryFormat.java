package dev.cotangent;

/** Memory order of the dimensions of a copy; PyTorch's {@code torch.memory_format}. */
public enum MemoryFormat {
    /** Row-major. */
    CONTIGUOUS_FORMAT,
    /** The original's. */
    PRESERVE_FORMAT,
    /** Channels innermost, for batches of images (4 dimensions). */
    CHANNELS_LAST,
    /** Channels innermost, for batches of volumes (5 dimensions). */
    CHANNELS_LAST_3D
}

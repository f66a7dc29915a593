package dev.cotangent;

/** Says in which order {@link Tensors#meshgrid} has its dimensions: PyTorch's {@code indexing}. */
public enum MeshIndexing {
    /** As matrices: the first vector along dimension 0. */
    IJ,
    /** As pictures: the first vector along dimension 1. */
    XY;

    /** Returns the mode with PyTorch's name, in lower case; throws PyTorch's error if there is none. */
    public static MeshIndexing of(String text) {
        MeshIndexing mode = EnumNames.named(values(), text);
        if (mode != null) return mode;
        throw new CotangentException("torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: " + text);
    }

    /** Returns PyTorch's name of the mode. */
    public String text() {
        return EnumNames.text(this);
    }
}

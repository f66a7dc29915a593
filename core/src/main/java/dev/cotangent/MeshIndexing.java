package dev.cotangent;

/** Order of the dimensions of {@link Tensors#meshgrid}: PyTorch's {@code indexing}. */
public enum MeshIndexing {
    /** Matrix indexing: the first vector along dimension 0. */
    IJ,
    /** Cartesian indexing: the first vector along dimension 1. */
    XY;

    /** Returns the mode of PyTorch's name, in lower case; throws PyTorch's error if there is none. */
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

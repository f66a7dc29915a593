package dev.cotangent.format;

import dev.cotangent.Tensor;

/** PyTorch's text of a tensor. */
public final class TensorText {
    private TensorText() {}

    /** The text. */
    public static String of(Tensor t) {
        return "tensor(" + java.util.Arrays.toString(t.toDoubleArray()) + ")";
    }
}

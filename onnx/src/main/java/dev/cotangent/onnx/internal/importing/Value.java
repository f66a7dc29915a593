package dev.cotangent.onnx.internal.importing;

import dev.cotangent.Tensor;
import java.util.List;

/** A value between nodes. */
public sealed interface Value {
    /** A tensor. */
    record Single(Tensor tensor) implements Value {}

    /** A sequence of tensors. */
    record Sequence(List<Tensor> tensors) implements Value {}

    /** An optional without a value. */
    record None() implements Value {}

    /** Returns a tensor as the only value. */
    static List<Value> of(Tensor tensor) {
        return List.of(new Single(tensor));
    }

    /** Returns tensors as values. */
    static List<Value> of(Tensor first, Tensor second) {
        return List.of(new Single(first), new Single(second));
    }

    /** Returns tensors as values. */
    static List<Value> all(List<Tensor> tensors) {
        return tensors.stream().<Value>map(Single::new).toList();
    }
}

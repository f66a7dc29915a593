package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** A value of the traced graph. */
final class TraceValue {
    /** Where a value comes from. */
    enum Kind {
        /** A node computes it. */
        NODE,
        /** The model is given it. */
        INPUT,
        /** A parameter or buffer of the module. */
        PARAMETER,
        /** A constant tensor. */
        CONSTANT,
        /** Constant integers that say sizes, axes and the like. */
        INTS
    }

    final int id;
    final Kind kind;
    final Dtype dtype;
    final long[] shape;
    /** The name, of inputs and parameters from the start. */
    @Nullable
    String name;
    /** The elements of a parameter or constant. */
    final @Nullable Tensor data;
    /** The integers. */
    final long @Nullable [] ints;
    /** The value of all elements, where they are known to be equal, as the bits of a program's constant. */
    @Nullable
    Long uniform;

    TraceValue(
            int id,
            Kind kind,
            Dtype dtype,
            long[] shape,
            @Nullable String name,
            @Nullable Tensor data,
            long @Nullable [] ints) {
        this.id = id;
        this.kind = kind;
        this.dtype = dtype;
        this.shape = shape;
        this.name = name;
        this.data = data;
        this.ints = ints;
    }

    int rank() {
        return shape.length;
    }

    /** Returns whether operations on it are recorded rather than computed once and for all. */
    boolean isTraced() {
        return kind != Kind.CONSTANT && kind != Kind.INTS;
    }
}

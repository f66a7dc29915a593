package dev.cotangent.internal.engine;

import dev.cotangent.Tensor;

/** View metadata: the base, whose history in-place writes must update. */
public final class ViewInfo {
    /** How a view was created, which decides whether it may be written in place. */
    public enum Origin {
        /** By an operation with one output. */
        DEFAULT,
        /** By an operation with several outputs. */
        MULTIPLE,
        /** In no-grad mode. */
        NO_GRAD,
        /** In inference mode. */
        INFERENCE,
        /** By a custom function, or as an input that it returned. */
        FUNCTION
    }

    final Tensor base;
    Origin origin;
    /** The memory's version for which the view's grad_fn is valid. */
    int version;

    ViewInfo(Tensor base, Origin origin, int version) {
        this.base = base;
        this.origin = origin;
        this.version = version;
    }
}

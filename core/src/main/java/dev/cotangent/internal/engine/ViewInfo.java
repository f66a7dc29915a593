package dev.cotangent.internal.engine;

import dev.cotangent.Tensor;

/** Says of a tensor that it is a view of another, so that an in-place write can be told to the other's history. */
public final class ViewInfo {
    /** How a view came to be, which decides whether it may be written in place. */
    public enum Origin {
        /** By an operation with one result. */
        DEFAULT,
        /** As one of several views that an operation returned. */
        MULTIPLE,
        /** While operations were not recorded. */
        NO_GRAD,
        /** In inference mode. */
        INFERENCE,
        /** Inside a custom function, or an input that it returned. */
        FUNCTION
    }

    final Tensor base;
    Origin origin;
    /** The version of the memory at which the view's grad_fn was right. */
    int version;

    ViewInfo(Tensor base, Origin origin, int version) {
        this.base = base;
        this.origin = origin;
        this.version = version;
    }
}

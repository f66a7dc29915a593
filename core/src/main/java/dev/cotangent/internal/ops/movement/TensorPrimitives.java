package dev.cotangent.internal.ops.movement;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.engine.GradientPrimitives;
import dev.cotangent.internal.ops.creation.CreationOps;

/** The engine's primitives, implemented by the creation and view operations. */
public final class TensorPrimitives extends GradientPrimitives {
    /** Creates the primitives, which have no state. */
    public TensorPrimitives() {}

    @Override
    protected Tensor onesLike(Tensor t) {
        return CreationOps.onesLike(t);
    }

    @Override
    protected Tensor uninitializedLike(Tensor t) {
        return CreationOps.uninitializedLike(t);
    }

    @Override
    protected Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device) {
        return CreationOps.emptyStrided(sizes, strides, dtype, device);
    }

    @Override
    protected Tensor stridedBackward(Tensor g, Layout base, Layout view) {
        return ViewOps.stridedBackward(g, base, view);
    }
}

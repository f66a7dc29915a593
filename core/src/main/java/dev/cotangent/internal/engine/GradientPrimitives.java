package dev.cotangent.internal.engine;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import org.jspecify.annotations.Nullable;

/**
 * The few operations that the engine needs, which are handed to it: the engine knows tensors, and operations know the
 * engine.
 */
public abstract class GradientPrimitives {
    private static volatile @Nullable GradientPrimitives instance;

    /** Creates the primitives. */
    protected GradientPrimitives() {}

    /** Sets the primitives of this JVM; called when {@link Tensor} is initialized. */
    public static void set(GradientPrimitives primitives) {
        instance = primitives;
    }

    /** Returns the primitives of this JVM. */
    static GradientPrimitives get() {
        GradientPrimitives p = instance;
        if (p == null) throw new IllegalStateException("no operations were given to the engine");
        return p;
    }

    /** Returns ones of a tensor's shape, dtype and device. */
    protected abstract Tensor onesLike(Tensor t);

    /** Returns uninitialized memory of a tensor's shape, dtype, device and memory order. */
    protected abstract Tensor uninitializedLike(Tensor t);

    /** Returns a tensor of any strides without gaps. */
    protected abstract Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device);

    /** Returns the gradient of a tensor laid out as {@code base} from that of a strided view of its storage. */
    protected abstract Tensor stridedBackward(Tensor g, Layout base, Layout view);
}

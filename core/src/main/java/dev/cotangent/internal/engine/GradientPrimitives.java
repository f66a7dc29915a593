package dev.cotangent.internal.engine;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementLayout;
import dev.cotangent.backend.Layout;
import org.jspecify.annotations.Nullable;

/** Operations that the engine needs, injected because operations depend on the engine. */
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

    /** Returns uninitialized memory of a tensor's shape, strides, dtype and device. */
    protected abstract Tensor uninitializedLike(Tensor t);

    /** Returns an uninitialized tensor of given strides without gaps. */
    protected abstract Tensor emptyStrided(long[] sizes, long[] strides, Dtype dtype, Device device);

    /** Returns the gradient of a tensor of layout {@code base} from the gradient of a strided view of its storage. */
    protected abstract Tensor stridedBackward(Tensor g, Layout base, Layout view);

    /** Works as {@link #stridedBackward(Tensor, Layout, Layout)}, of real, complex or conjugated views of each other. */
    protected abstract Tensor stridedBackward(Tensor g, ElementLayout base, ElementLayout view);

    /** Returns the view of {@code whole}, which has the layout {@code base} at offset 0, that {@code view} is of the base. */
    protected abstract Tensor view(Tensor whole, ElementLayout base, ElementLayout view);
}

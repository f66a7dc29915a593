package dev.cotangent.internal;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.VersionCounter;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Gives {@link Internals} the fields of a tensor, which has no public methods for them; set by {@link Tensor}. */
public abstract class TensorAccess {
    private static @Nullable TensorAccess instance;

    /** Creates the access, of which {@link Tensor} has the only one. */
    protected TensorAccess() {}

    /** Sets the only access. */
    public static synchronized void set(TensorAccess access) {
        if (instance != null) throw new IllegalStateException("the access to tensors is set already");
        instance = access;
    }

    /** Returns the access; initializes {@link Tensor} if it is not. */
    static TensorAccess get() {
        try {
            MethodHandles.lookup().ensureInitialized(Tensor.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
        synchronized (TensorAccess.class) {
            TensorAccess access = instance;
            if (access == null) throw new IllegalStateException("Tensor has not set its access");
            return access;
        }
    }

    /** Returns a tensor of a memory that shares a version counter, without history. */
    protected abstract Tensor wrap(Strided data, VersionCounter version);

    /** Returns another layout of a tensor's memory, without history. */
    protected abstract Tensor viewOf(Tensor x, Layout layout);

    /** Returns the storage and the layout in it, perhaps not computed yet. */
    protected abstract Strided data(Tensor x);

    /** Returns the version counter. */
    protected abstract VersionCounter version(Tensor x);

    /** Returns the autograd metadata, or null. */
    protected abstract @Nullable AutogradMeta meta(Tensor x);

    /** Returns the autograd metadata, created if there is none. */
    protected abstract AutogradMeta metaOrNew(Tensor x);
}

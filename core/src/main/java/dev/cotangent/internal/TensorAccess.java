package dev.cotangent.internal;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.VersionCounter;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * Accessors of a tensor's fields for {@link Internals}: they are not public, and {@link Tensor} provides this access.
 */
public abstract class TensorAccess {
    private static @Nullable TensorAccess instance;

    /** Creates the access; {@link Tensor} has the only instance. */
    protected TensorAccess() {}

    /** Sets the only instance. */
    public static synchronized void set(TensorAccess access) {
        if (instance != null) throw new IllegalStateException("the access to tensors is set already");
        instance = access;
    }

    /** Returns the access, initializing {@link Tensor} first if necessary. */
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

    /** Returns a tensor over a storage with a shared version counter, without history. */
    protected abstract Tensor wrap(Strided data, VersionCounter version);

    /** Returns another layout of a tensor's storage, without history. */
    protected abstract Tensor viewOf(Tensor x, Layout layout);

    /** Returns other elements of a tensor's storage, without history. */
    protected abstract Tensor viewOf(Tensor x, Strided data);

    /** Returns the storage and the layout in it, possibly still deferred. */
    protected abstract Strided data(Tensor x);

    /** Returns the version counter. */
    protected abstract VersionCounter version(Tensor x);

    /** Returns the autograd metadata, or null if there is none. */
    protected abstract @Nullable AutogradMeta meta(Tensor x);

    /** Returns the autograd metadata, created if there is none. */
    protected abstract AutogradMeta metaOrNew(Tensor x);

    /** Makes a tensor stand for another; the result undoes it. */
    protected abstract Runnable substitute(Tensor x, Tensor by);
}

package dev.cotangent.internal;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.engine.VersionCounter;
import org.jspecify.annotations.Nullable;

/**
 * Accessors of a tensor's storage, version counter and autograd metadata, for operations, the autograd engine and
 * backends.
 */
public final class Internals {
    // Final, so that the JIT compiler inlines the access.
    private static final TensorAccess ACCESS = TensorAccess.get();

    private Internals() {}

    /** Returns a tensor over a storage, without history. */
    public static Tensor wrap(Strided data) {
        return ACCESS.wrap(data, new VersionCounter());
    }

    /** Returns a tensor over a storage with a shared version counter, without history. */
    public static Tensor wrap(Strided data, VersionCounter version) {
        return ACCESS.wrap(data, version);
    }

    /** Returns a view: another layout of a tensor's storage, without history. */
    public static Tensor viewOf(Tensor x, Layout layout) {
        return ACCESS.viewOf(x, layout);
    }

    /**
     * Returns real elements, materializing a lazy result: the operand that backends take. Throws PyTorch's error of an
     * operation that is not implemented for complex numbers; those that are call {@link #data}.
     */
    public static Strided strided(Tensor x) {
        Strided data = ACCESS.data(x);
        if (data.form() != ElementForm.REAL) data = LazyForms.real(data);
        data.storage().memory();
        return data;
    }

    /** Works as {@link #strided}, but may be deferred: the form that element-wise operations take. */
    public static Strided operand(Tensor x) {
        Strided data = ACCESS.data(x);
        return data.form() == ElementForm.REAL ? data : LazyForms.real(data);
    }

    /** Returns the elements of any dtype, complex, conjugated or negated as they may be, materializing a lazy result. */
    public static Strided data(Tensor x) {
        Strided data = ACCESS.data(x);
        data.storage().memory();
        return data;
    }

    /** Returns the elements of any dtype, possibly still deferred. */
    public static Strided operandOfAnyForm(Tensor x) {
        return ACCESS.data(x);
    }

    /** Returns how elements are made of the numbers in memory. */
    public static ElementForm form(Tensor x) {
        return ACCESS.data(x).form();
    }

    /** Returns a view of the same storage in any layout and form, without history. */
    public static Tensor viewOf(Tensor x, Strided data) {
        return ACCESS.viewOf(x, data);
    }

    /** Returns the storage. */
    public static Storage storage(Tensor x) {
        return ACCESS.data(x).storage();
    }

    /** Returns the sizes, strides and offset in the storage. */
    public static Layout layout(Tensor x) {
        return ACCESS.data(x).layout();
    }

    /** Returns the backend of the tensor's device. */
    public static Backend backend(Tensor x) {
        return ACCESS.data(x).backend();
    }

    /** Returns the counter of in-place writes, shared with views and with {@link Tensor#detach}. */
    public static VersionCounter version(Tensor x) {
        return ACCESS.version(x);
    }

    /** Returns the autograd metadata, or null if the tensor has none yet. */
    public static @Nullable AutogradMeta meta(Tensor x) {
        return ACCESS.meta(x);
    }

    /** Returns the autograd metadata, created if there is none. */
    public static AutogradMeta metaOrNew(Tensor x) {
        return ACCESS.metaOrNew(x);
    }

    /** Returns the edge to which gradients of the tensor are sent; null if it does not require grad. */
    public static @Nullable Edge edge(Tensor x) {
        AutogradMeta m = ACCESS.meta(x);
        return m == null ? null : m.edge();
    }

    /** Returns the node of the operation that computed the tensor; null for a leaf. */
    public static @Nullable GraphNode gradFn(Tensor x) {
        AutogradMeta m = ACCESS.meta(x);
        return m == null ? null : m.gradFn();
    }

    /**
     * Makes a tensor stand for another: memory, version and place in the graph are the other's until the result runs. Nobody
     * else may use the tensor meanwhile.
     */
    public static Runnable substitute(Tensor x, Tensor by) {
        return ACCESS.substitute(x, by);
    }

    /** Returns the tensor that a tensor stands for, or itself. */
    public static Tensor self(Tensor x) {
        AutogradMeta m = ACCESS.meta(x);
        return m == null ? x : m.tensor();
    }

    /** Sets the gradient to none, as {@code setGrad(null)} does, and frees its memory if no user holds it. */
    public static void clearGrad(Tensor x) {
        AutogradMeta m = ACCESS.meta(x);
        if (m != null) m.clearGrad();
    }
}

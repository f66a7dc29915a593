package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The end of every path: adds what arrives to a leaf's gradient. */
public final class AccumulateGrad extends GraphNode {
    private final Tensor variable;
    private @Nullable List<Consumer<Tensor>> afterHooks;

    AccumulateGrad(Tensor variable) {
        super("torch::autograd::AccumulateGrad", new Edge[0]);
        this.variable = variable;
        setOutputs(variable);
    }

    /** The leaf. */
    public Tensor variable() {
        return variable;
    }

    /** Whether gradients of this node are of the dtype, shape and device of a tensor. */
    boolean fits(Tensor t) {
        Expected e = expected(0);
        return e != null
                && e.dtype() == t.dtype()
                && e.device().equals(t.device())
                && Arrays.equals(e.sizes(), Internals.layout(t).sizes());
    }

    /** Calls a hook after each time that a gradient was added; see {@link Tensor#registerPostAccumulateGradHook}. */
    Runnable addAfterHook(Consumer<Tensor> hook) {
        synchronized (this) {
            if (afterHooks == null) afterHooks = new ArrayList<>(2);
        }
        return AutogradMeta.register(afterHooks, hook);
    }

    @Override
    boolean hasHooks() {
        return afterHooks != null || super.hasHooks();
    }

    @Override
    void adoptHooks(GraphNode old) {
        super.adoptHooks(old);
        if (old instanceof AccumulateGrad leaf) afterHooks = leaf.afterHooks;
    }

    void runAfterHooks() {
        if (afterHooks == null) return;
        for (Consumer<Tensor> hook : AutogradMeta.snapshot(afterHooks)) hook.accept(variable);
    }

    @Override
    protected void visitSaved(Consumer<Tensor> visitor) {
        visitor.accept(variable);
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        accumulate(grads[0], false);
        return new Tensor[0];
    }

    /**
     * Adds a gradient; without a recorded graph in place, so that whoever holds the old one sees the sum.
     *
     * @param owned whether nobody else holds the memory of {@code g}, so that it may be kept as it is
     * @return the gradient as it is now, or null where none was added
     */
    @Nullable
    Tensor accumulate(@Nullable Tensor g, boolean owned) {
        // A leaf may have been told since that it wants none.
        if (g == null || !variable.requiresGrad()) return null;
        if (!Arrays.equals(
                Internals.layout(g).sizes(), Internals.layout(variable).sizes())) {
            throw new CotangentException("a gradient of shape " + g.shape() + " reached a leaf whose data was replaced"
                    + " since by some of shape " + variable.shape() + ": compute the forward pass again after setData");
        }
        AutogradMeta meta = Internals.metaOrNew(variable);
        synchronized (meta) {
            Tensor old = meta.grad();
            if (old != null && !GradMode.isEnabled()) return old.add_(g);
            if (old != null) return meta.accumulated(old.add(g), true);
            boolean kept = owned && !GradMode.isEnabled() && liesLike(Internals.layout(g), Internals.layout(variable));
            return meta.accumulated(kept ? g.detach() : copy(g), GradMode.isEnabled());
        }
    }

    /** PyTorch's layout contract: in memory a gradient lies as its leaf does, or row-major where that has gaps. */
    private static boolean liesLike(Layout g, Layout leaf) {
        if (leaf.isContiguous() || !leaf.isNonOverlappingAndDense()) return g.isContiguous();
        for (int d = 0; d < g.rank(); d++) if (g.size(d) != 1 && g.stride(d) != leaf.stride(d)) return false;
        return true;
    }

    private Tensor copy(Tensor g) {
        return GradientPrimitives.get().uninitializedLike(variable).copy_(g);
    }
}

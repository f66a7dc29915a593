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

/** Accumulates gradients into a leaf: PyTorch's {@code AccumulateGrad}. */
public final class AccumulateGrad extends GraphNode {
    private final Tensor variable;
    private @Nullable List<Consumer<Tensor>> afterHooks;

    AccumulateGrad(Tensor variable) {
        super("torch::autograd::AccumulateGrad", new Edge[0]);
        this.variable = variable;
        setOutputs(variable);
    }

    /** Returns the leaf. */
    public Tensor variable() {
        return variable;
    }

    /** Returns whether gradients of this node have a tensor's dtype, shape and device. */
    boolean fits(Tensor t) {
        Expected e = expected(0);
        return e != null
                && e.dtype() == t.dtype()
                && e.device().equals(t.device())
                && Arrays.equals(e.sizes(), Internals.layout(t).sizes());
    }

    /** Registers a hook that runs after each accumulation; see {@link Tensor#registerPostAccumulateGradHook}. */
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
     * Adds a gradient; in place if no graph is recorded, so that holders of the old gradient see the sum.
     *
     * @param owned whether the memory of {@code g} is donated, so that it may become the gradient without a copy
     * @return the gradient after the addition, or null if none was added
     */
    @Nullable
    Tensor accumulate(@Nullable Tensor g, boolean owned) {
        // requiresGrad may have been cleared since the node was recorded.
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
            boolean donated = owned
                    && !GradMode.isEnabled()
                    && !Internals.form(g).isLazy()
                    && obeysLayoutContract(Internals.layout(g), Internals.layout(variable));
            return meta.accumulated(donated ? g.detach() : copy(g), GradMode.isEnabled());
        }
    }

    /**
     * Returns whether a gradient obeys PyTorch's layout contract: a gradient has its leaf's strides, or is row-major if
     * the leaf is not dense.
     */
    private static boolean obeysLayoutContract(Layout g, Layout leaf) {
        if (leaf.isContiguous() || !leaf.isNonOverlappingAndDense()) return g.isContiguous();
        for (int d = 0; d < g.rank(); d++) if (g.size(d) != 1 && g.stride(d) != leaf.stride(d)) return false;
        return true;
    }

    private Tensor copy(Tensor g) {
        return GradientPrimitives.get().uninitializedLike(variable).copy_(g);
    }
}

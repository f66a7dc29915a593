package dev.cotangent.internal.engine;

import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementLayout;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Backward of an in-place write to a view, applied to the base: the written part's gradient passes through the
 * operation's own node, the rest is unchanged.
 */
final class CopySlices extends GraphNode {
    private final ElementLayout base;
    private final ElementLayout view;
    private final GraphNode written;
    /** Index of the view among the inputs of {@link #written}. */
    private final int input;

    CopySlices(Tensor base, ElementLayout view, GraphNode written, int input) {
        super("torch::autograd::CopySlices", edges(base, written, input));
        this.base = ElementLayout.of(Internals.operandOfAnyForm(base));
        this.view = view;
        this.written = written;
        this.input = input;
    }

    private static @Nullable Edge[] edges(Tensor base, GraphNode written, int input) {
        Edge[] edges = new Edge[written.inputs()];
        for (int i = 0; i < edges.length; i++) edges[i] = i == input ? Internals.edge(base) : written.next(i);
        return edges;
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        Tensor g = grads[0];
        if (g == null) return new Tensor[inputs()];
        Tensor whole = GradientPrimitives.get()
                .emptyStrided(base.layout().sizes(), base.layout().strides(), g.dtype(), g.device())
                .copy_(g);
        Tensor part = GradientPrimitives.get().view(whole, base, view);
        // Writing the gradient of an expanded view raises PyTorch's error.
        if (view.layout().overlaps() && !isExpanded(view.layout())) return overlapping(whole, part, needs);
        @Nullable Tensor[] out = written(part.clone(), needs);
        if (needs[input]) {
            if (out[input] == null) part.zero_();
            else part.copy_(out[input]);
            out[input] = whole;
        }
        return out;
    }

    private static boolean isExpanded(Layout l) {
        for (int d = 0; d < l.rank(); d++) if (l.stride(d) == 0 && l.size(d) > 1) return true;
        return false;
    }

    /** Returns the gradients of the write's inputs; the view's is always computed. */
    private @Nullable Tensor[] written(Tensor part, boolean[] needs) {
        boolean[] required = needs.clone();
        required[input] = true;
        @Nullable Tensor[] all = written.apply(new Tensor[] {part}, required).clone();
        if (!needs[input]) all[input] = null;
        return all;
    }

    /**
     * Divides the gradient of a base element evenly among the elements of an overlapping view that alias it, as
     * unfold's.
     */
    private @Nullable Tensor[] overlapping(Tensor whole, Tensor part, boolean[] needs) {
        Layout dense = Internals.layout(whole);
        Layout seen = Internals.layout(part);
        Tensor count = GradientPrimitives.get().stridedBackward(part.onesLike(), dense, seen);
        Tensor shares = count.asStrided(seen.sizes(), seen.strides(), seen.offset());
        @Nullable Tensor[] out = written(part.div(shares), needs);
        if (!needs[input]) return out;
        Tensor rest = whole.mul(count.eq(0));
        Tensor before = out[input];
        out[input] = before == null ? rest : rest.add(GradientPrimitives.get().stridedBackward(before, dense, seen));
        return out;
    }

    @Override
    protected void visitSaved(Consumer<Tensor> visitor) {
        written.visitSaved(visitor);
    }

    @Override
    protected void release() {
        written.release();
    }

    @Override
    protected boolean returnsFresh() {
        return written.returnsFresh();
    }
}

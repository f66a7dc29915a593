package dev.cotangent.internal.engine;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backward of an in-place write to a view, seen from the base: the gradient of the part that was written goes
 * through the operation's own node, the rest passes by.
 */
final class CopySlices extends GraphNode {
    private final Layout base;
    private final Layout view;
    private final GraphNode written;
    /** Which input of {@link #written} the view is. */
    private final int place;

    CopySlices(Tensor base, Layout view, GraphNode written, int place) {
        super("torch::autograd::CopySlices", edges(base, written, place));
        this.base = Internals.layout(base);
        this.view = view;
        this.written = written;
        this.place = place;
    }

    private static @Nullable Edge[] edges(Tensor base, GraphNode written, int place) {
        Edge[] edges = new Edge[written.inputs()];
        for (int i = 0; i < edges.length; i++) edges[i] = i == place ? Internals.edge(base) : written.next(i);
        return edges;
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        Tensor g = grads[0];
        if (g == null) return new Tensor[inputs()];
        Tensor whole = GradientPrimitives.get()
                .emptyStrided(base.sizes(), base.strides(), g.dtype(), g.device())
                .copy_(g);
        Tensor part = whole.asStrided(view.sizes(), view.strides(), view.offset() - base.offset());
        // An expanded view raises PyTorch's error when its gradient is written.
        if (view.overlaps() && !isExpanded(view)) return overlapping(whole, part, needs);
        @Nullable Tensor[] out = written(part.clone(), needs);
        if (needs[place]) {
            if (out[place] == null) part.zero_();
            else part.copy_(out[place]);
            out[place] = whole;
        }
        return out;
    }

    private static boolean isExpanded(Layout l) {
        for (int d = 0; d < l.rank(); d++) if (l.stride(d) == 0 && l.size(d) > 1) return true;
        return false;
    }

    /** Gradients of what was written, that of the view always among them. */
    private @Nullable Tensor[] written(Tensor part, boolean[] needs) {
        boolean[] wanted = needs.clone();
        wanted[place] = true;
        @Nullable Tensor[] all = written.apply(new Tensor[] {part}, wanted).clone();
        if (!needs[place]) all[place] = null;
        return all;
    }

    /** Several elements of the view are one of the base, such as in windows: they share its gradient evenly. */
    private @Nullable Tensor[] overlapping(Tensor whole, Tensor part, boolean[] needs) {
        Layout dense = Internals.layout(whole);
        Layout seen = Internals.layout(part);
        Tensor count = GradientPrimitives.get().stridedBackward(part.onesLike(), dense, seen);
        Tensor shares = count.asStrided(seen.sizes(), seen.strides(), seen.offset());
        @Nullable Tensor[] out = written(part.div(shares), needs);
        if (!needs[place]) return out;
        Tensor rest = whole.mul(count.eq(0));
        Tensor before = out[place];
        out[place] = before == null ? rest : rest.add(GradientPrimitives.get().stridedBackward(before, dense, seen));
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

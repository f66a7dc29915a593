package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.op.Factories;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backward of an in-place write to a view, seen from the base: the gradient of the part that was written goes
 * through the operation's own node, the rest passes by.
 */
final class CopySlices extends Node {
    private final Layout base;
    private final Layout view;
    private final Node written;

    CopySlices(Tensor base, Layout view, Node written) {
        super("torch::autograd::CopySlices", edges(base, written));
        this.base = base.layout();
        this.view = view;
        this.written = written;
    }

    private static @Nullable Edge[] edges(Tensor base, Node written) {
        Edge[] edges = new Edge[written.inputs()];
        for (int i = 1; i < edges.length; i++) edges[i] = written.next(i);
        edges[0] = base.edge();
        return edges;
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        Tensor g = grads[0];
        Tensor[] out = new Tensor[inputs()];
        if (g == null) return out;
        Tensor whole = Factories.emptyStrided(base.sizes(), base.strides(), g.dtype(), g.device())
                .copy_(g);
        Tensor part = whole.asStrided(view.sizes(), view.strides(), view.offset() - base.offset());
        boolean[] wanted = needs.clone();
        wanted[0] = true;
        Tensor[] inner = written.apply(new Tensor[] {part.clone()}, wanted);
        for (int i = 1; i < out.length; i++) out[i] = inner[i];
        if (needs[0]) {
            if (inner[0] == null) part.zero_();
            else part.copy_(inner[0]);
            out[0] = whole;
        }
        return out;
    }

    @Override
    protected void visitKept(Consumer<Tensor> visitor) {
        written.visitKept(visitor);
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

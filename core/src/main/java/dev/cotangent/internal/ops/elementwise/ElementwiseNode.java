package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.engine.SavedVariables;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The backward node of every element-wise operation: runs the derivatives of its kernel on the saved tensors. */
final class ElementwiseNode extends GraphNode {
    private final ElementwiseKernel kernel;
    private final long[] scalars;
    private final SavedVariables kept;
    private final boolean[] wanted;
    private boolean readsResult;
    private UnaryOperator<Tensor> spread = g -> g;

    /**
     * Creates the node of a call, before the result is written: inputs are saved as they are now.
     *
     * @param x the inputs, for their edges
     * @param values the tensors to save for them
     */
    ElementwiseNode(ElementwiseKernel kernel, Tensor[] x, Tensor[] values, long[] scalars) {
        super(kernel.node(), edges(kernel, x));
        this.kernel = kernel;
        this.scalars = scalars;
        this.wanted = new boolean[x.length];
        this.kept = new SavedVariables(this, x.length + 1);
        for (int i = 0; i < x.length; i++) {
            wanted[i] = next(i) != null;
            if (!wanted[i] || kernel.notDifferentiable(i) != null) continue;
            ElementwiseKernel.Derivative d = kernel.derivative(i);
            for (int r : d.reads()) {
                if (r == ElementwiseKernel.RESULT) readsResult = true;
                else kept.save(r, values[r]);
            }
            if (d.readsScalar()) kept.saveScalar();
        }
    }

    /** Where PyTorch has one operation for tensors and scalars, a scalar has an edge too, which leads nowhere. */
    @Override
    protected int[] shownInputs() {
        return kernel.edges();
    }

    private static @Nullable Edge[] edges(ElementwiseKernel kernel, Tensor[] x) {
        @Nullable Edge[] edges = new Edge[x.length];
        for (int i = 0; i < edges.length; i++) edges[i] = kernel.wantsGrad(x[i], i) ? Internals.edge(x[i]) : null;
        return edges;
    }

    /** Saves the result, now that it is written, if a gradient reads it. */
    ElementwiseNode with(Tensor result) {
        if (readsResult) kept.saveOutput(wanted.length, result);
        return this;
    }

    /** Sets how the gradient of a sum is expanded to that of every element. */
    ElementwiseNode expanding(UnaryOperator<Tensor> value) {
        spread = value;
        return this;
    }

    /** Returns whether a wanted gradient reads an input. */
    static boolean reads(ElementwiseKernel kernel, Tensor[] x, int input) {
        for (int i = 0; i < x.length; i++) {
            if (!kernel.wantsGrad(x[i], i) || kernel.notDifferentiable(i) != null) continue;
            for (int r : kernel.derivative(i).reads()) if (r == input) return true;
        }
        return false;
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        Tensor[] out = new Tensor[wanted.length];
        if (grads[0] == null) return out;
        Tensor g = spread.apply(grads[0]);
        for (int i = 0; i < out.length; i++) {
            if (!wanted[i] || !needs[i]) continue;
            ElementwiseOp.NotDifferentiable missing = kernel.notDifferentiable(i);
            if (missing != null) throw missing.error();
            ElementwiseKernel.Derivative d = kernel.derivative(i);
            if (d.readsScalar()) kept.checkScalar();
            out[i] = d.kernel().isGradient() ? g : derivative(d, g);
            if (kernel.writesGradients()) Internals.version(out[i]).bump();
        }
        return out;
    }

    private Tensor derivative(ElementwiseKernel.Derivative d, Tensor g) {
        int[] reads = d.reads();
        ElementwiseKernel k = d.kernel();
        switch (reads.length) {
            case 0:
                return k.call(g, scalars);
            case 1:
                return k.call(g, saved(reads[0]), scalars);
            case 2:
                return k.call(g, saved(reads[0]), saved(reads[1]), scalars);
            default:
                Tensor[] in = new Tensor[reads.length + 1];
                in[0] = g;
                for (int i = 0; i < reads.length; i++) in[i + 1] = saved(reads[i]);
                return k.call(in, scalars);
        }
    }

    private Tensor saved(int read) {
        return kept.get(read == ElementwiseKernel.RESULT ? wanted.length : read);
    }

    @Override
    public List<Tensor> savedTensors() {
        return kept.all();
    }

    @Override
    protected @Nullable Tensor savedOperand(int operand) {
        return operand < wanted.length ? kept.find(operand) : null;
    }

    @Override
    protected @Nullable Tensor savedOutput() {
        return kept.find(wanted.length);
    }

    @Override
    protected void visitSaved(Consumer<Tensor> visitor) {
        kept.visit(visitor);
    }

    @Override
    protected void release() {
        kept.release();
    }
}

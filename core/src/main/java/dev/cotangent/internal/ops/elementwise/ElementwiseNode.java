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

/** The backward node of element-wise operations: runs the kernel's derivatives on the saved tensors. */
final class ElementwiseNode extends GraphNode {
    private final ElementwiseKernel kernel;
    private final long[] scalars;
    private final SavedVariables saved;
    private final boolean[] requiresGrad;
    private boolean readsResult;
    private UnaryOperator<Tensor> expand = g -> g;

    /**
     * Creates the node of a call before the result is written, so that inputs are saved unchanged.
     *
     * @param x the inputs, for their edges
     * @param values the tensors to save for them
     */
    ElementwiseNode(ElementwiseKernel kernel, Tensor[] x, Tensor[] values, long[] scalars) {
        super(kernel.node(), edges(kernel, x));
        this.kernel = kernel;
        this.scalars = scalars;
        this.requiresGrad = new boolean[x.length];
        this.saved = new SavedVariables(this, x.length + 1);
        for (int i = 0; i < x.length; i++) {
            requiresGrad[i] = next(i) != null;
            if (!requiresGrad[i] || kernel.notDifferentiable(i) != null) continue;
            ElementwiseKernel.Derivative d = kernel.derivative(i);
            for (int r : d.reads()) {
                if (r == ElementwiseKernel.RESULT) readsResult = true;
                else saved.save(r, values[r]);
            }
            if (d.readsScalar()) saved.saveScalar();
        }
    }

    /**
     * Returns the inputs that have an edge: where PyTorch has one operation for tensors and scalars, a scalar has an
     * empty edge, too.
     */
    @Override
    protected int[] shownInputs() {
        return kernel.edges();
    }

    private static @Nullable Edge[] edges(ElementwiseKernel kernel, Tensor[] x) {
        @Nullable Edge[] edges = new Edge[x.length];
        for (int i = 0; i < edges.length; i++) edges[i] = kernel.requiresGrad(x[i], i) ? Internals.edge(x[i]) : null;
        return edges;
    }

    /** Saves the written result, if a gradient reads it. */
    ElementwiseNode with(Tensor result) {
        if (readsResult) saved.saveOutput(requiresGrad.length, result);
        return this;
    }

    /** Sets how the gradient of a reduction is expanded to the elements. */
    ElementwiseNode expanding(UnaryOperator<Tensor> value) {
        expand = value;
        return this;
    }

    /** Returns whether a needed gradient reads an input. */
    static boolean reads(ElementwiseKernel kernel, Tensor[] x, int input) {
        for (int i = 0; i < x.length; i++) {
            if (!kernel.requiresGrad(x[i], i) || kernel.notDifferentiable(i) != null) continue;
            for (int r : kernel.derivative(i).reads()) if (r == input) return true;
        }
        return false;
    }

    @Override
    protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
        Tensor[] out = new Tensor[requiresGrad.length];
        if (grads[0] == null) return out;
        Tensor g = expand.apply(grads[0]);
        for (int i = 0; i < out.length; i++) {
            if (!requiresGrad[i] || !needs[i]) continue;
            ElementwiseOp.NotDifferentiable missing = kernel.notDifferentiable(i);
            if (missing != null) throw missing.error();
            ElementwiseKernel.Derivative d = kernel.derivative(i);
            if (d.readsScalar()) saved.checkScalar();
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
        return saved.get(read == ElementwiseKernel.RESULT ? requiresGrad.length : read);
    }

    @Override
    public List<Tensor> savedTensors() {
        return saved.all();
    }

    @Override
    protected @Nullable Tensor savedOperand(int operand) {
        return operand < requiresGrad.length ? saved.find(operand) : null;
    }

    @Override
    protected @Nullable Tensor savedOutput() {
        return saved.find(requiresGrad.length);
    }

    @Override
    protected void visitSaved(Consumer<Tensor> visitor) {
        saved.visit(visitor);
    }

    @Override
    protected void release() {
        saved.release();
    }
}

package dev.cotangent.autograd;

import dev.cotangent.BackwardOptions;
import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.op.Factories;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what the user asked for and starts the engine. */
public final class Backward {
    private Backward() {}

    private record Start(List<Edge> roots, List<Tensor> grads, boolean[] owned) {}

    /** {@code torch.autograd.backward}. */
    public static void run(List<Tensor> tensors, List<? extends @Nullable Tensor> gradients, BackwardOptions options) {
        List<Tensor> inputs = options.onlyInputs();
        if (inputs != null && inputs.isEmpty()) {
            throw new CotangentException("'inputs' argument to backward() cannot be empty.");
        }
        Start start = start(tensors, gradients);
        if (options.createsGraph()) {
            Warnings.warn("Using backward() with create_graph=True will create a reference cycle between the parameter"
                    + " and its gradient which can cause a memory leak. We recommend using autograd.grad when creating"
                    + " the graph to avoid this. If you have to use this function, make sure to reset the .grad fields"
                    + " of your parameters to None after use to break the cycle and avoid the leak. In Java:"
                    + " Autograd.grad(...).createGraph(), or setGrad(null) after use.");
        }
        List<Edge> edges = inputs == null ? null : edges(inputs);
        if (inputs != null) for (Tensor t : inputs) t.retainGrad();
        Engine.run(start.roots, start.grads, start.owned, options.retains(), options.createsGraph(), edges, true);
    }

    /** {@code torch.autograd.grad}. */
    public static List<@Nullable Tensor> grad(
            List<Tensor> outputs,
            List<? extends @Nullable Tensor> gradOutputs,
            List<Tensor> inputs,
            BackwardOptions options,
            boolean allowUnused) {
        if (inputs.isEmpty()) throw new CotangentException("grad requires non-empty inputs.");
        Start start = start(outputs, gradOutputs);
        @Nullable
        Tensor[] got = Engine.run(
                start.roots, start.grads, start.owned, options.retains(), options.createsGraph(), edges(inputs), false);
        for (int i = 0; i < got.length && !allowUnused; i++) {
            if (got[i] == null) {
                throw new CotangentException("The differentiated Tensor at index " + i + " appears to not have been"
                        + " used in the graph. Set allow_unused=True if this is the desired behavior. In Java:"
                        + " Autograd.grad(...).allowUnused().");
            }
        }
        return Arrays.asList(got);
    }

    private static List<Edge> edges(List<Tensor> inputs) {
        List<Edge> edges = new ArrayList<>();
        for (Tensor t : inputs) {
            Edge e = t.edge();
            if (e == null && !t.requiresGrad()) {
                throw new CotangentException("One of the differentiated Tensors does not require grad");
            }
            // A view made while nothing was recorded requires a gradient, but none can reach it.
            edges.add(e != null ? e : new Edge(new AccumulateGrad(t), 0));
        }
        return edges;
    }

    private static Start start(List<Tensor> tensors, List<? extends @Nullable Tensor> gradients) {
        int n = tensors.size();
        if (gradients.size() != n) {
            throw new CotangentException("got " + n + " tensors and " + gradients.size() + " gradients");
        }
        Start start = new Start(new ArrayList<>(n), new ArrayList<>(n), new boolean[n]);
        List<@Nullable Tensor> given = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            Tensor t = tensors.get(i);
            Tensor g = gradients.get(i);
            if (g != null) {
                if (!Arrays.equals(g.layout().sizes(), t.layout().sizes())) {
                    throw new CotangentException("Mismatch in shape: grad_output[" + i + "] has a shape of " + g.shape()
                            + " and output[" + i + "] has a shape of " + t.shape() + ".");
                }
            } else if (t.requiresGrad() && t.numel() != 1) {
                throw new CotangentException("grad can be implicitly created only for scalar outputs");
            }
            given.add(g);
        }
        for (int i = 0; i < n; i++) {
            Tensor t = tensors.get(i);
            Edge e = t.edge();
            if (e == null) {
                throw new CotangentException(
                        "element " + i + " of tensors does not require grad and does not have a grad_fn");
            }
            Tensor g = given.get(i);
            start.owned[i] = g == null;
            start.roots.add(e);
            start.grads.add(g == null ? Factories.onesLike(t) : g);
        }
        return start;
    }
}

package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.Warnings;
import dev.cotangent.autograd.BackwardOptions;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the arguments of backward and grad calls and runs the engine. */
public final class Backward {
    private Backward() {}

    private record Start(List<Edge> roots, List<Tensor> grads, boolean[] owned) {}

    /** Runs {@code torch.autograd.backward}. */
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

    /** Runs {@code torch.autograd.grad}. */
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

    /** Runs {@code torch.autograd.grad} with {@code is_grads_batched}: one pass per batch entry. */
    public static List<@Nullable Tensor> gradBatched(
            List<Tensor> outputs,
            List<? extends @Nullable Tensor> gradOutputs,
            List<Tensor> inputs,
            BackwardOptions options,
            boolean allowUnused) {
        long batches = batches(outputs, gradOutputs);
        if (batches == 0) {
            throw new CotangentException("is_grads_batched: there is no batch: dimension 0 of the gradients is empty");
        }
        List<List<@Nullable Tensor>> results = new ArrayList<>();
        for (long b = 0; b < batches; b++) {
            List<@Nullable Tensor> given = new ArrayList<>();
            for (Tensor g : gradOutputs) given.add(g == null ? null : g.select(0, b));
            boolean isLast = b == batches - 1;
            BackwardOptions pass = isLast ? options : options.retainGraph();
            results.add(grad(outputs, given, inputs, pass, allowUnused));
        }
        List<@Nullable Tensor> stacked = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            List<Tensor> parts = new ArrayList<>();
            for (List<@Nullable Tensor> r : results) {
                Tensor part = r.get(i);
                if (part != null) parts.add(part);
            }
            stacked.add(parts.isEmpty() ? null : Tensors.stack(parts));
        }
        return stacked;
    }

    private static long batches(List<Tensor> outputs, List<? extends @Nullable Tensor> gradOutputs) {
        if (gradOutputs.size() != outputs.size()) {
            throw new CotangentException("got " + outputs.size() + " tensors and " + gradOutputs.size() + " gradients");
        }
        long batches = -1;
        for (int i = 0; i < outputs.size(); i++) {
            Tensor g = gradOutputs.get(i);
            Tensor out = outputs.get(i);
            if (g == null) continue;
            long[] sizes = Internals.layout(g).sizes();
            if (sizes.length == 0
                    || !Arrays.equals(
                            Arrays.copyOfRange(sizes, 1, sizes.length),
                            Internals.layout(out).sizes())) {
                throw new CotangentException("If `is_grads_batched=True`, we interpret the first dimension of each"
                        + " grad_output as the batch dimension. The sizes of the remaining dimensions are expected to"
                        + " match the shape of corresponding output, but a mismatch was detected: grad_output[" + i
                        + "] has a shape of " + g.shape() + " and output[" + i + "] has a shape of " + out.shape()
                        + ". If you only want some tensors in `grad_output` to be considered batched, consider using"
                        + " vmap. In Java: Func.vmap.");
            }
            if (batches >= 0 && batches != sizes[0]) {
                throw new CotangentException("vmap: Expected all tensors to have the same size in the mapped dimension,"
                        + " got sizes [" + batches + ", " + sizes[0] + "] for the mapped dimension");
            }
            batches = sizes[0];
        }
        if (batches < 0) {
            throw new CotangentException("is_grads_batched needs gradients of the outputs: call gradOutputs(...)");
        }
        return batches;
    }

    private static List<Edge> edges(List<Tensor> inputs) {
        List<Edge> edges = new ArrayList<>();
        for (Tensor t : inputs) {
            Edge e = Internals.edge(t);
            if (e == null && !t.requiresGrad()) {
                throw new CotangentException("One of the differentiated Tensors does not require grad");
            }
            // A view created in no-grad mode may require grad although no gradient can reach it.
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
                if (!Arrays.equals(
                        Internals.layout(g).sizes(), Internals.layout(t).sizes())) {
                    throw new CotangentException("Mismatch in shape: grad_output[" + i + "] has a shape of " + g.shape()
                            + " and output[" + i + "] has a shape of " + t.shape() + ".");
                }
            } else if (t.requiresGrad() && t.numel() != 1) {
                throw new CotangentException("grad can be implicitly created only for scalar outputs");
            } else if (t.requiresGrad() && t.dtype().isComplex()) {
                throw new CotangentException(
                        "grad can be implicitly created only for real scalar outputs but got " + t.dtype());
            }
            given.add(g);
        }
        for (int i = 0; i < n; i++) {
            Tensor t = tensors.get(i);
            Edge e = Internals.edge(t);
            if (e == null) {
                throw new CotangentException(
                        "element " + i + " of tensors does not require grad and does not have a grad_fn");
            }
            Tensor g = given.get(i);
            start.owned[i] = g == null;
            start.roots.add(e);
            start.grads.add(g == null ? GradientPrimitives.get().onesLike(t) : g);
        }
        return start;
    }

    /** Runs a callback at the end of the calling thread's current backward pass. */
    public static void atEnd(Runnable callback) {
        Engine run = Engine.current();
        if (run == null) {
            throw new CotangentException("Final callbacks can only be installed during backward pass. In Java: call"
                    + " Autograd.queueCallback from a hook.");
        }
        run.atEnd(callback);
    }
}

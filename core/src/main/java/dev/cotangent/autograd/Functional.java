package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Transforms.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Jacobians, Hessians and their products with vectors at given inputs; PyTorch's {@code torch.autograd.functional}.
 * Each has two forms: for a function of one tensor, and for one of a list.
 *
 * {@snippet :
 * Tensor j = Functional.jacobian(x -> x.exp().sum(1), x);
 * List<List<Tensor>> h = Functional.hessian(in -> in.get(0).mul(in.get(1)).sum(), List.of(a, b));
 * }
 *
 * <p>The function must compute its outputs from its arguments, not from captured variables that hold the same inputs.
 * For transforms that return functions see {@link Func}.
 */
public final class Functional {
    private Functional() {}

    /**
     * A function's output and a product with its Jacobian or Hessian.
     *
     * @param output a tensor, or the function's list of tensors
     * @param product of the shapes of the inputs or, for {@link Functional#jvp}, the outputs
     */
    public record OutputAndProduct<O, P>(O output, P product) {}

    /** Returns the default options: no graph, not strict. */
    public static FunctionalOptions options() {
        return FunctionalOptions.DEFAULT;
    }

    // Products with the Jacobian

    /**
     * Computes the vector-Jacobian product of a function; {@code torch.autograd.functional.vjp}.
     *
     * @param v of the shape of the output; null for 1 if the output has one element
     */
    public static OutputAndProduct<Tensor, Tensor> vjp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v) {
        return vjp(function, input, v, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #vjp(Function, Tensor, Tensor)}, with options. */
    public static OutputAndProduct<Tensor, Tensor> vjp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v, FunctionalOptions options) {
        return single(vjp(Transforms.lists(function), List.of(input), v == null ? null : List.of(v), options));
    }

    /**
     * Computes the vector-Jacobian products of a function of several tensors.
     *
     * @param v one per output; null for 1 if there is one output of one element
     */
    public static OutputAndProduct<List<Tensor>, List<Tensor>> vjp(
            Function<List<Tensor>, List<Tensor>> function,
            List<Tensor> inputs,
            @Nullable List<Tensor> v,
            FunctionalOptions options) {
        boolean graph = options.createsGraph();
        boolean enabled = graph || GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> in = Transforms.inputs(inputs, graph);
            List<Tensor> outputs = Transforms.call(function, in);
            Transforms.checkOutputs(outputs, options);
            List<Tensor> vectors = null;
            if (v != null) {
                vectors = Transforms.vectors(v, outputs, graph);
            } else if (outputs.size() != 1 || outputs.getFirst().numel() != 1) {
                throw new CotangentException("The vector v can only be None if the user-provided function returns a"
                        + " single Tensor with a single element.");
            }
            List<@Nullable Tensor> found = enabledGradients(enabled, outputs, vectors, in, graph);
            List<Tensor> product = Transforms.fillZeros(found, in, options, Stage.BACK);
            return new OutputAndProduct<>(Transforms.results(outputs, graph), Transforms.results(product, graph));
        } finally {
            mode.restore();
        }
    }

    /**
     * Computes the Jacobian-vector product of a function by double backward; {@code torch.autograd.functional.jvp}.
     *
     * @param v of the shape of the input; null for 1 if the input has one element
     */
    public static OutputAndProduct<Tensor, Tensor> jvp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v) {
        return jvp(function, input, v, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #jvp(Function, Tensor, Tensor)}, with options. */
    public static OutputAndProduct<Tensor, Tensor> jvp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v, FunctionalOptions options) {
        return single(jvp(Transforms.lists(function), List.of(input), v == null ? null : List.of(v), options));
    }

    /**
     * Computes the Jacobian-vector products of a function of several tensors.
     *
     * @param v one per input; null for 1 if there is one input of one element
     */
    public static OutputAndProduct<List<Tensor>, List<Tensor>> jvp(
            Function<List<Tensor>, List<Tensor>> function,
            List<Tensor> inputs,
            @Nullable List<Tensor> v,
            FunctionalOptions options) {
        boolean graph = options.createsGraph();
        boolean enabled = graph || GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> in = Transforms.inputs(inputs, graph);
            List<Tensor> vectors = vectorsOfInputs(v, in, graph);
            List<Tensor> outputs = Transforms.call(function, in);
            Transforms.checkOutputs(outputs, options);
            List<Tensor> weights = new ArrayList<>();
            for (Tensor out : outputs) {
                Tensor w = out.detach().zerosLike();
                weights.add(out.requiresGrad() ? w.requiresGrad_(true) : w);
            }
            List<@Nullable Tensor> gradients = Transforms.linearized(outputs, weights, in);
            Transforms.checkGradients(gradients, options, false);
            List<@Nullable Tensor> found = throughWeights(enabled, gradients, vectors, weights, graph);
            List<Tensor> product = Transforms.fillZeros(found, outputs, options, Stage.BACK_TRICK);
            return new OutputAndProduct<>(Transforms.results(outputs, graph), Transforms.results(product, graph));
        } finally {
            mode.restore();
        }
    }

    // The Jacobian

    /**
     * Computes the Jacobian of a function; {@code torch.autograd.functional.jacobian}.
     *
     * @return of the shape of the output followed by that of the input
     */
    public static Tensor jacobian(Function<Tensor, Tensor> function, Tensor input) {
        return jacobian(function, input, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #jacobian(Function, Tensor)}, with options. */
    public static Tensor jacobian(Function<Tensor, Tensor> function, Tensor input, FunctionalOptions options) {
        return jacobian(Transforms.lists(function), List.of(input), options)
                .getFirst()
                .getFirst();
    }

    /** Computes the Jacobians of a function of several tensors; element [i][j] is that of output i by input j. */
    public static List<List<Tensor>> jacobian(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
        return jacobian(function, inputs, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #jacobian(Function, List)}, with options. */
    public static List<List<Tensor>> jacobian(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, FunctionalOptions options) {
        options.checkVectorized();
        boolean graph = options.createsGraph();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> in = Transforms.inputs(inputs, graph);
            List<Tensor> outputs = Transforms.call(function, in);
            Transforms.checkOutputs(outputs, options);
            List<List<Tensor>> jacobians = new ArrayList<>();
            for (int i = 0; i < outputs.size(); i++) {
                jacobians.add(Transforms.results(rows(outputs.get(i), i, in, options), graph));
            }
            return List.copyOf(jacobians);
        } finally {
            mode.restore();
        }
    }

    /** Computes the Jacobians of one output, row by row. */
    static List<Tensor> rows(Tensor output, int number, List<Tensor> inputs, FunctionalOptions options) {
        int n = Math.toIntExact(output.numel());
        List<List<Tensor>> rows = new ArrayList<>();
        for (int j = 0; j < inputs.size(); j++) rows.add(new ArrayList<>(n));
        Tensor flat = output.reshape(-1);
        for (int r = 0; r < n; r++) {
            List<@Nullable Tensor> found =
                    Transforms.gradients(List.of(flat.select(0, r)), null, inputs, options.createsGraph(), true);
            for (int j = 0; j < inputs.size(); j++) {
                Tensor g = found.get(j);
                if (g == null) {
                    if (options.isStrict()) {
                        throw new CotangentException("Output " + number + " of the user-provided function is"
                                + " independent of input " + j + ". This is not allowed in strict mode.");
                    }
                    g = inputs.get(j).detach().zerosLike();
                } else if (options.isStrict() && options.createsGraph() && !g.requiresGrad()) {
                    throw new CotangentException("The jacobian of the user-provided function is independent of input "
                            + number + ". This is not allowed in strict mode when create_graph=True. In Java: leave"
                            + " strict() or createGraph() out.");
                }
                rows.get(j).add(g);
            }
        }
        List<Tensor> jacobians = new ArrayList<>();
        for (int j = 0; j < inputs.size(); j++) {
            long[] sizes = concatenatedShape(output, inputs.get(j));
            jacobians.add(
                    n == 0
                            ? inputs.get(j).newZeros(sizes)
                            : Tensors.stack(rows.get(j)).view(sizes));
        }
        return jacobians;
    }

    private static long[] concatenatedShape(Tensor output, Tensor input) {
        long[] sizes = new long[output.dim() + input.dim()];
        for (int d = 0; d < output.dim(); d++) sizes[d] = output.size(d);
        for (int d = 0; d < input.dim(); d++) sizes[output.dim() + d] = input.size(d);
        return sizes;
    }

    // The Hessian

    /**
     * Computes the Hessian of a function whose output has one element; {@code torch.autograd.functional.hessian}.
     *
     * @return of the shape of the input twice
     */
    public static Tensor hessian(Function<Tensor, Tensor> function, Tensor input) {
        return hessian(function, input, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #hessian(Function, Tensor)}, with options. */
    public static Tensor hessian(Function<Tensor, Tensor> function, Tensor input, FunctionalOptions options) {
        return hessian(in -> function.apply(in.getFirst()), List.of(input), options)
                .getFirst()
                .getFirst();
    }

    /** Computes the Hessian of a function of several tensors; element [i][j] is the block of inputs i and j. */
    public static List<List<Tensor>> hessian(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        return hessian(function, inputs, FunctionalOptions.DEFAULT);
    }

    /** Works as {@link #hessian(Function, List)}, with options. */
    public static List<List<Tensor>> hessian(
            Function<List<Tensor>, Tensor> function, List<Tensor> inputs, FunctionalOptions options) {
        options.checkVectorized();
        Function<List<Tensor>, List<Tensor>> gradient = in -> {
            Tensor out = scalar(function, in, "hessian", options);
            List<@Nullable Tensor> found = Transforms.gradients(List.of(out), null, in, true, true);
            Transforms.checkGradients(found, options, true);
            return Transforms.fillZeros(found, in, new FunctionalOptions(true, false, false), Stage.BACK);
        };
        return jacobian(gradient, inputs, options);
    }

    /**
     * Computes the vector-Hessian product of a function; {@code torch.autograd.functional.vhp}. Cheaper than {@link
     * #hvp}, and equal to it if the second derivatives are continuous.
     *
     * @param v of the shape of the input; null for 1 if the input has one element
     */
    public static OutputAndProduct<Tensor, Tensor> vhp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v) {
        return firsts(vhp(
                in -> function.apply(in.getFirst()),
                List.of(input),
                v == null ? null : List.of(v),
                FunctionalOptions.DEFAULT));
    }

    /** Computes the vector-Hessian products of a function of several tensors, with options. */
    public static OutputAndProduct<Tensor, List<Tensor>> vhp(
            Function<List<Tensor>, Tensor> function,
            List<Tensor> inputs,
            @Nullable List<Tensor> v,
            FunctionalOptions options) {
        boolean graph = options.createsGraph();
        boolean enabled = graph || GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> in = Transforms.inputs(inputs, graph);
            List<Tensor> vectors = vectorsOfInputs(v, in, graph);
            Tensor output = scalar(function, in, "vhp", options);
            List<@Nullable Tensor> jacobian = Transforms.gradients(List.of(output), null, in, true, true);
            Transforms.checkGradients(jacobian, options, true);
            List<@Nullable Tensor> found = through(enabled, jacobian, vectors, in, graph);
            List<Tensor> product = Transforms.fillZeros(found, in, options, Stage.DOUBLE_BACK);
            return new OutputAndProduct<>(graph ? output : output.detach(), Transforms.results(product, graph));
        } finally {
            mode.restore();
        }
    }

    /**
     * Computes the Hessian-vector product of a function; {@code torch.autograd.functional.hvp}.
     *
     * @param v of the shape of the input; null for 1 if the input has one element
     */
    public static OutputAndProduct<Tensor, Tensor> hvp(
            Function<Tensor, Tensor> function, Tensor input, @Nullable Tensor v) {
        return firsts(hvp(
                in -> function.apply(in.getFirst()),
                List.of(input),
                v == null ? null : List.of(v),
                FunctionalOptions.DEFAULT));
    }

    /** Computes the Hessian-vector products of a function of several tensors, with options. */
    public static OutputAndProduct<Tensor, List<Tensor>> hvp(
            Function<List<Tensor>, Tensor> function,
            List<Tensor> inputs,
            @Nullable List<Tensor> v,
            FunctionalOptions options) {
        boolean graph = options.createsGraph();
        boolean enabled = graph || GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> in = Transforms.inputs(inputs, graph);
            List<Tensor> vectors = vectorsOfInputs(v, in, graph);
            Tensor output = scalar(function, in, "hvp", options);
            List<@Nullable Tensor> jacobian = Transforms.gradients(List.of(output), null, in, true, true);
            Transforms.checkGradients(jacobian, options, true);
            List<Tensor> weights = new ArrayList<>();
            for (Tensor t : in) weights.add(t.detach().zerosLike().requiresGrad_(true));
            List<@Nullable Tensor> second = through(true, jacobian, weights, in, true);
            List<@Nullable Tensor> found = throughWeights(enabled, second, vectors, weights, graph);
            List<Tensor> product = Transforms.fillZeros(found, in, options, Stage.DOUBLE_BACK_TRICK);
            return new OutputAndProduct<>(graph ? output : output.detach(), Transforms.results(product, graph));
        } finally {
            mode.restore();
        }
    }

    // Helpers

    private static Tensor scalar(
            Function<List<Tensor>, Tensor> function, List<Tensor> inputs, String name, FunctionalOptions options) {
        List<Tensor> outputs = Transforms.call(in -> Collections.singletonList(function.apply(in)), inputs);
        Transforms.checkOutputs(outputs, options);
        Tensor output = outputs.getFirst();
        if (output.numel() != 1) {
            throw new CotangentException(
                    "The Tensor returned by the function given to " + name + " should contain a single element");
        }
        return output;
    }

    private static List<Tensor> vectorsOfInputs(@Nullable List<Tensor> v, List<Tensor> inputs, boolean graph) {
        if (v != null) return Transforms.vectors(v, inputs, graph);
        if (inputs.size() != 1 || inputs.getFirst().numel() != 1) {
            throw new CotangentException("The vector v can only be None if the input to the user-provided function is a"
                    + " single Tensor with a single element.");
        }
        return List.of(inputs.getFirst().detach().onesLike());
    }

    private static List<@Nullable Tensor> enabledGradients(
            boolean enabled,
            List<Tensor> outputs,
            @Nullable List<Tensor> gradOutputs,
            List<Tensor> inputs,
            boolean graph) {
        GradMode.Guard mode = GradMode.set(enabled);
        try {
            return Transforms.gradients(outputs, gradOutputs, inputs, graph, false);
        } finally {
            mode.restore();
        }
    }

    /** Computes the gradients of the gradients that are not null. */
    private static List<@Nullable Tensor> through(
            boolean enabled,
            List<@Nullable Tensor> gradients,
            List<Tensor> vectors,
            List<Tensor> inputs,
            boolean graph) {
        List<Tensor> present = new ArrayList<>();
        List<Tensor> given = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            Tensor g = gradients.get(i);
            if (g == null) continue;
            present.add(g);
            given.add(vectors.get(i));
        }
        return enabledGradients(enabled, present, given, inputs, graph);
    }

    /** Computes the gradients with respect to the weights that require grad. */
    private static List<@Nullable Tensor> throughWeights(
            boolean enabled,
            List<@Nullable Tensor> gradients,
            List<Tensor> vectors,
            List<Tensor> weights,
            boolean graph) {
        List<Tensor> wanted = weights.stream().filter(Tensor::requiresGrad).toList();
        List<@Nullable Tensor> found =
                wanted.isEmpty() ? List.of() : through(enabled, gradients, vectors, wanted, graph);
        List<@Nullable Tensor> all = new ArrayList<>();
        int next = 0;
        for (Tensor w : weights) all.add(w.requiresGrad() ? found.get(next++) : null);
        return all;
    }

    private static OutputAndProduct<Tensor, Tensor> single(OutputAndProduct<List<Tensor>, List<Tensor>> lists) {
        return new OutputAndProduct<>(lists.output().getFirst(), lists.product().getFirst());
    }

    private static OutputAndProduct<Tensor, Tensor> firsts(OutputAndProduct<Tensor, List<Tensor>> lists) {
        return new OutputAndProduct<>(lists.output(), lists.product().getFirst());
    }
}

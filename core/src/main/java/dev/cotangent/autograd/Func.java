package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Composable function transforms; PyTorch's {@code torch.func}.
 *
 * {@snippet :
 * Tensor second = Func.grad(Func.grad(Tensor::sin)).apply(x);
 * List<Tensor> perSample = Func.vmap(Func.grad(loss, 0, 1), Func.vmapOptions().inDims(null, null, 0, 0))
 *         .apply(List.of(w, b, images, labels));
 * }
 *
 * <p>Functions must compute from their inputs without writing them in place. A transform's result is recorded only if
 * tensors outside of it require grad.
 */
public final class Func {
    private Func() {}

    /**
     * Gradients and the function value.
     *
     * @param grad a tensor, or a list with one per requested input
     * @param value the function's result
     */
    public record GradAndValue<G>(G grad, Tensor value) {}

    /**
     * A function's output with its vector-Jacobian product at the same inputs.
     *
     * @param output a tensor or a list
     * @param vjp maps vectors of the outputs' shapes to products of the inputs' shapes; may be called several times
     */
    public record Vjp<V>(V output, UnaryOperator<V> vjp) {}

    // Gradients

    /** Returns a function that computes the gradient of a function of one tensor; {@code torch.func.grad}. */
    public static UnaryOperator<Tensor> grad(Function<Tensor, Tensor> function) {
        Function<Tensor, GradAndValue<Tensor>> both = gradAndValue(function);
        return x -> both.apply(x).grad();
    }

    /**
     * Returns a function that computes the gradients of a function of several tensors; {@code torch.func.grad}.
     *
     * @param argnum index of an input to differentiate with respect to; negative counts from the end
     * @param argnums other indices
     */
    public static UnaryOperator<List<Tensor>> grad(
            Function<List<Tensor>, Tensor> function, int argnum, int... argnums) {
        Function<List<Tensor>, GradAndValue<List<Tensor>>> both = gradAndValue(function, argnum, argnums);
        return in -> both.apply(in).grad();
    }

    /** Returns a function that computes gradient and value; {@code torch.func.grad_and_value}. */
    public static Function<Tensor, GradAndValue<Tensor>> gradAndValue(Function<Tensor, Tensor> function) {
        Function<List<Tensor>, GradAndValue<List<Tensor>>> lists = gradAndValue(in -> function.apply(in.getFirst()), 0);
        return x -> {
            GradAndValue<List<Tensor>> r = lists.apply(List.of(x));
            return new GradAndValue<>(r.grad().getFirst(), r.value());
        };
    }

    /** Returns a function that computes gradients, as {@link #grad(Function, int, int...)}, and the value. */
    public static Function<List<Tensor>, GradAndValue<List<Tensor>>> gradAndValue(
            Function<List<Tensor>, Tensor> function, int argnum, int... argnums) {
        return given -> {
            int[] numbers = numbers(given.size(), argnum, argnums);
            boolean enabled = GradMode.isEnabled();
            GradMode.Guard mode = GradMode.set(true);
            try {
                List<Tensor> inputs = new ArrayList<>(given);
                List<Tensor> wanted = replace(inputs, numbers);
                Tensor output = function.apply(inputs);
                if (output == null) {
                    throw new CotangentException(
                            "grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got null");
                }
                if (output.dim() != 0) {
                    throw new CotangentException("grad_and_value(f)(*args): Expected f(*args) to return a scalar"
                            + " Tensor, got tensor with " + output.dim() + " dims. Maybe you wanted to use the vjp or"
                            + " jacrev APIs instead?");
                }
                boolean record = enabled && Transforms.dependsOnOthers(List.of(output), wanted);
                List<Tensor> grads = gradients(List.of(output), null, wanted, record, record);
                return new GradAndValue<>(grads, record ? output : output.detach());
            } finally {
                mode.restore();
            }
        };
    }

    /** Returns gradients, zeros for missing ones. */
    private static List<Tensor> gradients(
            List<Tensor> outputs,
            @Nullable List<Tensor> gradOutputs,
            List<Tensor> inputs,
            boolean record,
            boolean retain) {
        var found = Transforms.gradients(outputs, gradOutputs, inputs, record, retain);
        return List.copyOf(Transforms.fillZeros(found, inputs, FunctionalOptions.DEFAULT, Transforms.Stage.BACK));
    }

    /** Replaces inputs, in the list, by tensors to differentiate with respect to; returns those. */
    private static List<Tensor> replace(List<Tensor> inputs, int[] numbers) {
        List<Tensor> chosen = new ArrayList<>();
        for (int n : numbers) chosen.add(inputs.get(n));
        List<Tensor> wanted = Transforms.inputs(chosen, true);
        for (int i = 0; i < numbers.length; i++) inputs.set(numbers[i], wanted.get(i));
        return wanted;
    }

    private static int[] numbers(int inputs, int argnum, int... argnums) {
        int[] numbers = new int[argnums.length + 1];
        numbers[0] = argnum;
        System.arraycopy(argnums, 0, numbers, 1, argnums.length);
        for (int i = 0; i < numbers.length; i++) {
            int n = numbers[i];
            if (n < -inputs || n >= inputs) {
                throw new CotangentException("Got argnum=" + n + ", but only " + inputs + " positional inputs");
            }
            numbers[i] = n < 0 ? n + inputs : n;
            for (int k = 0; k < i; k++) {
                if (numbers[k] != numbers[i]) continue;
                throw new CotangentException("argnums elements must be unique, got " + Arrays.toString(numbers));
            }
        }
        return numbers;
    }

    // Jacobians

    /**
     * Returns a function that computes the Jacobian of a function of one tensor, in the output's shape followed by
     * the input's; {@code torch.func.jacrev}.
     */
    public static UnaryOperator<Tensor> jacrev(Function<Tensor, Tensor> function) {
        Function<List<Tensor>, List<List<Tensor>>> lists = jacrev(Transforms.lists(function), 0);
        return x -> lists.apply(List.of(x)).getFirst().getFirst();
    }

    /**
     * Returns a function that computes the Jacobians of a function of several tensors: element [i][j] of output i
     * with respect to the j-th requested input.
     */
    public static Function<List<Tensor>, List<List<Tensor>>> jacrev(
            Function<List<Tensor>, List<Tensor>> function, int argnum, int... argnums) {
        return given -> {
            int[] numbers = numbers(given.size(), argnum, argnums);
            boolean enabled = GradMode.isEnabled();
            GradMode.Guard mode = GradMode.set(true);
            try {
                List<Tensor> inputs = new ArrayList<>(given);
                List<Tensor> wanted = replace(inputs, numbers);
                List<Tensor> outputs = Transforms.call(function, inputs);
                boolean record = enabled && Transforms.dependsOnOthers(outputs, wanted);
                FunctionalOptions options = new FunctionalOptions(record, false, false);
                List<List<Tensor>> jacobians = new ArrayList<>();
                for (int i = 0; i < outputs.size(); i++) {
                    jacobians.add(Transforms.results(Functional.rows(outputs.get(i), i, wanted, options), record));
                }
                return List.copyOf(jacobians);
            } finally {
                mode.restore();
            }
        };
    }

    /**
     * Returns a function that computes the Jacobian column by column, by Jacobian-vector products; {@code
     * torch.func.jacfwd}. Cheaper than {@link #jacrev(Function)} if there are more outputs than inputs.
     */
    public static UnaryOperator<Tensor> jacfwd(Function<Tensor, Tensor> function) {
        return x -> {
            int n = Math.toIntExact(x.numel());
            List<Tensor> columns = new ArrayList<>(n);
            for (int i = 0; i < n; i++) {
                Tensor unit = x.detach().zerosLike().contiguous();
                unit.view(-1).select(0, i).fill_(1);
                columns.add(jvp(function, x, unit).product());
            }
            if (n == 0) return jacrev(function).apply(x);
            Tensor last = Tensors.stack(columns, -1);
            Tensor out = columns.getFirst();
            long[] sizes = Arrays.copyOf(Internals.layout(out).sizes(), out.dim() + x.dim());
            System.arraycopy(Internals.layout(x).sizes(), 0, sizes, out.dim(), x.dim());
            return last.reshape(sizes);
        };
    }

    /** Returns a function that computes the Hessian of a function of one tensor; {@code torch.func.hessian}. */
    public static UnaryOperator<Tensor> hessian(Function<Tensor, Tensor> function) {
        return jacrev(jacrev(function));
    }

    // Products

    /** Computes a function's output and returns it with its vector-Jacobian products; {@code torch.func.vjp}. */
    public static Vjp<Tensor> vjp(Function<Tensor, Tensor> function, Tensor input) {
        Vjp<List<Tensor>> lists = vjp(Transforms.lists(function), List.of(input));
        return new Vjp<>(
                lists.output().getFirst(), v -> lists.vjp().apply(List.of(v)).getFirst());
    }

    /** Computes the outputs of a function of several tensors, and returns them with their vector-Jacobian products. */
    public static Vjp<List<Tensor>> vjp(Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
        boolean enabled = GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            List<Tensor> wanted = Transforms.inputs(inputs, true);
            List<Tensor> outputs = Transforms.call(function, wanted);
            for (Tensor t : outputs) {
                if (t.dtype().isDifferentiable()) continue;
                throw new CotangentException("vjp(f, ...): All outputs of f must be floating-point or complex Tensors,"
                        + " got Tensor with dtype " + t.dtype());
            }
            boolean record = enabled && Transforms.dependsOnOthers(outputs, wanted);
            UnaryOperator<List<Tensor>> product = v -> {
                if (v.size() != outputs.size()) {
                    throw new CotangentException("Expected pytree structure of cotangents to be the same as pytree"
                            + " structure of outputs to the function. cotangents: " + v.size() + " tensors, primal"
                            + " output: " + outputs.size() + " tensors");
                }
                boolean graph = GradMode.isEnabled() && (record || v.stream().anyMatch(Tensor::requiresGrad));
                return gradients(outputs, v, wanted, graph, true);
            };
            return new Vjp<>(Transforms.results(outputs, record), product);
        } finally {
            mode.restore();
        }
    }

    /** Computes a function's output and its Jacobian-vector product; {@code torch.func.jvp}. */
    public static Functional.OutputAndProduct<Tensor, Tensor> jvp(
            Function<Tensor, Tensor> function, Tensor primal, Tensor tangent) {
        var lists = jvp(Transforms.lists(function), List.of(primal), List.of(tangent));
        return new Functional.OutputAndProduct<>(
                lists.output().getFirst(), lists.product().getFirst());
    }

    /** Computes the outputs of a function of several tensors and their Jacobian-vector products. */
    public static Functional.OutputAndProduct<List<Tensor>, List<Tensor>> jvp(
            Function<List<Tensor>, List<Tensor>> function, List<Tensor> primals, List<Tensor> tangents) {
        if (primals.isEmpty()) {
            throw new ValueException("jvp(f, primals, tangents): Expected primals to be a non-empty tuple of Tensors.");
        }
        if (primals.size() != tangents.size()) {
            throw new CotangentException("jvp(f, primals, tangents): Expected primals and tangents to have the same"
                    + " python structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got "
                    + primals.size() + " primals and " + tangents.size() + " tangents");
        }
        boolean record = GradMode.isEnabled()
                && (primals.stream().anyMatch(Tensor::requiresGrad)
                        || tangents.stream().anyMatch(Tensor::requiresGrad));
        FunctionalOptions options = new FunctionalOptions(record, false, false);
        return Functional.jvp(function, primals, tangents, options);
    }

    // Batches

    /** Returns the default options of {@link #vmap(Function, VmapOptions)}: dimension 0 of all inputs and outputs. */
    public static VmapOptions vmapOptions() {
        return VmapOptions.DEFAULT;
    }

    /**
     * Returns a function that maps a function over dimension 0 of its input and stacks the results; {@code
     * torch.func.vmap}. Calls the function once per slice.
     */
    public static UnaryOperator<Tensor> vmap(Function<Tensor, Tensor> function) {
        return vmap(function, 0, 0);
    }

    /** Returns a function that maps over dimension {@code inDim} and stacks the results along {@code outDim}. */
    public static UnaryOperator<Tensor> vmap(Function<Tensor, Tensor> function, int inDim, int outDim) {
        Vmap map = new Vmap(
                Transforms.lists(function), VmapOptions.DEFAULT.inDims(inDim).outDims(outDim));
        return x -> map.apply(List.of(x)).getFirst();
    }

    /** Returns a function that maps a function of several tensors over the dimensions in the options. */
    public static UnaryOperator<List<Tensor>> vmap(Function<List<Tensor>, List<Tensor>> function, VmapOptions options) {
        return new Vmap(function, options)::apply;
    }
}

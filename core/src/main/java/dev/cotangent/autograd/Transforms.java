package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AccumulateGrad;
import dev.cotangent.internal.engine.Backward;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.GraphNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Helpers of functional transforms: inputs, missing gradients, and PyTorch's checks. */
final class Transforms {
    private static final ThreadLocal<Boolean> LINEARIZING = ThreadLocal.withInitial(() -> false);

    private Transforms() {}

    /** The derivative that a strict-mode check concerns, for PyTorch's message. */
    enum Stage {
        BACK,
        BACK_TRICK,
        DOUBLE_BACK,
        DOUBLE_BACK_TRICK
    }

    /** Adapts a function of one tensor to lists. */
    static Function<List<Tensor>, List<Tensor>> lists(Function<Tensor, Tensor> f) {
        return in -> {
            Tensor out = f.apply(in.getFirst());
            if (out == null) throw nullOutput();
            return List.of(out);
        };
    }

    /** Calls a function and checks that no output is null. */
    static List<Tensor> call(Function<List<Tensor>, ? extends List<Tensor>> f, List<Tensor> inputs) {
        List<Tensor> outputs = f.apply(inputs);
        if (outputs == null) throw nullOutput();
        for (Tensor t : outputs) if (t == null) throw nullOutput();
        return outputs;
    }

    private static CotangentException nullOutput() {
        return new CotangentException("The outputs of the user-provided function must be either a Tensor or a list of"
                + " Tensors, but the function returned null.");
    }

    /**
     * Returns tensors to differentiate with respect to: aliases in the inputs' graph or, if nothing is recorded,
     * leaves with the same memory.
     */
    static List<Tensor> inputs(List<Tensor> given, boolean createGraph) {
        List<Tensor> inputs = new ArrayList<>(given.size());
        for (Tensor t : given) {
            Tensor x = createGraph && t.requiresGrad() ? t.viewAs(t) : t.detach();
            inputs.add(x.requiresGrad() ? x : x.requiresGrad_(true));
        }
        return Collections.unmodifiableList(inputs);
    }

    /** Returns the vectors of a product; checks their shapes. */
    static List<Tensor> vectors(List<Tensor> v, List<Tensor> like, boolean createGraph) {
        if (v.size() != like.size()) {
            throw new CotangentException(
                    "v is a tuple of invalid length: should be " + like.size() + " but got " + v.size() + ".");
        }
        List<Tensor> vectors = new ArrayList<>(v.size());
        for (int i = 0; i < v.size(); i++) {
            Tensor t = v.get(i);
            if (!Arrays.equals(
                    Internals.layout(t).sizes(), Internals.layout(like.get(i)).sizes())) {
                throw new CotangentException((v.size() > 1 ? "Entry " + i + " in " : "") + "v has invalid size: should"
                        + " be " + like.get(i).shape() + " but got " + t.shape() + ".");
            }
            vectors.add(createGraph ? t : t.detach());
        }
        return vectors;
    }

    /** Detaches tensors unless {@code createGraph}. */
    static List<Tensor> results(List<Tensor> tensors, boolean createGraph) {
        return createGraph
                ? List.copyOf(tensors)
                : tensors.stream().map(Tensor::detach).toList();
    }

    /**
     * Computes gradients: null for an input that no output depends on. Outputs that do not require grad are skipped.
     *
     * @param gradOutputs null for ones
     */
    static List<@Nullable Tensor> gradients(
            List<Tensor> outputs,
            @Nullable List<Tensor> gradOutputs,
            List<Tensor> inputs,
            boolean createGraph,
            boolean retainGraph) {
        List<Tensor> wanted = new ArrayList<>();
        List<@Nullable Tensor> given = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            if (!outputs.get(i).requiresGrad()) continue;
            wanted.add(outputs.get(i));
            given.add(gradOutputs == null ? null : gradOutputs.get(i));
        }
        if (wanted.isEmpty()) return Collections.nCopies(inputs.size(), null);
        BackwardOptions options = Autograd.options().retainGraph(createGraph || retainGraph);
        if (createGraph) options = options.createGraph();
        return Backward.grad(wanted, given, inputs, options, true);
    }

    /**
     * Computes gradients with respect to weights that are zero, which are linear in them: the first of two passes of
     * forward-mode differentiation.
     */
    static List<@Nullable Tensor> linearized(List<Tensor> outputs, List<Tensor> weights, List<Tensor> inputs) {
        boolean before = setLinearizing(true);
        try {
            return gradients(outputs, weights, inputs, true, true);
        } finally {
            setLinearizing(before);
        }
    }

    /** Returns whether the running pass is one of {@link #linearized}. */
    static boolean isLinearizing() {
        return LINEARIZING.get();
    }

    /** Sets whether backward passes of this thread are such; returns what was set before. */
    static boolean setLinearizing(boolean value) {
        boolean before = LINEARIZING.get();
        LINEARIZING.set(value);
        return before;
    }

    /** Replaces missing gradients by zeros; in strict mode throws PyTorch's errors instead. */
    static List<Tensor> fillZeros(
            List<@Nullable Tensor> gradients, List<Tensor> like, FunctionalOptions options, Stage stage) {
        List<Tensor> filled = new ArrayList<>(gradients.size());
        for (int i = 0; i < gradients.size(); i++) {
            Tensor g = gradients.get(i);
            if (g == null) {
                if (options.isStrict()) throw new CotangentException(independent(stage, i));
                g = like.get(i).detach().zerosLike();
            } else if (options.isStrict() && options.createsGraph() && !g.requiresGrad()) {
                boolean second = stage == Stage.DOUBLE_BACK || stage == Stage.DOUBLE_BACK_TRICK;
                throw new CotangentException("The " + (second ? "hessian" : "jacobian") + " of the user-provided"
                        + " function is independent of input " + i + ". This is not allowed in strict mode when"
                        + " create_graph=True. In Java: leave strict() or createGraph() out.");
            }
            filled.add(g);
        }
        return filled;
    }

    private static String independent(Stage stage, int i) {
        return switch (stage) {
            case BACK ->
                "The output of the user-provided function is independent of input " + i
                        + ". This is not allowed in strict mode.";
            case BACK_TRICK ->
                "The gradient with respect to the input is independent of entry " + i + " in the grad_outputs when"
                        + " using the double backward trick to compute forward mode gradients. This is not allowed in"
                        + " strict mode.";
            case DOUBLE_BACK ->
                "The jacobian of the user-provided function is independent of input " + i
                        + ". This is not allowed in strict mode.";
            case DOUBLE_BACK_TRICK ->
                "The hessian of the user-provided function is independent of entry " + i + " in the grad_jacobian."
                        + " This is not allowed in strict mode as it prevents from using the double backward trick to"
                        + " replace forward mode AD.";
        };
    }

    /** Throws PyTorch's strict-mode error if an output does not require grad. */
    static void checkOutputs(List<Tensor> outputs, FunctionalOptions options) {
        if (!options.isStrict()) return;
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).requiresGrad()) continue;
            throw new CotangentException("Output " + i + " of the user-provided function does not require gradients."
                    + " The outputs must be computed in a differentiable manner from the input when running in strict"
                    + " mode.");
        }
    }

    /** Throws PyTorch's strict-mode error if a gradient is missing or constant. */
    static void checkGradients(List<@Nullable Tensor> gradients, FunctionalOptions options, boolean isJacobian) {
        if (!options.isStrict()) return;
        for (int i = 0; i < gradients.size(); i++) {
            Tensor g = gradients.get(i);
            if (g == null) {
                throw new CotangentException("The output of the user-provided function is independent of input " + i
                        + ". This is not allowed in strict mode.");
            }
            if (g.requiresGrad()) continue;
            throw new CotangentException(
                    isJacobian
                            ? "While computing the hessian, found that the jacobian of the user-provided function with"
                                    + " respect to input " + i + " is independent of the input. This is not allowed in"
                                    + " strict mode. You should ensure that your function is twice differentiable and"
                                    + " that the jacobian depends on the inputs (this would be violated by a linear"
                                    + " function for example)."
                            : "The gradient with respect to input " + i + " is independent of the inputs of the"
                                    + " user-provided function. This is not allowed in strict mode.");
        }
    }

    /** Returns whether tensors depend on a leaf other than {@code own} and their producers. */
    static boolean dependsOnOthers(List<Tensor> tensors, List<Tensor> own) {
        Set<GraphNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor t : own) {
            Edge e = Internals.edge(t);
            // An alias of a non-leaf depends on leaves outside.
            if (e != null && e.node() instanceof AccumulateGrad) seen.add(e.node());
        }
        ArrayDeque<GraphNode> open = new ArrayDeque<>();
        for (Tensor t : tensors) {
            Edge e = Internals.edge(t);
            if (e != null && seen.add(e.node())) open.add(e.node());
        }
        while (!open.isEmpty()) {
            GraphNode node = open.poll();
            if (node instanceof AccumulateGrad) return true;
            for (Edge e : node.edges()) if (e != null && seen.add(e.node())) open.add(e.node());
        }
        return false;
    }
}

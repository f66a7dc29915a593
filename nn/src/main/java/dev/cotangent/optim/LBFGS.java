package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The quasi-Newton method of limited memory (Nocedal and Wright, "Numerical Optimization", algorithm 7.5), with a line
 * search for the strong Wolfe conditions if asked for; PyTorch's {@code torch.optim.LBFGS}. It has one group of
 * parameters, and a step calls its closure several times.
 */
public final class LBFGS extends Optimizer {
    private static final int MAX_ITER = 20;
    private static final double LEAST_CURVATURE = 1e-10;

    /** Options of {@link LBFGS}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets the most iterations of a step; {@code max_iter}. */
        public Options maxIter(int value) {
            return with("max_iter", value);
        }

        /** Sets the most calls of the closure in a step, 1.25 times the iterations by default; {@code max_eval}. */
        public Options maxEval(int value) {
            return with("max_eval", value);
        }

        /** Sets the largest gradient element at which a step ends; {@code tolerance_grad}. */
        public Options toleranceGrad(double value) {
            return with("tolerance_grad", value);
        }

        /** Sets the change of loss or parameters at which a step ends; {@code tolerance_change}. */
        public Options toleranceChange(double value) {
            return with("tolerance_change", value);
        }

        /** Sets how many past steps are kept; {@code history_size}. */
        public Options historySize(int value) {
            return with("history_size", value);
        }

        /** Searches along each direction for the strong Wolfe conditions; {@code line_search_fn="strong_wolfe"}. */
        public Options strongWolfe() {
            return with("line_search_fn", "strong_wolfe");
        }
    }

    private final List<Tensor> changes = new ArrayList<>();
    private final List<Tensor> moves = new ArrayList<>();
    private final List<Double> curvatures = new ArrayList<>();
    private double scale = 1;
    private double rate;
    private double previousLoss;
    private @Nullable Tensor direction;
    private @Nullable Tensor previousGradient;
    private long iterations;
    private long evaluations;

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Map.of());
    }

    /** Creates an optimiser with PyTorch's defaults, a learning rate of 1. */
    public LBFGS(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public LBFGS(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public LBFGS(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1);
        all.put("max_iter", MAX_ITER);
        all.put("max_eval", null);
        all.put("tolerance_grad", 1e-7);
        all.put("tolerance_change", 1e-9);
        all.put("history_size", 100);
        all.put("line_search_fn", null);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        if (all.get("max_eval") == null) all.put("max_eval", given.integer("max_iter") * 5 / 4);
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        throw new CotangentException(
                "LBFGS.step() missing 1 required positional argument: 'closure'. In Java: step(() ->"
                        + " { optimizer.zeroGrad(); Tensor loss = ...; loss.backward(); return loss; })");
    }

    @Override
    public @Nullable Tensor step(@Nullable Supplier<Tensor> closure) {
        if (closure == null) return super.step(null);
        if (paramGroups().size() != 1) {
            throw new ValueException("LBFGS doesn't support per-parameter options (parameter groups): it has "
                    + paramGroups().size());
        }
        // State that the next step reads must outlive any scope of this step.
        Tensor loss = Scope.outside(() -> {
            try (var _ = Autograd.noGrad()) {
                return iterate(paramGroups().getFirst(), closure);
            }
        });
        stepDone();
        return loss;
    }

    private Tensor iterate(ParamGroup group, Supplier<Tensor> closure) {
        double lr = group.lr();
        int maxIter = group.integer("max_iter");
        int maxEval = group.integer("max_eval");
        double toleranceGrad = group.number("tolerance_grad");
        double toleranceChange = group.number("tolerance_change");
        boolean search = group.get("line_search_fn") != null;

        Tensor first = evaluate(closure);
        double loss = first.itemDouble();
        int evals = 1;
        evaluations++;
        Tensor gradient = flatGradient();
        if (largest(gradient) <= toleranceGrad) return first;
        for (int n = 1; n <= maxIter; n++) {
            iterations++;
            Tensor d = nextDirection(gradient, group.integer("history_size"));
            direction = d;
            previousGradient = gradient;
            previousLoss = loss;
            rate = iterations == 1 ? Math.min(1, 1 / gradient.abs().sum().itemDouble()) * lr : lr;
            double slope = gradient.dot(d).itemDouble();
            if (slope > -toleranceChange) break;
            int used = 0;
            if (search) {
                List<Tensor> start =
                        parameters().stream().map(p -> p.detach().clone()).toList();
                var line = new StrongWolfe(t -> evaluateAt(closure, start, t, d), largest(d));
                StrongWolfe.Point found =
                        line.search(new StrongWolfe.Point(0, loss, gradient, slope), rate, maxEval - evals);
                move(start, found.t(), d);
                rate = found.t();
                loss = found.loss();
                gradient = found.gradient();
                used = line.evaluations();
            } else {
                move(null, rate, d);
                if (n < maxIter) {
                    loss = evaluate(closure).itemDouble();
                    gradient = flatGradient();
                    used = 1;
                }
            }
            evals += used;
            evaluations += used;
            boolean done = evals >= maxEval
                    || largest(gradient) <= toleranceGrad
                    || largest(d) * Math.abs(rate) <= toleranceChange
                    || Math.abs(loss - previousLoss) < toleranceChange;
            if (done) break;
        }
        return first;
    }

    /** Takes the last step into the history and returns the product of the inverse Hessian and the gradient, negative. */
    private Tensor nextDirection(Tensor gradient, int history) {
        if (direction == null || previousGradient == null) return gradient.neg();
        Tensor change = gradient.sub(previousGradient);
        Tensor move = direction.mul(rate);
        double product = change.dot(move).itemDouble();
        if (product > LEAST_CURVATURE) {
            if (changes.size() == history) {
                changes.removeFirst();
                moves.removeFirst();
                curvatures.removeFirst();
            }
            changes.add(change);
            moves.add(move);
            curvatures.add(1 / product);
            scale = product / change.dot(change).itemDouble();
        }
        int n = changes.size();
        double[] along = new double[n];
        Tensor q = gradient.neg();
        for (int i = n - 1; i >= 0; i--) {
            along[i] = moves.get(i).dot(q).itemDouble() * curvatures.get(i);
            q = q.sub(changes.get(i).mul(along[i]));
        }
        Tensor r = q.mul(scale);
        for (int i = 0; i < n; i++) {
            double back = changes.get(i).dot(r).itemDouble() * curvatures.get(i);
            r = r.add(moves.get(i).mul(along[i] - back));
        }
        return r;
    }

    private StrongWolfe.Point evaluateAt(Supplier<Tensor> closure, List<Tensor> start, double t, Tensor d) {
        move(start, t, d);
        double loss = evaluate(closure).itemDouble();
        Tensor gradient = flatGradient();
        return new StrongWolfe.Point(t, loss, gradient, gradient.dot(d).itemDouble());
    }

    /** Sets the parameters to {@code start + t * d}; without a start they move from where they are. */
    private void move(@Nullable List<Tensor> start, double t, Tensor d) {
        List<Tensor> all = parameters();
        long from = 0;
        for (int i = 0; i < all.size(); i++) {
            Tensor p = all.get(i);
            Tensor own = d.narrow(0, from, p.numel()).view(p.shape().toArray());
            if (start != null) p.copy_(start.get(i));
            p.add_(own.mul(t));
            from += p.numel();
        }
    }

    private Tensor flatGradient() {
        List<Tensor> parts = new ArrayList<>();
        for (Tensor p : parameters()) {
            Tensor g = p.grad();
            parts.add((g == null ? p.detach().zerosLike() : g.detach()).reshape(-1));
        }
        return Tensors.cat(parts, 0).detach().clone();
    }

    private static double largest(Tensor t) {
        return t.abs().max().itemDouble();
    }

    /** Works as {@link Optimizer#stateDict()}, with the history under PyTorch's names. */
    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> all = super.stateDict();
        if (direction != null && previousGradient != null) {
            Map<String, Object> s = new LinkedHashMap<>();
            s.put("func_evals", evaluations);
            s.put("n_iter", iterations);
            s.put("d", direction);
            s.put("t", rate);
            s.put("old_dirs", List.copyOf(changes));
            s.put("old_stps", List.copyOf(moves));
            s.put("ro", List.copyOf(curvatures));
            s.put("H_diag", scale);
            s.put("prev_flat_grad", previousGradient);
            s.put("prev_loss", previousLoss);
            all.put("state", Map.of(0, s));
        }
        return all;
    }

    /** Works as {@link Optimizer#loadStateDict(Map)}, with the history. */
    @Override
    public void loadStateDict(Map<String, ?> saved) {
        Map<String, Object> rest = new LinkedHashMap<>(saved);
        Object first = saved.get("state") instanceof Map<?, ?> m
                ? m.values().stream().findFirst().orElse(null)
                : null;
        if (saved.get("state") instanceof Map<?, ?>) rest.put("state", Map.of());
        if (!(first instanceof Map<?, ?> s)) {
            super.loadStateDict(rest);
            return;
        }
        // All is read before anything is changed.
        Tensor newDirection = tensors(List.of(part(s, "d", Tensor.class))).getFirst();
        Tensor newGradient =
                tensors(List.of(part(s, "prev_flat_grad", Tensor.class))).getFirst();
        List<Tensor> newChanges = tensors(part(s, "old_dirs", List.class));
        List<Tensor> newMoves = tensors(part(s, "old_stps", List.class));
        List<?> newCurvatures = part(s, "ro", List.class);
        super.loadStateDict(rest);
        evaluations = (long) number(s, "func_evals");
        iterations = (long) number(s, "n_iter");
        direction = newDirection;
        rate = number(s, "t");
        replace(changes, newChanges);
        replace(moves, newMoves);
        replace(curvatures, newCurvatures.stream().map(LBFGS::number).toList());
        scale = number(s, "H_diag");
        previousGradient = newGradient;
        previousLoss = number(s, "prev_loss");
    }

    private static <T> void replace(List<T> list, List<T> values) {
        list.clear();
        list.addAll(values);
    }

    private static double number(Map<?, ?> state, String name) {
        return number(state.get(name));
    }

    private static double number(@Nullable Object value) {
        return value instanceof Tensor t ? t.itemDouble() : value instanceof Number n ? n.doubleValue() : 0;
    }

    private static List<Tensor> tensors(List<?> values) {
        if (!values.stream().allMatch(Tensor.class::isInstance)) {
            throw new CotangentException("no state of an optimiser: its history has to be tensors");
        }
        return Scope.outside(
                () -> values.stream().map(v -> ((Tensor) v).detach().clone()).toList());
    }
}

package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import dev.cotangent.nn.internal.PythonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resilient backpropagation (Riedmiller and Braun 1993): steps of a size of each element's own, which grows while the
 * sign of the gradient stays the same; PyTorch's {@code torch.optim.Rprop}.
 */
public final class Rprop extends Optimizer {
    // Numbers: the factors, the bounds of a step, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("Rprop", 3, 1, 5, (w, r, n) -> {
        Expr g = n[4].mul(r[0]);
        Expr both = g.mul(w[1]);
        Expr flipped = both.lt(0);
        Expr size = w[2].mul(both.gt(0).where(n[1], flipped.where(n[0], n[0].like(1))))
                .max(n[2])
                .min(n[3]);
        Expr gradient = flipped.where(g.like(0), g);
        return new Expr[] {w[0].sub(gradient.sign().mul(size)), gradient, size};
    });

    /** Options of {@link Rprop}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets the factors by which steps shrink and grow; {@code etas}. */
        public Options etas(double etaMinus, double etaPlus) {
            return with("etas", List.of(etaMinus, etaPlus));
        }

        /** Sets the smallest and the largest step; {@code step_sizes}. */
        public Options stepSizes(double smallest, double largest) {
            return with("step_sizes", List.of(smallest, largest));
        }

        /** Sets whether the loss is maximised; {@code maximize}. */
        public Options maximize(boolean value) {
            return with("maximize", value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Map.of());
    }

    /** Creates an optimiser with PyTorch's defaults. */
    public Rprop(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Rprop(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Rprop(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Rprop(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-2);
        all.put("etas", List.of(0.5, 1.2));
        all.put("step_sizes", List.of(1e-6, 50));
        all.put("foreach", null);
        all.put("maximize", false);
        all.put("differentiable", false);
        all.put("capturable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        double minus = given.number("etas", 0);
        double plus = given.number("etas", 1);
        if (!(minus > 0 && minus < 1 && plus > 1)) {
            throw new ValueException("Invalid eta values: " + PythonText.of(minus) + ", " + PythonText.of(plus));
        }
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double sign = group.flag("maximize") ? -1 : 1;
        double lr = group.lr();
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            s.nextStep();
            Tensor previous = s.tensor("prev", () -> p.detach().zerosLike());
            Tensor size = s.tensor("step_size", () -> p.detach().fullLike(lr));
            UPDATE.run(
                    new Tensor[] {p, previous, size, gradient},
                    group.number("etas", 0),
                    group.number("etas", 1),
                    group.number("step_sizes", 0),
                    group.number("step_sizes", 1),
                    sign);
        }
    }
}

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

/** Steps scaled by the running root mean squares of steps and gradients (Zeiler 2012); PyTorch's {@code torch.optim.Adadelta}. */
public final class Adadelta extends Optimizer {
    // Numbers: -lr, rho, 1 - rho, eps, weight decay, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("Adadelta", 3, 1, 6, (w, r, n) -> {
        Expr g = decayed(n[5].mul(r[0]), n[4], w[0]);
        Expr square = w[1].mul(n[1]).add(n[2].mul(g).mul(g));
        Expr step = w[2].add(n[3]).sqrt().div(square.add(n[3]).sqrt()).mul(g);
        return new Expr[] {
            w[0].add(n[0].mul(step)), square, w[2].mul(n[1]).add(n[2].mul(step).mul(step))
        };
    });

    /** Options of {@link Adadelta}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets how much of the running mean squares stays in a step; {@code rho}. */
        public Options rho(double value) {
            return with("rho", value);
        }

        /** Sets the term added to denominators; {@code eps}. */
        public Options eps(double value) {
            return with("eps", value);
        }

        /** Sets the factor of the weight decay; {@code weight_decay}. */
        public Options weightDecay(double value) {
            return with("weight_decay", value);
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
    public Adadelta(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Adadelta(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Adadelta(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Adadelta(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1.0);
        all.put("rho", 0.9);
        all.put("eps", 1e-6);
        all.put("weight_decay", 0);
        all.put("maximize", false);
        all.put("capturable", false);
        all.put("foreach", null);
        all.put("differentiable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        double rho = given.number("rho");
        if (!(rho >= 0 && rho <= 1)) throw new ValueException("Invalid rho value: " + PythonText.of(rho));
        notNegative("epsilon value", given.number("eps"));
        notNegative("weight_decay value", given.number("weight_decay"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double sign = group.flag("maximize") ? -1 : 1;
        double rho = group.number("rho");
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            s.nextStep();
            Tensor square = s.tensor("square_avg", () -> p.detach().zerosLike());
            Tensor steps = s.tensor("acc_delta", () -> p.detach().zerosLike());
            UPDATE.run(
                    new Tensor[] {p, square, steps, gradient},
                    -group.lr(),
                    rho,
                    1 - rho,
                    group.number("eps"),
                    group.number("weight_decay"),
                    sign);
        }
    }
}

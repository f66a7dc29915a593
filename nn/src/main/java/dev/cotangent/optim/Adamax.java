package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adam with the largest gradient in place of the second moment (Kingma and Ba 2014, algorithm 2); PyTorch's {@code
 * torch.optim.Adamax}.
 */
public final class Adamax extends Optimizer {
    // Numbers: -lr / (1 - beta1^t), 1 - beta1, beta2, eps, weight decay, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("Adamax", 3, 1, 6, (w, r, n) -> {
        Expr g = decayed(n[5].mul(r[0]), n[4], w[0]);
        Expr m = w[1].add(n[1].mul(g.sub(w[1])));
        Expr largest = w[2].mul(n[2]).max(g.abs().add(n[3]));
        return new Expr[] {w[0].add(n[0].mul(m.div(largest))), m, largest};
    });

    /** Options of {@link Adamax}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets how much of the running averages stays in a step; {@code betas}. */
        public Options betas(double beta1, double beta2) {
            return with("betas", List.of(beta1, beta2));
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
    public Adamax(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Adamax(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Adamax(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Adamax(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 2e-3);
        all.put("betas", List.of(0.9, 0.999));
        all.put("eps", 1e-8);
        all.put("weight_decay", 0);
        all.put("foreach", null);
        all.put("maximize", false);
        all.put("differentiable", false);
        all.put("capturable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("epsilon value", given.number("eps"));
        Betas.check(given);
        notNegative("weight_decay value", given.number("weight_decay"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double beta1 = group.number("betas", 0);
        double beta2 = group.number("betas", 1);
        double eps = group.number("eps");
        double decay = group.number("weight_decay");
        double sign = group.flag("maximize") ? -1 : 1;
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor mean = s.tensor("exp_avg", () -> p.detach().zerosLike());
            Tensor largest = s.tensor("exp_inf", () -> p.detach().zerosLike());
            double rate = -group.lr() / (1 - Math.pow(beta1, step));
            UPDATE.run(new Tensor[] {p, mean, largest, gradient}, rate, 1 - beta1, beta2, eps, decay, sign);
        }
    }
}

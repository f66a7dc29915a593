package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adam with a rectified second moment (Liu and others 2019); PyTorch's {@code torch.optim.RAdam}. */
public final class RAdam extends Optimizer {
    /** From this length of the running average on its variance is tractable. */
    private static final double TRACTABLE = 5;

    private static final FusedUpdate ADAPTIVE = make(true);
    private static final FusedUpdate PLAIN = make(false);

    /**
     * Creates the update. Its scalars are rate, 1 - beta1, beta2, 1 - beta2, eps, decay added to the gradient, factor
     * of the parameter, 1 or -1.
     */
    private static FusedUpdate make(boolean adaptive) {
        return new FusedUpdate("RAdam", 3, 1, 8, (w, r, n) -> {
            Expr p = w[0].mul(n[6]);
            Expr g = decayed(n[7].mul(r[0]), n[5], p);
            Expr m = w[1].add(n[1].mul(g.sub(w[1])));
            Expr v = w[2].mul(n[2]).add(n[3].mul(g).mul(g));
            return new Expr[] {p.add(n[0].mul(adaptive ? m.div(v.sqrt().add(n[4])) : m)), m, v};
        });
    }

    /** Options of {@link RAdam}. */
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

        /** Sets whether the decay is taken off the parameter instead of added to the gradient; {@code decoupled_weight_decay}. */
        public Options decoupledWeightDecay(boolean value) {
            return with("decoupled_weight_decay", value);
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
    public RAdam(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public RAdam(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public RAdam(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public RAdam(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-3);
        all.put("betas", List.of(0.9, 0.999));
        all.put("eps", 1e-8);
        all.put("weight_decay", 0);
        all.put("maximize", false);
        all.put("foreach", null);
        all.put("capturable", false);
        all.put("decoupled_weight_decay", false);
        all.put("differentiable", false);
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
        double lr = group.lr();
        double beta1 = group.number("betas", 0);
        double beta2 = group.number("betas", 1);
        double eps = group.number("eps");
        double decay = group.number("weight_decay");
        boolean decoupled = group.flag("decoupled_weight_decay");
        double sign = group.flag("maximize") ? -1 : 1;
        double limit = 2 / (1 - beta2) - 1;
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor mean = s.tensor("exp_avg", () -> p.detach().zerosLike());
            Tensor square = s.tensor("exp_avg_sq", () -> p.detach().zerosLike());
            double correction = 1 - Math.pow(beta2, step);
            double length = limit - 2 * step * Math.pow(beta2, step) / correction;
            boolean adaptive = length > TRACTABLE;
            double rectified = adaptive
                    ? Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * correction)
                    : 1;
            (adaptive ? ADAPTIVE : PLAIN)
                    .run(
                            new Tensor[] {p, mean, square, gradient},
                            -lr * rectified / (1 - Math.pow(beta1, step)),
                            1 - beta1,
                            beta2,
                            1 - beta2,
                            eps,
                            decoupled ? 0 : decay,
                            decoupled ? 1 - lr * decay : 1,
                            sign);
        }
    }
}

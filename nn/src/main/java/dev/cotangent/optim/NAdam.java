package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adam with Nesterov momentum (Dozat 2016); PyTorch's {@code torch.optim.NAdam}. */
public final class NAdam extends Optimizer {
    private static final double DECAY_BASE = 0.96;

    // Numbers: factors of the gradient and of the mean, 1 - beta1, beta2, 1 - beta2, 1 - beta2^t, eps, the decay added
    // to
    // the gradient, the factor of the parameter, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("NAdam", 3, 1, 10, (w, r, n) -> {
        Expr p = w[0].mul(n[8]);
        Expr g = decayed(n[9].mul(r[0]), n[7], p);
        Expr m = w[1].add(n[2].mul(g.sub(w[1])));
        Expr v = w[2].mul(n[3]).add(n[4].mul(g).mul(g));
        Expr scale = v.div(n[5]).sqrt().add(n[6]);
        return new Expr[] {p.add(n[0].mul(g.div(scale))).add(n[1].mul(m.div(scale))), m, v};
    });

    /** Options of {@link NAdam}. */
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

        /** Sets how quickly the momentum approaches beta1; {@code momentum_decay}. */
        public Options momentumDecay(double value) {
            return with("momentum_decay", value);
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
    public NAdam(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public NAdam(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public NAdam(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public NAdam(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 2e-3);
        all.put("betas", List.of(0.9, 0.999));
        all.put("eps", 1e-8);
        all.put("weight_decay", 0);
        all.put("momentum_decay", 4e-3);
        all.put("decoupled_weight_decay", false);
        all.put("maximize", false);
        all.put("foreach", null);
        all.put("capturable", false);
        all.put("differentiable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("epsilon value", given.number("eps"));
        Betas.check(given);
        notNegative("weight_decay value", given.number("weight_decay"));
        notNegative("momentum_decay value", given.number("momentum_decay"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double lr = group.lr();
        double beta1 = group.number("betas", 0);
        double beta2 = group.number("betas", 1);
        double eps = group.number("eps");
        double decay = group.number("weight_decay");
        double momentumDecay = group.number("momentum_decay");
        boolean decoupled = group.flag("decoupled_weight_decay");
        double sign = group.flag("maximize") ? -1 : 1;
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor mean = s.tensor("exp_avg", () -> p.detach().zerosLike());
            Tensor square = s.tensor("exp_avg_sq", () -> p.detach().zerosLike());
            double mu = beta1 * (1 - 0.5 * Math.pow(DECAY_BASE, step * momentumDecay));
            double next = beta1 * (1 - 0.5 * Math.pow(DECAY_BASE, (step + 1) * momentumDecay));
            double product = s.number("mu_product", 1) * mu;
            s.put("mu_product", product);
            UPDATE.run(
                    new Tensor[] {p, mean, square, gradient},
                    -lr * (1 - mu) / (1 - product),
                    -lr * next / (1 - product * next),
                    1 - beta1,
                    beta2,
                    1 - beta2,
                    1 - Math.pow(beta2, step),
                    eps,
                    decoupled ? 0 : decay,
                    decoupled ? 1 - lr * decay : 1,
                    sign);
        }
    }
}

package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2014, algorithm 1); PyTorch's {@code torch.optim.Adam}. In step t, with g the gradient:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g²
 * p = p - lr m / (1 - beta1^t) / (√v / √(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>Weight decay is added to the gradient; {@link AdamW} takes it off the parameter. With {@code amsgrad} the largest v
 * so far takes the place of v.
 */
public sealed class Adam extends Optimizer permits AdamW {
    // Which formula: bits of decay added to the gradient, decay taken off the parameter, maximising, and AMSGrad.
    private static final FusedUpdate[] FORMULAS = new FusedUpdate[16];
    private static final int ADDED = 1;
    private static final int TAKEN_OFF = 2;
    private static final int MAXIMIZE = 4;
    private static final int AMSGRAD = 8;

    static {
        for (int bits = 0; bits < FORMULAS.length; bits++) FORMULAS[bits] = make(bits);
    }

    /**
     * Creates the update. Its scalars are -lr / (1 - beta1^t), 1 - beta1, beta2, 1 - beta2, √(1 - beta2^t), eps, decay
     * or factor.
     */
    private static FusedUpdate make(int bits) {
        boolean amsgrad = (bits & AMSGRAD) != 0;
        return new FusedUpdate("Adam", amsgrad ? 4 : 3, 1, 7, (w, r, n) -> {
            Expr p = (bits & TAKEN_OFF) != 0 ? w[0].mul(n[6]) : w[0];
            Expr g = (bits & MAXIMIZE) != 0 ? r[0].neg() : r[0];
            if ((bits & ADDED) != 0) g = g.add(n[6].mul(p));
            Expr m = w[1].add(n[1].mul(g.sub(w[1])));
            Expr v = w[2].mul(n[2]).add(n[3].mul(g).mul(g));
            Expr scaled = amsgrad ? w[3].max(v) : v;
            Expr next = p.add(n[0].mul(m.div(scaled.sqrt().div(n[4]).add(n[5]))));
            return amsgrad ? new Expr[] {next, m, v, scaled} : new Expr[] {next, m, v};
        });
    }

    /** Options of {@link Adam}. */
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

        /** Sets whether the largest second moment so far is used; {@code amsgrad}. */
        public Options amsgrad(boolean value) {
            return with("amsgrad", value);
        }

        /** Sets whether the loss is maximised; {@code maximize}. */
        public Options maximize(boolean value) {
            return with("maximize", value);
        }

        /** Sets whether the decay is taken off the parameter instead of added to the gradient; {@code decoupled_weight_decay}. */
        public Options decoupledWeightDecay(boolean value) {
            return with("decoupled_weight_decay", value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Map.of());
    }

    /** Creates an optimiser with PyTorch's defaults. */
    public Adam(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Adam(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Adam(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Adam(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    Adam(Map<String, @Nullable Object> defaults, List<ParamGroup> groups) {
        super(defaults, groups);
    }

    Adam(List<Tensor> params, Map<String, @Nullable Object> defaults) {
        super(params, defaults);
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        return defaults(options, 0, false);
    }

    static Map<String, @Nullable Object> defaults(Options options, Number decay, boolean decoupled) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-3);
        all.put("betas", List.of(0.9, 0.999));
        all.put("eps", 1e-8);
        all.put("weight_decay", decay);
        all.put("amsgrad", false);
        all.put("maximize", false);
        all.put("foreach", null);
        all.put("capturable", false);
        all.put("differentiable", false);
        all.put("fused", null);
        all.put("decoupled_weight_decay", decoupled);
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
        boolean amsgrad = group.flag("amsgrad");
        boolean decoupled = group.flag("decoupled_weight_decay");
        double factor = decoupled ? 1 - lr * decay : decay;
        int bits = (decay == 0 ? 0 : decoupled ? TAKEN_OFF : ADDED)
                | (group.flag("maximize") ? MAXIMIZE : 0)
                | (amsgrad ? AMSGRAD : 0);
        FusedUpdate update = FORMULAS[bits];
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor mean = s.tensor("exp_avg", () -> p.detach().zerosLike());
            Tensor square = s.tensor("exp_avg_sq", () -> p.detach().zerosLike());
            Tensor[] tensors = amsgrad
                    ? new Tensor[] {
                        p,
                        mean,
                        square,
                        s.tensor("max_exp_avg_sq", () -> p.detach().zerosLike()),
                        gradient
                    }
                    : new Tensor[] {p, mean, square, gradient};
            update.run(
                    tensors,
                    -lr / (1 - Math.pow(beta1, step)),
                    1 - beta1,
                    beta2,
                    1 - beta2,
                    Math.sqrt(1 - Math.pow(beta2, step)),
                    eps,
                    factor);
        }
    }
}

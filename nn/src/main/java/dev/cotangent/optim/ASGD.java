package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Averaged stochastic gradient descent (Polyak and Juditsky 1992); PyTorch's {@code torch.optim.ASGD}. */
public final class ASGD extends Optimizer {
    // Numbers: -eta, 1 - lambd eta, weight decay, mu, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("ASGD", 2, 1, 5, (w, r, n) -> {
        Expr g = decayed(n[4].mul(r[0]), n[2], w[0]);
        Expr p = w[0].mul(n[1]).add(n[0].mul(g));
        return new Expr[] {p, n[3].eq(1).where(p, w[1].add(p.sub(w[1]).mul(n[3])))};
    });

    /** Options of {@link ASGD}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets the decay of the parameters; {@code lambd}. */
        public Options lambd(double value) {
            return with("lambd", value);
        }

        /** Sets the power by which the rate decays; {@code alpha}. */
        public Options alpha(double value) {
            return with("alpha", value);
        }

        /** Sets the step from which on parameters are averaged; {@code t0}. */
        public Options t0(double value) {
            return with("t0", value);
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
    public ASGD(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public ASGD(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public ASGD(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public ASGD(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-2);
        all.put("lambd", 1e-4);
        all.put("alpha", 0.75);
        all.put("t0", 1e6);
        all.put("weight_decay", 0);
        all.put("foreach", null);
        all.put("maximize", false);
        all.put("differentiable", false);
        all.put("capturable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("weight_decay value", given.number("weight_decay"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double sign = group.flag("maximize") ? -1 : 1;
        double lr = group.lr();
        double lambd = group.number("lambd");
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor average = s.tensor("ax", () -> p.detach().zerosLike());
            double eta = s.number("eta", lr);
            double mu = s.number("mu", 1);
            UPDATE.run(
                    new Tensor[] {p, average, gradient}, -eta, 1 - lambd * eta, group.number("weight_decay"), mu, sign);
            s.put("eta", lr / Math.pow(1 + lambd * lr * step, group.number("alpha")));
            s.put("mu", 1 / Math.max(1, step - group.number("t0")));
        }
    }
}

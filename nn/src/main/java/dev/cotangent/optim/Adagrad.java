package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gradients divided by the root of the sum of their squares (Duchi and others 2011); PyTorch's {@code torch.optim.Adagrad}. */
public final class Adagrad extends Optimizer {
    // Numbers: -rate, eps, weight decay, 1 or -1.
    private static final FusedUpdate UPDATE = new FusedUpdate("Adagrad", 2, 1, 4, (w, r, n) -> {
        Expr g = decayed(n[3].mul(r[0]), n[2], w[0]);
        Expr sum = w[1].add(g.mul(g));
        return new Expr[] {w[0].add(n[0].mul(g.div(sum.sqrt().add(n[1])))), sum};
    });

    /** Options of {@link Adagrad}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets how the learning rate decays with steps; {@code lr_decay}. */
        public Options lrDecay(double value) {
            return with("lr_decay", value);
        }

        /** Sets the factor of the weight decay; {@code weight_decay}. */
        public Options weightDecay(double value) {
            return with("weight_decay", value);
        }

        /** Sets where the sum of squares begins; {@code initial_accumulator_value}. */
        public Options initialAccumulatorValue(double value) {
            return with("initial_accumulator_value", value);
        }

        /** Sets the term added to denominators; {@code eps}. */
        public Options eps(double value) {
            return with("eps", value);
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
    public Adagrad(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Adagrad(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Adagrad(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Adagrad(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-2);
        all.put("lr_decay", 0);
        all.put("eps", 1e-10);
        all.put("weight_decay", 0);
        all.put("initial_accumulator_value", 0);
        all.put("foreach", null);
        all.put("maximize", false);
        all.put("differentiable", false);
        all.put("fused", null);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("lr_decay value", given.number("lr_decay"));
        notNegative("weight_decay value", given.number("weight_decay"));
        notNegative("initial_accumulator_value value", given.number("initial_accumulator_value"));
        notNegative("epsilon value", given.number("eps"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double sign = group.flag("maximize") ? -1 : 1;
        double first = group.number("initial_accumulator_value");
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            long step = s.nextStep();
            Tensor sum = s.tensor("sum", () -> p.detach().fullLike(first));
            double rate = -group.lr() / (1 + (step - 1) * group.number("lr_decay"));
            UPDATE.run(new Tensor[] {p, sum, gradient}, rate, group.number("eps"), group.number("weight_decay"), sign);
        }
    }
}

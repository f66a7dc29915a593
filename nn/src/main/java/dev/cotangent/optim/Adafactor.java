package dev.cotangent.optim;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adam without momentum whose second moments are kept as a row and a column of each matrix (Shazeer and Stern 2018);
 * PyTorch's {@code torch.optim.Adafactor}.
 */
public final class Adafactor extends Optimizer {
    /** Options of {@link Adafactor}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets the power by which the decay of second moments approaches 1; {@code beta2_decay}. */
        public Options beta2Decay(double value) {
            return with("beta2_decay", value);
        }

        /** Sets the lower bounds of second moments and of the relative step; {@code eps}. */
        public Options eps(double eps1, double eps2) {
            return with("eps", List.of(eps1, eps2));
        }

        /** Sets from which root mean square on an update is scaled down; {@code d}. */
        public Options d(double value) {
            return with("d", value);
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
    public Adafactor(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Adafactor(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Adafactor(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Adafactor(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-2);
        all.put("beta2_decay", -0.8);
        all.put("eps", Arrays.asList(null, 1e-3));
        all.put("d", 1.0);
        all.put("weight_decay", 0.0);
        all.put("foreach", null);
        all.put("maximize", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        bound(given.lr() >= 0, "Learning rate should be >= 0 but is: ", given.lr());
        bound(given.number("beta2_decay") <= 0, "beta2_decay should be <= 0 but is: ", given.number("beta2_decay"));
        if (eps1(given) != null) bound(eps1(given) >= 0, "epsilon1 should be >= 0 but is: ", eps1(given));
        bound(given.number("eps", 1) >= 0, "epsilon2 should be >= 0 but is: ", given.number("eps", 1));
        bound(given.number("d") >= 1, "Clipping threshold d should be >= 1 but is: ", given.number("d"));
        bound(given.number("weight_decay") >= 0, "weight_decay should be >= 0 but is: ", given.number("weight_decay"));
        return all;
    }

    private static void bound(boolean holds, String message, double value) {
        if (!holds) throw new ValueException(message + PythonText.of(value));
    }

    private static @Nullable Double eps1(ParamGroup group) {
        return group.get("eps") instanceof List<?> list && list.getFirst() instanceof Number n
                ? (Double) n.doubleValue()
                : null;
    }

    private static double smallest(Dtype dtype) {
        return switch (dtype) {
            case FLOAT64 -> Math.ulp(1.0);
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> Math.ulp(1f);
        };
    }

    @Override
    protected void update(ParamGroup group) {
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient != null) update(group, p, group.flag("maximize") ? gradient.neg() : gradient);
        }
    }

    private void update(ParamGroup group, Tensor p, Tensor g) {
        double lr = group.lr();
        double decay = group.number("weight_decay");
        Double given = eps1(group);
        double eps1 = given == null ? smallest(p.dtype()) : given;
        ParamState s = state(p);
        long step = s.nextStep();
        double taken = Math.pow(step, group.number("beta2_decay"));
        double rho = Math.min(lr, 1 / Math.sqrt(step));
        double alpha = Math.max(group.number("eps", 1), rootMeanSquare(p.detach())) * rho;
        if (decay != 0) p.mul_(1 - lr * decay);
        Tensor variance;
        if (g.dim() > 1) {
            Tensor squares = g.square();
            Tensor row = squares.mean(-1, true);
            Tensor column = squares.mean(-2, true);
            Tensor rows = s.tensor("row_var", row::zerosLike);
            Tensor columns = s.tensor("col_var", column::zerosLike);
            rows.add_(row.sub(rows).mul(taken));
            columns.add_(column.sub(columns).mul(taken));
            variance = rows.matmul(columns).div(rows.mean(-2, true).clampMin(eps1));
        } else {
            variance = s.tensor("variance", () -> p.detach().zerosLike());
            variance.add_(g.square().sub(variance).mul(taken));
        }
        Tensor update = variance.clampMin(eps1 * eps1).rsqrt().mul(g);
        double scale = Math.max(1, rootMeanSquare(update) / group.number("d"));
        p.sub_(update.mul(alpha / scale));
    }

    private static double rootMeanSquare(Tensor t) {
        return t.norm().itemDouble() / Math.sqrt(t.numel());
    }
}

package dev.cotangent.optim;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Momentum whose steps are made orthogonal by Newton and Schulz's iteration (Jordan and others 2024), for matrices alone;
 * PyTorch's {@code torch.optim.Muon}. As there the iteration is computed in bfloat16.
 */
public final class Muon extends Optimizer {
    private static final String MATCH = "match_rms_adamw";
    private static final int MOST_STEPS = 100;

    /** Options of {@link Muon}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets the factor of the weight decay; {@code weight_decay}. */
        public Options weightDecay(double value) {
            return with("weight_decay", value);
        }

        /** Sets how much of the running mean of gradients stays in a step; {@code momentum}. */
        public Options momentum(double value) {
            return with("momentum", value);
        }

        /** Sets whether to use Nesterov momentum; {@code nesterov}. */
        public Options nesterov(boolean value) {
            return with("nesterov", value);
        }

        /** Sets the coefficients of the iteration; {@code ns_coefficients}. */
        public Options nsCoefficients(double a, double b, double c) {
            return with("ns_coefficients", List.of(a, b, c));
        }

        /** Sets the term added to denominators; {@code eps}. */
        public Options eps(double value) {
            return with("eps", value);
        }

        /** Sets the number of iterations; {@code ns_steps}. */
        public Options nsSteps(int value) {
            return with("ns_steps", value);
        }

        /** Sets how the rate depends on the shape: {@code "original"} or {@code "match_rms_adamw"}; {@code adjust_lr_fn}. */
        public Options adjustLrFn(String value) {
            return with("adjust_lr_fn", value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Map.of());
    }

    /** Creates an optimiser with PyTorch's defaults. */
    public Muon(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public Muon(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public Muon(List<Tensor> params, Options options) {
        super(params, defaults(options));
        checkMatrices();
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public Muon(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
        checkMatrices();
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-3);
        all.put("weight_decay", 0.1);
        all.put("momentum", 0.95);
        all.put("nesterov", true);
        all.put("ns_coefficients", List.of(3.4445, -4.775, 2.0315));
        all.put("eps", 1e-7);
        all.put("ns_steps", 5);
        all.put("adjust_lr_fn", null);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        bound(given.lr() >= 0, "Learning rate should be >= 0 but is: ", given.lr());
        bound(given.number("momentum") >= 0, "momentum should be >= 0 but is: ", given.number("momentum"));
        bound(given.number("weight_decay") >= 0, "weight decay should be >= 0 but is: ", given.number("weight_decay"));
        Object adjust = given.get("adjust_lr_fn");
        if (adjust != null && !adjust.equals("original") && !adjust.equals(MATCH)) {
            throw new ValueException("Adjust learning rate function " + adjust + " is not supported");
        }
        if (given.integer("ns_steps") >= MOST_STEPS) {
            throw new ValueException("Number of steps must be less than 100 for computational efficiency");
        }
        return all;
    }

    private static void bound(boolean holds, String message, double value) {
        if (!holds) throw new ValueException(message + PythonText.of(value));
    }

    private void checkMatrices() {
        for (Tensor p : parameters()) {
            if (p.dim() != 2) {
                throw new ValueException(
                        "Muon only supports 2D parameters whereas we found a parameter with size: " + p.shape());
            }
        }
    }

    @Override
    protected void update(ParamGroup group) {
        double lr = group.lr();
        double momentum = group.number("momentum");
        for (Tensor p : group.params()) {
            Tensor g = gradient(p);
            if (g == null) continue;
            Tensor buffer = state(p).tensor("momentum_buffer", g::zerosLike);
            buffer.add_(g.sub(buffer).mul(1 - momentum));
            Tensor update = group.flag("nesterov") ? g.add(buffer.sub(g).mul(momentum)) : buffer;
            Tensor orthogonal = orthogonal(update, group);
            double rows = p.size(0);
            double columns = p.size(1);
            double ratio = MATCH.equals(group.get("adjust_lr_fn"))
                    ? 0.2 * Math.sqrt(Math.max(rows, columns))
                    : Math.sqrt(Math.max(1, rows / columns));
            p.mul_(1 - lr * group.number("weight_decay"));
            p.sub_(orthogonal.to(p.dtype()).mul(lr * ratio));
        }
    }

    private static Tensor orthogonal(Tensor gradient, ParamGroup group) {
        double a = group.number("ns_coefficients", 0);
        double b = group.number("ns_coefficients", 1);
        double c = group.number("ns_coefficients", 2);
        boolean tall = gradient.size(0) > gradient.size(1);
        Tensor x = gradient.to(Dtype.BFLOAT16);
        if (tall) x = x.t();
        x = x.div(x.norm().clampMin(group.number("eps")));
        for (int i = 0; i < group.integer("ns_steps"); i++) {
            Tensor gram = x.matmul(x.t());
            Tensor update = gram.addmm(gram, gram, b, c);
            x = x.addmm(update, x, a, 1);
        }
        return tall ? x.t() : x;
    }
}

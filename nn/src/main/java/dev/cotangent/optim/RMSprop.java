package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gradients divided by a running root mean square (Hinton's lectures), by the deviation if centred; PyTorch's {@code
 * torch.optim.RMSprop}.
 */
public final class RMSprop extends Optimizer {
    private static final FusedUpdate[] UPDATES = {
        make(false, false), make(true, false), make(false, true), make(true, true)
    };

    /** Creates the update. Its scalars are -lr, alpha, 1 - alpha, eps, weight decay, momentum, 1 or -1. */
    private static FusedUpdate make(boolean centered, boolean momentum) {
        int written = 2 + (centered ? 1 : 0) + (momentum ? 1 : 0);
        return new FusedUpdate("RMSprop", written, 1, 7, (w, r, n) -> {
            List<Expr> out = new ArrayList<>();
            Expr g = decayed(n[6].mul(r[0]), n[4], w[0]);
            Expr square = w[1].mul(n[1]).add(n[2].mul(g).mul(g));
            out.add(square);
            Expr variance = square;
            if (centered) {
                Expr mean = w[2].add(n[2].mul(g.sub(w[2])));
                out.add(mean);
                variance = square.sub(mean.mul(mean));
            }
            Expr step = g.div(variance.sqrt().add(n[3]));
            if (momentum) {
                step = w[centered ? 3 : 2].mul(n[5]).add(step);
                out.add(step);
            }
            out.addFirst(w[0].add(n[0].mul(step)));
            return out.toArray(Expr[]::new);
        });
    }

    /** Options of {@link RMSprop}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets how much of the running mean square stays in a step; {@code alpha}. */
        public Options alpha(double value) {
            return with("alpha", value);
        }

        /** Sets the term added to denominators; {@code eps}. */
        public Options eps(double value) {
            return with("eps", value);
        }

        /** Sets the factor of the weight decay; {@code weight_decay}. */
        public Options weightDecay(double value) {
            return with("weight_decay", value);
        }

        /** Sets how much of the running sum of steps stays in a step; {@code momentum}. */
        public Options momentum(double value) {
            return with("momentum", value);
        }

        /** Sets whether the running mean is taken off; {@code centered}. */
        public Options centered(boolean value) {
            return with("centered", value);
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
    public RMSprop(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public RMSprop(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public RMSprop(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public RMSprop(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-2);
        all.put("momentum", 0);
        all.put("alpha", 0.99);
        all.put("eps", 1e-8);
        all.put("centered", false);
        all.put("weight_decay", 0);
        all.put("capturable", false);
        all.put("foreach", null);
        all.put("maximize", false);
        all.put("differentiable", false);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("epsilon value", given.number("eps"));
        notNegative("momentum value", given.number("momentum"));
        notNegative("weight_decay value", given.number("weight_decay"));
        notNegative("alpha value", given.number("alpha"));
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double alpha = group.number("alpha");
        double momentum = group.number("momentum");
        boolean centered = group.flag("centered");
        double sign = group.flag("maximize") ? -1 : 1;
        FusedUpdate update = UPDATES[(centered ? 1 : 0) + (momentum > 0 ? 2 : 0)];
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            ParamState s = state(p);
            s.nextStep();
            List<Tensor> tensors = new ArrayList<>();
            tensors.add(p);
            tensors.add(s.tensor("square_avg", () -> p.detach().zerosLike()));
            if (centered) tensors.add(s.tensor("grad_avg", () -> p.detach().zerosLike()));
            if (momentum > 0)
                tensors.add(s.tensor("momentum_buffer", () -> p.detach().zerosLike()));
            tensors.add(gradient);
            update.run(
                    tensors.toArray(Tensor[]::new),
                    -group.lr(),
                    alpha,
                    1 - alpha,
                    group.number("eps"),
                    group.number("weight_decay"),
                    momentum,
                    sign);
        }
    }
}

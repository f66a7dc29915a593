package dev.cotangent.optim;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.ops.elementwise.FusedUpdate;
import dev.cotangent.ir.Expr;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stochastic gradient descent, with momentum where asked for; PyTorch's {@code torch.optim.SGD}. With g the gradient plus
 * weightDecay times the parameter p, and b the first g at first:
 *
 * <pre>
 * b = momentum b + (1 - dampening) g
 * p = p - lr (g + momentum b with nesterov, else b)
 * </pre>
 */
public final class SGD extends Optimizer {
    private static final String BUFFER = "momentum_buffer";

    // Which formula: bits of weight decay, maximising, and Nesterov momentum. Numbers: -lr, weight decay.
    private static final FusedUpdate[] PLAIN = new FusedUpdate[4];
    // Numbers: -lr, weight decay, momentum, 1 - dampening.
    private static final FusedUpdate[] MOMENTUM = new FusedUpdate[8];
    private static final int DECAY = 1;
    private static final int MAXIMIZE = 2;
    private static final int NESTEROV = 4;

    static {
        for (int i = 0; i < MOMENTUM.length; i++) {
            int bits = i;
            boolean nesterov = (bits & NESTEROV) != 0;
            if (bits < PLAIN.length) {
                PLAIN[bits] = new FusedUpdate("SGD", 1, 1, 2, (w, r, n) -> {
                    return new Expr[] {w[0].add(n[0].mul(gradient(bits, r[0], w[0], n[1])))};
                });
            }
            MOMENTUM[bits] = new FusedUpdate("SGD", 2, 1, 4, (w, r, n) -> {
                Expr g = gradient(bits, r[0], w[0], n[1]);
                Expr b = w[1].mul(n[2]).add(n[3].mul(g));
                return new Expr[] {w[0].add(n[0].mul(nesterov ? g.add(n[2].mul(b)) : b)), b};
            });
        }
    }

    private static Expr gradient(int bits, Expr gradient, Expr parameter, Expr decay) {
        Expr g = (bits & MAXIMIZE) != 0 ? gradient.neg() : gradient;
        return (bits & DECAY) != 0 ? g.add(decay.mul(parameter)) : g;
    }

    /** Options of {@link SGD}. */
    public static final class Options extends OptimizerOptions<Options> {
        private Options(Map<String, ? extends @Nullable Object> values) {
            super(values);
        }

        @Override
        protected Options copy(Map<String, @Nullable Object> changed) {
            return new Options(changed);
        }

        /** Sets how much of the running sum of gradients stays in a step; {@code momentum}. */
        public Options momentum(double value) {
            return with("momentum", value);
        }

        /** Sets which part of a new gradient is left out of the running sum; {@code dampening}. */
        public Options dampening(double value) {
            return with("dampening", value);
        }

        /** Sets the factor of the weight decay; {@code weight_decay}. */
        public Options weightDecay(double value) {
            return with("weight_decay", value);
        }

        /** Sets whether to use Nesterov momentum; {@code nesterov}. */
        public Options nesterov(boolean value) {
            return with("nesterov", value);
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
    public SGD(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public SGD(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public SGD(List<Tensor> params, Options options) {
        super(params, defaults(options));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public SGD(Options options, ParamGroup... groups) {
        super(defaults(options), List.of(groups));
    }

    private static Map<String, @Nullable Object> defaults(Options options) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("lr", 1e-3);
        all.put("momentum", 0);
        all.put("dampening", 0);
        all.put("weight_decay", 0);
        all.put("nesterov", false);
        all.put("maximize", false);
        all.put("foreach", null);
        all.put("differentiable", false);
        all.put("fused", null);
        all.putAll(options.values());
        ParamGroup given = ParamGroup.of(List.of(), all);
        checkLr(given.lr());
        notNegative("momentum value", given.number("momentum"));
        notNegative("weight_decay value", given.number("weight_decay"));
        if (given.flag("nesterov") && (given.number("momentum") <= 0 || given.number("dampening") != 0)) {
            throw new ValueException("Nesterov momentum requires a momentum and zero dampening");
        }
        return all;
    }

    @Override
    protected void update(ParamGroup group) {
        double lr = -group.lr();
        double momentum = group.number("momentum");
        double decay = group.number("weight_decay");
        double taken = 1 - group.number("dampening");
        int bits = (decay != 0 ? DECAY : 0) | (group.flag("maximize") ? MAXIMIZE : 0);
        FusedUpdate plain = PLAIN[bits];
        FusedUpdate running = MOMENTUM[bits | (group.flag("nesterov") ? NESTEROV : 0)];
        for (Tensor p : group.params()) {
            Tensor gradient = gradient(p);
            if (gradient == null) continue;
            if (momentum == 0) {
                plain.run(new Tensor[] {p, gradient}, lr, decay);
                continue;
            }
            ParamState s = state(p);
            Tensor b = s.tensor(BUFFER);
            // The first gradient is the whole buffer: momentum and dampening begin with the second.
            boolean first = b == null;
            if (b == null) b = s.tensor(BUFFER, () -> p.detach().zerosLike());
            running.run(new Tensor[] {p, b, gradient}, lr, decay, momentum, first ? 1 : taken);
        }
    }
}

package dev.cotangent.optim;

import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.op.Update;
import dev.cotangent.program.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2014, algorithm 1), and AdamW (Loshchilov and Hutter 2019); PyTorch's {@code torch.optim.Adam} and
 * {@code AdamW}. In step t, with g the gradient:
 *
 * <pre>
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g²
 * p = p - lr m / (1 - beta1^t) / (√v / √(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>Weight decay is added to the gradient by Adam, and taken off the parameter by AdamW.
 */
public final class Adam extends Optimizer {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPS = 1e-8;
    private static final double ADAMW_DECAY = 1e-2;

    /** What is kept of a parameter. */
    private static final class State {
        private final Tensor mean;
        private final Tensor square;
        private int steps;

        State(Tensor parameter) {
            mean = parameter.detach().zerosLike();
            square = parameter.detach().zerosLike();
        }
    }

    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double weightDecay;
    private final boolean decoupled;
    private final Update update;
    private final @Nullable State[] states;

    /** With PyTorch's defaults: 0.9, 0.999 and 1e-8, no weight decay. */
    public Adam(List<Tensor> parameters, double lr) {
        this(parameters, lr, BETA1, BETA2, EPS, 0);
    }

    /** With weight decay added to the gradient. */
    public Adam(List<Tensor> parameters, double lr, double beta1, double beta2, double eps, double weightDecay) {
        this(parameters, lr, beta1, beta2, eps, weightDecay, false);
    }

    /** AdamW with PyTorch's defaults: as Adam's, and a weight decay of 0.01. */
    public static Adam withDecoupledDecay(List<Tensor> parameters, double lr) {
        return withDecoupledDecay(parameters, lr, BETA1, BETA2, EPS, ADAMW_DECAY);
    }

    /** AdamW: {@code lr * weightDecay} of each parameter is taken off it in every step. */
    public static Adam withDecoupledDecay(
            List<Tensor> parameters, double lr, double beta1, double beta2, double eps, double weightDecay) {
        return new Adam(parameters, lr, beta1, beta2, eps, weightDecay, true);
    }

    private Adam(
            List<Tensor> parameters,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decoupled) {
        super(parameters, lr);
        this.beta1 = share("0", beta1);
        this.beta2 = share("1", beta2);
        if (!(eps >= 0)) throw new ValueException("Invalid epsilon value: " + eps);
        this.eps = eps;
        this.weightDecay = notNegative("weight_decay", weightDecay);
        this.decoupled = decoupled;
        states = new State[parameters().size()];
        // Numbers: -lr / (1 - beta1^t), 1 - beta1, beta2, 1 - beta2, √(1 - beta2^t), eps, decay.
        update = new Update("Adam", 3, 1, 7, (w, r, n) -> {
            Expr p = w[0];
            Expr g = r[0];
            if (weightDecay != 0 && decoupled) p = p.mul(n[6]);
            if (weightDecay != 0 && !decoupled) g = g.add(n[6].mul(p));
            Expr m = w[1].add(n[1].mul(g.sub(w[1])));
            Expr v = w[2].mul(n[2]).add(n[3].mul(g).mul(g));
            Expr scale = v.sqrt().div(n[4]).add(n[5]);
            return new Expr[] {p.add(n[0].mul(m.div(scale))), m, v};
        });
    }

    private static double share(String index, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new ValueException("Invalid beta parameter at index " + index + ": " + beta);
        }
        return beta;
    }

    @Override
    void step(int index, Tensor p, Tensor gradient) {
        State s = states[index];
        if (s == null) states[index] = s = Scope.outside(() -> new State(p));
        s.steps++;
        update.run(
                new Tensor[] {p, s.mean, s.square, gradient},
                -lr() / (1 - Math.pow(beta1, s.steps)),
                1 - beta1,
                beta2,
                1 - beta2,
                Math.sqrt(1 - Math.pow(beta2, s.steps)),
                eps,
                decoupled ? 1 - lr() * weightDecay : weightDecay);
    }
}

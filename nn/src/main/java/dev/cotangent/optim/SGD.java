package dev.cotangent.optim;

import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.op.Update;
import dev.cotangent.program.Expr;
import java.util.List;
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
    private final double momentum;
    private final double dampening;
    private final double weightDecay;
    private final Update update;
    private final @Nullable Tensor[] buffers;

    /** Without momentum. */
    public SGD(List<Tensor> parameters, double lr) {
        this(parameters, lr, 0);
    }

    /** With momentum. */
    public SGD(List<Tensor> parameters, double lr, double momentum) {
        this(parameters, lr, momentum, 0, 0, false);
    }

    /** With everything PyTorch has. */
    public SGD(
            List<Tensor> parameters,
            double lr,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov) {
        super(parameters, lr);
        this.momentum = notNegative("momentum", momentum);
        this.weightDecay = notNegative("weight_decay", weightDecay);
        this.dampening = dampening;
        if (nesterov && (momentum <= 0 || dampening != 0)) {
            throw new ValueException("Nesterov momentum requires a momentum and zero dampening");
        }
        buffers = new Tensor[parameters().size()];
        update = momentum == 0
                ? new Update("SGD", 1, 1, 2, (w, r, n) -> {
                    Expr g = decayed(r[0], w[0], n[1]);
                    return new Expr[] {w[0].add(n[0].mul(g))};
                })
                : new Update("SGD", 2, 1, 4, (w, r, n) -> {
                    Expr g = decayed(r[0], w[0], n[1]);
                    Expr b = w[1].mul(n[2]).add(n[3].mul(g));
                    return new Expr[] {w[0].add(n[0].mul(nesterov ? g.add(n[2].mul(b)) : b)), b};
                });
    }

    private Expr decayed(Expr gradient, Expr parameter, Expr rate) {
        return weightDecay == 0 ? gradient : gradient.add(rate.mul(parameter));
    }

    @Override
    void step(int index, Tensor p, Tensor gradient) {
        if (momentum == 0) {
            update.run(new Tensor[] {p, gradient}, -lr(), weightDecay);
            return;
        }
        Tensor b = buffers[index];
        boolean first = b == null;
        if (b == null) buffers[index] = b = Scope.outside(() -> p.detach().zerosLike());
        // The first gradient is the whole buffer: momentum and dampening begin with the second.
        update.run(new Tensor[] {p, b, gradient}, -lr(), weightDecay, momentum, first ? 1 : 1 - dampening);
    }
}

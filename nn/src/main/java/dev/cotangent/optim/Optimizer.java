package dev.cotangent.optim;

import dev.cotangent.Autograd;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Meta;
import java.util.List;

/** Changes parameters by their gradients; PyTorch's {@code torch.optim.Optimizer}. */
public abstract sealed class Optimizer permits SGD, Adam {
    private final List<Tensor> parameters;
    private double lr;

    Optimizer(List<Tensor> parameters, double lr) {
        if (parameters.isEmpty()) throw new ValueException("optimizer got an empty parameter list");
        for (Tensor p : parameters) {
            if (!p.isLeaf()) throw new ValueException("can't optimize a non-leaf Tensor");
        }
        this.parameters = List.copyOf(parameters);
        setLr(lr);
    }

    /** What is trained. */
    public final List<Tensor> parameters() {
        return parameters;
    }

    /** The learning rate. */
    public final double lr() {
        return lr;
    }

    /** Sets the learning rate of the steps to come. */
    public final void setLr(double lr) {
        if (!(lr >= 0)) throw new ValueException("Invalid learning rate: " + lr);
        this.lr = lr;
    }

    /** Forgets all gradients; {@code zero_grad}. */
    public final void zeroGrad() {
        for (Tensor p : parameters) p.dropGrad();
    }

    /** Changes each parameter that has a gradient; {@code step}. */
    public final void step() {
        try (var _ = Autograd.noGrad()) {
            for (int i = 0; i < parameters.size(); i++) {
                Tensor p = parameters.get(i);
                Meta meta = p.meta();
                Tensor gradient = meta == null ? null : meta.grad();
                if (gradient != null) step(i, p, gradient);
            }
        }
    }

    /** Changes parameter number {@code index}. */
    abstract void step(int index, Tensor parameter, Tensor gradient);

    static double notNegative(String name, double value) {
        if (!(value >= 0)) throw new ValueException("Invalid " + name + " value: " + value);
        return value;
    }
}

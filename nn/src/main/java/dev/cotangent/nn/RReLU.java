package dev.cotangent.nn;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.internal.PythonText;

/** Multiplies negative elements by slopes that are drawn while training; PyTorch's {@code nn.RReLU}. */
public final class RReLU extends Module {
    private static final double LOWER = 1.0 / 8;
    private static final double UPPER = 1.0 / 3;

    private final double lower;
    private final double upper;

    /** Creates one with slopes from 1/8 to 1/3. */
    public RReLU() {
        this(LOWER, UPPER);
    }

    /** Creates one with slopes from a range; evaluation uses its middle. */
    public RReLU(double lower, double upper) {
        this.lower = lower;
        this.upper = upper;
    }

    @Override
    public Tensor forward(Tensor input) {
        if (!isTraining()) return input.leakyRelu((lower + upper) / 2);
        Tensor x = input.detach();
        Tensor negative = x.le(0);
        // As in PyTorch a slope is drawn, of float64, for these elements alone.
        Tensor drawn = Tensors.empty(
                        Dtype.FLOAT64.device(x.device()), negative.sum().itemLong())
                .uniform_(lower, upper);
        return input.mul(x.onesLike().maskedScatter(negative, drawn.to(x.dtype())));
    }

    @Override
    protected String extraRepr() {
        return "lower=" + PythonText.of(lower) + ", upper=" + PythonText.of(upper);
    }
}

package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;

/** Sets whole channels of volumes to 0 at random while training and scales the rest; PyTorch's {@code nn.Dropout3d}. */
public final class Dropout3d extends Module {
    private static final double P = 0.5;

    private final double p;

    /** Creates one with a probability of 0.5. */
    public Dropout3d() {
        this(P);
    }

    /** Creates one with the probability that an element or a channel becomes 0. */
    public Dropout3d(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new ValueException("dropout probability has to be between 0 and 1, but got " + PythonText.of(p));
        }
        this.p = p;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.dropout3d(p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.of(p) + ", inplace=False";
    }
}

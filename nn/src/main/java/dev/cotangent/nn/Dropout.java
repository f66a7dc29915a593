package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;

/** Sets elements to 0 at random while training and scales the rest; PyTorch's {@code nn.Dropout}. */
public final class Dropout extends Module {
    private final double p;

    /** With the probability that an element becomes 0. */
    public Dropout(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new ValueException("dropout probability has to be between 0 and 1, but got " + p);
        }
        this.p = p;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.dropout(p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + p + ", inplace=False";
    }
}

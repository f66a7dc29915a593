package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;

/** Sets elements to 0 at random while training and scales the rest; PyTorch's {@code nn.Dropout}. */
public final class Dropout extends Module {
    private static final double P = 0.5;

    private final double p;
    private final boolean inplace;

    /** Creates one with a probability of 0.5. */
    public Dropout() {
        this(P);
    }

    /** Creates one with the probability that an element or a channel becomes 0. */
    public Dropout(double p) {
        this(p, false);
    }

    /** Creates it as {@link #Dropout(double)}, writing into its input if {@code inplace}. */
    public Dropout(double p, boolean inplace) {
        if (!(p >= 0 && p <= 1)) {
            throw new ValueException("dropout probability has to be between 0 and 1, but got " + PythonText.of(p));
        }
        this.p = p;
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.dropout_(p, isTraining()) : input.dropout(p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.of(p) + ", inplace=" + PythonText.of(inplace);
    }
}

package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;

/** Drops whole channels as {@link AlphaDropout} drops elements; PyTorch's {@code nn.FeatureAlphaDropout}. */
public final class FeatureAlphaDropout extends Module {
    private static final double P = 0.5;

    private final double p;

    /** Creates one with a probability of 0.5. */
    public FeatureAlphaDropout() {
        this(P);
    }

    /** Creates one with the probability that an element or a channel becomes 0. */
    public FeatureAlphaDropout(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new ValueException("dropout probability has to be between 0 and 1, but got " + PythonText.of(p));
        }
        this.p = p;
    }

    @Override
    public Tensor forward(Tensor input) {
        return Functional.featureAlphaDropout(input, p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.of(p) + ", inplace=False";
    }
}

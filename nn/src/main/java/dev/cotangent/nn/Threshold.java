package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Replaces elements up to a threshold by a value; PyTorch's {@code nn.Threshold}. */
public final class Threshold extends Module {
    private final Number threshold;
    private final Number value;
    private final boolean inplace;

    /** Creates one that makes a new tensor. */
    public Threshold(Number threshold, Number value) {
        this(threshold, value, false);
    }

    /** Creates it as {@link #Threshold(Number, Number)}, writing into its input if {@code inplace}. */
    public Threshold(Number threshold, Number value, boolean inplace) {
        this.threshold = threshold;
        this.value = value;
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.threshold_(threshold, value) : input.threshold(threshold, value);
    }

    @Override
    protected String extraRepr() {
        return "threshold=" + PythonText.of(threshold) + ", value=" + PythonText.of(value)
                + (inplace ? ", inplace=True" : "");
    }
}

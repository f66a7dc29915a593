package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;

/** Limits elements to a range; PyTorch's {@code nn.Hardtanh}. */
public final class Hardtanh extends Module {
    private final Number minVal;
    private final Number maxVal;
    private final boolean inplace;

    /** Creates one for the range from -1 to 1. */
    public Hardtanh() {
        this(-1.0, 1.0);
    }

    /** Creates one for a range. */
    public Hardtanh(Number minVal, Number maxVal) {
        this(minVal, maxVal, false);
    }

    /** Creates it as {@link #Hardtanh(Number, Number)}, writing into its input if {@code inplace}. */
    public Hardtanh(Number minVal, Number maxVal, boolean inplace) {
        if (!(maxVal.doubleValue() > minVal.doubleValue())) {
            throw new ValueException("Hardtanh needs max_val > min_val, but got min_val=" + PythonText.of(minVal)
                    + " and max_val=" + PythonText.of(maxVal));
        }
        this.minVal = minVal;
        this.maxVal = maxVal;
        this.inplace = inplace;
    }

    @Override
    public Tensor forward(Tensor input) {
        return inplace ? input.hardtanh_(minVal, maxVal) : input.hardtanh(minVal, maxVal);
    }

    @Override
    protected String extraRepr() {
        return "min_val=" + PythonText.of(minVal) + ", max_val=" + PythonText.of(maxVal)
                + (inplace ? ", inplace=True" : "");
    }
}

package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Options of a histogram. Immutable; each method returns changed options.
 *
 * @param range the lowest and the highest edge of each dimension; none for those of the data
 * @param weight what each element counts, null for 1; of the dtype of the data
 * @param density whether the histogram integrates to 1
 */
public record HistogramOptions(double[] range, @Nullable Tensor weight, boolean density) {
    static final HistogramOptions DEFAULT = new HistogramOptions(new double[0], null, false);

    /** Copies the range. */
    public HistogramOptions {
        range = range.clone();
    }

    @Override
    public double[] range() {
        return range.clone();
    }

    /** Sets PyTorch's {@code range}: for each dimension the lowest and the highest edge. */
    public HistogramOptions range(double... value) {
        return new HistogramOptions(Arguments.notNull("HistogramOptions", "range", value), weight, density);
    }

    /** Sets PyTorch's {@code weight}. */
    public HistogramOptions weight(Tensor value) {
        return new HistogramOptions(range, Arguments.notNull("HistogramOptions", "weight", value), density);
    }

    /** Sets PyTorch's {@code density}. */
    public HistogramOptions density(boolean value) {
        return new HistogramOptions(range, weight, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HistogramOptions o
                && Arrays.equals(range, o.range)
                && weight == o.weight
                && density == o.density;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(range) * 31 + Boolean.hashCode(density);
    }
}

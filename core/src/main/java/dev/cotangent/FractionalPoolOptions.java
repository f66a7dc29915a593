package dev.cotangent;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * The output size of fractional pooling: either a size or a ratio. Immutable; each method returns changed options:
 * {@code x.fractionalMaxPool2d(new long[] {2}, fractionalPoolOptions().outputRatio(0.7))}.
 */
public final class FractionalPoolOptions {
    static final FractionalPoolOptions DEFAULT = new FractionalPoolOptions(new long[0], new double[0], null);

    private final long[] outputSize;
    private final double[] outputRatio;
    private final @Nullable Tensor randomSamples;

    private FractionalPoolOptions(long[] outputSize, double[] outputRatio, @Nullable Tensor randomSamples) {
        this.outputSize = outputSize;
        this.outputRatio = outputRatio;
        this.randomSamples = randomSamples;
    }

    /** Sets the sizes of the result, or one for all dimensions. PyTorch's {@code output_size}. */
    public FractionalPoolOptions outputSize(long... value) {
        Arguments.notNull("FractionalPoolOptions", "output_size", value);
        return new FractionalPoolOptions(value.clone(), outputRatio, randomSamples);
    }

    /** Sets the sizes as fractions of the input's, between 0 and 1. PyTorch's {@code output_ratio}. */
    public FractionalPoolOptions outputRatio(double... value) {
        Arguments.notNull("FractionalPoolOptions", "output_ratio", value);
        return new FractionalPoolOptions(outputSize, value.clone(), randomSamples);
    }

    /** Sets the numbers from 0 to 1 that are otherwise drawn, [N, C, dimensions]. PyTorch's {@code _random_samples}. */
    public FractionalPoolOptions randomSamples(Tensor value) {
        return new FractionalPoolOptions(
                outputSize, outputRatio, Arguments.notNull("FractionalPoolOptions", "_random_samples", value));
    }

    /** Returns the sizes; none where there is a ratio. */
    public long[] getOutputSize() {
        return outputSize.clone();
    }

    /** Returns the parts of the input's sizes. */
    public double[] getOutputRatio() {
        return outputRatio.clone();
    }

    /** Returns the numbers that determine the positions of windows; null for drawn ones. */
    public @Nullable Tensor getRandomSamples() {
        return randomSamples;
    }
}

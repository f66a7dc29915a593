package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.internal.PythonText;

/** Divides by a power of the mean square of neighbouring channels; PyTorch's {@code nn.LocalResponseNorm}. */
public final class LocalResponseNorm extends Module {
    /**
     * Options of {@link LocalResponseNorm}, immutable: each method returns a copy.
     *
     * @param alpha the factor of the mean square
     * @param beta the power
     * @param k the constant term
     */
    public record Options(double alpha, double beta, double k) {
        /** Returns a copy with {@code alpha}. */
        public Options alpha(double value) {
            return new Options(value, beta, k);
        }

        /** Returns a copy with {@code beta}. */
        public Options beta(double value) {
            return new Options(alpha, value, k);
        }

        /** Returns a copy with {@code k}. */
        public Options k(double value) {
            return new Options(alpha, beta, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(1e-4, 0.75, 1);
    }

    private final int size;
    private final Options options;

    /** Creates one over that number of channels. */
    public LocalResponseNorm(int size) {
        this(size, options());
    }

    /** Creates one over that number of channels, with options. */
    public LocalResponseNorm(int size, Options options) {
        this.size = size;
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor input) {
        return Functional.localResponseNorm(input, size, options.alpha, options.beta, options.k);
    }

    @Override
    protected String extraRepr() {
        return size + ", alpha=" + PythonText.of(options.alpha) + ", beta=" + PythonText.of(options.beta) + ", k="
                + PythonText.of(options.k);
    }
}

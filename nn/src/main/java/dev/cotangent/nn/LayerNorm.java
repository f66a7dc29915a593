package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.internal.PythonText;
import org.jspecify.annotations.Nullable;

/** Normalises over the last dimensions; PyTorch's {@code nn.LayerNorm}. */
public final class LayerNorm extends Module {
    /**
     * Options of {@link LayerNorm}, immutable: each method returns a copy.
     *
     * @param eps added to variances
     * @param elementwiseAffine whether elements are scaled and shifted
     * @param bias whether they are shifted
     */
    public record Options(double eps, boolean elementwiseAffine, boolean bias) {
        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(value, elementwiseAffine, bias);
        }

        /** Returns a copy with {@code elementwiseAffine}. */
        public Options elementwiseAffine(boolean value) {
            return new Options(eps, value, bias);
        }

        /** Returns a copy with {@code bias}. */
        public Options bias(boolean value) {
            return new Options(eps, elementwiseAffine, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(1e-5, true, true);
    }

    private final long[] normalizedShape;
    private final Options options;
    private final @Nullable Tensor weight;
    private final @Nullable Tensor bias;

    /** Creates one over dimensions of this shape. */
    public LayerNorm(long... normalizedShape) {
        this(normalizedShape, options());
    }

    /** Creates one over the last dimension. */
    public LayerNorm(long size, Options options) {
        this(new long[] {size}, options);
    }

    /** Creates one over dimensions of this shape, with options. */
    public LayerNorm(long[] normalizedShape, Options options) {
        this.normalizedShape = normalizedShape.clone();
        this.options = options;
        boolean affine = options.elementwiseAffine;
        weight = registerParameter("weight", affine ? Tensors.ones(normalizedShape) : null);
        bias = registerParameter("bias", affine && options.bias ? Tensors.zeros(normalizedShape) : null);
    }

    /** Returns the factors, or null. */
    public @Nullable Tensor weight() {
        return weight;
    }

    /** Returns the summands, or null. */
    public @Nullable Tensor bias() {
        return bias;
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.layerNorm(normalizedShape, weight, bias, options.eps);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(normalizedShape) + ", eps=" + PythonText.of(options.eps) + ", elementwise_affine="
                + PythonText.of(options.elementwiseAffine) + ", bias=" + PythonText.of(bias != null);
    }
}

package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.internal.PythonText;
import org.jspecify.annotations.Nullable;

/** Divides by the root mean square of the last dimensions; PyTorch's {@code nn.RMSNorm}. */
public final class RMSNorm extends Module {
    /**
     * Options of {@link RMSNorm}, immutable: each method returns a copy.
     *
     * @param eps added to mean squares; null for the smallest step of the dtype
     * @param elementwiseAffine whether elements are scaled
     */
    public record Options(@Nullable Double eps, boolean elementwiseAffine) {
        /** Returns a copy with {@code eps}. */
        public Options eps(@Nullable Double value) {
            return new Options(value, elementwiseAffine);
        }

        /** Returns a copy with {@code elementwiseAffine}. */
        public Options elementwiseAffine(boolean value) {
            return new Options(eps, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(null, true);
    }

    private final long[] normalizedShape;
    private final Options options;
    private final @Nullable Tensor weight;

    /** Creates one over dimensions of this shape. */
    public RMSNorm(long... normalizedShape) {
        this(normalizedShape, options());
    }

    /** Creates one over dimensions of this shape, with options. */
    public RMSNorm(long[] normalizedShape, Options options) {
        this.normalizedShape = normalizedShape.clone();
        this.options = options;
        weight = registerParameter("weight", options.elementwiseAffine ? Tensors.ones(normalizedShape) : null);
    }

    /** Returns the factors, or null. */
    public @Nullable Tensor weight() {
        return weight;
    }

    @Override
    public Tensor forward(Tensor input) {
        return Functional.rmsNorm(input, normalizedShape, weight, options.eps);
    }

    @Override
    protected String extraRepr() {
        return Sizes.text(normalizedShape) + ", eps=" + PythonText.of(options.eps) + ", elementwise_affine="
                + PythonText.of(options.elementwiseAffine);
    }
}

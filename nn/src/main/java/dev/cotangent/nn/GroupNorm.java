package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.internal.PythonText;
import org.jspecify.annotations.Nullable;

/** Normalises over groups of channels; PyTorch's {@code nn.GroupNorm}. */
public final class GroupNorm extends Module {
    /**
     * Options of {@link GroupNorm}, immutable: each method returns a copy.
     *
     * @param eps added to variances
     * @param affine whether channels are scaled and shifted
     * @param bias whether they are shifted
     */
    public record Options(double eps, boolean affine, boolean bias) {
        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(value, affine, bias);
        }

        /** Returns a copy with {@code affine}. */
        public Options affine(boolean value) {
            return new Options(eps, value, bias);
        }

        /** Returns a copy with {@code bias}. */
        public Options bias(boolean value) {
            return new Options(eps, affine, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(1e-5, true, true);
    }

    private final int numGroups;
    private final int numChannels;
    private final Options options;
    private final @Nullable Tensor weight;
    private final @Nullable Tensor bias;

    /** Creates one. */
    public GroupNorm(int numGroups, int numChannels) {
        this(numGroups, numChannels, options());
    }

    /** Creates one with options. */
    public GroupNorm(int numGroups, int numChannels, Options options) {
        if (numGroups <= 0 || numChannels % numGroups != 0) {
            throw new ValueException(
                    "num_channels (" + numChannels + ") must be divisible by num_groups (" + numGroups + ")");
        }
        this.numGroups = numGroups;
        this.numChannels = numChannels;
        this.options = options;
        weight = registerParameter("weight", options.affine ? Tensors.ones(numChannels) : null);
        bias = registerParameter("bias", options.affine && options.bias ? Tensors.zeros(numChannels) : null);
    }

    @Override
    public Tensor forward(Tensor input) {
        return input.groupNorm(numGroups, weight, bias, options.eps);
    }

    @Override
    protected String extraRepr() {
        return numGroups + ", " + numChannels + ", eps=" + PythonText.of(options.eps) + ", affine="
                + PythonText.of(options.affine) + ", bias=" + PythonText.of(bias != null);
    }
}

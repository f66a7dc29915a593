package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import org.jspecify.annotations.Nullable;

/** Computes the margin loss of one class for each sample; PyTorch's {@code nn.MultiMarginLoss}. */
public final class MultiMarginLoss extends Module {
    /**
     * Options of {@link MultiMarginLoss}, immutable: each method returns a copy.
     *
     * @param p the power, 1 or 2
     * @param margin the margin
     * @param weight a weight for each class or element, null for none
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(int p, double margin, @Nullable Tensor weight, LossReduction reduction) {
        /** Returns a copy with {@code p}. */
        public Options p(int value) {
            return new Options(value, margin, weight, reduction);
        }

        /** Returns a copy with {@code margin}. */
        public Options margin(double value) {
            return new Options(p, value, weight, reduction);
        }

        /** Returns a copy with {@code weight}. */
        public Options weight(@Nullable Tensor value) {
            return new Options(p, margin, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(p, margin, weight, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(1, 1, null, LossReduction.MEAN);
    }

    private final Options options;
    private final @Nullable Tensor weight;

    /** Creates a loss with PyTorch's defaults. */
    public MultiMarginLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public MultiMarginLoss(Options options) {
        this.options = options;
        weight = registerBuffer("weight", options.weight);
    }

    @Override
    public Tensor forward(Tensor input, Tensor target) {
        return input.multiMarginLoss(target, options.p, options.margin, weight, options.reduction.text());
    }
}

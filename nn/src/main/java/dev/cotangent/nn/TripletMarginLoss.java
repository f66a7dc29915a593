package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;

/** Computes the margin loss of the distances to a positive and a negative example; PyTorch's {@code nn.TripletMarginLoss}. */
public final class TripletMarginLoss extends Module {
    /**
     * Options of {@link TripletMarginLoss}, immutable: each method returns a copy.
     *
     * @param margin the margin
     * @param p the power of the norm
     * @param eps added to differences
     * @param swap whether the positive example may be the anchor
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(double margin, double p, double eps, boolean swap, LossReduction reduction) {
        /** Returns a copy with {@code margin}. */
        public Options margin(double value) {
            return new Options(value, p, eps, swap, reduction);
        }

        /** Returns a copy with {@code p}. */
        public Options p(double value) {
            return new Options(margin, value, eps, swap, reduction);
        }

        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(margin, p, value, swap, reduction);
        }

        /** Returns a copy with {@code swap}. */
        public Options swap(boolean value) {
            return new Options(margin, p, eps, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(margin, p, eps, swap, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(1, 2, 1e-6, false, LossReduction.MEAN);
    }

    private final Options options;

    /** Creates a loss with PyTorch's defaults. */
    public TripletMarginLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public TripletMarginLoss(Options options) {
        this.options = options;
    }

    @Override
    public Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        return anchor.tripletMarginLoss(
                positive, negative, options.margin, options.p, options.eps, options.swap, options.reduction.text());
    }
}

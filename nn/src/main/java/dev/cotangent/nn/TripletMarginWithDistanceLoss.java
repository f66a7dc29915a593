package dev.cotangent.nn;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Computes the margin loss of any distances to a positive and a negative example; PyTorch's {@code
 * nn.TripletMarginWithDistanceLoss}.
 */
public final class TripletMarginWithDistanceLoss extends Module {
    /**
     * Options of {@link TripletMarginWithDistanceLoss}, immutable: each method returns a copy.
     *
     * @param distanceFunction computes the distances of samples; null for {@link PairwiseDistance}
     * @param margin the minimum difference of the distances, positive
     * @param swap whether the positive example may be the anchor
     * @param reduction what becomes of the losses of all elements
     */
    public record Options(
            @Nullable BinaryOperator<Tensor> distanceFunction, double margin, boolean swap, LossReduction reduction) {
        /** Returns a copy with {@code distance_function}. */
        public Options distanceFunction(BinaryOperator<Tensor> value) {
            return new Options(value, margin, swap, reduction);
        }

        /** Returns a copy with {@code margin}. */
        public Options margin(double value) {
            return new Options(distanceFunction, value, swap, reduction);
        }

        /** Returns a copy with {@code swap}. */
        public Options swap(boolean value) {
            return new Options(distanceFunction, margin, value, reduction);
        }

        /** Returns a copy with {@code reduction}. */
        public Options reduction(LossReduction value) {
            return new Options(distanceFunction, margin, swap, value);
        }
    }

    /** Returns the options with PyTorch's defaults: Euclidean distances and margin 1. */
    public static Options options() {
        return new Options(null, 1, false, LossReduction.MEAN);
    }

    private final Options options;
    private final BinaryOperator<Tensor> distance;

    /** Creates a loss with PyTorch's defaults. */
    public TripletMarginWithDistanceLoss() {
        this(options());
    }

    /** Creates a loss with options. */
    public TripletMarginWithDistanceLoss(Options options) {
        this.options = options;
        BinaryOperator<Tensor> given = options.distanceFunction;
        distance = given != null ? given : registerModule("distance_function", new PairwiseDistance())::call;
    }

    @Override
    public Tensor forward(Tensor anchor, Tensor positive, Tensor negative) {
        return anchor.tripletMarginWithDistanceLoss(
                positive, negative, distance, options.margin, options.swap, options.reduction.text());
    }
}

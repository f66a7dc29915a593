package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.indexing.GatherOps;
import dev.cotangent.internal.ops.nn.LossOps;
import dev.cotangent.internal.ops.nn.MarginOps;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Losses that separate scores or distances by a margin; {@code torch.nn.functional}. Reductions as in {@link
 * LossMethods}.
 */
sealed interface MarginLossMethods permits Tensor {
    /** Returns the mean of {@link #softMarginLoss(Tensor, String)}. */
    default Tensor softMarginLoss(Tensor target) {
        return softMarginLoss(target, "mean");
    }

    /**
     * Computes {@code log(1 + exp(-target * this))} with targets 1 and -1; {@code
     * torch.nn.functional.soft_margin_loss}.
     */
    default Tensor softMarginLoss(Tensor target, String reduction) {
        Arguments.notNull("soft_margin_loss", "target", target);
        Arguments.notNull("soft_margin_loss", "reduction", reduction);
        return end(
                start("soft_margin_loss", this, target),
                LossOps.softMargin(AutocastMode.single((Tensor) this), AutocastMode.single(target), reduction));
    }

    /** Works as {@link #softMarginLoss(Tensor, String)} with an enum constant. */
    default Tensor softMarginLoss(Tensor target, LossReduction reduction) {
        return softMarginLoss(
                target,
                Arguments.notNull("soft_margin_loss", "reduction", reduction).text());
    }

    /** Returns the mean of {@link #hingeEmbeddingLoss(Tensor, double, String)} with margin 1. */
    default Tensor hingeEmbeddingLoss(Tensor target) {
        Arguments.notNull("hinge_embedding_loss", "target", target);
        return hingeEmbeddingLoss(target, 1, "mean");
    }

    /**
     * Returns this where the target is 1, {@code max(0, margin - this)} where it is -1; {@code
     * torch.nn.functional.hinge_embedding_loss}.
     */
    default Tensor hingeEmbeddingLoss(Tensor target, double margin, String reduction) {
        Arguments.notNull("hinge_embedding_loss", "target", target);
        Arguments.notNull("hinge_embedding_loss", "reduction", reduction);
        return end(
                start("hinge_embedding_loss", this, target),
                MarginOps.hingeEmbedding(
                        AutocastMode.single((Tensor) this), AutocastMode.single(target), margin, reduction));
    }

    /** Works as {@link #hingeEmbeddingLoss(Tensor, double, String)} with an enum constant. */
    default Tensor hingeEmbeddingLoss(Tensor target, double margin, LossReduction reduction) {
        Arguments.notNull("hinge_embedding_loss", "target", target);
        return hingeEmbeddingLoss(
                target,
                margin,
                Arguments.notNull("hinge_embedding_loss", "reduction", reduction)
                        .text());
    }

    /** Returns the mean of {@link #marginRankingLoss(Tensor, Tensor, double, String)} with margin 0. */
    default Tensor marginRankingLoss(Tensor input2, Tensor target) {
        Arguments.notNull("margin_ranking_loss", "input2", input2);
        Arguments.notNull("margin_ranking_loss", "target", target);
        return marginRankingLoss(input2, target, 0, "mean");
    }

    /**
     * Computes {@code max(0, -target * (this - input2) + margin)}; {@code torch.nn.functional.margin_ranking_loss}.
     * All have the same number of dimensions.
     */
    default Tensor marginRankingLoss(Tensor input2, Tensor target, double margin, String reduction) {
        Arguments.notNull("margin_ranking_loss", "input2", input2);
        Arguments.notNull("margin_ranking_loss", "target", target);
        Arguments.notNull("margin_ranking_loss", "reduction", reduction);
        return end(
                start("margin_ranking_loss", this, input2, target),
                MarginOps.marginRanking(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(input2),
                        AutocastMode.single(target),
                        margin,
                        reduction));
    }

    /** Works as {@link #marginRankingLoss(Tensor, Tensor, double, String)} with an enum constant. */
    default Tensor marginRankingLoss(Tensor input2, Tensor target, double margin, LossReduction reduction) {
        Arguments.notNull("margin_ranking_loss", "input2", input2);
        Arguments.notNull("margin_ranking_loss", "target", target);
        return marginRankingLoss(
                input2,
                target,
                margin,
                Arguments.notNull("margin_ranking_loss", "reduction", reduction).text());
    }

    /** Returns the mean of {@link #cosineEmbeddingLoss(Tensor, Tensor, double, String)} with margin 0. */
    default Tensor cosineEmbeddingLoss(Tensor input2, Tensor target) {
        Arguments.notNull("cosine_embedding_loss", "input2", input2);
        Arguments.notNull("cosine_embedding_loss", "target", target);
        return cosineEmbeddingLoss(input2, target, 0, "mean");
    }

    /**
     * Returns 1 minus the cosine of the angle where the target is 1, {@code max(0, cos - margin)} where it is -1;
     * {@code torch.nn.functional.cosine_embedding_loss}. Inputs are [N, D] and the target [N], or [D] and [].
     */
    default Tensor cosineEmbeddingLoss(Tensor input2, Tensor target, double margin, String reduction) {
        Arguments.notNull("cosine_embedding_loss", "input2", input2);
        Arguments.notNull("cosine_embedding_loss", "target", target);
        Arguments.notNull("cosine_embedding_loss", "reduction", reduction);
        return end(
                start("cosine_embedding_loss", this, input2, target),
                MarginOps.cosineEmbedding(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(input2),
                        AutocastMode.single(target),
                        margin,
                        reduction));
    }

    /** Works as {@link #cosineEmbeddingLoss(Tensor, Tensor, double, String)} with an enum constant. */
    default Tensor cosineEmbeddingLoss(Tensor input2, Tensor target, double margin, LossReduction reduction) {
        Arguments.notNull("cosine_embedding_loss", "input2", input2);
        Arguments.notNull("cosine_embedding_loss", "target", target);
        return cosineEmbeddingLoss(
                input2,
                target,
                margin,
                Arguments.notNull("cosine_embedding_loss", "reduction", reduction)
                        .text());
    }

    /**
     * Returns the mean of {@link #tripletMarginLoss(Tensor, Tensor, double, Number, double, boolean, String)} with
     * margin 1.
     */
    default Tensor tripletMarginLoss(Tensor positive, Tensor negative) {
        Arguments.notNull("triplet_margin_loss", "positive", positive);
        Arguments.notNull("triplet_margin_loss", "negative", negative);
        return tripletMarginLoss(positive, negative, 1, 2, 1e-6, false, "mean");
    }

    /**
     * Computes {@code max(0, d(this, positive) - d(this, negative) + margin)}; {@code
     * torch.nn.functional.triplet_margin_loss}.
     *
     * @param positive samples that should be near
     * @param negative samples that should be far
     * @param margin the minimum difference of the distances
     * @param p the order of the norm
     * @param eps added to differences
     * @param swap whether to use the distance from positive to negative if that is smaller
     * @param reduction see {@link LossMethods}
     */
    default Tensor tripletMarginLoss(
            Tensor positive, Tensor negative, double margin, Number p, double eps, boolean swap, String reduction) {
        Arguments.notNull("triplet_margin_loss", "positive", positive);
        Arguments.notNull("triplet_margin_loss", "negative", negative);
        Arguments.notNull("triplet_margin_loss", "p", p);
        Arguments.notNull("triplet_margin_loss", "reduction", reduction);
        return end(
                start("triplet_margin_loss", this, positive, negative),
                MarginOps.tripletMargin(
                        AutocastMode.single((Tensor) this),
                        AutocastMode.single(positive),
                        AutocastMode.single(negative),
                        margin,
                        p,
                        eps,
                        swap,
                        reduction));
    }

    /**
     * Works as {@link #tripletMarginLoss(Tensor, Tensor, double, Number, double, boolean, String)} with an enum
     * constant.
     */
    default Tensor tripletMarginLoss(
            Tensor positive,
            Tensor negative,
            double margin,
            Number p,
            double eps,
            boolean swap,
            LossReduction reduction) {
        Arguments.notNull("triplet_margin_loss", "positive", positive);
        Arguments.notNull("triplet_margin_loss", "negative", negative);
        Arguments.notNull("triplet_margin_loss", "p", p);
        return tripletMarginLoss(
                positive,
                negative,
                margin,
                p,
                eps,
                swap,
                Arguments.notNull("triplet_margin_loss", "reduction", reduction).text());
    }

    /**
     * Computes {@code max(0, d(this, positive) - d(this, negative) + margin)} with the Euclidean {@link
     * NormMethods#pairwiseDistance(Tensor)}; {@code torch.nn.functional.triplet_margin_with_distance_loss}.
     *
     * @param margin the minimum difference of the distances
     * @param swap whether to use the distance from positive to negative if that is smaller
     * @param reduction see {@link LossMethods}
     */
    default Tensor tripletMarginWithDistanceLoss(
            Tensor positive, Tensor negative, double margin, boolean swap, String reduction) {
        return tripletMarginWithDistanceLoss(positive, negative, Tensor::pairwiseDistance, margin, swap, reduction);
    }

    /**
     * Computes {@code max(0, d(this, positive) - d(this, negative) + margin)} with a distance of one's own; {@code
     * torch.nn.functional.triplet_margin_with_distance_loss}.
     *
     * @param distance computes the distances of samples
     * @param margin the minimum difference of the distances
     * @param swap whether to use the distance from positive to negative if that is smaller
     * @param reduction see {@link LossMethods}
     */
    default Tensor tripletMarginWithDistanceLoss(
            Tensor positive,
            Tensor negative,
            BinaryOperator<Tensor> distance,
            double margin,
            boolean swap,
            String reduction) {
        String op = "triplet_margin_with_distance_loss";
        Arguments.notNull(op, "positive", positive);
        Arguments.notNull(op, "negative", negative);
        Arguments.notNull(op, "distance_function", distance);
        Arguments.notNull(op, "reduction", reduction);
        return end(
                start(op, this, positive, negative),
                MarginOps.tripletMargin((Tensor) this, positive, negative, distance, margin, swap, reduction));
    }

    /** Returns the mean of {@link #multiMarginLoss(Tensor, Number, Number, Tensor, String)} with p and margin 1. */
    default Tensor multiMarginLoss(Tensor target) {
        return multiMarginLoss(target, 1, 1.0, null, "mean");
    }

    /**
     * Sums {@code max(0, margin - score of the target + score)^p} over the other classes, p 1 or 2, divided by the
     * number of classes; {@code torch.nn.functional.multi_margin_loss}. Scores are [N, C] or [C].
     */
    default Tensor multiMarginLoss(Tensor target, Number p, Number margin, @Nullable Tensor weight, String reduction) {
        Arguments.notNull("multi_margin_loss", "p", p);
        Arguments.notNull("multi_margin_loss", "margin", margin);
        Arguments.notNull("multi_margin_loss", "reduction", reduction);
        return end(
                start("multi_margin_loss", this, target, weight),
                MarginOps.multiMargin(
                        AutocastMode.single((Tensor) this),
                        GatherOps.wide(target),
                        p,
                        margin,
                        AutocastMode.single(weight),
                        reduction));
    }

    /** Works as {@link #multiMarginLoss(Tensor, Number, Number, Tensor, String)} with an enum constant. */
    default Tensor multiMarginLoss(
            Tensor target, Number p, Number margin, @Nullable Tensor weight, LossReduction reduction) {
        Arguments.notNull("multi_margin_loss", "p", p);
        Arguments.notNull("multi_margin_loss", "margin", margin);
        return multiMarginLoss(
                target,
                p,
                margin,
                weight,
                Arguments.notNull("multi_margin_loss", "reduction", reduction).text());
    }

    /** Returns the mean of {@link #multilabelMarginLoss(Tensor, String)}. */
    default Tensor multilabelMarginLoss(Tensor target) {
        return multilabelMarginLoss(target, "mean");
    }

    /**
     * Sums {@code max(0, 1 - score of the label + score)} over labels and other classes, divided by the number of
     * classes; {@code torch.nn.functional.multilabel_margin_loss}. A row of labels ends at its first negative one.
     */
    default Tensor multilabelMarginLoss(Tensor target, String reduction) {
        Arguments.notNull("multilabel_margin_loss", "reduction", reduction);
        return end(
                start("multilabel_margin_loss", this, target),
                MarginOps.multilabelMargin(AutocastMode.single((Tensor) this), GatherOps.wide(target), reduction));
    }

    /** Works as {@link #multilabelMarginLoss(Tensor, String)} with an enum constant. */
    default Tensor multilabelMarginLoss(Tensor target, LossReduction reduction) {
        return multilabelMarginLoss(
                target,
                Arguments.notNull("multilabel_margin_loss", "reduction", reduction)
                        .text());
    }

    /** Returns the mean of {@link #multilabelSoftMarginLoss(Tensor, Tensor, String)} without weights. */
    default Tensor multilabelSoftMarginLoss(Tensor target) {
        Arguments.notNull("multilabel_soft_margin_loss", "target", target);
        return multilabelSoftMarginLoss(target, null, "mean");
    }

    /**
     * Returns the binary cross entropy of sigmoids and targets, averaged over the last dimension; {@code
     * torch.nn.functional.multilabel_soft_margin_loss}.
     */
    default Tensor multilabelSoftMarginLoss(Tensor target, @Nullable Tensor weight, String reduction) {
        Arguments.notNull("multilabel_soft_margin_loss", "target", target);
        Arguments.notNull("multilabel_soft_margin_loss", "reduction", reduction);
        return end(
                start("multilabel_soft_margin_loss", this, target, weight),
                MarginOps.multilabelSoftMargin((Tensor) this, target, weight, reduction));
    }

    /** Works as {@link #multilabelSoftMarginLoss(Tensor, Tensor, String)} with an enum constant. */
    default Tensor multilabelSoftMarginLoss(Tensor target, @Nullable Tensor weight, LossReduction reduction) {
        Arguments.notNull("multilabel_soft_margin_loss", "target", target);
        return multilabelSoftMarginLoss(
                target,
                weight,
                Arguments.notNull("multilabel_soft_margin_loss", "reduction", reduction)
                        .text());
    }
}

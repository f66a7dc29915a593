package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.reduction.NormOps;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Losses that separate scores or distances by a margin. */
public final class MarginOps {
    private MarginOps() {}

    /** Computes {@code torch.nn.functional.hinge_embedding_loss}. */
    public static Tensor hingeEmbedding(Tensor input, Tensor target, double margin, String reduction) {
        LossOps.checkReduction(reduction);
        Tensor dissimilar = input.rsub(margin).clampMin(0).mul(target.ne(1));
        Tensor similar = input.mul(target.ne(-1));
        return LossOps.reduced(dissimilar.add(similar), reduction);
    }

    /** Computes {@code torch.nn.functional.margin_ranking_loss}. */
    public static Tensor marginRanking(Tensor input1, Tensor input2, Tensor target, double margin, String reduction) {
        LossOps.checkReduction(reduction);
        if (input1.dim() != input2.dim() || input1.dim() != target.dim()) {
            throw new CotangentException(
                    "margin_ranking_loss : All input tensors should have same dimension but got sizes:" + " input1: "
                            + input1.shape() + ", input2: " + input2.shape() + ", target: " + target.shape() + " ");
        }
        Tensor loss = target.neg().mul(input1.sub(input2)).add(margin).clampMin(0);
        return LossOps.reduced(loss, reduction);
    }

    /** Computes {@code torch.nn.functional.cosine_embedding_loss}. */
    public static Tensor cosineEmbedding(Tensor input1, Tensor input2, Tensor target, double margin, String reduction) {
        LossOps.checkReduction(reduction);
        int rank = target.dim();
        if (rank > 1) {
            throw new CotangentException("0D or 1D target tensor expected, multi-target not supported");
        }
        if (input1.dim() != rank + 1) {
            throw new CotangentException(rank + "D target tensor expects " + (rank + 1)
                    + "D input tensors, but found inputs with sizes " + sizes(input1) + " and " + sizes(input2) + ".");
        }
        double tiny = 1e-12f;
        Tensor product = input1.mul(input2).sum(rank);
        Tensor size1 = input1.mul(input1).sum(rank).add(tiny);
        Tensor size2 = input2.mul(input2).sum(rank).add(tiny);
        Tensor cosine = product.div(size1.mul(size2).sqrt());
        Tensor alike = cosine.rsub(1).maskedFill(target.ne(1), 0);
        Tensor unlike = cosine.sub(margin).clampMin(0).maskedFill(target.ne(-1), 0);
        return LossOps.reduced(alike.add(unlike), reduction);
    }

    private static String sizes(Tensor x) {
        return Arrays.toString(Internals.layout(x).sizes());
    }

    /** Computes {@code torch.nn.functional.triplet_margin_loss}. */
    public static Tensor tripletMargin(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            double margin,
            Number p,
            double eps,
            boolean swap,
            String reduction) {
        BinaryOperator<Tensor> distance = (a, b) -> NormOps.pairwiseDistance(a, b, p, eps, false);
        return tripletMargin(anchor, positive, negative, distance, margin, swap, reduction);
    }

    /** Computes {@code torch.nn.functional.triplet_margin_with_distance_loss}. */
    public static Tensor tripletMargin(
            Tensor anchor,
            Tensor positive,
            Tensor negative,
            BinaryOperator<Tensor> distance,
            double margin,
            boolean swap,
            String reduction) {
        LossOps.checkReduction(reduction);
        if (anchor.dim() != positive.dim() || anchor.dim() != negative.dim()) {
            throw new CotangentException(
                    "The anchor, positive, and negative tensors are expected to have the same number of"
                            + " dimensions, but got: anchor " + anchor.dim() + "D, positive " + positive.dim()
                            + "D, and negative " + negative.dim() + "D inputs");
        }
        if (margin <= 0) throw new ValueException("margin must be greater than 0, got " + margin);
        Tensor near = distance.apply(anchor, positive);
        Tensor far = distance.apply(anchor, negative);
        if (swap) far = far.minimum(distance.apply(positive, negative));
        return LossOps.reduced(near.add(margin).sub(far).clampMin(0), reduction);
    }

    private static void checkScores(Tensor input) {
        if (input.dim() > 2 || input.dim() > 0 && input.size(-1) == 0) {
            throw new CotangentException(
                    "Expected non-empty vector or matrix with optional 0-dim batch size, but got: " + sizes(input));
        }
    }

    private static void checkLabels(Tensor target) {
        if (target.dtype() != Dtype.INT64) {
            throw new CotangentException(
                    "expected scalar type Long but found " + target.dtype().scalarName());
        }
    }

    /** Computes {@code torch.nn.functional.multi_margin_loss}. */
    public static Tensor multiMargin(
            Tensor input, Tensor target, Number p, Number margin, @Nullable Tensor weight, String reduction) {
        LossOps.checkReduction(reduction);
        if (p.doubleValue() != 1 && p.doubleValue() != 2) {
            throw new ValueException("only p == 1 and p == 2 supported");
        }
        if (weight != null && weight.dim() != 1) throw new ValueException("weight must be one-dimensional");
        checkScores(input);
        boolean batched = input.dim() == 2;
        long batch = batched ? input.size(0) : 1;
        if (target.dim() > 1 || target.numel() != batch) {
            throw new CotangentException(
                    "multi_margin_loss: target tensor should be 1-D with size equal to the number of"
                            + " input samples (batch size). Expected target size [" + batch + "], but got "
                            + sizes(target)
                            + ". Input has shape " + sizes(input) + ".");
        }
        long classes = input.dim() == 0 ? 1 : input.size(-1);
        if (weight != null && weight.numel() != classes) {
            throw new CotangentException("inconsistent weight size, expected " + classes + " but got " + sizes(weight));
        }
        checkLabels(target);
        Tensor x = input.reshape(batch, classes);
        Tensor index = target.detach().reshape(batch, 1);
        if (index.lt(0).logicalOr(index.ge(classes)).any().itemBoolean()) {
            throw new CotangentException("target out of range");
        }
        Tensor loss = x.sub(x.gather(1, index)).add(margin).relu();
        if (p.doubleValue() == 2) loss = loss.square();
        if (weight != null)
            loss = loss.mul(weight.gather(0, index.reshape(batch)).unsqueeze(1));
        Tensor classIndex = CreationOps.arange(0, classes, 1, Dtype.INT64, x.device());
        Tensor each = loss.maskedFill(classIndex.eq(index), 0).sum(1).div(classes);
        return LossOps.reduced(batched ? each : each.reshape(), reduction);
    }

    /** Computes {@code torch.nn.functional.multilabel_margin_loss}: a row of the target ends at its first -1. */
    public static Tensor multilabelMargin(Tensor input, Tensor target, String reduction) {
        LossOps.checkReduction(reduction);
        checkScores(input);
        boolean fits = input.dim() < 2
                ? target.dim() < 2 && target.numel() == input.numel()
                : Arrays.equals(
                        Internals.layout(input).sizes(),
                        Internals.layout(target).sizes());
        if (!fits) {
            throw new CotangentException(
                    "inconsistent target size: " + sizes(target) + " for input of size: " + sizes(input));
        }
        checkLabels(target);
        boolean batched = input.dim() == 2;
        long batch = batched ? input.size(0) : 1;
        long classes = input.dim() == 0 ? 1 : input.size(-1);
        Tensor x = input.reshape(batch, classes);
        Tensor labels = target.detach().reshape(batch, classes);
        Tensor valid = labels.lt(0).cumsum(1).eq(0);
        Tensor index = labels.maskedFill(valid.logicalNot(), 0);
        Tensor isLabel = CreationOps.zeros(Dtype.INT64, x.device(), batch, classes)
                .scatterAdd(1, index, valid.to(Dtype.INT64))
                .ne(0);
        // Every label with every class: [batch, labels, classes].
        Tensor gap = x.unsqueeze(1).sub(x.gather(1, index).unsqueeze(2)).add(1).relu();
        Tensor counts = valid.unsqueeze(2).logicalAnd(isLabel.logicalNot().unsqueeze(1));
        Tensor each = gap.mul(counts).sum(1, 2).div(classes);
        return LossOps.reduced(batched ? each : each.reshape(), reduction);
    }

    /** Computes {@code torch.nn.functional.multilabel_soft_margin_loss}. */
    public static Tensor multilabelSoftMargin(Tensor input, Tensor target, @Nullable Tensor weight, String reduction) {
        LossOps.checkReduction(reduction);
        Tensor loss = target.mul(input.logsigmoid())
                .add(target.rsub(1).mul(input.neg().logsigmoid()))
                .neg();
        if (weight != null) loss = loss.mul(weight);
        int classes = input.dim() - 1;
        Tensor each = loss.sum(classes).div(input.dim() == 0 ? 1 : input.size(classes));
        return LossOps.reduced(each, reduction);
    }
}

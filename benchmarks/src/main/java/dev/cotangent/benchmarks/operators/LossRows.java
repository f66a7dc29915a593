package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Normalisations and losses. */
final class LossRows {
    private LossRows() {}

    static Stream<Operator> rows() {
        return Stream.of(norms(), losses(), slowLosses()).flatMap(List::stream);
    }

    private static List<Operator> norms() {
        var t = Section.differentiable(Section.ALL);
        t.op("softmax", "m: F.softmax(m, 1)", a -> a.softmax(1));
        t.op("softmax_columns", "m: F.softmax(m, 0)", a -> a.softmax(0));
        t.op("log_softmax", "m: F.log_softmax(m, 1)", a -> a.logSoftmax(1));
        t.op("softmin", "m: F.softmin(m, 1)", a -> a.softmin(1));
        t.op(
                "layer_norm",
                "m, row, row2: F.layer_norm(m, row.shape, row, row2)",
                (a, b, c) -> a.layerNorm(b.shape().toArray(), b, c, 1e-5));
        t.op(
                "native_layer_norm",
                "m, row, row2: torch.native_layer_norm(m, row.shape, row, row2, 1e-5)",
                (a, b, c) -> a.nativeLayerNorm(b.shape().toArray(), b, c, 1e-5));
        t.op(
                "group_norm",
                "im, chan, chan2: F.group_norm(im, 4, chan, chan2)",
                (a, b, c) -> a.groupNorm(4, b, c, 1e-5));
        t.op(
                "batch_norm",
                "im, chan, chan2: F.batch_norm(im, None, None, chan, chan2, training=True)",
                (a, b, c) -> a.batchNorm(null, null, b, c, true, 0.1, 1e-5));
        t.op(
                "batch_norm_eval",
                "im, chanmean, chanvar, chan, chan2: F.batch_norm(im, chanmean, chanvar, chan, chan2)",
                (a, b, c, d, e) -> a.batchNorm(b, c, d, e, false, 0.1, 1e-5));
        t.op(
                "native_batch_norm",
                "im, chan, chan2: torch.native_batch_norm(im, chan, chan2, None, None, True, 0.1, 1e-5)",
                (a, b, c) -> a.nativeBatchNorm(b, c, null, null, true, 0.1, 1e-5));
        t.op("instance_norm", "im: F.instance_norm(im)", a -> a.instanceNorm(null, null, null, null, true, 0.1, 1e-5));
        return t.rows();
    }

    private static List<Operator> losses() {
        var t = Section.differentiable(Section.ALL);
        t.op("mse_loss", "x, target: F.mse_loss(x, target)", (a, b) -> a.mseLoss(b));
        t.op("l1_loss", "x, target: F.l1_loss(x, target)", (a, b) -> a.l1Loss(b));
        t.op("smooth_l1_loss", "x, target: F.smooth_l1_loss(x, target)", (a, b) -> a.smoothL1Loss(b));
        t.op("huber_loss", "x, target: F.huber_loss(x, target)", (a, b) -> a.huberLoss(b));
        t.op("mse_loss_none", "x, target: F.mse_loss(x, target, reduction='none')", (a, b) -> a.mseLoss(b, "none"));
        t.op(
                "binary_cross_entropy",
                "unit, unit2: F.binary_cross_entropy(unit, unit2)",
                (a, b) -> a.binaryCrossEntropy(b));
        t.op(
                "binary_cross_entropy_with_logits",
                "x, unit2: F.binary_cross_entropy_with_logits(x, unit2)",
                (a, b) -> a.binaryCrossEntropyWithLogits(b));
        t.op("kl_div", "m, mdist: F.kl_div(m, mdist)", (a, b) -> a.klDiv(b));
        t.op("poisson_nll_loss", "x, target: F.poisson_nll_loss(x, target)", (a, b) -> a.poissonNllLoss(b));
        t.op(
                "gaussian_nll_loss",
                "x, target, pos: F.gaussian_nll_loss(x, target, pos)",
                (a, b, c) -> a.gaussianNllLoss(b, c));
        t.op("soft_margin_loss", "x, signs: F.soft_margin_loss(x, signs)", (a, b) -> a.softMarginLoss(b));
        t.op("hinge_embedding_loss", "x, signs: F.hinge_embedding_loss(x, signs)", (a, b) -> a.hingeEmbeddingLoss(b));
        t.op(
                "margin_ranking_loss",
                "x, y, signs: F.margin_ranking_loss(x, y, signs)",
                (a, b, c) -> a.marginRankingLoss(b, c));
        t.op(
                "cosine_embedding_loss",
                "m, m2, colsign: F.cosine_embedding_loss(m, m2, colsign)",
                (a, b, c) -> a.cosineEmbeddingLoss(b, c));
        t.op(
                "triplet_margin_loss",
                "m, m2, mpos: F.triplet_margin_loss(m, m2, mpos)",
                (a, b, c) -> a.tripletMarginLoss(b, c));
        t.op("cross_entropy", "m, labels: F.cross_entropy(m, labels)", (a, b) -> a.crossEntropy(b));
        t.op("nll_loss", "m, labels: F.nll_loss(m, labels)", (a, b) -> a.nllLoss(b));
        t.op("multi_margin_loss", "m, labels: F.multi_margin_loss(m, labels)", (a, b) -> a.multiMarginLoss(b));
        t.op(
                "multilabel_soft_margin_loss",
                "m, msigns: F.multilabel_soft_margin_loss(m, msigns)",
                (a, b) -> a.multilabelSoftMarginLoss(b));
        return t.rows();
    }

    private static List<Operator> slowLosses() {
        var t = Section.differentiable(Section.SMALL);
        t.op(
                "multilabel_margin_loss",
                "m, msome: F.multilabel_margin_loss(m, msome)",
                (a, b) -> a.multilabelMarginLoss(b));
        return t.rows();
    }
}

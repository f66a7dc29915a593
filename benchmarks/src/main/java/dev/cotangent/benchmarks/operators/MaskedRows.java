package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Reductions of what a mask lets through: torch.masked. */
final class MaskedRows {
    private MaskedRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), indices(), infinite()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.SLOW);
        t.op(
                "masked_sum",
                "m, mmask: torch.masked._ops.sum(m, 1, mask=mmask)",
                (a, b) -> a.maskedSum(new int[] {1}, false, null, b));
        t.op(
                "masked_mean",
                "m, mmask: torch.masked._ops.mean(m, 1, mask=mmask)",
                (a, b) -> a.maskedMean(new int[] {1}, false, null, b));
        t.op(
                "masked_amax",
                "m, mmask: torch.masked._ops.amax(m, 1, mask=mmask)",
                (a, b) -> a.maskedAmax(new int[] {1}, false, null, b));
        t.op(
                "masked_amin",
                "m, mmask: torch.masked._ops.amin(m, 1, mask=mmask)",
                (a, b) -> a.maskedAmin(new int[] {1}, false, null, b));
        t.op(
                "masked_prod",
                "mnear1, mmask: torch.masked._ops.prod(mnear1, 1, mask=mmask)",
                (a, b) -> a.maskedProd(new int[] {1}, false, null, b));
        t.op(
                "masked_logsumexp",
                "m, mmask: torch.masked._ops.logsumexp(m, 1, mask=mmask)",
                (a, b) -> a.maskedLogsumexp(new int[] {1}, false, null, b));
        t.op(
                "masked_norm",
                "m, mmask: torch.masked._ops.norm(m, 2, 1, mask=mmask)",
                (a, b) -> a.maskedNorm(2, new int[] {1}, false, null, b));
        t.op(
                "masked_var",
                "m, mmask: torch.masked._ops.var(m, 1, mask=mmask)",
                (a, b) -> a.maskedVar(new int[] {1}, true, false, null, b));
        t.op(
                "masked_std",
                "m, mmask: torch.masked._ops.std(m, 1, mask=mmask)",
                (a, b) -> a.maskedStd(new int[] {1}, true, false, null, b));
        t.op(
                "masked_cumsum",
                "m, mmask: torch.masked._ops.cumsum(m, 1, mask=mmask)",
                (a, b) -> a.maskedCumsum(1, null, b));
        t.op(
                "masked_cumprod",
                "mnear1, mmask: torch.masked._ops.cumprod(mnear1, 1, mask=mmask)",
                (a, b) -> a.maskedCumprod(1, null, b));
        t.op(
                "masked_softmax",
                "m, mmask: torch.masked._ops.softmax(m, 1, mask=mmask)",
                (a, b) -> a.maskedSoftmax(1, null, b));
        t.op(
                "masked_softmin",
                "m, mmask: torch.masked._ops.softmin(m, 1, mask=mmask)",
                (a, b) -> a.maskedSoftmin(1, null, b));
        t.op(
                "masked_median",
                "m, mmask: torch.masked._ops.median(m, 1, mask=mmask)",
                (a, b) -> a.maskedMedian(1, false, null, b));
        t.op(
                "masked_normalize",
                "m, mmask: torch.masked._ops.normalize(m, 2, 1, mask=mmask)",
                (a, b) -> a.maskedNormalize(2, 1, 1e-12, null, b));
        return t.rows();
    }

    private static List<Operator> indices() {
        var t = Section.forward(Section.SLOW);
        t.op(
                "masked_argmax",
                "m, mmask: torch.masked._ops.argmax(m, 1, mask=mmask)",
                (a, b) -> a.maskedArgmax(1, false, null, b));
        t.op(
                "masked_argmin",
                "m, mmask: torch.masked._ops.argmin(m, 1, mask=mmask)",
                (a, b) -> a.maskedArgmin(1, false, null, b));
        return t.rows();
    }

    /** Returns operations whose results are minus infinity where everything is masked, which no checksum compares. */
    private static List<Operator> infinite() {
        var t = Section.uncheckedDifferentiable(Section.SLOW);
        t.op(
                "masked_log_softmax",
                "m, mmask: torch.masked._ops.log_softmax(m, 1, mask=mmask)",
                (a, b) -> a.maskedLogSoftmax(1, null, b));
        t.op(
                "masked_logaddexp",
                "m, m2, mmask: torch.masked._ops.logaddexp(m, m2, input_mask=mmask, other_mask=mmask)",
                (a, b, c) -> a.maskedLogaddexp(b, null, c, c));
        return t.rows();
    }
}

package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Reductions, norms and scans. */
final class ReductionRows {
    private ReductionRows() {}

    static Stream<Operator> rows() {
        return Stream.of(reductions(), indices(), scans(), wholeScans()).flatMap(List::stream);
    }

    private static List<Operator> reductions() {
        var t = Section.differentiable(Section.ALL);
        t.op("sum", "x: torch.sum(x)", a -> a.sum());
        t.op("mean", "x: torch.mean(x)", a -> a.mean());
        t.op("prod", "mnear1: torch.prod(mnear1)", a -> a.prod());
        t.op("nansum", "x: torch.nansum(x)", a -> a.nansum());
        t.op("nanmean", "x: torch.nanmean(x)", a -> a.nanmean());
        t.op("var", "x: x.var()", a -> a.var());
        t.op("std", "x: x.std()", a -> a.std());
        t.op("var_mean", "x: torch.var_mean(x)", a -> a.varMean());
        t.op("std_mean", "x: torch.std_mean(x)", a -> a.stdMean());
        t.op("max", "x: x.max()", a -> a.max());
        t.op("min", "x: x.min()", a -> a.min());
        t.op("aminmax", "x: torch.aminmax(x)", a -> a.aminmax());
        t.op("sum_rows", "m: m.sum(1)", a -> a.sum(1));
        t.op("mean_rows", "m: m.mean(1)", a -> a.mean(1));
        t.op("prod_rows", "mnear1: mnear1.prod(1)", a -> a.prod(1));
        t.op("nansum_rows", "m: m.nansum(1)", a -> a.nansum(1));
        t.op("nanmean_rows", "m: m.nanmean(1)", a -> a.nanmean(1));
        t.op("var_rows", "m: m.var(1)", a -> a.var(1));
        t.op("std_rows", "m: m.std(1)", a -> a.std(1));
        t.op("amax_rows", "m: m.amax(1)", a -> a.amax(1));
        t.op("amin_rows", "m: m.amin(1)", a -> a.amin(1));
        t.op("max_rows", "m: m.max(1)", a -> a.max(1));
        t.op("min_rows", "m: m.min(1)", a -> a.min(1));
        t.op("logsumexp_rows", "m: m.logsumexp(1)", a -> a.logsumexp(1));
        t.op("norm_rows", "m: m.norm(dim=1)", a -> a.norm(2, 1));
        t.op("sum_columns", "m: m.sum(0)", a -> a.sum(0));
        t.op("mean_columns", "m: m.mean(0)", a -> a.mean(0));
        t.op("prod_columns", "mnear1: mnear1.prod(0)", a -> a.prod(0));
        t.op("nansum_columns", "m: m.nansum(0)", a -> a.nansum(0));
        t.op("nanmean_columns", "m: m.nanmean(0)", a -> a.nanmean(0));
        t.op("var_columns", "m: m.var(0)", a -> a.var(0));
        t.op("std_columns", "m: m.std(0)", a -> a.std(0));
        t.op("amax_columns", "m: m.amax(0)", a -> a.amax(0));
        t.op("amin_columns", "m: m.amin(0)", a -> a.amin(0));
        t.op("max_columns", "m: m.max(0)", a -> a.max(0));
        t.op("min_columns", "m: m.min(0)", a -> a.min(0));
        t.op("logsumexp_columns", "m: m.logsumexp(0)", a -> a.logsumexp(0));
        t.op("norm_columns", "m: m.norm(dim=0)", a -> a.norm(2, 0));
        t.op(
                "sum_to_size",
                "m, row: m.sum_to_size(row.shape)",
                (a, b) -> a.sumToSize(b.shape().toArray()));
        t.op("norm", "x: torch.norm(x)", a -> a.norm());
        t.op("norm_1", "x: torch.norm(x, 1)", a -> a.norm(1));
        t.op("norm_3", "x: torch.norm(x, 3)", a -> a.norm(3));
        t.op("linalg_norm", "x: torch.linalg.norm(x)", a -> a.linalgNorm());
        t.op("linalg_vector_norm", "x: torch.linalg.vector_norm(x)", a -> a.linalgVectorNorm());
        t.op("dist", "x, y: torch.dist(x, y)", (a, b) -> a.dist(b));
        t.op("trace", "sq: torch.trace(sq)", a -> a.trace());
        t.op("renorm", "m: torch.renorm(m, 2, 0, 1.5)", a -> a.renorm(2, 0, 1.5));
        t.op("normalize", "m: F.normalize(m)", a -> a.normalize());
        t.op("pairwise_distance", "m, m2: F.pairwise_distance(m, m2)", (a, b) -> a.pairwiseDistance(b));
        t.op("cosine_similarity", "m, m2: F.cosine_similarity(m, m2)", (a, b) -> a.cosineSimilarity(b));
        t.op("trapezoid", "m: torch.trapezoid(m)", a -> a.trapezoid());
        t.op("trapezoid_x", "m, m2: torch.trapezoid(m, m2)", (a, b) -> a.trapezoid(b));
        t.op("trapz", "m: torch.trapz(m)", a -> a.trapz());
        return t.rows();
    }

    private static List<Operator> indices() {
        var t = Section.forward(Section.ALL);
        t.op("argmax", "x: x.argmax()", a -> a.argmax());
        t.op("argmin", "x: x.argmin()", a -> a.argmin());
        t.op("argmax_rows", "m: m.argmax(1)", a -> a.argmax(1));
        t.op("argmax_columns", "m: m.argmax(0)", a -> a.argmax(0));
        t.op("argmin_rows", "m: m.argmin(1)", a -> a.argmin(1));
        t.op("all", "mask: mask.all()", a -> a.all());
        t.op("any", "mask: mask.any()", a -> a.any());
        t.op("all_rows", "mmask: mmask.all(1)", a -> a.all(1));
        t.op("any_rows", "mmask: mmask.any(1)", a -> a.any(1));
        t.op("count_nonzero", "x: torch.count_nonzero(x)", a -> a.countNonzero());
        t.op("sum_int64", "whole: whole.sum()", a -> a.sum());
        t.op("sum_rows_int64", "mwhole: mwhole.sum(1)", a -> a.sum(1));
        t.op("sum_bool", "mask: mask.sum()", a -> a.sum());
        t.op("max_int64", "whole: whole.max()", a -> a.max());
        return t.rows();
    }

    private static List<Operator> scans() {
        var t = Section.differentiable(Section.ALL);
        t.op("cumsum_rows", "m: m.cumsum(1)", a -> a.cumsum(1));
        t.op("cumprod_rows", "mnear1: mnear1.cumprod(1)", a -> a.cumprod(1));
        t.op("cummax_rows", "m: m.cummax(1)", a -> a.cummax(1));
        t.op("cummin_rows", "m: m.cummin(1)", a -> a.cummin(1));
        t.op("logcumsumexp_rows", "m: m.logcumsumexp(1)", a -> a.logcumsumexp(1));
        t.op("cumsum_columns", "m: m.cumsum(0)", a -> a.cumsum(0));
        t.op("cumprod_columns", "mnear1: mnear1.cumprod(0)", a -> a.cumprod(0));
        t.op("cummax_columns", "m: m.cummax(0)", a -> a.cummax(0));
        t.op("cummin_columns", "m: m.cummin(0)", a -> a.cummin(0));
        t.op("logcumsumexp_columns", "m: m.logcumsumexp(0)", a -> a.logcumsumexp(0));
        t.op("cumsum", "x: x.cumsum(0)", a -> a.cumsum(0));
        t.op("diff", "m: torch.diff(m)", a -> a.diff());
        t.op("diff_columns", "m: torch.diff(m, dim=0)", a -> a.diff(1, 0, null, null));
        t.op("cumulative_trapezoid", "m: torch.cumulative_trapezoid(m)", a -> a.cumulativeTrapezoid());
        return t.rows();
    }

    private static List<Operator> wholeScans() {
        var t = Section.forward(Section.ALL);
        t.op("cumsum_int64", "whole: whole.cumsum(0)", a -> a.cumsum(0));
        return t.rows();
    }
}

package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Sorting and selection. */
final class SortingRows {
    private SortingRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.SLOW);
        t.op("sort", "x: x.sort(0)", a -> a.sort(0));
        t.op("topk", "x: x.topk(10, 0)", a -> a.topk(10, 0, true, true));
        t.op("kthvalue", "x: x.kthvalue(10, 0)", a -> a.kthvalue(10, 0, false));
        t.op("median_dim", "x: x.median(0)", a -> a.median(0));
        t.op("sort_rows", "m: m.sort(1)", a -> a.sort(1));
        t.op("topk_rows", "m: m.topk(10, 1)", a -> a.topk(10, 1, true, true));
        t.op("kthvalue_rows", "m: m.kthvalue(10, 1)", a -> a.kthvalue(10, 1, false));
        t.op("median_dim_rows", "m: m.median(1)", a -> a.median(1));
        t.op("sort_columns", "m: m.sort(0)", a -> a.sort(0));
        t.op("topk_columns", "m: m.topk(10, 0)", a -> a.topk(10, 0, true, true));
        t.op("kthvalue_columns", "m: m.kthvalue(10, 0)", a -> a.kthvalue(10, 0, false));
        t.op("median_dim_columns", "m: m.median(0)", a -> a.median(0));
        t.op("sort_descending", "x: x.sort(0, descending=True)", a -> a.sort(0, true));
        t.op("msort", "m: torch.msort(m)", a -> a.msort());
        t.op("median", "x: torch.median(x)", a -> a.median());
        t.op("nanmedian", "x: torch.nanmedian(x)", a -> a.nanmedian());
        t.op("nanmedian_rows", "m: m.nanmedian(1)", a -> a.nanmedian(1, false));
        t.op("quantile", "x: x.quantile(0.3)", a -> a.quantile(0.3));
        t.op("quantile_rows", "m: m.quantile(0.3, dim=1)", a -> a.quantile(0.3, 1));
        t.op("nanquantile", "x: x.nanquantile(0.3)", a -> a.nanquantile(0.3));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.SLOW);
        t.op("argsort", "x: x.argsort()", a -> a.argsort());
        t.op("argsort_rows", "m: m.argsort(1)", a -> a.argsort(1));
        t.op("sort_int64", "places: places.sort()[0]", a -> a.sort().values());
        t.op("sort_small_int64", "whole: whole.sort()[0]", a -> a.sort().values());
        t.op("argsort_stable_int64", "places: places.argsort(stable=True)", a -> a.argsort(-1, false, true));
        t.op("topk_int64", "order: order.topk(10)", a -> a.topk(10));
        t.op("mode", "mwhole: mwhole.mode(1)[0]", a -> a.mode().values());
        t.op("unique", "whole: whole.unique()", a -> a.unique());
        t.op("unique_float", "x: x.unique()", a -> a.unique());
        t.op(
                "unique_counts",
                "whole: torch.unique(whole, return_inverse=True, return_counts=True)",
                a -> a.unique(true, true, true));
        t.op("unique_consecutive", "count: torch.unique_consecutive(count)", a -> a.uniqueConsecutive());
        return t.rows();
    }
}

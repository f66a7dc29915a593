package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Reads and writes at indices. */
final class IndexRows {
    private IndexRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.ALL);
        t.op("gather_rows", "m, mplaces: m.gather(1, mplaces)", (a, b) -> a.gather(1, b));
        t.op("gather_columns", "m, mplaces0: m.gather(0, mplaces0)", (a, b) -> a.gather(0, b));
        t.op("take_along_dim", "m, mplaces: torch.take_along_dim(m, mplaces, 1)", (a, b) -> a.takeAlongDim(b, 1));
        t.op("take", "x, places: x.take(places)", (a, b) -> a.take(b));
        t.op("index_select", "x, places: x.index_select(0, places)", (a, b) -> a.indexSelect(0, b));
        t.op("index_select_rows", "m, rowids: m.index_select(0, rowids)", (a, b) -> a.indexSelect(0, b));
        t.op("index_select_columns", "m, rowlabels: m.index_select(1, rowlabels)", (a, b) -> a.indexSelect(1, b));
        t.op("get_rows", "m, rowids: m[rowids]", (a, b) -> a.get(b));
        t.op("get_elements", "m, rowids, labels: m[rowids, labels]", (a, b, c) -> a.get(b, c));
        t.op("scatter", "m, mplaces, m2: m.scatter(1, mplaces, m2)", (a, b, c) -> a.scatter(1, b, c));
        t.op("scatter_scalar", "m, mplaces: m.scatter(1, mplaces, 0.5)", (a, b) -> a.scatter(1, b, 0.5));
        t.op("scatter_add_rows", "m, mplaces, m2: m.scatter_add(1, mplaces, m2)", (a, b, c) -> a.scatterAdd(1, b, c));
        t.op(
                "scatter_add_columns",
                "m, mplaces0, m2: m.scatter_add(0, mplaces0, m2)",
                (a, b, c) -> a.scatterAdd(0, b, c));
        t.op(
                "scatter_reduce_mean",
                "m, mplaces, m2: m.scatter_reduce(1, mplaces, m2, 'mean')",
                (a, b, c) -> a.scatterReduce(1, b, c, "mean", true));
        t.op(
                "scatter_reduce_amax",
                "m, mplaces, m2: m.scatter_reduce(1, mplaces, m2, 'amax')",
                (a, b, c) -> a.scatterReduce(1, b, c, "amax", true));
        t.op("index_add", "m, rowids, m2: m.index_add(0, rowids, m2)", (a, b, c) -> a.indexAdd(0, b, c));
        t.op("index_copy", "m, roworder, m2: m.index_copy(0, roworder, m2)", (a, b, c) -> a.indexCopy(0, b, c));
        t.op("index_fill", "m, rowids: m.index_fill(0, rowids, 0.5)", (a, b) -> a.indexFill(0, b, 0.5));
        t.op(
                "index_reduce",
                "m, rowids, m2: m.index_reduce(0, rowids, m2, 'amax')",
                (a, b, c) -> a.indexReduce(0, b, c, "amax", true));
        t.op(
                "index_put",
                "m, rowids, m2: m.index_put((rowids,), m2, accumulate=True)",
                (a, b, c) -> a.indexPut(List.of(b), c, true));
        t.op("put", "x, order, y: x.put(order, y)", (a, b, c) -> a.put(b, c, false));
        t.op("embedding", "ids, table: F.embedding(ids, table)", (a, b) -> a.embedding(b));
        t.op(
                "embedding_bag",
                "bags, table: F.embedding_bag(bags, table, mode='sum')",
                (a, b) -> a.embeddingBag(b, null, "sum", null, false, null));
        t.op("masked_select", "x, mask: x.masked_select(mask)", (a, b) -> a.maskedSelect(b));
        t.op("get_mask", "m, mmask: m[mmask]", (a, b) -> a.get(b));
        t.op("masked_scatter", "m, mmask, m2: m.masked_scatter(mmask, m2)", (a, b, c) -> a.maskedScatter(b, c));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.ALL);
        t.op("gather_int64", "places, order: places.gather(0, order)", (a, b) -> a.gather(0, b));
        t.op("one_hot", "labels, row: F.one_hot(labels, row.shape[0])", (a, b) -> a.oneHot(b.size(0)));
        t.op("nonzero", "mask: mask.nonzero()", a -> a.nonzero());
        t.op("nonzero_matrix", "mmask: mmask.nonzero()", a -> a.nonzero());
        t.op("nonzero_as_tuple", "mmask: mmask.nonzero(as_tuple=True)", a -> a.nonzeroAsTuple());
        t.op("argwhere", "mmask: torch.argwhere(mmask)", a -> a.argwhere());
        t.op("where_indices", "mmask: torch.where(mmask)", a -> a.where());
        t.op("bucketize", "x, edges: torch.bucketize(x, edges)", (a, b) -> a.bucketize(b, false, false));
        t.op(
                "searchsorted",
                "edges, x: torch.searchsorted(edges, x)",
                (a, b) -> a.searchsorted(b, false, false, null, null));
        t.op("isin", "whole, choice: torch.isin(whole, choice)", (a, b) -> a.isin(b, false, false));
        return t.rows();
    }
}

package dev.cotangent.benchmarks.operators;

import dev.cotangent.Dtype;
import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Copies into another order, joined tensors and conversions. */
final class MovementRows {
    private MovementRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.ALL);
        t.op("clone", "x: x.clone()", a -> a.clone());
        t.op("contiguous_transposed", "sq: sq.t().contiguous()", a -> a.t().contiguous());
        t.op(
                "contiguous_permuted",
                "im: im.permute(0, 2, 3, 1).contiguous()",
                a -> a.permute(0, 2, 3, 1).contiguous());
        t.op("reshape_transposed", "m: m.t().reshape(-1)", a -> a.t().reshape(-1));
        t.op("narrow_copy", "m: torch.narrow_copy(m, 1, 3, 30)", a -> a.narrowCopy(1, 3, 30));
        t.op("repeat", "x: x.repeat(2)", a -> a.repeat(2));
        t.op("repeat_matrix", "m: m.repeat(1, 2)", a -> a.repeat(1, 2));
        t.op("tile", "m: m.tile(2)", a -> a.tile(2));
        t.op("repeat_interleave", "x: x.repeat_interleave(2)", a -> a.repeatInterleave(2));
        t.op("repeat_interleave_tensor", "x, count: x.repeat_interleave(count)", (a, b) -> a.repeatInterleave(b));
        t.op("repeat_interleave_rows", "m: m.repeat_interleave(2, 0)", a -> a.repeatInterleave(2, 0));
        t.op("flip", "m: m.flip(0, 1)", a -> a.flip(0, 1));
        t.op("fliplr", "m: torch.fliplr(m)", a -> a.fliplr());
        t.op("flipud", "m: torch.flipud(m)", a -> a.flipud());
        t.op("rot90", "m: torch.rot90(m)", a -> a.rot90());
        t.op("roll", "x: x.roll(7)", a -> a.roll(7));
        t.op("roll_rows", "m: m.roll(7, 1)", a -> a.roll(7, 1));
        t.op("tril", "m: torch.tril(m)", a -> a.tril());
        t.op("triu", "m: torch.triu(m)", a -> a.triu());
        t.op("diag_embed", "short: short.diag_embed()", a -> a.diagEmbed(0, -2, -1));
        t.op("diagflat", "short: short.diagflat()", a -> a.diagflat(0));
        t.op("diag", "short: short.diag()", a -> a.diag());
        t.op("select_scatter", "m, row: m.select_scatter(row, 0, 3)", (a, b) -> a.selectScatter(b, 0, 3));
        t.op(
                "slice_scatter",
                "m, row: m.slice_scatter(row[None], 0, 3, 4)",
                (a, b) -> a.sliceScatter(b.unsqueeze(0), 0, 3L, 4L, 1));
        t.op("diagonal_scatter", "sq, side: sq.diagonal_scatter(side)", (a, b) -> a.diagonalScatter(b, 0, 0, 1));
        t.op("pad", "m: F.pad(m, (1, 2))", a -> a.pad(1, 2));
        t.op("pad_image", "im: F.pad(im, (1, 1, 1, 1))", a -> a.pad(1, 1, 1, 1));
        t.op(
                "pad_reflect",
                "im: F.pad(im, (1, 1, 1, 1), mode='reflect')",
                a -> a.pad(new long[] {1, 1, 1, 1}, "reflect", null));
        t.op(
                "pad_replicate",
                "im: F.pad(im, (1, 1, 1, 1), mode='replicate')",
                a -> a.pad(new long[] {1, 1, 1, 1}, "replicate", null));
        t.op(
                "pad_circular",
                "im: F.pad(im, (1, 1, 1, 1), mode='circular')",
                a -> a.pad(new long[] {1, 1, 1, 1}, "circular", null));
        t.op(
                "constant_pad_nd",
                "m: torch.constant_pad_nd(m, (1, 2), 0.5)",
                a -> a.constantPadNd(new long[] {1, 2}, 0.5));
        t.op("pixel_shuffle", "im: F.pixel_shuffle(im, 2)", a -> a.pixelShuffle(2));
        t.op("pixel_unshuffle", "im: F.pixel_unshuffle(im, 2)", a -> a.pixelUnshuffle(2));
        t.op("combinations", "short: torch.combinations(short)", a -> a.combinations(2, false));
        t.op("cat", "x, y: torch.cat([x, y])", (a, b) -> Tensors.cat(a, b));
        t.op("cat_columns", "m, m2: torch.cat([m, m2], 1)", (a, b) -> Tensors.cat(List.of(a, b), 1));
        t.op("concat", "m, m2: torch.concat([m, m2], 0)", (a, b) -> Tensors.concat(List.of(a, b), 0));
        t.op("stack", "x, y: torch.stack([x, y])", (a, b) -> Tensors.stack(a, b));
        t.op("stack_last", "x, y: torch.stack([x, y], 1)", (a, b) -> Tensors.stack(List.of(a, b), 1));
        t.op("hstack", "m, m2: torch.hstack([m, m2])", (a, b) -> Tensors.hstack(List.of(a, b)));
        t.op("vstack", "m, m2: torch.vstack([m, m2])", (a, b) -> Tensors.vstack(List.of(a, b)));
        t.op("dstack", "m, m2: torch.dstack([m, m2])", (a, b) -> Tensors.dstack(List.of(a, b)));
        t.op("column_stack", "m, m2: torch.column_stack([m, m2])", (a, b) -> Tensors.columnStack(List.of(a, b)));
        t.op("row_stack", "m, m2: torch.row_stack([m, m2])", (a, b) -> Tensors.rowStack(List.of(a, b)));
        t.op(
                "block_diag",
                "small, small2, thin: torch.block_diag(small, small2, thin)",
                (a, b, c) -> Tensors.blockDiag(a, b, c));
        t.op(
                "cartesian_prod",
                "short, short2: torch.cartesian_prod(short, short2)",
                (a, b) -> Tensors.cartesianProd(a, b));
        t.op(
                "unfold_sum",
                "x: x.unfold(0, 4, 1).sum(-1)",
                a -> a.unfold(0, 4, 1).sum(-1));
        t.op(
                "expand_mul",
                "m, row: (row.expand_as(m) * m).sum()",
                (a, b) -> b.expandAs(a).mul(a).sum());
        t.op("double", "x: x.double()", a -> a.toDouble());
        t.op("half", "x: x.half()", a -> a.toHalf());
        t.op("bfloat16", "x: x.bfloat16()", a -> a.toBfloat16());
        t.op("to_float64", "x: x.to(torch.float64)", a -> a.to(Dtype.FLOAT64));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.ALL);
        t.op("long", "x: x.long()", a -> a.toLong());
        t.op("int", "x: x.int()", a -> a.toInt());
        t.op("short", "x: x.short()", a -> a.toShort());
        t.op("byte", "pos: pos.byte()", a -> a.toByte());
        t.op("char", "x: x.char()", a -> a.toChar());
        t.op("bool", "x: x.bool()", a -> a.toBool());
        t.op("float_of_int64", "whole: whole.float()", a -> a.toFloat());
        t.op("float_of_bool", "mask: mask.float()", a -> a.toFloat());
        t.op("type_as", "whole, x: whole.type_as(x)", (a, b) -> a.typeAs(b));
        t.op("contiguous_copy", "x: x.clone(memory_format=torch.contiguous_format)", a -> a.contiguousCopy());
        t.op("deep_copy", "x: x.detach().clone()", a -> a.deepCopy());
        t.op("cat_int64", "whole, whole2: torch.cat([whole, whole2])", (a, b) -> Tensors.cat(a, b));
        t.op("flip_int64", "whole: whole.flip(0)", a -> a.flip(0));
        // Its gradient in PyTorch 2.13 is that of the elements which were replaced.
        t.op(
                "as_strided_scatter",
                "x, side: x.as_strided_scatter(side[:5], (5,), (2,))",
                (a, b) -> a.asStridedScatter(b.get("0:5"), new long[] {5}, new long[] {2}));
        return t.rows();
    }
}

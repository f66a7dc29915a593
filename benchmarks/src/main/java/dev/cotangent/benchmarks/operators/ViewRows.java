package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Views, which copy nothing. */
final class ViewRows {
    private ViewRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.VIEW);
        t.op("t", "m: m.t()", a -> a.t());
        t.op("T", "m: m.T", a -> a.T());
        t.op("mT", "m: m.mT", a -> a.mT());
        t.op("H", "m: m.H", a -> a.H());
        t.op("mH", "m: m.mH", a -> a.mH());
        t.op("adjoint", "m: m.adjoint()", a -> a.adjoint());
        t.op("transpose", "m: m.transpose(0, 1)", a -> a.transpose(0, 1));
        t.op("swapaxes", "m: m.swapaxes(0, 1)", a -> a.swapaxes(0, 1));
        t.op("swapdims", "m: m.swapdims(0, 1)", a -> a.swapdims(0, 1));
        t.op("permute", "im: im.permute(0, 2, 3, 1)", a -> a.permute(0, 2, 3, 1));
        t.op("movedim", "im: im.movedim(1, 3)", a -> a.movedim(1, 3));
        t.op("moveaxis", "im: im.moveaxis(1, 3)", a -> a.moveaxis(1, 3));
        t.op("view", "m: m.view(-1)", a -> a.view(-1));
        t.op("view_as", "m, x: m.view_as(x)", (a, b) -> a.viewAs(b));
        t.op("reshape", "m: m.reshape(-1)", a -> a.reshape(-1));
        t.op("reshape_as", "m, x: m.reshape_as(x)", (a, b) -> a.reshapeAs(b));
        t.op("flatten", "m: m.flatten()", a -> a.flatten());
        t.op("ravel", "m: m.ravel()", a -> a.ravel());
        t.op("unflatten", "x: x.unflatten(0, (10, -1))", a -> a.unflatten(0, 10, -1));
        t.op("squeeze", "x: x.squeeze()", a -> a.squeeze());
        t.op("unsqueeze", "x: x.unsqueeze(0)", a -> a.unsqueeze(0));
        t.op(
                "expand",
                "row, m: row.expand(m.shape)",
                (a, b) -> a.expand(b.shape().toArray()));
        t.op("expand_as", "row, m: row.expand_as(m)", (a, b) -> a.expandAs(b));
        t.op(
                "broadcast_to",
                "row, m: row.broadcast_to(m.shape)",
                (a, b) -> a.broadcastTo(b.shape().toArray()));
        t.op("select", "m: m.select(0, 3)", a -> a.select(0, 3));
        t.op("narrow", "m: m.narrow(0, 3, 5)", a -> a.narrow(0, 3, 5));
        t.op("slice", "m: m[3:8]", a -> a.slice(0, 3L, 8L, 1));
        t.op("get_text", "m: m[3:8, ::2]", a -> a.get("3:8, ::2"));
        t.op("get_numbers", "m: m[3, 5]", a -> a.get(3, 5));
        t.op("diagonal", "m: m.diagonal()", a -> a.diagonal());
        t.op("unfold", "x: x.unfold(0, 10, 5)", a -> a.unfold(0, 10, 5));
        t.op(
                "as_strided",
                "x: x.as_strided((10, 20), (20, 1))",
                a -> a.asStrided(new long[] {10, 20}, new long[] {20, 1}));
        t.op("split", "m: m.split(5)", a -> a.split(5));
        t.op("split_with_sizes", "m: m.split_with_sizes((5, 15))", a -> a.splitWithSizes(new long[] {5, 15}, 0));
        t.op("chunk", "m: m.chunk(4)", a -> a.chunk(4));
        t.op("tensor_split", "m: m.tensor_split(4)", a -> a.tensorSplit(4, 0));
        t.op("hsplit", "m: m.hsplit(5)", a -> a.hsplit(5));
        t.op("vsplit", "m: m.vsplit(5)", a -> a.vsplit(5));
        t.op("unbind", "m: m.unbind()", a -> a.unbind());
        t.op("dsplit", "im: im.dsplit(4)", a -> a.dsplit(4));
        t.op("atleast_1d", "x: torch.atleast_1d(x)", a -> a.atleast1d());
        t.op("atleast_2d", "x: torch.atleast_2d(x)", a -> a.atleast2d());
        t.op("atleast_3d", "x: torch.atleast_3d(x)", a -> a.atleast3d());
        t.op("broadcast_tensors", "m, row: torch.broadcast_tensors(m, row)", (a, b) -> Tensors.broadcastTensors(a, b));
        t.op(
                "meshgrid",
                "col, row: torch.meshgrid(col, row, indexing='ij')",
                (a, b) -> Tensors.meshgrid(List.of(a, b), "ij"));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.VIEW);
        t.op("detach", "x: x.detach()", a -> a.detach());
        t.op("data", "x: x.data", a -> a.data());
        t.op("unsqueeze_", "x: x.detach().unsqueeze_(0)", a -> a.detach().unsqueeze_(0));
        t.op("squeeze_", "x: x.detach().squeeze_()", a -> a.detach().squeeze_());
        t.op("t_", "m: m.detach().t_()", a -> a.detach().t_());
        t.op("transpose_", "m: m.detach().transpose_(0, 1)", a -> a.detach().transpose_(0, 1));
        t.op("swapaxes_", "m: m.detach().swapaxes_(0, 1)", a -> a.detach().swapaxes_(0, 1));
        t.op("swapdims_", "m: m.detach().swapdims_(0, 1)", a -> a.detach().swapdims_(0, 1));
        t.op(
                "as_strided_",
                "x: x.detach().as_strided_((10, 20), (20, 1))",
                a -> a.detach().asStrided_(new long[] {10, 20}, new long[] {20, 1}));
        return t.rows();
    }
}

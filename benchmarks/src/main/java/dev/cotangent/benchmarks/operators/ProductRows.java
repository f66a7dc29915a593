package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Products of matrices and vectors. */
final class ProductRows {
    private ProductRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.ALL);
        t.op("mm", "sq, sq2: sq @ sq2", (a, b) -> a.mm(b));
        t.op("matmul", "sq, sq2: torch.matmul(sq, sq2)", (a, b) -> a.matmul(b));
        t.op("mm_transposed", "sq, sq2: sq @ sq2.t()", (a, b) -> a.mm(b.t()));
        t.op("mv", "m, row: torch.mv(m, row)", (a, b) -> a.mv(b));
        t.op("matmul_vector", "row, weight: row @ weight", (a, b) -> a.matmul(b));
        t.op("dot", "x, y: torch.dot(x, y)", (a, b) -> a.dot(b));
        t.op("vdot", "x, y: torch.vdot(x, y)", (a, b) -> a.vdot(b));
        t.op("inner", "m, row: torch.inner(m, row)", (a, b) -> a.inner(b));
        t.op("vecdot", "m, m2: torch.linalg.vecdot(m, m2)", (a, b) -> a.vecdot(b, -1));
        t.op("outer", "col, row: torch.outer(col, row)", (a, b) -> a.outer(b));
        t.op("ger", "col, row: torch.ger(col, row)", (a, b) -> a.ger(b));
        t.op("bmm", "bat, bat2: torch.bmm(bat, bat2)", (a, b) -> a.bmm(b));
        t.op("matmul_batch", "bat, bat0: bat @ bat0", (a, b) -> a.matmul(b));
        t.op("addmm", "sq, sq2, sq3: torch.addmm(sq, sq2, sq3)", (a, b, c) -> a.addmm(b, c));
        t.op("addmm_row", "side, sq2, sq3: torch.addmm(side, sq2, sq3)", (a, b, c) -> a.addmm(b, c));
        t.op("addmv", "col, m, row: torch.addmv(col, m, row)", (a, b, c) -> a.addmv(b, c, 1, 1));
        t.op("addr", "m, col, row: torch.addr(m, col, row)", (a, b, c) -> a.addr(b, c, 1, 1));
        t.op("addbmm", "bat0, bat, bat2: torch.addbmm(bat0, bat, bat2)", (a, b, c) -> a.addbmm(b, c, 1, 1));
        t.op("baddbmm", "bat, bat2: torch.baddbmm(bat, bat, bat2)", (a, b) -> a.baddbmm(a, b));
        t.op("linear", "m, table: F.linear(m, table)", (a, b) -> a.linear(b, null));
        t.op("linear_bias", "sq, sq2, side: F.linear(sq, sq2, side)", (a, b, c) -> a.linear(b, c));
        t.op("bilinear", "thin, thin2, cube: F.bilinear(thin, thin2, cube)", (a, b, c) -> a.bilinear(b, c, null));
        t.op("tensordot", "bat, bat0: torch.tensordot(bat, bat0, 1)", (a, b) -> a.tensordot(b, 1));
        t.op("kron", "small, small2: torch.kron(small, small2)", (a, b) -> a.kron(b));
        t.op("cross", "vectors, vectors2: torch.cross(vectors, vectors2, dim=1)", (a, b) -> a.cross(b, 1));
        t.op(
                "linalg_cross",
                "vectors, vectors2: torch.linalg.cross(vectors, vectors2)",
                (a, b) -> a.linalgCross(b, -1));
        t.op(
                "einsum_matrix",
                "sq, sq2: torch.einsum('ij,jk->ik', sq, sq2)",
                (a, b) -> Tensors.einsum("ij,jk->ik", a, b));
        t.op(
                "einsum_batch",
                "bat, bat2: torch.einsum('bij,bkj->bik', bat, bat2)",
                (a, b) -> Tensors.einsum("bij,bkj->bik", a, b));
        t.op(
                "multi_dot",
                "sq, sq2, sq3: torch.linalg.multi_dot([sq, sq2, sq3])",
                (a, b, c) -> Tensors.multiDot(List.of(a, b, c)));
        return t.rows();
    }

    /** Returns operations without gradients, since the gradient in PyTorch 2.13 fails. */
    private static List<Operator> forward() {
        var t = Section.forward(Section.ALL);
        t.op("vander", "short: torch.linalg.vander(short)", a -> a.vander());
        return t.rows();
    }
}

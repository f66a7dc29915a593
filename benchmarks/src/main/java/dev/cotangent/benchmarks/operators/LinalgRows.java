package dev.cotangent.benchmarks.operators;

import dev.cotangent.linalg.Linalg;
import java.util.List;
import java.util.stream.Stream;

/** Linear algebra: of 1000 matrices of 16 x 16, and of one of 512 x 512. */
final class LinalgRows {
    private LinalgRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.FIXED);
        t.op("cholesky", "dom16: torch.linalg.cholesky(dom16)", a -> a.cholesky());
        t.op("cholesky_inverse", "dom16: torch.cholesky_inverse(dom16)", a -> a.choleskyInverse());
        t.op("cholesky_solve", "m16, dom16: torch.cholesky_solve(m16, dom16)", (a, b) -> a.choleskySolve(b));
        t.op("qr", "dom16: torch.linalg.qr(dom16)[0]", a -> a.qr().Q());
        t.op("orgqr", "m16, tau16: torch.orgqr(m16, tau16)", (a, b) -> a.orgqr(b));
        t.op("ormqr", "m16, tau16, n16: torch.ormqr(m16, tau16, n16)", (a, b, c) -> a.ormqr(b, c));
        t.op("svd", "dom16: torch.linalg.svdvals(dom16)", a -> a.svd().S());
        t.op("lu", "dom16: torch.linalg.lu_factor(dom16)[0]", a -> a.lu().LU());
        t.op("lu_solve", "dom16, n16: torch.linalg.lu_solve(*torch.linalg.lu_factor(dom16), n16)", (a, b) -> {
            var f = a.lu();
            return b.luSolve(f.LU(), f.pivots());
        });
        t.op("lu_unpack", "dom16: torch.lu_unpack(*torch.linalg.lu_factor(dom16))[1:]", a -> {
            var f = a.lu();
            var out = f.LU().luUnpack(f.pivots());
            return List.of(out.L(), out.U());
        });
        t.op(
                "triangular_solve",
                "dom16, n16: torch.triangular_solve(n16, dom16)[0]",
                (a, b) -> b.triangularSolve(a).solution());
        t.op("inverse", "dom16: torch.linalg.inv(dom16)", a -> a.inverse());
        t.op("pinverse", "dom16: torch.pinverse(dom16)", a -> a.pinverse());
        t.op("det", "dom16: torch.linalg.det(dom16)", a -> a.det());
        t.op("logdet", "dom16: torch.logdet(dom16)", a -> a.logdet());
        t.op(
                "slogdet",
                "dom16: torch.linalg.slogdet(dom16)[1]",
                a -> a.slogdet().logabsdet());
        t.op("matrix_exp", "m16: torch.matrix_exp(m16)", a -> a.matrixExp());
        t.op("matrix_power", "m16: torch.matrix_power(m16, 5)", a -> a.matrixPower(5));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.FIXED);
        t.op("geqrf", "m16: torch.geqrf(m16)[0]", a -> a.geqrf().a());
        return t.rows();
    }

    /**
     * Returns the operations of the ordinary benchmark; singular vectors, whose signs are free, are computed without a
     * comparison.
     */
    static List<Operator> common() {
        var t = Section.forward(Section.FIXED);
        t.op("cholesky/512x512", "dom512: torch.linalg.cholesky(dom512)", a -> Linalg.cholesky(a));
        t.op("cholesky/1000x16x16", "dom16: torch.linalg.cholesky(dom16)", a -> Linalg.cholesky(a));
        t.op(
                "qr/512x512",
                "dom512: torch.linalg.qr(dom512)[0]",
                a -> Linalg.qr(a).Q());
        t.op(
                "qr/1000x16x16",
                "dom16: torch.linalg.qr(dom16)[0]",
                a -> Linalg.qr(a).Q());
        t.op("solve/512x512", "dom512, m512: torch.linalg.solve(dom512, m512)", (a, b) -> Linalg.solve(a, b));
        t.op("solve/1000x16x16", "dom16, n16: torch.linalg.solve(dom16, n16)", (a, b) -> Linalg.solve(a, b));
        t.op(
                "svd/512x512",
                "m512: torch.linalg.svd(m512)[1]",
                a -> Linalg.svd(a).S());
        t.op(
                "svd/1000x16x16",
                "m16: torch.linalg.svd(m16)[1]",
                a -> Linalg.svd(a).S());
        return t.rows();
    }
}

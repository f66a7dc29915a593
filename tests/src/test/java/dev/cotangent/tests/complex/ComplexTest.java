package dev.cotangent.tests.complex;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.linalg.Svd;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Values were printed by PyTorch 2.13. */
class ComplexTest {
    private static final Tensor POINTS = complex128(0.3, -1.2, -2.5, 0.1, 1e-9, 1e-9, 40, -3);

    private static Tensor complex128(double... parts) {
        return tensor(parts).view(-1, 2).viewAsComplex();
    }

    /** Each element within some units in the last place of its modulus. */
    private static void check(String what, Tensor actual, double... parts) {
        Tensor expected = complex128(parts);
        Tensor gap = actual.detach().sub(expected).abs();
        assertTrue(gap.le(expected.abs().mul(1e-14)).all().itemBoolean(), () -> what + ": " + actual);
    }

    private static Tensor gradient(Tensor of, Tensor x) {
        Tensor g = Autograd.grad(of, x).run().getFirst();
        if (g == null) throw new AssertionError("no gradient");
        return g;
    }

    @Test
    void computesFunctionsToTheLastPlacesOfTheModulus() {
        check(
                "log",
                POINTS.log(),
                0.21263386770217202,
                -1.3258176636680326,
                0.9170900925560036,
                3.1016139664665032,
                -20.376692246666437,
                0.7853981633974483,
                3.6916840734961918,
                -0.07485984771076686);
        check(
                "tan",
                POINTS.tan(),
                0.08847030015632386,
                -0.8564692917085155,
                0.7355242676956141,
                0.15443087607915884,
                1e-09,
                1e-09,
                -0.004929874888930987,
                -1.0005352464395771);
        check(
                "asin",
                POINTS.asin(),
                0.1911296559612711,
                -1.0301440931678834,
                -1.5271883094719598,
                1.567836912152937,
                1e-9,
                1e-9,
                1.495913292360264,
                -4.384677581636476);
        check(
                "acosh",
                POINTS.acosh(),
                1.0301440931678834,
                -1.3796666708336256,
                1.567836912152937,
                3.0979846362668564,
                1e-09,
                1.5707963257948967,
                4.384677581636476,
                -0.07488303443463253);
        check(
                "atanh",
                POINTS.atanh(),
                0.12087825040881692,
                -0.8940706773213476,
                -0.42274427930596775,
                1.5517940738263647,
                1e-9,
                1e-09,
                0.024865198382659503,
                -1.5689306638115672);
        check(
                "log1p",
                POINTS.log1p(),
                0.5705165022760309,
                -0.7454194762741583,
                0.40768240664209726,
                3.0750244898139694,
                1.0000000000000003e-09,
                9.999999990000003e-10,
                3.7162419039585597,
                -0.07304056530311932);
        check(
                "rsqrt",
                POINTS.rsqrt(),
                0.7087067499421014,
                0.5533415094143463,
                0.012636477446237084,
                -0.632076500849752,
                24567.323635131153,
                -10176.118640880408,
                0.15778172317835445,
                0.005908517418145937);
        Tensor z = POINTS.narrow(0, 0, 2);
        check(
                "pow",
                z.pow(Complex.of(1.5, -0.5)),
                -0.35487732392637783,
                -0.6137462815046292,
                -9.248248834344215,
                -16.208245691295126);
        check("prod", z.prod(0, true), -0.63, 3.03);
        assertEquals(4.765, z.var().itemDouble(), 1e-14);
        // 3-4-5 triangles beyond the square root of the largest number.
        assertEquals(5e200, complex128(3e200, 4e200).abs().itemDouble(), 1e186);
        check("div", complex128(1e200, 1e200).div(complex128(1e200, 1e200)), 1, 0);
    }

    @Test
    void branchCutsAreContinuousFromTheSideOfTheSignOfZero() {
        Tensor above = complex128(-4, 0.0);
        Tensor below = complex128(-4, -0.0);
        check("sqrt", above.sqrt(), 0, 2);
        check("sqrt", below.sqrt(), 0, -2);
        assertEquals(Math.PI, above.log().imag().itemDouble());
        assertEquals(-Math.PI, below.log().imag().itemDouble());
    }

    @Test
    void writesThroughViewsOfPartsAreRecorded() {
        Tensor x = complex128(1, 2, 3, -4).requiresGrad_();
        Tensor y = x.mul(2);
        y.real().mul_(3);
        check("values", y, 6, 4, 18, -8);
        Tensor g = gradient(y.abs().sum(), x);
        assertTrue(g.sub(complex128(4.9923, 1.1094, 5.4829, -0.8123))
                .abs()
                .lt(1e-4)
                .all()
                .itemBoolean());

        Tensor z = x.mul(2);
        z.conj().mul_(Complex.I);
        check("values", z, 4, -2, -8, -6);
        check("gradient", gradient(z.mul(complex128(1, -1, 2, 0)).real().sum(), x), -2, 2, 0, 4);

        Tensor r = tensor(new double[] {1, 2, 3, 4}).requiresGrad_();
        Tensor q = r.mul(1);
        q.view(2, 2).viewAsComplex().mul_(Complex.I);
        assertEquals("tensor([-2.,  1., -4.,  3.], dtype=torch.float64, grad_fn=<CopySlices>)", q.toString());
        Tensor weights = tensor(new double[] {1, 2, 3, 4});
        assertTrue(gradient(q.mul(weights).sum(), r).equal(tensor(new double[] {2, -1, 4, -3})));

        Tensor w = x.mul(1);
        Tensor parts = w.viewAsReal();
        parts.get(0).zero_();
        parts.get(1, 1).fill_(7);
        check("values", w, 0, 0, 3, 7);
        check("gradient", gradient(w.imag().sum().add(w.real().square().sum()), x), 0, 0, 6, 0);
    }

    @Test
    void differentiatesTwice() {
        Tensor x = complex128(0.5, 1).requiresGrad_();
        Tensor g = Autograd.grad(x.pow(3).abs().sum(), x).createGraph().run().getFirst();
        if (g == null) throw new AssertionError();
        assertTrue(
                g.detach().sub(complex128(1.6771, 3.3541)).abs().lt(1e-4).all().itemBoolean());
        check("second", gradient(g.abs().sum(), x), 3, 6);
        Tensor mixed = x.exp().mul(x.conj()).real().sum();
        Tensor h = Autograd.grad(mixed, x).createGraph().run().getFirst();
        if (h == null) throw new AssertionError();
        assertTrue(gradient(h.imag().sum(), x)
                .sub(complex128(0.1971, -0.0511))
                .abs()
                .lt(1e-4)
                .all()
                .itemBoolean());
    }

    @Test
    void lazyConjugatesAndNegativesAreReadByEverything() {
        Tensor z = complex128(1, 2, 3, -4, 5, 6);
        Tensor c = z.conj();
        assertTrue(c.isConj() && c.imag().isNeg() && !c.conj().isConj());
        Tensor copied = c.resolveConj();
        assertFalse(copied.isConj());
        List<UnaryOperator<Tensor>> readers = List.of(
                Tensor::exp,
                t -> t.sum(),
                t -> t.cumsum(0),
                t -> t.indexSelect(0, tensor(2, 0)),
                t -> t.get(t.abs().gt(3)),
                t -> cat(t, t),
                t -> t.flip(0),
                t -> t.outer(t),
                t -> t.view(1, 3).mm(t.view(3, 1)),
                t -> t.imag().cumsum(0),
                t -> t.imag().add(t.imag()),
                t -> t.imag().sort().values());
        for (UnaryOperator<Tensor> f : readers) {
            assertTrue(f.apply(c).equal(f.apply(copied)));
        }
        assertEquals("tensor([-2.,  4., -6.], dtype=torch.float64)", c.imag().toString());
        c.get(0).fill_(Complex.of(7, 8));
        c.at(1).set(Complex.of(0, 1));
        check("base", z, 7, -8, 0, -1, 5, 6);
        c.scatterAdd_(0, tensor(2), complex128(1, 1));
        check("base", z, 7, -8, 0, -1, 6, 5);
    }

    @Test
    void factorsComplexMatrices() {
        Tensor a = randn(5, 3, 4, 2).toDouble().viewAsComplex();
        Svd f = Linalg.svd(a, false);
        assertTrue(f.U().mul(f.S().unsqueeze(-2)).matmul(f.Vh()).allclose(a));
        assertTrue(f.U().mH().matmul(f.U()).allclose(eye(3).toCdouble().expand(5, 3, 3), 1e-5, 1e-12, false));
        Tensor square = a.narrow(-1, 0, 3);
        var q = Linalg.eig(square);
        assertTrue(square.matmul(q.eigenvectors())
                .allclose(q.eigenvectors().mul(q.eigenvalues().unsqueeze(-2)), 1e-9, 1e-10, false));
        Tensor b = a.narrow(-1, 3, 1);
        assertTrue(square.matmul(Linalg.solve(square, b)).allclose(b));
        var h = Linalg.eigh(square.add(square.mH()));
        assertTrue(square.add(square.mH())
                .matmul(h.eigenvectors())
                .allclose(h.eigenvectors().mul(h.eigenvalues().unsqueeze(-2)), 1e-9, 1e-10, false));
    }

    @Test
    void refusesWhatHasNoMeaning() {
        Tensor z = complex128(1, 2, 3, 4);
        refuses("\"lt_cpu\" not implemented for 'ComplexDouble'", () -> z.lt(1));
        refuses("\"max\" not implemented for 'ComplexDouble'", () -> z.max());
        refuses("\"cummax\" not implemented for 'ComplexDouble'", () -> z.cummax(0));
        refuses("\"bitwise_and_cpu\" not implemented for 'ComplexDouble'", () -> z.bitwiseAnd(1));
        refuses(
                "grad can be implicitly created only for real scalar outputs but got torch.complex128",
                () -> z.clone().requiresGrad_().sum().backward());
        refuses(
                "result type ComplexFloat can't be cast to the desired output type Float",
                () -> ones(2).add_(Complex.I));
        refuses("value cannot be converted to type float without overflow", () -> ones(2).fill_(Complex.I));
        refuses(
                "For non-complex input tensors, argument alpha must not be a complex number.",
                () -> ones(2).add(ones(2), Complex.I));
        refuses(
                "in-place writes to the imaginary part of a lazy conjugate",
                () -> z.conj().imag().add_(1));
        refuses("Tensor must have a last dimension of size 2", () -> ones(3).viewAsComplex());
        assertEquals(1, Complex.of(1, 0).doubleValue());
        assertThrows(CotangentException.class, () -> Complex.I.doubleValue());
    }

    @Test
    void forwardModeAndGradCheckSeeComplexFunctions() {
        Tensor z = complex128(0.5, 1, -2, 0.25).requiresGrad_();
        Tensor t = complex128(1, -1, 0.5, 2);
        Tensor product = dev.cotangent.autograd.Functional.jvp(Tensor::square, z.detach(), t)
                .product();
        check("jvp", product, 3, 1, -3, -7.75);
        new dev.cotangent.autograd.GradCheck()
                .checkOne(in -> in.get(0).tanh().mul(in.get(0).conj()), z);
        assertThrows(
                CotangentException.class,
                () -> new dev.cotangent.autograd.GradCheck()
                        .checkOne(in -> in.get(0).mul(in.get(0).detach()), z));
    }

    private static void refuses(String message, org.junit.jupiter.api.function.Executable work) {
        String said =
                String.valueOf(assertThrows(CotangentException.class, work).getMessage());
        assertTrue(said.contains(message), said);
    }

    @Test
    void printsAsPyTorch() {
        assertEquals(
                "tensor([1.+2.j, 3.-4.j])",
                tensor(Complex.of(1, 2), Complex.of(3, -4)).toString());
        assertEquals(
                "tensor([1.0000e-05+2.0000e+05j, 3.0000e+00-4.0000e+00j])",
                tensor(Complex.of(1e-5, 2e5), Complex.of(3, -4)).toString());
        assertEquals(
                "tensor([nan+2.j, inf-infj])",
                tensor(Complex.of(Double.NaN, 2), Complex.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                        .toString());
        assertEquals("tensor([], dtype=torch.complex64)", zeros(COMPLEX64, 0).toString());
        assertEquals(
                "tensor([0.+0.0000e+00j, 0.+1.0000e+00j, 0.+2.0000e+00j,  ..., 0.+1.9970e+03j,\n"
                        + "        0.+1.9980e+03j, 0.+1.9990e+03j])",
                arange(2000).mul(Complex.I).toString());
        assertEquals("(1+2j)", Complex.of(1, 2).toString());
        assertEquals("(1e+20-2.5e-07j)", Complex.of(1e20, -2.5e-7).toString());
        assertEquals("1j", Complex.I.toString());
    }

    @Test
    void drawsPartsThatTogetherHaveTheVariance() {
        Tensor z = randn(COMPLEX64, 10000);
        assertEquals(1, z.abs().square().mean().itemDouble(), 0.1);
        assertEquals(0.5, z.imag().square().mean().itemDouble(), 0.05);
    }
}

package dev.cotangent.tests.linalg;

import static dev.cotangent.Tensors.FLOAT32;
import static dev.cotangent.Tensors.FLOAT64;
import static dev.cotangent.Tensors.INT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.LinAlgException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.linalg.Eigh;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.linalg.Lstsq;
import dev.cotangent.linalg.Lu;
import dev.cotangent.linalg.Qr;
import dev.cotangent.linalg.QrMode;
import dev.cotangent.linalg.Svd;
import dev.cotangent.tests.reference.ReferenceProvider;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear algebra; literals are PyTorch 2.13's. */
class LinalgTest {
    private final Tensor tall = matrix(4, 3);
    private final Tensor square = matrix(3, 3).add(Tensors.eye(3).to(FLOAT64).mul(2));

    private static Tensor matrix(long rows, long columns) {
        return matrix(rows, columns, 0.7);
    }

    /** Returns {@code sin(k * k * step)} for k = 1, 2, 3 ... */
    private static Tensor matrix(long rows, long columns, double step) {
        return Tensors.arange(1, rows * columns + 1)
                .to(FLOAT64)
                .square()
                .mul(step)
                .sin()
                .reshape(rows, columns);
    }

    private static void assertClose(double[] expected, Tensor actual) {
        assertArrayEquals(expected, actual.detach().flatten().toDoubleArray(), 1e-9);
    }

    private static void assertSame(Tensor expected, Tensor actual, double tolerance) {
        assertEquals(expected.shape(), actual.shape());
        assertTrue(expected.sub(actual).abs().max().itemDouble() <= tolerance, () -> expected + " but " + actual);
    }

    private static Tensor gradient(Tensor x) {
        return Objects.requireNonNull(x.grad());
    }

    @Test
    void valuesOfPyTorch() {
        assertClose(
                new double[] {
                    -1.42743662958,
                    -1.01712174506,
                    -0.132488586825,
                    -0.472654979743,
                    0.759514314559,
                    -0.0685903332454,
                    0.122936694011,
                    -0.513980448732,
                    -0.27553454697,
                    0.373561687041,
                    0.348890692135,
                    0.268535350331
                },
                tall.geqrf().a());
        assertClose(
                new double[] {1.45131088406, 1.44310492098, 1.86547807342},
                tall.geqrf().tau());
        assertClose(
                new double[] {1.9339654961, 1.83658748044, 0.0}, square.geqrf().tau());
        var ldl = Linalg.ldlFactor(Tensors.tensor(new double[][] {{0, 2, 1}, {2, 0, 3}, {1, 3, 5}}));
        assertClose(new double[] {0, 0, 0, 2, 0, 0, 1.5, 0.5, 2}, ldl.LD());
        assertArrayEquals(new int[] {-2, -2, 3}, ldl.pivots().toIntArray());
        Lstsq fit = Linalg.lstsq(tall, matrix(4, 2, 1.3), Linalg.lstsqOptions().driver("gelsd"));
        assertClose(
                new double[] {
                    0.512400223211, -0.601847239856, 0.576483740201, -0.242151446048, 1.59427935873, 5.04011115888
                },
                fit.solution());
        assertClose(new double[] {0.233955197173, 0.341134848889}, fit.residuals());
        assertClose(new double[] {1.81770359115, 0.608389197961, 0.270124701444}, fit.singularValues());
        assertEquals(3, fit.rank().itemLong());
        assertArrayEquals(
                new double[] {
                    1630.72160082,
                    427.315133201,
                    101.720814762,
                    -1144.92230022,
                    -231.005121084,
                    -16.6602089393,
                    -533.818071648,
                    338.161125584,
                    685.349075529
                },
                Linalg.matrixExp(square.mul(3)).flatten().toDoubleArray(),
                1e-7);
        assertEquals(4.99705069003, Linalg.cond(square, 1).itemDouble(), 1e-10);
        assertEquals(11.0798236089, Linalg.cond(square, "nuc").itemDouble(), 1e-9);
        assertEquals(4.41643107832, Linalg.cond(square, "fro").itemDouble(), 1e-10);
        assertEquals(
                1, Linalg.matrixRank(tall.select(1, 0).outer(tall.select(1, 1))).itemLong());
        assertClose(
                new double[] {0.954889761648, 5.27211785913, 8.11292091624}, Linalg.eigvalsh(square.mm(square.t())));
        assertEquals(1.85486537011, Linalg.slogdet(square).logabsdet().itemDouble(), 1e-10);
    }

    @Test
    void gradientsOfPyTorch() {
        Tensor weights = Tensors.tensor(new double[] {1, 2, 3});
        Tensor x = square.clone().requiresGrad_();
        Linalg.eigh(x.mm(x.t())).eigenvalues().mul(weights).sum().backward();
        assertClose(
                new double[] {
                    15.7144747563,
                    0.98041580656,
                    1.27527541488,
                    -5.71356811015,
                    2.38572008325,
                    0.683211405802,
                    2.33811122242,
                    3.37979845682,
                    8.66101829963
                },
                gradient(x));
        Tensor y = tall.clone().requiresGrad_();
        Svd f = Linalg.svd(y, false);
        Tensor vectors = f.U().square()
                .mul(matrix(4, 3, 0.3))
                .sum()
                .add(f.Vh().square().mul(matrix(3, 3, 0.4)).sum());
        vectors.add(f.S().mul(weights).sum()).backward();
        assertClose(
                new double[] {
                    2.1327327031,
                    -1.07612547634,
                    -1.91004549686,
                    0.275865553649,
                    -0.890432333912,
                    0.724294101539,
                    -0.938467542589,
                    2.2602019038,
                    1.28206257148,
                    0.021525147491,
                    0.313084935086,
                    2.0989443311
                },
                gradient(y));
    }

    /**
     * Checks the gradient of a singular determinant. PyTorch's is 0 where a factor has an exact zero on its diagonal;
     * the gradient of a determinant is its cofactors.
     */
    @Test
    void singularDeterminant() {
        Tensor x = Tensors.tensor(new double[][] {{1, 2}, {2, 4}}).requiresGrad_();
        Tensor det = Linalg.det(x);
        det.backward();
        assertEquals(0, det.itemDouble(), 1e-300);
        assertSame(Tensors.tensor(new double[][] {{4, -2}, {-2, 1}}), gradient(x), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3", "5, 2", "2, 5", "40, 40", "170, 70", "70, 170", "130, 130"})
    void factorsMakeTheMatrix(long m, long n) {
        Tensor batch =
                Tensors.stack(matrix(m, n), matrix(m, n, 1.1), matrix(m, n, 0.3).mul(10));
        for (Tensor a : List.of(batch, batch.transpose(0, 2).contiguous().transpose(0, 2), batch.to(FLOAT32))) {
            double near = (a.dtype() == FLOAT32 ? 1e-3 : 1e-11) * m * n;
            Tensor eyeM = Tensors.eye(m).to(a.dtype()).expand(3, m, m);
            for (QrMode mode : List.of(QrMode.REDUCED, QrMode.COMPLETE)) {
                Qr f = Linalg.qr(a, mode);
                assertSame(a, f.Q().matmul(f.R()), near);
                assertSame(f.R().triu(), f.R(), 0);
                if (mode == QrMode.COMPLETE) assertSame(eyeM, f.Q().matmul(f.Q().mT()), near);
            }
            assertSame(Linalg.qr(a).R(), Linalg.qr(a, "r").R(), near);
            Lu lu = Linalg.lu(a);
            assertSame(a, lu.P().matmul(lu.L()).matmul(lu.U()), near);
            for (boolean full : new boolean[] {true, false}) {
                Svd f = Linalg.svd(a, full);
                long k = Math.min(m, n);
                Tensor product = f.U().narrow(-1, 0, k)
                        .mul(f.S().unsqueeze(-2))
                        .matmul(f.Vh().narrow(-2, 0, k));
                assertSame(a, product, near);
                assertSame(f.S(), Linalg.svdvals(a), near);
            }
            Tensor positive = a.matmul(a.mT()).add(eyeM.mul(2));
            Tensor l = Linalg.cholesky(positive);
            assertSame(positive, l.matmul(l.mT()), near * 1e4);
            assertSame(l, Linalg.cholesky(positive, true).mT(), near);
            Tensor symmetric = positive.sub(eyeM.mul(5));
            Eigh e = Linalg.eigh(symmetric);
            assertSame(
                    symmetric,
                    e.eigenvectors()
                            .mul(e.eigenvalues().unsqueeze(-2))
                            .matmul(e.eigenvectors().mT()),
                    near * 1e4);
            assertSame(e.eigenvalues(), Linalg.eigvalsh(symmetric, "U"), near * 1e4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 65, 130})
    void equations(long n) {
        Tensor a = matrix(n, n).add(Tensors.eye(n).to(FLOAT64).mul(2 * n));
        Tensor b = matrix(n, 3, 1.9);
        assertSame(b, a.mm(Linalg.solve(a, b)), 1e-9);
        assertSame(b.t(), Linalg.solve(a, b.t(), false).mm(a), 1e-9);
        assertSame(Tensors.eye(n).to(FLOAT64), a.mm(Linalg.inv(a)), 1e-9);
        var factor = Linalg.luFactor(a);
        assertSame(b, a.t().mm(Linalg.luSolve(factor.LU(), factor.pivots(), b, true, true)), 1e-9);
        for (boolean upper : new boolean[] {false, true}) {
            Tensor t = upper ? a.triu() : a.tril();
            Tensor u = t.sub(t.diagonal().diagEmbed(0, 0, 1)).add(Tensors.eye(n).to(FLOAT64));
            assertSame(b, t.mm(Linalg.solveTriangular(a, b, upper)), 1e-9);
            assertSame(
                    b.t(), Linalg.solveTriangular(a, b.t(), upper, false, false).mm(t), 1e-9);
            Tensor x = Linalg.solveTriangular(a.div(2 * n), b, upper, true, true);
            assertSame(
                    b,
                    u.sub(Tensors.eye(n).to(FLOAT64))
                            .div(2 * n)
                            .add(Tensors.eye(n).to(FLOAT64))
                            .mm(x),
                    1e-8);
        }
        var ldl = Linalg.ldlFactor(a.add(a.t()));
        assertSame(b, a.add(a.t()).mm(Linalg.ldlSolve(ldl.LD(), ldl.pivots(), b)), 1e-8);
        Tensor positive = a.mm(a.t());
        assertSame(b, positive.mm(b.choleskySolve(Linalg.cholesky(positive))), 1e-7);
    }

    @Test
    void broadcasting() {
        Tensor a = Tensors.stack(square, square.mul(2));
        Tensor b = matrix(3, 2);
        Tensor x = Linalg.solve(a, b);
        assertSame(b.expand(2, 3, 2), a.matmul(x), 1e-12);
        assertEquals(List.of(2L, 3L), shape(Linalg.solve(a, matrix(2, 3))));
        assertSame(x, Linalg.lstsq(a, b).solution(), 1e-12);
        assertSame(Linalg.solveTriangular(a, b.expand(2, 3, 2), true), Linalg.solveTriangular(a, b, true), 0);
    }

    private static List<Long> shape(Tensor t) {
        return java.util.Arrays.stream(t.shape().toArray()).boxed().toList();
    }

    @Test
    void layoutsAreColumnMajor() {
        assertEquals(List.of(1L, 4L), strides(Linalg.qr(tall).Q()));
        assertEquals(List.of(1L, 4L), strides(Linalg.svd(tall).U()));
        assertEquals(List.of(1L, 3L), strides(Linalg.cholesky(square.mm(square.t()))));
        assertEquals(List.of(1L, 3L), strides(Linalg.inv(square)));
        assertEquals(
                List.of(2L, 1L), strides(Linalg.luFactor(matrix(2, 3)).LU().mT().contiguous()));
        assertEquals(List.of(3L, 1L), strides(Linalg.solve(square, matrix(2, 3), false)));
    }

    private static List<Long> strides(Tensor t) {
        return List.of(t.stride(0), t.stride(1));
    }

    private static void raises(String message, Supplier<?> call) {
        CotangentException e = assertThrows(CotangentException.class, call::get);
        assertEquals(message, e.getMessage());
    }

    @Test
    void errors() {
        Tensor zero = Tensors.zeros(2, 2).to(FLOAT64);
        Tensor batch = Tensors.stack(Tensors.eye(2).to(FLOAT64), zero);
        assertThrows(LinAlgException.class, () -> Linalg.inv(zero));
        raises(
                "linalg.inv: (Batch element 1): The diagonal element 1 is zero, the inversion could not be completed"
                        + " because the input matrix is singular.",
                () -> Linalg.inv(batch));
        raises(
                "torch.linalg.solve: The solver failed because the input matrix is singular.",
                () -> Linalg.solve(zero, Tensors.ones(2).to(FLOAT64)));
        raises(
                "linalg.cholesky: The factorization could not be completed because the input is not positive-definite"
                        + " (the leading minor of order 2 is not positive-definite).",
                () -> Linalg.cholesky(Tensors.tensor(new double[][] {{1, 2}, {2, 1}})));
        raises(
                "linalg.svd: The algorithm failed to converge because the input matrix contained non-finite values.",
                () -> Linalg.svd(zero.div(0)));
        raises(
                "linalg.det: A must be batches of square matrices, but they are 4 by 3 matrices",
                () -> Linalg.det(tall));
        raises("linalg.inv: The input tensor A must have at least 2 dimensions.", () -> Linalg.inv(Tensors.ones(2)));
        raises(
                "linalg.solve: Incompatible shapes of A and B for the equation AX = B (3x3 and 4x3)",
                () -> Linalg.solve(square, tall));
        raises(
                "linalg.solve: Expected A and B to have the same dtype, but found A of type Double and B of type Float"
                        + " instead",
                () -> Linalg.solve(square, Tensors.ones(3, 1)));
        raises(
                "linalg.inv: Expected a floating point or complex tensor as input. Got Long",
                () -> Linalg.inv(Tensors.ones(2, 2).to(INT64)));
        raises("Expected UPLO argument to be 'L' or 'U', but got X", () -> Linalg.eigh(square, "X"));
        raises("linalg.lu_factor: LU without pivoting is not implemented on the CPU", () -> Linalg.lu(square, false));
        raises("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.", () -> {
            Linalg.qr(tall.clone().requiresGrad_(), QrMode.COMPLETE).Q().sum().backward();
            return "";
        });
        assertTrue(Linalg.eigvalsh(zero.div(0)).isnan().all().itemBoolean());
        assertArrayEquals(new int[] {0, 1}, Linalg.invEx(batch).info().toIntArray());
    }

    @Test
    void otherDevicesGoByWayOfTheHost() {
        Device reference = new Device(ReferenceProvider.TYPE, 0);
        Tensor there = square.to(reference).requiresGrad_();
        Tensor here = square.clone().requiresGrad_();
        for (Tensor x : List.of(there, here)) {
            Svd f = Linalg.svd(x);
            Linalg.inv(x)
                    .sum()
                    .add(f.S().sum())
                    .add(Linalg.det(x))
                    .add(Linalg.matrixExp(x).sum())
                    .backward();
        }
        assertEquals(reference, Linalg.qr(there).Q().device());
        assertSame(gradient(here), gradient(there).cpu(), 1e-10);
    }
}

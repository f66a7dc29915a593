package dev.cotangent.tests.linalg;

import static dev.cotangent.Tensors.FLOAT64;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.linalg.Eigh;
import dev.cotangent.linalg.Linalg;
import dev.cotangent.linalg.Lu;
import dev.cotangent.linalg.Qr;
import dev.cotangent.linalg.Svd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** First and second gradients of linear algebra against differences. */
class LinalgGradientsTest {
    private final List<DynamicTest> tests = new ArrayList<>();

    private static Tensor matrix(long... sizes) {
        long n = 1;
        for (long s : sizes) n *= s;
        return Tensors.arange(1, n + 1).to(FLOAT64).square().mul(0.7).sin().reshape(sizes);
    }

    private static Tensor square(long n) {
        return matrix(2, n, n).add(Tensors.eye(n).to(FLOAT64).mul(2));
    }

    private void check(String name, Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
        tests.add(DynamicTest.dynamicTest(name, () -> {
            Tensor[] leaves = new Tensor[inputs.length];
            for (int i = 0; i < leaves.length; i++)
                leaves[i] = inputs[i].detach().clone().requiresGrad_();
            new GradCheck().fast().check(function, leaves);
            new GradCheck().fast().checkSecond(function, leaves);
        }));
    }

    private static Tensor symmetric(Tensor a) {
        return a.add(a.mT());
    }

    private static Tensor triangle(Tensor a, boolean upper) {
        return upper ? a.triu() : a.tril();
    }

    private static Tensor positive(Tensor a) {
        return a.matmul(a.mT());
    }

    @TestFactory
    List<DynamicTest> gradients() {
        Tensor three = square(3);
        Tensor tall = matrix(2, 4, 2);
        Tensor wide = matrix(2, 2, 4);
        Tensor b = matrix(2, 3, 2);
        check("cholesky", in -> List.of(Linalg.cholesky(positive(in.get(0)))), three);
        check("cholesky upper", in -> List.of(Linalg.cholesky(positive(in.get(0)), true)), three);
        for (boolean upper : new boolean[] {false, true}) {
            check(
                    "cholesky_solve",
                    in -> List.of(in.get(1).choleskySolve(triangle(in.get(0), upper), upper)),
                    three,
                    b);
            check("cholesky_inverse", in -> List.of(triangle(in.get(0), upper).choleskyInverse(upper)), three);
            check("solve_triangular", in -> List.of(Linalg.solveTriangular(in.get(0), in.get(1), upper)), three, b);
            check(
                    "solve_triangular right",
                    in -> List.of(Linalg.solveTriangular(in.get(0), in.get(1), upper, false, true)),
                    three,
                    b.mT());
            check(
                    "triangular_solve",
                    in -> {
                        var out = in.get(1).triangularSolve(in.get(0), upper, true, false);
                        return List.of(out.solution(), out.clonedCoefficient());
                    },
                    three,
                    b);
        }
        for (Tensor a : List.of(three, tall, wide)) {
            String size = " " + a.size(-2) + "x" + a.size(-1);
            check(
                    "qr" + size,
                    in -> {
                        Qr f = Linalg.qr(in.get(0));
                        return List.of(f.Q(), f.R());
                    },
                    a);
            check(
                    "lu" + size,
                    in -> {
                        Lu f = Linalg.lu(in.get(0));
                        return List.of(f.L(), f.U());
                    },
                    a);
            check("lu_factor" + size, in -> List.of(Linalg.luFactor(in.get(0)).LU()), a);
            check(
                    "lu_unpack" + size,
                    in -> {
                        Lu f = in.get(0).luUnpack(Linalg.luFactor(a).pivots());
                        return List.of(f.L(), f.U());
                    },
                    a);
            check(
                    "svd" + size,
                    in -> {
                        Svd f = Linalg.svd(in.get(0), false);
                        return List.of(f.U().abs(), f.S(), f.Vh().abs());
                    },
                    a);
            check("svdvals" + size, in -> List.of(Linalg.svdvals(in.get(0))), a);
            check("pinv" + size, in -> List.of(Linalg.pinv(in.get(0))), a);
            Tensor right = matrix(2, a.size(-2), 3);
            check(
                    "lstsq" + size,
                    in -> List.of(Linalg.lstsq(in.get(0), in.get(1)).solution()),
                    a,
                    right);
            check("nuclear norm" + size, in -> List.of(Linalg.matrixNorm(in.get(0), "nuc")), a);
            check("cond" + size, in -> List.of(Linalg.cond(in.get(0))), a);
        }
        check(
                "lstsq residuals",
                in -> List.of(
                        Linalg.lstsq(in.get(0), in.get(1), Linalg.lstsqOptions().driver("gels"))
                                .residuals()),
                tall,
                matrix(2, 4, 3));
        check(
                "pinv hermitian",
                in -> List.of(Linalg.pinv(
                        symmetric(in.get(0)), Linalg.toleranceOptions().hermitian(true))),
                three);
        check(
                "eigh",
                in -> {
                    Eigh f = Linalg.eigh(symmetric(in.get(0)));
                    return List.of(f.eigenvalues(), f.eigenvectors().abs());
                },
                three);
        check("eigvalsh", in -> List.of(Linalg.eigvalsh(symmetric(in.get(0)), "U")), three);
        for (boolean left : new boolean[] {true, false}) {
            Tensor right = left ? b : b.mT();
            check("solve", in -> List.of(Linalg.solve(in.get(0), in.get(1), left)), three, right);
            for (boolean adjoint : new boolean[] {true, false}) {
                check(
                        "lu_solve",
                        in -> {
                            var f = Linalg.luFactor(in.get(0));
                            return List.of(Linalg.luSolve(f.LU(), f.pivots(), in.get(1), left, adjoint));
                        },
                        three,
                        right);
                check(
                        "ormqr",
                        in -> List.of(in.get(0).ormqr(in.get(1), in.get(2), left, adjoint)),
                        tall,
                        matrix(2, 2),
                        left ? matrix(2, 4, 3) : matrix(2, 3, 4));
            }
        }
        check("solve vector", in -> List.of(Linalg.solve(in.get(0), in.get(1))), three, matrix(2, 3));
        check(
                "householder_product",
                in -> List.of(Linalg.householderProduct(in.get(0), in.get(1))),
                tall,
                matrix(2, 2));
        check("inv", in -> List.of(Linalg.inv(in.get(0))), three);
        check("det", in -> List.of(Linalg.det(in.get(0))), three);
        check("slogdet", in -> List.of(Linalg.slogdet(in.get(0)).logabsdet()), three);
        check("matrix_exp", in -> List.of(Linalg.matrixExp(in.get(0))), three);
        check("matrix_power", in -> List.of(Linalg.matrixPower(in.get(0), -3)), three);
        check(
                "matrix_norm",
                in -> List.of(
                        Linalg.matrixNorm(in.get(0), 2, Linalg.normOptions().keepdim(true))),
                three);
        check("cond fro", in -> List.of(Linalg.cond(in.get(0), "fro")), three);
        check(
                "tensorinv",
                in -> List.of(Linalg.tensorinv(in.get(0), 1)),
                square(4).select(0, 0).reshape(4, 2, 2));
        check(
                "tensorsolve",
                in -> List.of(Linalg.tensorsolve(in.get(0), in.get(1))),
                square(4).select(0, 0).reshape(2, 2, 4),
                matrix(2, 2));
        return tests;
    }
}

package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;

import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.util.function.BinaryOperator;

/** The table of orthogonal polynomials of an argument and a degree, which PyTorch does not differentiate. */
public final class PolynomialOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    private PolynomialOps() {}

    /** The rows of one polynomial. A number as the argument has a row of its own, whose first operand is the degree. */
    public record Polynomial(BinaryOp ofTensor, BinaryOp ofNumber) {}

    private static Polynomial polynomial(String name, BinaryOperator<Expr> body) {
        return new Polynomial(row(name, body), row(name, (n, x) -> body.apply(x, n)));
    }

    private static BinaryOp row(String name, BinaryOperator<Expr> body) {
        return REGISTRY.add(binary("special_" + name, FLOAT, body)
                .check(takes(name + "_cpu", FLOATS))
                .notRecorded());
    }

    private static Polynomial plain(String name, ScalarOp op) {
        return polynomial(name, (x, n) -> x.call(op, n));
    }

    private static Polynomial shifted(String name, ScalarOp op) {
        return polynomial(name, (x, n) -> x.add(x).sub(1).call(op, n));
    }

    /** Chebyshev polynomial of the first kind. */
    public static final Polynomial CHEBYSHEV_T = plain("chebyshev_polynomial_t", ScalarOp.CHEBYSHEV_T);

    /** Chebyshev polynomial of the second kind. */
    public static final Polynomial CHEBYSHEV_U = plain("chebyshev_polynomial_u", ScalarOp.CHEBYSHEV_U);

    /** Chebyshev polynomial of the third kind. */
    public static final Polynomial CHEBYSHEV_V = plain("chebyshev_polynomial_v", ScalarOp.CHEBYSHEV_V);

    /** Chebyshev polynomial of the fourth kind. */
    public static final Polynomial CHEBYSHEV_W = plain("chebyshev_polynomial_w", ScalarOp.CHEBYSHEV_W);

    /** Chebyshev polynomial of the first kind on 0 to 1. */
    public static final Polynomial SHIFTED_CHEBYSHEV_T =
            shifted("shifted_chebyshev_polynomial_t", ScalarOp.CHEBYSHEV_T);

    /** Chebyshev polynomial of the second kind on 0 to 1. */
    public static final Polynomial SHIFTED_CHEBYSHEV_U =
            shifted("shifted_chebyshev_polynomial_u", ScalarOp.CHEBYSHEV_U);

    /** Chebyshev polynomial of the third kind on 0 to 1. */
    public static final Polynomial SHIFTED_CHEBYSHEV_V =
            shifted("shifted_chebyshev_polynomial_v", ScalarOp.CHEBYSHEV_V);

    /** Chebyshev polynomial of the fourth kind on 0 to 1. */
    public static final Polynomial SHIFTED_CHEBYSHEV_W =
            shifted("shifted_chebyshev_polynomial_w", ScalarOp.CHEBYSHEV_W);

    /** Physicists' Hermite polynomial. */
    public static final Polynomial HERMITE_H = plain("hermite_polynomial_h", ScalarOp.HERMITE_H);

    /** Probabilists' Hermite polynomial. */
    public static final Polynomial HERMITE_HE = plain("hermite_polynomial_he", ScalarOp.HERMITE_HE);

    /** Laguerre polynomial. */
    public static final Polynomial LAGUERRE_L = plain("laguerre_polynomial_l", ScalarOp.LAGUERRE_L);

    /** Legendre polynomial. */
    public static final Polynomial LEGENDRE_P = plain("legendre_polynomial_p", ScalarOp.LEGENDRE_P);
}

package dev.cotangent.special;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.RecordFunction;
import dev.cotangent.internal.ops.elementwise.BesselOps;
import dev.cotangent.internal.ops.elementwise.BinaryOp;
import dev.cotangent.internal.ops.elementwise.PolynomialOps;
import dev.cotangent.internal.ops.elementwise.SpecialOps;
import dev.cotangent.internal.ops.elementwise.UnaryOp;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Special functions of mathematics, element by element: {@code torch.special}. Operands are broadcast and promoted;
 * integers and bool are computed and given as the default dtype. The half types are computed in float32 and rounded.
 *
 * <p>Where PyTorch has no derivative, the result requires no gradient, or, where it has one for one operand alone, a
 * backward pass to the other raises PyTorch's error.
 */
public final class Special {
    private Special() {}

    private static Tensor given(String function, String argument, Tensor x) {
        return Arguments.notNull(function, argument, x);
    }

    /** Starts the profiler's range, under PyTorch's name. */
    private static int range(String function, @Nullable Tensor x) {
        if (!RecordFunction.isActive()) return 0;
        return start("special_" + function.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), x);
    }

    private static Tensor call(UnaryOp op, String function, Tensor x) {
        return end(range(function, x), op.call(given(function, "x", x)));
    }

    private static Tensor call(BinaryOp op, String function, Tensor x, Tensor n) {
        return end(range(function, x), op.call(given(function, "x", x), given(function, "n", n)));
    }

    private static Tensor call(BinaryOp op, String function, String argument, Tensor x, Number n) {
        return end(range(function, x), op.call(given(function, argument, x), n));
    }

    // Bessel, Airy and the normal distribution

    /**
     * Returns the Airy function Ai, the solution of {@code y'' = x y} that vanishes at infinity. As in
     * PyTorch, NaN of both infinities. {@code torch.special.airy_ai}.
     */
    public static Tensor airyAi(Tensor x) {
        return call(BesselOps.AIRY_AI, "airyAi", x);
    }

    /** Returns the Bessel function of the first kind of order 0. {@code torch.special.bessel_j0}. */
    public static Tensor besselJ0(Tensor x) {
        return call(BesselOps.BESSEL_J0, "besselJ0", x);
    }

    /** Returns the Bessel function of the first kind of order 1. {@code torch.special.bessel_j1}. */
    public static Tensor besselJ1(Tensor x) {
        return call(BesselOps.BESSEL_J1, "besselJ1", x);
    }

    /**
     * Returns the Bessel function of the second kind of order 0; minus infinity at 0, NaN below. {@code
     * torch.special.bessel_y0}.
     */
    public static Tensor besselY0(Tensor x) {
        return call(BesselOps.BESSEL_Y0, "besselY0", x);
    }

    /**
     * Returns the Bessel function of the second kind of order 1; minus infinity at 0, NaN below. {@code
     * torch.special.bessel_y1}.
     */
    public static Tensor besselY1(Tensor x) {
        return call(BesselOps.BESSEL_Y1, "besselY1", x);
    }

    /**
     * Returns the spherical Bessel function of the first kind of order 0, {@code sin(x) / x}. {@code
     * torch.special.spherical_bessel_j0}.
     */
    public static Tensor sphericalBesselJ0(Tensor x) {
        return call(BesselOps.SPHERICAL_BESSEL_J0, "sphericalBesselJ0", x);
    }

    /**
     * Returns the modified Bessel function of the first kind of order 0; {@link #i0} is the same with a
     * gradient. {@code torch.special.modified_bessel_i0}.
     */
    public static Tensor modifiedBesselI0(Tensor x) {
        return call(BesselOps.MODIFIED_BESSEL_I0, "modifiedBesselI0", x);
    }

    /**
     * Returns the modified Bessel function of the first kind of order 1; {@link #i1} is the same with a
     * gradient. {@code torch.special.modified_bessel_i1}.
     */
    public static Tensor modifiedBesselI1(Tensor x) {
        return call(BesselOps.MODIFIED_BESSEL_I1, "modifiedBesselI1", x);
    }

    /**
     * Returns the modified Bessel function of the second kind of order 0; infinity at 0, NaN below. {@code
     * torch.special.modified_bessel_k0}.
     */
    public static Tensor modifiedBesselK0(Tensor x) {
        return call(BesselOps.MODIFIED_BESSEL_K0, "modifiedBesselK0", x);
    }

    /**
     * Returns the modified Bessel function of the second kind of order 1; infinity at 0, NaN below. {@code
     * torch.special.modified_bessel_k1}.
     */
    public static Tensor modifiedBesselK1(Tensor x) {
        return call(BesselOps.MODIFIED_BESSEL_K1, "modifiedBesselK1", x);
    }

    /**
     * Returns {@link #modifiedBesselK0} times {@code e^x}, which does not underflow. {@code
     * torch.special.scaled_modified_bessel_k0}.
     */
    public static Tensor scaledModifiedBesselK0(Tensor x) {
        return call(BesselOps.SCALED_MODIFIED_BESSEL_K0, "scaledModifiedBesselK0", x);
    }

    /**
     * Returns {@link #modifiedBesselK1} times {@code e^x}, which does not underflow. {@code
     * torch.special.scaled_modified_bessel_k1}.
     */
    public static Tensor scaledModifiedBesselK1(Tensor x) {
        return call(BesselOps.SCALED_MODIFIED_BESSEL_K1, "scaledModifiedBesselK1", x);
    }

    /** Returns the modified Bessel function of the first kind of order 0, with a gradient. {@code torch.special.i0}. */
    public static Tensor i0(Tensor x) {
        return call(BesselOps.I0, "i0", x);
    }

    /** Returns {@link #i0} times {@code e^-|x|}, which does not overflow. {@code torch.special.i0e}. */
    public static Tensor i0e(Tensor x) {
        return call(BesselOps.I0E, "i0e", x);
    }

    /** Returns the modified Bessel function of the first kind of order 1, with a gradient. {@code torch.special.i1}. */
    public static Tensor i1(Tensor x) {
        return call(BesselOps.I1, "i1", x);
    }

    /** Returns {@link #i1} times {@code e^-|x|}, which does not overflow. {@code torch.special.i1e}. */
    public static Tensor i1e(Tensor x) {
        return call(BesselOps.I1E, "i1e", x);
    }

    /** Returns {@code e^(x^2) erfc(x)}, which does not underflow for large x. {@code torch.special.erfcx}. */
    public static Tensor erfcx(Tensor x) {
        return call(SpecialOps.ERFCX, "erfcx", x);
    }

    /**
     * Returns the argument at which the normal distribution function has that value: the inverse of {@link
     * #ndtr}. NaN outside of 0 to 1. {@code torch.special.ndtri}.
     */
    public static Tensor ndtri(Tensor x) {
        return call(SpecialOps.NDTRI, "ndtri", x);
    }

    /** Returns the logarithm of {@link #ndtr}, exact where that underflows. {@code torch.special.log_ndtr}. */
    public static Tensor logNdtr(Tensor x) {
        return call(SpecialOps.LOG_NDTR, "logNdtr", x);
    }

    // Functions that are methods of tensors as well

    /** Returns the error function. {@code torch.special.erf}. */
    public static Tensor erf(Tensor x) {
        return given("erf", "x", x).erf();
    }

    /** Returns 1 minus the error function, exact where it is small. {@code torch.special.erfc}. */
    public static Tensor erfc(Tensor x) {
        return given("erfc", "x", x).erfc();
    }

    /** Returns the inverse of the error function. {@code torch.special.erfinv}. */
    public static Tensor erfinv(Tensor x) {
        return given("erfinv", "x", x).erfinv();
    }

    /**
     * Returns the normal distribution function: the area below the normal curve up to x. {@code
     * torch.special.ndtr}.
     */
    public static Tensor ndtr(Tensor x) {
        return given("ndtr", "x", x).ndtr();
    }

    /** Returns {@code -x log(x)}, 0 at zero and minus infinity below. {@code torch.special.entr}. */
    public static Tensor entr(Tensor x) {
        return given("entr", "x", x).entr();
    }

    /** Returns the logarithm of the absolute value of the gamma function. {@code torch.special.gammaln}. */
    public static Tensor gammaln(Tensor x) {
        return given("gammaln", "x", x).lgamma();
    }

    /** Returns the derivative of {@link #gammaln}. {@code torch.special.digamma}. */
    public static Tensor digamma(Tensor x) {
        return given("digamma", "x", x).digamma();
    }

    /** Returns the derivative of {@link #gammaln}; another name of {@link #digamma}. {@code torch.special.psi}. */
    public static Tensor psi(Tensor x) {
        return given("psi", "x", x).digamma();
    }

    /** Returns 2 to the power of x. {@code torch.special.exp2}. */
    public static Tensor exp2(Tensor x) {
        return given("exp2", "x", x).exp2();
    }

    /** Returns e to the power of x, minus 1, exact near 0. {@code torch.special.expm1}. */
    public static Tensor expm1(Tensor x) {
        return given("expm1", "x", x).expm1();
    }

    /** Returns the logarithm of 1 plus x, exact near 0. {@code torch.special.log1p}. */
    public static Tensor log1p(Tensor x) {
        return given("log1p", "x", x).log1p();
    }

    /** Returns the logistic function {@code 1 / (1 + e^-x)}. {@code torch.special.expit}. */
    public static Tensor expit(Tensor x) {
        return given("expit", "x", x).sigmoid();
    }

    /** Returns {@code log(x / (1 - x))}, the inverse of {@link #expit}. {@code torch.special.logit}. */
    public static Tensor logit(Tensor x) {
        return given("logit", "x", x).logit();
    }

    /** Returns {@code sin(pi x) / (pi x)}, 1 at zero. {@code torch.special.sinc}. */
    public static Tensor sinc(Tensor x) {
        return given("sinc", "x", x).sinc();
    }

    /** Returns the nearest integers, ties to even. {@code torch.special.round}. */
    public static Tensor round(Tensor x) {
        return given("round", "x", x).round();
    }

    /** Returns {@link #logit(Tensor)} of x limited to {@code eps} and {@code 1 - eps}. {@code torch.special.logit}. */
    public static Tensor logit(Tensor x, double eps) {
        return given("logit", "x", x).logit(eps);
    }

    /** Rounds numbers to a number of decimals. {@code torch.special.round}. */
    public static Tensor round(Tensor x, int decimals) {
        return given("round", "x", x).round(decimals);
    }

    /** Returns the derivative of order {@code n} of {@link #digamma}. {@code torch.special.polygamma}. */
    public static Tensor polygamma(long n, Tensor x) {
        return given("polygamma", "x", x).polygamma(n);
    }

    /** Returns the logarithm of the gamma function of dimension {@code p}. {@code torch.special.multigammaln}. */
    public static Tensor multigammaln(Tensor x, long p) {
        return given("multigammaln", "x", x).mvlgamma(p);
    }

    /** Returns the logarithm of the sum of exponentials over a dimension. {@code torch.special.logsumexp}. */
    public static Tensor logsumexp(Tensor x, int dim) {
        return given("logsumexp", "x", x).logsumexp(dim);
    }

    /** Returns exponentials that sum to 1 over a dimension. {@code torch.special.softmax}. */
    public static Tensor softmax(Tensor x, int dim) {
        return given("softmax", "x", x).softmax(dim);
    }

    /** Returns the logarithm of {@link #softmax}. {@code torch.special.log_softmax}. */
    public static Tensor logSoftmax(Tensor x, int dim) {
        return given("logSoftmax", "x", x).logSoftmax(dim);
    }

    // Two operands

    /** Returns {@code x log(y)}, 0 where x is 0. {@code torch.special.xlogy}. */
    public static Tensor xlogy(Tensor x, Tensor y) {
        return given("xlogy", "x", x).xlogy(given("xlogy", "y", y));
    }

    /** Returns {@link #xlogy(Tensor, Tensor)} of a number. */
    public static Tensor xlogy(Tensor x, Number y) {
        return given("xlogy", "x", x).xlogy(y);
    }

    /** Returns {@link #xlogy(Tensor, Tensor)} of a number. */
    public static Tensor xlogy(Number x, Tensor y) {
        return given("xlogy", "y", y).rxlogy(x);
    }

    /** Returns {@code x log(1 + y)}, 0 where x is 0. {@code torch.special.xlog1py}. */
    public static Tensor xlog1py(Tensor x, Tensor y) {
        return given("xlog1py", "x", x).xlog1py(given("xlog1py", "y", y));
    }

    /** Returns {@link #xlog1py(Tensor, Tensor)} of a number. */
    public static Tensor xlog1py(Tensor x, Number y) {
        return given("xlog1py", "x", x).xlog1py(y);
    }

    /** Returns {@link #xlog1py(Tensor, Tensor)} of a number. */
    public static Tensor xlog1py(Number x, Tensor y) {
        return given("xlog1py", "y", y).rxlog1py(x);
    }

    /**
     * Returns Hurwitz's zeta function: the sum of {@code (k + q)^-x} over k = 0, 1, ...; infinity at x = 1 and at the
     * poles, NaN below 1. A gradient flows to {@code q} alone. {@code torch.special.zeta}.
     */
    public static Tensor zeta(Tensor x, Tensor q) {
        return end(range("zeta", x), SpecialOps.ZETA.call(given("zeta", "x", x), given("zeta", "q", q)));
    }

    /** Returns {@link #zeta(Tensor, Tensor)} of a number. */
    public static Tensor zeta(Tensor x, Number q) {
        return call(SpecialOps.ZETA, "zeta", "x", x, q);
    }

    /** Returns {@link #zeta(Tensor, Tensor)} of a number. */
    public static Tensor zeta(Number x, Tensor q) {
        return call(SpecialOps.RZETA, "zeta", "q", q, x);
    }

    /**
     * Returns the regularised lower incomplete gamma function of parameter {@code a}, NaN where an operand is negative.
     * Floating point only; a gradient flows to {@code x} alone. {@code torch.special.gammainc}.
     */
    public static Tensor gammainc(Tensor a, Tensor x) {
        return given("gammainc", "a", a).igamma(given("gammainc", "x", x));
    }

    /**
     * Returns the regularised upper incomplete gamma function, 1 minus {@link #gammainc}, exact where it is small.
     * {@code torch.special.gammaincc}.
     */
    public static Tensor gammaincc(Tensor a, Tensor x) {
        return given("gammaincc", "a", a).igammac(given("gammaincc", "x", x));
    }

    // Orthogonal polynomials

    /**
     * Returns the Chebyshev polynomial of the first kind at x, of degree n, which is truncated to an integer;
     * 0 of a negative degree. {@code torch.special.chebyshev_polynomial_t}.
     */
    public static Tensor chebyshevPolynomialT(Tensor x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_T.ofTensor(), "chebyshevPolynomialT", x, n);
    }

    /** Returns {@link #chebyshevPolynomialT(Tensor, Tensor)} of one degree. */
    public static Tensor chebyshevPolynomialT(Tensor x, Number n) {
        return call(PolynomialOps.CHEBYSHEV_T.ofTensor(), "chebyshevPolynomialT", "x", x, n);
    }

    /** Returns {@link #chebyshevPolynomialT(Tensor, Tensor)} at one number. */
    public static Tensor chebyshevPolynomialT(Number x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_T.ofNumber(), "chebyshevPolynomialT", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the second kind at x, of degree n, which is truncated to an integer;
     * 0 of a negative degree. {@code torch.special.chebyshev_polynomial_u}.
     */
    public static Tensor chebyshevPolynomialU(Tensor x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_U.ofTensor(), "chebyshevPolynomialU", x, n);
    }

    /** Returns {@link #chebyshevPolynomialU(Tensor, Tensor)} of one degree. */
    public static Tensor chebyshevPolynomialU(Tensor x, Number n) {
        return call(PolynomialOps.CHEBYSHEV_U.ofTensor(), "chebyshevPolynomialU", "x", x, n);
    }

    /** Returns {@link #chebyshevPolynomialU(Tensor, Tensor)} at one number. */
    public static Tensor chebyshevPolynomialU(Number x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_U.ofNumber(), "chebyshevPolynomialU", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the third kind at x, of degree n, which is truncated to an integer;
     * 0 of a negative degree. {@code torch.special.chebyshev_polynomial_v}.
     */
    public static Tensor chebyshevPolynomialV(Tensor x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_V.ofTensor(), "chebyshevPolynomialV", x, n);
    }

    /** Returns {@link #chebyshevPolynomialV(Tensor, Tensor)} of one degree. */
    public static Tensor chebyshevPolynomialV(Tensor x, Number n) {
        return call(PolynomialOps.CHEBYSHEV_V.ofTensor(), "chebyshevPolynomialV", "x", x, n);
    }

    /** Returns {@link #chebyshevPolynomialV(Tensor, Tensor)} at one number. */
    public static Tensor chebyshevPolynomialV(Number x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_V.ofNumber(), "chebyshevPolynomialV", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the fourth kind at x, of degree n, which is truncated to an integer;
     * 0 of a negative degree. {@code torch.special.chebyshev_polynomial_w}.
     */
    public static Tensor chebyshevPolynomialW(Tensor x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_W.ofTensor(), "chebyshevPolynomialW", x, n);
    }

    /** Returns {@link #chebyshevPolynomialW(Tensor, Tensor)} of one degree. */
    public static Tensor chebyshevPolynomialW(Tensor x, Number n) {
        return call(PolynomialOps.CHEBYSHEV_W.ofTensor(), "chebyshevPolynomialW", "x", x, n);
    }

    /** Returns {@link #chebyshevPolynomialW(Tensor, Tensor)} at one number. */
    public static Tensor chebyshevPolynomialW(Number x, Tensor n) {
        return call(PolynomialOps.CHEBYSHEV_W.ofNumber(), "chebyshevPolynomialW", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the first kind of {@code 2 x - 1} at x, of degree n, which is
     * truncated to an integer; 0 of a negative degree. {@code torch.special.shifted_chebyshev_polynomial_t}.
     */
    public static Tensor shiftedChebyshevPolynomialT(Tensor x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_T.ofTensor(), "shiftedChebyshevPolynomialT", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialT(Tensor, Tensor)} of one degree. */
    public static Tensor shiftedChebyshevPolynomialT(Tensor x, Number n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_T.ofTensor(), "shiftedChebyshevPolynomialT", "x", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialT(Tensor, Tensor)} at one number. */
    public static Tensor shiftedChebyshevPolynomialT(Number x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_T.ofNumber(), "shiftedChebyshevPolynomialT", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the second kind of {@code 2 x - 1} at x, of degree n, which is
     * truncated to an integer; 0 of a negative degree. {@code torch.special.shifted_chebyshev_polynomial_u}.
     */
    public static Tensor shiftedChebyshevPolynomialU(Tensor x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_U.ofTensor(), "shiftedChebyshevPolynomialU", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialU(Tensor, Tensor)} of one degree. */
    public static Tensor shiftedChebyshevPolynomialU(Tensor x, Number n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_U.ofTensor(), "shiftedChebyshevPolynomialU", "x", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialU(Tensor, Tensor)} at one number. */
    public static Tensor shiftedChebyshevPolynomialU(Number x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_U.ofNumber(), "shiftedChebyshevPolynomialU", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the third kind of {@code 2 x - 1} at x, of degree n, which is
     * truncated to an integer; 0 of a negative degree. {@code torch.special.shifted_chebyshev_polynomial_v}.
     */
    public static Tensor shiftedChebyshevPolynomialV(Tensor x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_V.ofTensor(), "shiftedChebyshevPolynomialV", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialV(Tensor, Tensor)} of one degree. */
    public static Tensor shiftedChebyshevPolynomialV(Tensor x, Number n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_V.ofTensor(), "shiftedChebyshevPolynomialV", "x", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialV(Tensor, Tensor)} at one number. */
    public static Tensor shiftedChebyshevPolynomialV(Number x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_V.ofNumber(), "shiftedChebyshevPolynomialV", "n", n, x);
    }

    /**
     * Returns the Chebyshev polynomial of the fourth kind of {@code 2 x - 1} at x, of degree n, which is
     * truncated to an integer; 0 of a negative degree. {@code torch.special.shifted_chebyshev_polynomial_w}.
     */
    public static Tensor shiftedChebyshevPolynomialW(Tensor x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_W.ofTensor(), "shiftedChebyshevPolynomialW", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialW(Tensor, Tensor)} of one degree. */
    public static Tensor shiftedChebyshevPolynomialW(Tensor x, Number n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_W.ofTensor(), "shiftedChebyshevPolynomialW", "x", x, n);
    }

    /** Returns {@link #shiftedChebyshevPolynomialW(Tensor, Tensor)} at one number. */
    public static Tensor shiftedChebyshevPolynomialW(Number x, Tensor n) {
        return call(PolynomialOps.SHIFTED_CHEBYSHEV_W.ofNumber(), "shiftedChebyshevPolynomialW", "n", n, x);
    }

    /**
     * Returns the physicists' Hermite polynomial, NaN of degrees above 512 (float32: 128) at x, of degree n,
     * which is truncated to an integer; 0 of a negative degree. {@code torch.special.hermite_polynomial_h}.
     */
    public static Tensor hermitePolynomialH(Tensor x, Tensor n) {
        return call(PolynomialOps.HERMITE_H.ofTensor(), "hermitePolynomialH", x, n);
    }

    /** Returns {@link #hermitePolynomialH(Tensor, Tensor)} of one degree. */
    public static Tensor hermitePolynomialH(Tensor x, Number n) {
        return call(PolynomialOps.HERMITE_H.ofTensor(), "hermitePolynomialH", "x", x, n);
    }

    /** Returns {@link #hermitePolynomialH(Tensor, Tensor)} at one number. */
    public static Tensor hermitePolynomialH(Number x, Tensor n) {
        return call(PolynomialOps.HERMITE_H.ofNumber(), "hermitePolynomialH", "n", n, x);
    }

    /**
     * Returns the probabilists' Hermite polynomial, NaN of degrees above 512 (float32: 128) at x, of degree n,
     * which is truncated to an integer; 0 of a negative degree. {@code torch.special.hermite_polynomial_he}.
     */
    public static Tensor hermitePolynomialHe(Tensor x, Tensor n) {
        return call(PolynomialOps.HERMITE_HE.ofTensor(), "hermitePolynomialHe", x, n);
    }

    /** Returns {@link #hermitePolynomialHe(Tensor, Tensor)} of one degree. */
    public static Tensor hermitePolynomialHe(Tensor x, Number n) {
        return call(PolynomialOps.HERMITE_HE.ofTensor(), "hermitePolynomialHe", "x", x, n);
    }

    /** Returns {@link #hermitePolynomialHe(Tensor, Tensor)} at one number. */
    public static Tensor hermitePolynomialHe(Number x, Tensor n) {
        return call(PolynomialOps.HERMITE_HE.ofNumber(), "hermitePolynomialHe", "n", n, x);
    }

    /**
     * Returns the Laguerre polynomial at x, of degree n, which is truncated to an integer; 0 of a negative
     * degree. {@code torch.special.laguerre_polynomial_l}.
     */
    public static Tensor laguerrePolynomialL(Tensor x, Tensor n) {
        return call(PolynomialOps.LAGUERRE_L.ofTensor(), "laguerrePolynomialL", x, n);
    }

    /** Returns {@link #laguerrePolynomialL(Tensor, Tensor)} of one degree. */
    public static Tensor laguerrePolynomialL(Tensor x, Number n) {
        return call(PolynomialOps.LAGUERRE_L.ofTensor(), "laguerrePolynomialL", "x", x, n);
    }

    /** Returns {@link #laguerrePolynomialL(Tensor, Tensor)} at one number. */
    public static Tensor laguerrePolynomialL(Number x, Tensor n) {
        return call(PolynomialOps.LAGUERRE_L.ofNumber(), "laguerrePolynomialL", "n", n, x);
    }

    /**
     * Returns the Legendre polynomial at x, of degree n, which is truncated to an integer; 0 of a negative
     * degree. {@code torch.special.legendre_polynomial_p}.
     */
    public static Tensor legendrePolynomialP(Tensor x, Tensor n) {
        return call(PolynomialOps.LEGENDRE_P.ofTensor(), "legendrePolynomialP", x, n);
    }

    /** Returns {@link #legendrePolynomialP(Tensor, Tensor)} of one degree. */
    public static Tensor legendrePolynomialP(Tensor x, Number n) {
        return call(PolynomialOps.LEGENDRE_P.ofTensor(), "legendrePolynomialP", "x", x, n);
    }

    /** Returns {@link #legendrePolynomialP(Tensor, Tensor)} at one number. */
    public static Tensor legendrePolynomialP(Number x, Tensor n) {
        return call(PolynomialOps.LEGENDRE_P.ofNumber(), "legendrePolynomialP", "n", n, x);
    }
}

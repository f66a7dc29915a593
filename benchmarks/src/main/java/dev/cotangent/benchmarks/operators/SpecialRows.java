package dev.cotangent.benchmarks.operators;

import dev.cotangent.special.Special;
import java.util.List;
import java.util.stream.Stream;

/** Functions of torch.special, element by element. */
final class SpecialRows {
    private SpecialRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward(), polynomials(), inPlace()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.SLOW);
        t.op("i0", "x: torch.i0(x)", a -> a.i0());
        t.op("i0e", "x: torch.special.i0e(x)", a -> Special.i0e(a));
        t.op("i1", "x: torch.special.i1(x)", a -> Special.i1(a));
        t.op("i1e", "x: torch.special.i1e(x)", a -> Special.i1e(a));
        t.op("erfcx", "x: torch.special.erfcx(x)", a -> Special.erfcx(a));
        t.op("ndtri", "unit: torch.special.ndtri(unit)", a -> Special.ndtri(a));
        t.op("log_ndtr", "x: torch.special.log_ndtr(x)", a -> Special.logNdtr(a));
        t.op("zeta", "pos: torch.special.zeta(2.5, pos)", a -> Special.zeta(2.5, a));
        t.op(
                "igamma",
                "target, pos: torch.igamma(target.abs(), pos)",
                (a, b) -> a.abs().igamma(b));
        t.op(
                "igammac",
                "target, pos: torch.igammac(target.abs(), pos)",
                (a, b) -> a.abs().igammac(b));
        t.op("frexp", "x: torch.frexp(x)[0]", a -> a.frexp().mantissa());
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.SLOW);
        t.op("airy_ai", "x: torch.special.airy_ai(x)", a -> Special.airyAi(a));
        t.op("bessel_j0", "wide: torch.special.bessel_j0(wide)", a -> Special.besselJ0(a));
        t.op("bessel_j1", "wide: torch.special.bessel_j1(wide)", a -> Special.besselJ1(a));
        t.op("bessel_y0", "pos: torch.special.bessel_y0(pos)", a -> Special.besselY0(a));
        t.op("bessel_y1", "pos: torch.special.bessel_y1(pos)", a -> Special.besselY1(a));
        t.op("modified_bessel_i0", "x: torch.special.modified_bessel_i0(x)", a -> Special.modifiedBesselI0(a));
        t.op("modified_bessel_i1", "x: torch.special.modified_bessel_i1(x)", a -> Special.modifiedBesselI1(a));
        t.op("modified_bessel_k0", "pos: torch.special.modified_bessel_k0(pos)", a -> Special.modifiedBesselK0(a));
        t.op("modified_bessel_k1", "pos: torch.special.modified_bessel_k1(pos)", a -> Special.modifiedBesselK1(a));
        t.op(
                "scaled_modified_bessel_k0",
                "pos: torch.special.scaled_modified_bessel_k0(pos)",
                a -> Special.scaledModifiedBesselK0(a));
        t.op(
                "scaled_modified_bessel_k1",
                "pos: torch.special.scaled_modified_bessel_k1(pos)",
                a -> Special.scaledModifiedBesselK1(a));
        t.op("spherical_bessel_j0", "x: torch.special.spherical_bessel_j0(x)", a -> Special.sphericalBesselJ0(a));
        return t.rows();
    }

    private static List<Operator> polynomials() {
        var t = Section.forward(Section.SLOW);
        t.op(
                "chebyshev_polynomial_t",
                "x: torch.special.chebyshev_polynomial_t(x, 5)",
                a -> Special.chebyshevPolynomialT(a, 5));
        t.op(
                "chebyshev_polynomial_u",
                "x: torch.special.chebyshev_polynomial_u(x, 5)",
                a -> Special.chebyshevPolynomialU(a, 5));
        t.op(
                "chebyshev_polynomial_v",
                "x: torch.special.chebyshev_polynomial_v(x, 5)",
                a -> Special.chebyshevPolynomialV(a, 5));
        t.op(
                "chebyshev_polynomial_w",
                "x: torch.special.chebyshev_polynomial_w(x, 5)",
                a -> Special.chebyshevPolynomialW(a, 5));
        t.op(
                "shifted_chebyshev_polynomial_t",
                "unit2: torch.special.shifted_chebyshev_polynomial_t(unit2, 5)",
                a -> Special.shiftedChebyshevPolynomialT(a, 5));
        t.op(
                "shifted_chebyshev_polynomial_u",
                "unit2: torch.special.shifted_chebyshev_polynomial_u(unit2, 5)",
                a -> Special.shiftedChebyshevPolynomialU(a, 5));
        t.op(
                "shifted_chebyshev_polynomial_v",
                "unit2: torch.special.shifted_chebyshev_polynomial_v(unit2, 5)",
                a -> Special.shiftedChebyshevPolynomialV(a, 5));
        t.op(
                "shifted_chebyshev_polynomial_w",
                "unit2: torch.special.shifted_chebyshev_polynomial_w(unit2, 5)",
                a -> Special.shiftedChebyshevPolynomialW(a, 5));
        t.op(
                "hermite_polynomial_h",
                "x: torch.special.hermite_polynomial_h(x, 5)",
                a -> Special.hermitePolynomialH(a, 5));
        t.op(
                "hermite_polynomial_he",
                "x: torch.special.hermite_polynomial_he(x, 5)",
                a -> Special.hermitePolynomialHe(a, 5));
        t.op(
                "laguerre_polynomial_l",
                "x: torch.special.laguerre_polynomial_l(x, 5)",
                a -> Special.laguerrePolynomialL(a, 5));
        t.op(
                "legendre_polynomial_p",
                "x: torch.special.legendre_polynomial_p(x, 5)",
                a -> Special.legendrePolynomialP(a, 5));
        return t.rows();
    }

    private static List<Operator> inPlace() {
        var t = Section.forward(Section.MIDDLE);
        t.op("i0_", "scratch, x: scratch.copy_(x).i0_()", (a, b) -> a.copy_(b).i0_());
        t.op(
                "igamma_",
                "scratch, pos: scratch.copy_(pos).igamma_(pos)",
                (a, b) -> a.copy_(b).igamma_(b));
        t.op(
                "igammac_",
                "scratch, pos: scratch.copy_(pos).igammac_(pos)",
                (a, b) -> a.copy_(b).igammac_(b));
        return t.rows();
    }
}

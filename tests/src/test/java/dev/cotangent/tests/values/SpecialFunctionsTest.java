package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.special.Special;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Special functions where their formulas change and at their ends; values of PyTorch 2.13, float64. */
class SpecialFunctionsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double NaN = Double.NaN;
    private static final double[] X = {
        0, 1e-6, 0.3, 0.46, -0.46, 1, 2, 2.1, -2.1, 4.5, -6, 8.5, -30, 120, INF, -INF, NaN
    };
    private static final double[] ARGUMENT = {0.3, 0.3, -0.7, -0.7, 1, -1, 1.5, 0, 0.3, 0.3, 2};
    private static final double[] DEGREE = {-1, 0.9, 3, 12, 5, 5, 4, 4, 1, 20, 600};

    @TestFactory
    Stream<DynamicTest> ofOneArgument() {
        return Stream.of(
                ofOne("airy_ai", Special::airyAi, """
                    0.3550280538878172 0.3550277950684134 0.2788064819550049 0.24078139120618078
                    0.46738066473601675 0.13529241631288144 0.03492413042327433 0.029952602115866516
                    0.16348733360139633 0.00033025032351430934 -0.32914517362982254 1.0997009755195515E-08
                    -0.0879681884568426 0.0 NaN NaN NaN\
                    """),
                ofOne("bessel_j0", Special::besselJ0, """
                    1.0 0.99999999999975 0.9776262465382961 0.9477955039589033 0.9477955039589033
                    0.7651976865579665 0.22389077914124356 0.16660698033200308 0.16660698033200308
                    -0.3205425126075476 0.15064520026735478 0.04193925300238668 -0.08636798358104034
                    0.07182341582915616 NaN NaN NaN\
                    """),
                ofOne("bessel_j1", Special::besselJ1, """
                    0.0 4.999999999999375E-07 0.148318816273104 0.22396990036975392 -0.22396990036975392
                    0.44005058574493355 0.5767248077568801 0.568292135757053 -0.568292135757053
                    -0.2310604327943806 0.27668378727623044 0.2731219640357095 0.11875106261662309
                    -0.011805211433002331 NaN NaN NaN\
                    """),
                ofOne("bessel_y0", Special::besselY0, """
                    -Infinity -8.869031481659443 -0.8072735778045196 -0.505483584529443 NaN 0.08825696421567697
                    0.5103756726497742 0.5182937375138207 NaN -0.19470501161430626 NaN 0.2702051052031286 NaN
                    -0.012104365410016011 NaN NaN NaN\
                    """),
                ofOne("bessel_y1", Special::besselY1, """
                    -Infinity -636619.772372175 -2.2931051383885293 -1.5796330840334623 NaN -0.7812128213002888
                    -0.10703243154093531 -0.05167861213041738 NaN 0.30099732555461006 NaN -0.026168676820611445
                    NaN -0.07187447320914947 NaN NaN NaN\
                    """),
                ofOne("modified_bessel_i0", Special::modifiedBesselI0, """
                    1.0 1.0000000000002494 1.0226268793515967 1.053603728232496 1.053603728232496
                    1.2660658777520082 2.279585302336067 2.4462831294361824 2.4462831294361824 17.481171855609276
                    67.23440697647797 683.1619269901155 781672297823.9775 4.754573471017091E50 NaN NaN NaN\
                    """),
                ofOne("modified_bessel_i1", Special::modifiedBesselI1, """
                    0.0 5.000000000000623E-07 0.15169384000359282 0.2361373732643827 -0.2361373732643827
                    0.5651591039924851 1.5906368546373295 1.7454998088361064 -1.7454998088361064
                    15.389222753735924 -61.34193677764021 641.6199025400667 -768532038938.9569
                    4.734721127388196E50 NaN NaN NaN\
                    """),
                ofOne("modified_bessel_k0", Special::modifiedBesselK0, """
                    Infinity 13.93144207362641 1.3724600605442967 0.9942564758181519 NaN 0.4210244382407082
                    0.1138938727495334 0.10078374088996692 NaN 0.006399857243233976 NaN 8.625756634932507E-05 NaN
                    8.763568099825578E-54 0.0 NaN NaN\
                    """),
                ofOne("modified_bessel_k1", Special::modifiedBesselK1, """
                    Infinity 999999.9999927843 3.055992033457325 1.840475578214315 NaN 0.6019072301972346
                    0.13986588181652246 0.1227464115335079 NaN 0.00707809490896809 NaN 9.119724775006897E-05 NaN
                    8.800007520092761E-54 0.0 NaN NaN\
                    """),
                ofOne("scaled_modified_bessel_k0", Special::scaledModifiedBesselK0, """
                    Infinity 13.931456005075448 1.8526273007720135 1.5749758177558295 NaN 1.1444630798068944
                    0.8415682150707712 0.8230171525316619 NaN 0.5760967897687884 NaN 0.423935999333698 NaN
                    0.11429277942292938 0.0 NaN NaN\
                    """),
                ofOne("scaled_modified_bessel_k1", Special::scaledModifiedBesselK1, """
                    Infinity 1000000.9999932843 4.12515776224447 2.915449483466973 NaN 1.636153486263258
                    1.0334768470686888 1.002368052740579 NaN 0.6371497987781356 NaN 0.4482133915630794 NaN
                    0.11476801537425148 0.0 NaN NaN\
                    """),
                ofOne("spherical_bessel_j0", Special::sphericalBesselJ0, """
                    1.0 0.9999999999998334 0.9850673555377986 0.9651045803598256 0.9651045803598256
                    0.8414709848078965 0.45464871341284085 0.41105207935660654 0.41105207935660654
                    -0.21722891503668823 -0.04656924969982098 0.09393966030864591 -0.03293438746976206
                    0.004838426535102619 0.0 0.0 NaN\
                    """),
                ofOne("i0", Special::i0, """
                    1.0 1.0000000000002494 1.0226268793515967 1.053603728232496 1.053603728232496
                    1.2660658777520082 2.279585302336067 2.4462831294361824 2.4462831294361824 17.481171855609276
                    67.23440697647797 683.1619269901155 781672297823.9775 4.754573471017091E50 NaN NaN NaN\
                    """),
                ofOne("i0e", Special::i0e, """
                    1.0 0.9999990000007495 0.7575806251825477 0.6651228024782985 0.6651228024782985
                    0.46575960759364043 0.308508322553671 0.2995630945262819 0.2995630945262819 0.1941982776283823
                    0.16665743263981656 0.13900184305484758 0.0731459464822373 0.03645639611641392 0.0 0.0 NaN\
                    """),
                ofOne("i1", Special::i1, """
                    0.0 5.000000000000623E-07 0.15169384000359282 0.23613737326438272 -0.23613737326438272
                    0.5651591039924851 1.5906368546373295 1.7454998088361064 -1.7454998088361064
                    15.389222753735924 -61.3419367776402 641.6199025400667 -768532038938.9569 4.734721127388196E50
                    NaN NaN NaN\
                    """),
                ofOne("i1e", Special::i1e, """
                    0.0 4.999995000003123E-07 0.11237756063983881 0.14906966183476922 -0.14906966183476922
                    0.2079104153497085 0.2152692892489377 0.21374767210633228 -0.21374767210633228
                    0.17095882229749212 -0.1520514593085058 0.13054935509459586 -0.07191633059864755
                    0.036304175332028954 0.0 -0.0 NaN\
                    """),
                ofOne("erfcx", Special::erfcx, """
                    1.0 0.9999988716218327 0.7345993345676554 0.6367873838327129 1.8345196657735243
                    0.427583576155807 0.2553956763105058 0.24511912334517244 164.2938078850582 0.12248480427384142
                    8622463094230390.0 0.06592512249998035 Infinity 0.004701416630599358 0.0 Infinity NaN\
                    """),
                ofOne("ndtri", Special::ndtri, """
                    -Infinity -4.753424308822899 -0.5244005127080409 -0.10043372051146975 NaN Infinity NaN NaN NaN
                    NaN NaN NaN NaN NaN NaN NaN NaN\
                    """),
                ofOne("log_ndtr", Special::logNdtr, """
                    -0.6931471805599453 -0.6931463826757028 -0.48141016158848127 -0.3897267733567765
                    -1.130852120987531 -0.17275377902344985 -0.02301290932896348 -0.018025915557727736
                    -4.024944222243985 -3.3976788968344577E-06 -20.73676894997471 -9.479534822203253E-18
                    -454.32124395634327 -0.0 -0.0 -Infinity NaN\
                    """));
    }

    @TestFactory
    Stream<DynamicTest> polynomials() {
        return Stream.of(
                ofTwo("chebyshev_polynomial_t", Special::chebyshevPolynomialT, """
                    0.0 1.0 0.7280000000000001 -0.9928076779519999 1.0 -1.0 23.5 1.0 0.3 0.982130131054892 NaN\
                    """),
                ofTwo("chebyshev_polynomial_u", Special::chebyshevPolynomialU, """
                    0.0 1.0 0.056000000000000355 -1.1101568983040015 6.0 -6.0 55.0 1.0 0.6 1.0413172668589779 NaN\
                    """),
                ofTwo("chebyshev_polynomial_v", Special::chebyshevPolynomialV, """
                    0.0 1.0 -0.9039999999999997 -1.2777986416640035 1.0 -11.0 34.0 1.0 -0.4 0.8440268141786915 NaN\
                    """),
                ofTwo("chebyshev_polynomial_w", Special::chebyshevPolynomialW, """
                    0.0 1.0 1.016 -0.9425151549439991 11.0 -1.0 76.0 1.0 1.6 1.2386077195392642 NaN\
                    """),
                ofTwo("shifted_chebyshev_polynomial_t", Special::shiftedChebyshevPolynomialT, """
                    0.0 1.0 -48.096 42789582.397777945 1.0 -3363.0 97.0 1.0 -0.4 -0.3675332975472084 NaN\
                    """),
                ofTwo("shifted_chebyshev_polynomial_u", Special::shiftedChebyshevPolynomialU, """
                    0.0 1.0 -100.99199999999999 89859757.44478737 6.0 -6930.0 209.0 5.0 -0.8 -0.7734230961482506
                    NaN\
                    """),
                ofTwo("shifted_chebyshev_polynomial_v", Special::shiftedChebyshevPolynomialV, """
                    0.0 1.0 -123.032 109472330.38104129 1.0 -8119.0 153.0 9.0 -1.8 -1.7881475926508603 NaN\
                    """),
                ofTwo("shifted_chebyshev_polynomial_w", Special::shiftedChebyshevPolynomialW, """
                    0.0 1.0 -78.95199999999998 70247184.50853343 11.0 -5741.0 265.0 1.0 0.19999999999999996
                    0.2413014003543526 NaN\
                    """),
                ofTwo("hermite_polynomial_h", Special::hermitePolynomialH, """
                    0.0 1.0 5.656 -802866.3892869079 -8.0 8.0 -15.0 12.0 0.6 -240424854484.41797 NaN\
                    """),
                ofTwo("hermite_polynomial_he", Special::hermitePolynomialHe, """
                    0.0 1.0 1.757 -9233.960840506197 6.0 -6.0 -5.4375 3.0 0.3 141288999.73527554 NaN\
                    """),
                ofTwo("laguerre_polynomial_l", Special::laguerrePolynomialL, """
                    0.0 1.0 3.8921666666666668 44.372648156819075 -0.4666666666666667 12.883333333333335
                    -0.2890625 1.0 0.7 -0.22269164885824236 0.21491318010861954\
                    """),
                ofTwo("legendre_polynomial_p", Special::legendrePolynomialP, """
                    0.0 1.0 0.1925000000000002 -0.25664009407164173 1.0 -1.0 14.0859375 0.375 0.3
                    0.18028715947998047 NaN\
                    """));
    }

    private static DynamicTest ofOne(String name, UnaryOperator<Tensor> function, String values) {
        return DynamicTest.dynamicTest(name, () -> {
            double[] expected = numbers(values);
            compare(name, X, X, expected, function.apply(tensor(X)).toDoubleArray(), 1e-12);
            double[] single = function.apply(tensor(X).to(FLOAT32)).toDoubleArray();
            compare(name + " of float32", X, X, expected, single, 2e-6);
        });
    }

    private static DynamicTest ofTwo(String name, BinaryOperator<Tensor> function, String values) {
        return DynamicTest.dynamicTest(name, () -> {
            double[] expected = numbers(values);
            double[] got = function.apply(tensor(ARGUMENT), tensor(DEGREE)).toDoubleArray();
            compare(name, ARGUMENT, DEGREE, expected, got, 1e-11);
        });
    }

    private static double[] numbers(String values) {
        return Arrays.stream(values.trim().split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static void compare(
            String name, double[] x, double[] y, double[] expected, double[] got, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            double size = Double.isFinite(expected[i]) ? Math.abs(expected[i]) : 1;
            double bound = tolerance * Math.max(1, size);
            // Results outside of float32's range are skipped, as are rounded arguments of functions that grow fast.
            if (tolerance > 1e-7 && Math.abs(expected[i]) > 1e8) continue;
            assertEquals(expected[i], got[i], bound, name + " of " + x[i] + ", " + y[i]);
        }
    }

    /** Compares with values of mpmath, computed with 40 digits. */
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.25, 0.5204998778130465, 0.4795001221869535",
        "1e-3, 0.7, 0.9996259466340252, 0.0003740533659748942",
        "3, 3, 0.5768099188731565, 0.42319008112684353",
        "21, 15, 0.08297091003146023, 0.9170290899685398",
        "40, 70, 0.9999613606139275, 3.8639386072514595e-05",
        "1e5, 100100, 0.6244451307044055, 0.3755548692955945",
        "3e4, 2e4, 0, 1",
        "2.5, 1e-05, 9.515260653112765e-14, 0.9999999999999049"
    })
    void incompleteGamma(double a, double x, double lower, double upper) {
        Tensor shape = tensor(new double[] {a});
        Tensor at = tensor(new double[] {x});
        assertEquals(lower, shape.igamma(at).itemDouble(), 2e-12 * lower);
        assertEquals(upper, Special.gammaincc(shape, at).itemDouble(), 2e-12 * upper);
    }

    /** Compares with values of mpmath, computed with 40 digits. */
    @ParameterizedTest
    @CsvSource({
        "2, 1, 1.6449340668482264",
        "1.5, 0.2, 13.459632324391384",
        "3, -1.5, 0.1181020258208637",
        "4, -1000000.25, 259.7575760906732",
        "30, 2, 9.313274324196682e-10"
    })
    void zeta(double s, double q, double expected) {
        assertEquals(expected, Special.zeta(s, tensor(new double[] {q})).itemDouble(), 1e-12 * expected);
        assertEquals(expected, Special.zeta(tensor(new double[] {s}), q).itemDouble(), 1e-12 * expected);
    }

    @Test
    void numbersAreTheArgumentOrTheDegree() {
        Tensor n = tensor(0, 1, 2, 3);
        assertArrayEquals(
                new double[] {1, 0.5, -0.5, -1},
                Special.chebyshevPolynomialT(0.5, n).toDoubleArray(),
                1e-7);
        assertEquals(FLOAT32, Special.legendrePolynomialP(n, 2).dtype());
        assertEquals(
                "torch.float64",
                Special.hermitePolynomialH(n.to(FLOAT64), 2).dtype().toString());
    }

    @Test
    void onlyWhatPyTorchDifferentiatesIsRecorded() {
        Tensor x = tensor(new double[] {0.3, 0.7}).requiresGrad_();
        assertFalse(Special.besselJ0(x).requiresGrad());
        assertFalse(Special.laguerrePolynomialL(x, 3).requiresGrad());
        assertTrue(Special.i0(x).requiresGrad());
        UnsupportedException e = assertThrows(
                UnsupportedException.class, () -> x.igamma(tensor(1.0)).sum().backward());
        assertEquals("the derivative for 'igamma: input' is not implemented.", e.getMessage());
        Tensor z = Special.zeta(x.add(2), 1.5);
        assertEquals(
                "SpecialZetaBackward2", z.gradFn() == null ? "" : z.gradFn().name());
        assertThrows(UnsupportedException.class, () -> z.sum().backward());
    }
}

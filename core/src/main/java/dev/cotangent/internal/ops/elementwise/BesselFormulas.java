package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.Approximations.polynomial;
import static dev.cotangent.internal.ops.elementwise.Approximations.rational;

import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;

/**
 * Bessel functions of the first and second kind of order 0 and 1, the spherical one, and the Airy function, as
 * expressions. Coefficients: S. L. Moshier, Cephes Mathematical Library 2.8 ({@code j0.c}, {@code j1.c},
 * {@code airy.c}); up to 5 rational functions times the zeros' factors, from there modulus and phase after Hankel.
 */
final class BesselFormulas {
    private static final double QUARTER_PI = Math.PI / 4;
    private static final double TWO_OVER_PI = 2 / Math.PI;
    private static final double SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double INV_SQRT_PI = 1 / Math.sqrt(Math.PI);
    private static final double NEAR = 5;

    /** Ai(0) and -Ai'(0): DLMF 9.2.3 and 9.2.4. */
    private static final double AI_0 = 0.355028053887817239;

    private static final double AI_PRIME_0 = 0.258819403792806798;

    /** Up to here the Maclaurin series of the Airy function is used. */
    private static final double SERIES = 2.09;

    /** From here on the Airy function is 0 in double precision. */
    private static final double VANISHES = 103.892;

    private static final int TERMS = 14;
    private static final double[] AIRY_F = maclaurin(0);
    private static final double[] AIRY_G = maclaurin(1);

    private BesselFormulas() {}

    /** Returns the Bessel function of the first kind of order 0. */
    static Expr j0(Expr x) {
        Expr a = x.abs();
        return a.le(NEAR).where(j0Near(a), j0Far(a));
    }

    private static Expr j0Near(Expr a) {
        Expr z = a.square();
        Expr near = z.sub(5.783185962946784)
                .mul(z.sub(30.471262343662087))
                .mul(polynomial(z, J0_RP))
                .div(polynomial(z, J0_RQ));
        return a.lt(1e-5).where(z.mul(-0.25).add(1), near);
    }

    private static Expr j0Far(Expr a) {
        Expr[] hankel = hankel(a, J0_PP, J0_PQ, J0_QP, J0_QQ);
        Expr phase = a.sub(QUARTER_PI);
        return wave(a, hankel[0], cos(phase), hankel[1].neg(), sin(phase));
    }

    /** Returns the Bessel function of the first kind of order 1. */
    static Expr j1(Expr x) {
        Expr a = x.abs();
        Expr[] hankel = hankel(a, J1_PP, J1_PQ, J1_QP, J1_QQ);
        Expr phase = a.sub(3 * QUARTER_PI);
        Expr far = wave(a, hankel[0], cos(phase), hankel[1].neg(), sin(phase));
        Expr result = a.le(NEAR).where(j1Near(a), far);
        return x.lt(0).where(result.neg(), result);
    }

    private static Expr j1Near(Expr a) {
        Expr z = a.square();
        return rational(z, J1_RP, J1_RQ).mul(a).mul(z.sub(14.681970642123893)).mul(z.sub(49.2184563216946));
    }

    /** Returns the Bessel function of the second kind of order 0; minus infinity at 0, NaN below. */
    static Expr y0(Expr x) {
        Expr near =
                rational(x.square(), Y0_YP, Y0_YQ).add(x.log().mul(TWO_OVER_PI).mul(j0Near(x)));
        Expr[] hankel = hankel(x, J0_PP, J0_PQ, J0_QP, J0_QQ);
        Expr phase = x.sub(QUARTER_PI);
        Expr far = wave(x, hankel[0], sin(phase), hankel[1], cos(phase));
        return x.le(NEAR).where(x.lt(0).where(x.like(Double.NaN), near), far);
    }

    /** Returns the Bessel function of the second kind of order 1; minus infinity at 0, NaN below. */
    static Expr y1(Expr x) {
        Expr near = x.mul(rational(x.square(), Y1_YP, Y1_YQ))
                .add(j1Near(x).mul(x.log()).sub(x.rdiv(1)).mul(TWO_OVER_PI));
        Expr[] hankel = hankel(x, J1_PP, J1_PQ, J1_QP, J1_QQ);
        Expr phase = x.sub(3 * QUARTER_PI);
        Expr far = wave(x, hankel[0], sin(phase), hankel[1], cos(phase));
        Expr positive = x.eq(0).where(x.like(Double.NEGATIVE_INFINITY), near);
        return x.le(NEAR).where(x.lt(0).where(x.like(Double.NaN), positive), far);
    }

    /** Returns Hankel's P and Q, functions of {@code (5 / x)^2}, the latter times {@code 5 / x}. */
    private static Expr[] hankel(Expr x, double[] pp, double[] pq, double[] qp, double[] qq) {
        Expr w = x.rdiv(5);
        Expr z = w.square();
        return new Expr[] {rational(z, pp, pq), w.mul(rational(z, qp, qq))};
    }

    /** Returns {@code sqrt(2 / (pi x)) * (p * a + q * b)}. */
    private static Expr wave(Expr x, Expr p, Expr a, Expr q, Expr b) {
        return p.mul(a).add(q.mul(b)).mul(SQRT_TWO_OVER_PI).div(x.sqrt());
    }

    /** Returns the spherical Bessel function of the first kind of order 0: sin(x) / x, near 0 its series. */
    static Expr sphericalJ0(Expr x) {
        Expr near = polynomial(
                x.square(), 1 / 6227020800.0, -1 / 39916800.0, 1 / 362880.0, -1 / 5040.0, 1 / 120.0, -1 / 6.0, 1);
        Expr far = x.abs().eq(Double.POSITIVE_INFINITY).where(x.like(0), sin(x).div(x));
        return x.abs().lt(0.5).where(near, far);
    }

    /** Returns the Airy function Ai. As in PyTorch, NaN of both infinities. */
    static Expr airy(Expr x) {
        Expr z = x.square().mul(x);
        Expr middle =
                polynomial(z, AIRY_F).mul(AI_0).sub(polynomial(z, AIRY_G).mul(x).mul(AI_PRIME_0));
        Expr finite = x.lt(-SERIES).where(airyFalling(x.neg()), x.lt(SERIES).where(middle, airyRising(x)));
        Expr vanishing = x.gt(VANISHES).where(x.like(0), finite);
        return x.abs().eq(Double.POSITIVE_INFINITY).where(x.like(Double.NaN), vanishing);
    }

    /**
     * Computes the Airy function of a positive argument: e^-zeta / (2 sqrt(pi) x^(1/4)), times a rational function of 1
     * / zeta.
     */
    private static Expr airyRising(Expr x) {
        Expr root = x.sqrt();
        Expr zeta = x.mul(2).mul(root).div(3);
        return rational(zeta.rdiv(1), AIRY_AN, AIRY_AD)
                .mul(INV_SQRT_PI)
                .div(root.sqrt().mul(2).mul(zeta.exp()));
    }

    /** Computes the Airy function, which oscillates, of the negative argument {@code -a}. */
    private static Expr airyFalling(Expr a) {
        Expr root = a.sqrt();
        Expr zeta = a.mul(2).mul(root).div(3);
        Expr z = zeta.rdiv(1);
        Expr w = z.square();
        Expr f = w.mul(rational(w, AIRY_AFN, AIRY_AFD)).add(1);
        Expr g = z.mul(rational(w, AIRY_AGN, AIRY_AGD));
        Expr phase = zeta.add(QUARTER_PI);
        return sin(phase).mul(f).sub(cos(phase).mul(g)).mul(INV_SQRT_PI).div(root.sqrt());
    }

    /** Returns the coefficients in x^3, the highest first, of the two solutions of y'' = x y: DLMF 9.4.1. */
    private static double[] maclaurin(int solution) {
        double[] c = new double[TERMS];
        c[TERMS - 1] = 1;
        for (int k = 1; k < TERMS; k++) {
            c[TERMS - 1 - k] = c[TERMS - k] / ((3 * k - 1 + solution) * (double) (3 * k + solution));
        }
        return c;
    }

    private static Expr sin(Expr x) {
        return x.call(ScalarOp.SIN);
    }

    private static Expr cos(Expr x) {
        return x.call(ScalarOp.COS);
    }

    private static final double[] J0_PP = {
        0.0007969367292973471,
        0.08283523921074408,
        1.239533716464143,
        5.447250030587687,
        8.74716500199817,
        5.303240382353949,
        1.0
    };
    private static final double[] J0_PQ = {
        0.0009244088105588637,
        0.08562884743544745,
        1.2535274390105895,
        5.470977403304171,
        8.761908832370695,
        5.306052882353947,
        1.0
    };
    private static final double[] J0_QP = {
        -0.011366383889846916,
        -1.2825271867050931,
        -19.553954425773597,
        -93.20601521237683,
        -177.68116798048806,
        -147.07750515495118,
        -51.41053267665993,
        -6.050143506007285
    };
    private static final double[] J0_QQ = {
        64.3178256118178,
        856.4300259769806,
        3882.4018360540163,
        7240.467741956525,
        5930.727011873169,
        2062.0933166032783,
        242.0057402402914
    };
    private static final double[] J0_RP = {
        -4794432209.782018, 1956174919465.5657, -249248344360967.72, 9708622510473064.0
    };
    private static final double[] J0_RQ = {
        499.563147152651,
        173785.4016763747,
        48440965.83399621,
        11185553704.535683,
        2112775201154.892,
        310518229857422.56,
        3.1812195594320496E16,
        1.7108629408104315E18
    };
    private static final double[] J1_PP = {
        0.0007621256162081731,
        0.07313970569409176,
        1.1271960812968493,
        5.112079511468076,
        8.424045901417724,
        5.214515986823615,
        1.0
    };
    private static final double[] J1_PQ = {
        0.0005713231280725487,
        0.06884559087544954,
        1.105142326340617,
        5.073863861286015,
        8.399855543276042,
        5.209828486823619,
        1.0
    };
    private static final double[] J1_QP = {
        0.05108625947501766,
        4.982138729512334,
        75.82382841325453,
        366.7796093601508,
        710.8563049989261,
        597.4896124006136,
        211.68875710057213,
        25.207020585802372
    };
    private static final double[] J1_QQ = {
        74.23732770356752,
        1056.4488603826283,
        4986.410583376536,
        9562.318924047562,
        7997.041604473507,
        2826.1927851763908,
        336.0936078106983
    };
    private static final double[] J1_RP = {
        -899971225.7055594, 452228297998.19403, -72749424522181.83, 3682957328638529.0
    };
    private static final double[] J1_RQ = {
        620.8364781180543,
        256987.25675774884,
        83514679.14319493,
        22151159547.97925,
        4749141220799.914,
        784369607876235.9,
        8.952223361846274E16,
        5.322786203326801E18
    };
    private static final double[] Y0_YP = {
        15592.436785523574,
        -14663929.59039716,
        5435264770.518765,
        -982136065717.9115,
        87590639439536.7,
        -3466283033847297.0,
        4.4273326857256984E16,
        -1.8495080043698668E16
    };
    private static final double[] Y0_YQ = {
        1041.2835366425984,
        626107.330137135,
        268919633.39381415,
        86400248710.3935,
        20297961275010.555,
        3171577528429750.5,
        2.5059625617265306E17
    };
    private static final double[] Y1_YP = {
        1263204747.9017804,
        -647355876379.1603,
        114509511541823.73,
        -8127702555013251.0,
        2.024394757135949E17,
        -7.788771962659501E17
    };
    private static final double[] Y1_YQ = {
        594.3015923461282,
        235564.09294306856,
        73481194.44597217,
        18760131610.870617,
        3882312774962.3857,
        620557727146953.8,
        6.871410873553005E16,
        3.9727060811656064E18
    };
    private static final double[] AIRY_AN = {
        0.346538101525629,
        12.007595273964581,
        76.27960536152345,
        168.08922493463058,
        159.75639135016442,
        70.53609068404442,
        14.026469116338967,
        1.0
    };
    private static final double[] AIRY_AD = {
        0.5675945326387702,
        14.75625625848472,
        84.51389701414746,
        177.31808814540045,
        164.2346928715297,
        71.47784008255756,
        14.095913560783403,
        1.0
    };
    private static final double[] AIRY_AFN = {
        -0.1316963234183318,
        -0.6264565444319123,
        -0.6931580360369335,
        -0.2797799815451191,
        -0.04919001326095003,
        -0.004062659235948854,
        -0.0001592764962392621,
        -2.776491081552329E-6,
        -1.6778769848911465E-8
    };
    private static final double[] AIRY_AFD = {
        13.356042070655324,
        32.682503279522464,
        26.736704094149957,
        9.187074029072596,
        1.4752914677166642,
        0.11568717379518804,
        0.004402916416152112,
        7.547203482874142E-5,
        4.5185009297058035E-7
    };
    private static final double[] AIRY_AGN = {
        0.01973399320916857, 0.39110302961568827, 1.0657989759959559, 0.9391692298166502, 0.35146565610554764,
        0.06338889196289255, 0.005858041130483885, 0.000282851600836737, 6.98793669997261E-6, 8.117892395543892E-8,
        3.415517847659236E-10
    };
    private static final double[] AIRY_AGD = {
        9.30892908077442, 19.835292871831214, 15.564662893286462, 5.476860694229755, 0.9542936116189619,
        0.08645808263523921, 0.004126565238242226, 0.00010125908511650914, 1.1716673321441352E-6, 4.9183457006293E-9
    };
}

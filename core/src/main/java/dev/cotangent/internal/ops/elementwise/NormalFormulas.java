package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.Approximations.polynomial;
import static dev.cotangent.internal.ops.elementwise.Approximations.rational;

import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;

/**
 * Functions of the normal distribution as expressions. Sources: W. J. Cody, "Rational Chebyshev approximations for the
 * error function", Math. Comp. 23 (1969), for the scaled complementary error function; S. L. Moshier, Cephes
 * Mathematical Library 2.8, {@code ndtri.c}, for the inverse of the distribution.
 */
final class NormalFormulas {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
    private static final double INV_SQRT_PI = 1 / Math.sqrt(Math.PI);

    /** e^-2: above and, reflected, below this the distribution is inverted around its middle. */
    private static final double TAIL = Math.exp(-2);

    /** Where {@code sqrt(-2 log y)} has another approximation. */
    private static final double FAR_TAIL = 8;

    private NormalFormulas() {}

    /** Returns {@code e^(x^2) erfc(x)}. */
    static Expr erfcx(Expr x) {
        Expr a = x.abs();
        Expr square = x.square();
        Expr near = square.exp().mul(x.call(ScalarOp.ERF).rsub(1));
        Expr z = square.rdiv(1);
        Expr far = z.mul(rational(z, TAIL_P, TAIL_Q)).rsub(INV_SQRT_PI).div(a);
        Expr positive = a.le(4).where(rational(a, MIDDLE_P, MIDDLE_Q), far);
        Expr beyond = x.lt(0).where(square.exp().mul(2).sub(positive), positive);
        return a.le(0.46875).where(near, beyond);
    }

    /** Returns the logarithm of the normal distribution function. */
    static Expr logNdtr(Expr x) {
        Expr t = x.mul(SQRT_HALF);
        Expr below = erfcx(t.neg()).mul(0.5).log().sub(t.square());
        return x.lt(-1).where(below, t.call(ScalarOp.ERFC).mul(-0.5).log1p());
    }

    /** Returns the argument at which the normal distribution function has that value; NaN outside of 0 to 1. */
    static Expr ndtri(Expr p) {
        Expr upper = p.gt(1 - TAIL);
        Expr y = upper.where(p.rsub(1), p);
        Expr d = y.sub(0.5);
        Expr s = d.square();
        Expr middle = d.add(d.mul(s.mul(polynomial(s, NDTRI_P0)).div(polynomial(s, NDTRI_Q0))))
                .mul(SQRT_TWO_PI);
        Expr r = y.log().mul(-2).sqrt();
        Expr z = r.rdiv(1);
        Expr correction = r.lt(FAR_TAIL).where(rational(z, NDTRI_P1, NDTRI_Q1), rational(z, NDTRI_P2, NDTRI_Q2));
        Expr tail = r.sub(r.log().div(r)).sub(z.mul(correction));
        Expr inside = y.gt(TAIL).where(middle, upper.where(tail, tail.neg()));
        Expr ends = p.eq(0)
                .where(p.like(Double.NEGATIVE_INFINITY), p.eq(1).where(p.like(Double.POSITIVE_INFINITY), inside));
        return p.lt(0).or(p.gt(1)).where(p.like(Double.NaN), ends);
    }

    private static final double[] MIDDLE_P = {
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 66.1191906371416295,
        298.635138197400131, 881.952221241769090, 1712.04761263407058, 2051.07837782607147,
        1230.33935479799725
    };
    private static final double[] MIDDLE_Q = {
        1,
        15.7449261107098347,
        117.693950891312499,
        537.181101862009858,
        1621.38957456669019,
        3290.79923573345963,
        4362.61909014324716,
        3439.36767414372164,
        1230.33935480374942
    };
    private static final double[] TAIL_P = {
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4
    };
    private static final double[] TAIL_Q = {
        1,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3
    };
    private static final double[] NDTRI_P0 = {
        -59.96335010141079, 98.00107541859997, -56.67628574690703, 13.931260938727968, -1.2391658386738125
    };
    private static final double[] NDTRI_Q0 = {
        1.0,
        1.9544885833814176,
        4.676279128988815,
        86.36024213908905,
        -225.46268785411937,
        200.26021238006066,
        -82.03722561683334,
        15.90562251262117,
        -1.1833162112133
    };
    private static final double[] NDTRI_P1 = {
        4.0554489230596245,
        31.525109459989388,
        57.16281922464213,
        44.08050738932008,
        14.684956192885803,
        2.1866330685079025,
        -0.1402560791713545,
        -0.03504246268278482,
        -0.0008574567851546854
    };
    private static final double[] NDTRI_Q1 = {
        1.0,
        15.779988325646675,
        45.39076351288792,
        41.3172038254672,
        15.04253856929075,
        2.504649462083094,
        -0.14218292285478779,
        -0.03808064076915783,
        -0.0009332594808954574
    };
    private static final double[] NDTRI_P2 = {
        3.2377489177694603,
        6.915228890689842,
        3.9388102529247444,
        1.3330346081580755,
        0.20148538954917908,
        0.012371663481782003,
        0.00030158155350823543,
        2.6580697468673755E-6,
        6.239745391849833E-9
    };
    private static final double[] NDTRI_Q2 = {
        1.0,
        6.02427039364742,
        3.6798356385616087,
        1.3770209948908132,
        0.21623699359449663,
        0.013420400608854318,
        0.00032801446468212774,
        2.8924786474538068E-6,
        6.790194080099813E-9
    };
}

package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.Approximations.chebyshev;

import dev.cotangent.ir.Expr;

/**
 * Modified Bessel functions of order 0 and 1 as expressions: Chebyshev series of the exponentially scaled functions.
 * Coefficients: S. L. Moshier, Cephes Mathematical Library 2.8 ({@code i0.c}, {@code i1.c}, {@code k0.c},
 * {@code k1.c}).
 */
final class ModifiedBesselFormulas {
    /** Where the series of the first kind change, and those of the second. */
    private static final double FIRST = 8;

    private static final double SECOND = 2;

    private ModifiedBesselFormulas() {}

    /** Returns the function of the first kind of order 0. */
    static Expr i0(Expr x) {
        return x.abs().exp().mul(i0e(x));
    }

    /** Returns the function of the first kind of order 0 times {@code e^-|x|}. */
    static Expr i0e(Expr x) {
        Expr a = x.abs();
        return a.le(FIRST).where(chebyshev(a.mul(0.5).sub(2), I0_A), far(a, I0_B));
    }

    /** Returns the function of the first kind of order 1. */
    static Expr i1(Expr x) {
        return x.abs().exp().mul(i1e(x));
    }

    /** Returns the function of the first kind of order 1 times {@code e^-|x|}. */
    static Expr i1e(Expr x) {
        Expr a = x.abs();
        Expr result = a.le(FIRST).where(chebyshev(a.mul(0.5).sub(2), I1_A).mul(a), far(a, I1_B));
        return x.lt(0).where(result.neg(), result);
    }

    private static Expr far(Expr a, double[] series) {
        return chebyshev(a.rdiv(32).sub(2), series).div(a.sqrt());
    }

    /** Returns the function of the second kind of order 0; infinity at 0, NaN below. */
    static Expr k0(Expr x) {
        return x.le(SECOND).where(k0Near(x), k0Far(x).mul(x.neg().exp()));
    }

    /** Returns the function of the second kind of order 0 times {@code e^x}. */
    static Expr k0e(Expr x) {
        return x.le(SECOND).where(k0Near(x).mul(x.exp()), k0Far(x));
    }

    private static Expr k0Near(Expr x) {
        Expr i0 = chebyshev(x.abs().mul(0.5).sub(2), I0_A).mul(x.exp());
        Expr near = chebyshev(x.square().sub(2), K0_A).sub(x.mul(0.5).log().mul(i0));
        return x.lt(0).where(x.like(Double.NaN), near);
    }

    private static Expr k0Far(Expr x) {
        return chebyshev(x.rdiv(8).sub(2), K0_B).div(x.sqrt());
    }

    /** Returns the function of the second kind of order 1; infinity at 0, NaN below. */
    static Expr k1(Expr x) {
        return x.le(SECOND).where(k1Near(x), k1Far(x).mul(x.neg().exp()));
    }

    /** Returns the function of the second kind of order 1 times {@code e^x}. */
    static Expr k1e(Expr x) {
        return x.le(SECOND).where(k1Near(x).mul(x.exp()), k1Far(x));
    }

    private static Expr k1Near(Expr x) {
        Expr i1 = chebyshev(x.abs().mul(0.5).sub(2), I1_A).mul(x).mul(x.exp());
        Expr near =
                x.mul(0.5).log().mul(i1).add(chebyshev(x.square().sub(2), K1_A).div(x));
        Expr positive = x.eq(0).where(x.like(Double.POSITIVE_INFINITY), near);
        return x.lt(0).where(x.like(Double.NaN), positive);
    }

    private static Expr k1Far(Expr x) {
        return chebyshev(x.rdiv(8).sub(2), K1_B).div(x.sqrt());
    }

    private static final double[] I0_A = {
        -4.4153416464793395E-18,
        3.3307945188222384E-17,
        -2.431279846547955E-16,
        1.715391285555133E-15,
        -1.1685332877993451E-14,
        7.676185498604936E-14,
        -4.856446783111929E-13,
        2.95505266312964E-12,
        -1.726826291441556E-11,
        9.675809035373237E-11,
        -5.189795601635263E-10,
        2.6598237246823866E-9,
        -1.300025009986248E-8,
        6.046995022541919E-8,
        -2.670793853940612E-7,
        1.1173875391201037E-6,
        -4.4167383584587505E-6,
        1.6448448070728896E-5,
        -5.754195010082104E-5,
        0.00018850288509584165,
        -0.0005763755745385824,
        0.0016394756169413357,
        -0.004324309995050576,
        0.010546460394594998,
        -0.02373741480589947,
        0.04930528423967071,
        -0.09490109704804764,
        0.17162090152220877,
        -0.3046826723431984,
        0.6767952744094761
    };
    private static final double[] I0_B = {
        -7.233180487874754E-18,
        -4.830504485944182E-18,
        4.46562142029676E-17,
        3.461222867697461E-17,
        -2.8276239805165836E-16,
        -3.425485619677219E-16,
        1.7725601330565263E-15,
        3.8116806693526224E-15,
        -9.554846698828307E-15,
        -4.150569347287222E-14,
        1.54008621752141E-14,
        3.8527783827421426E-13,
        7.180124451383666E-13,
        -1.7941785315068062E-12,
        -1.3215811840447713E-11,
        -3.1499165279632416E-11,
        1.1889147107846439E-11,
        4.94060238822497E-10,
        3.3962320257083865E-9,
        2.266668990498178E-8,
        2.0489185894690638E-7,
        2.8913705208347567E-6,
        6.889758346916825E-5,
        0.0033691164782556943,
        0.8044904110141088
    };
    private static final double[] I1_A = {
        2.7779141127610464E-18,
        -2.111421214358166E-17,
        1.5536319577362005E-16,
        -1.1055969477353862E-15,
        7.600684294735408E-15,
        -5.042185504727912E-14,
        3.223793365945575E-13,
        -1.9839743977649436E-12,
        1.1736186298890901E-11,
        -6.663489723502027E-11,
        3.625590281552117E-10,
        -1.8872497517228294E-9,
        9.381537386495773E-9,
        -4.445059128796328E-8,
        2.0032947535521353E-7,
        -8.568720264695455E-7,
        3.4702513081376785E-6,
        -1.3273163656039436E-5,
        4.781565107550054E-5,
        -0.00016176081582589674,
        0.0005122859561685758,
        -0.0015135724506312532,
        0.004156422944312888,
        -0.010564084894626197,
        0.024726449030626516,
        -0.05294598120809499,
        0.1026436586898471,
        -0.17641651835783406,
        0.25258718644363365
    };
    private static final double[] I1_B = {
        7.517296310842105E-18,
        4.414348323071708E-18,
        -4.6503053684893586E-17,
        -3.209525921993424E-17,
        2.96262899764595E-16,
        3.3082023109209285E-16,
        -1.8803547755107825E-15,
        -3.8144030724370075E-15,
        1.0420276984128802E-14,
        4.272440016711951E-14,
        -2.1015418427726643E-14,
        -4.0835511110921974E-13,
        -7.198551776245908E-13,
        2.0356285441470896E-12,
        1.4125807436613782E-11,
        3.2526035830154884E-11,
        -1.8974958123505413E-11,
        -5.589743462196584E-10,
        -3.835380385964237E-9,
        -2.6314688468895196E-8,
        -2.512236237870209E-7,
        -3.882564808877691E-6,
        -0.00011058893876262371,
        -0.009761097491361469,
        0.7785762350182801
    };
    private static final double[] K0_A = {
        1.374465435613523E-16,
        4.25981614279661E-14,
        1.0349695257633842E-11,
        1.904516377220209E-9,
        2.5347910790261494E-7,
        2.286212103119452E-5,
        0.001264615411446926,
        0.0359799365153615,
        0.3442898999246285,
        -0.5353273932339028
    };
    private static final double[] K0_B = {
        5.300433772686263E-18,
        -1.6475804301524212E-17,
        5.2103915050390274E-17,
        -1.678231096805412E-16,
        5.512055978524319E-16,
        -1.848593377343779E-15,
        6.3400764774050706E-15,
        -2.2275133269916698E-14,
        8.032890775363575E-14,
        -2.9800969231727303E-13,
        1.140340588208475E-12,
        -4.514597883373944E-12,
        1.8559491149547177E-11,
        -7.957489244477107E-11,
        3.577397281400301E-10,
        -1.69753450938906E-9,
        8.574034017414225E-9,
        -4.660489897687948E-8,
        2.766813639445015E-7,
        -1.8317555227191195E-6,
        1.39498137188765E-5,
        -0.00012849549581627802,
        0.0015698838857300533,
        -0.0314481013119645,
        2.4403030820659555
    };
    private static final double[] K1_A = {
        -7.023863479386288E-18, -2.427449850519366E-15, -6.666901694199329E-13, -1.4114883926335278E-10,
        -2.213387630734726E-8, -2.4334061415659684E-6, -0.0001730288957513052, -0.006975723859639864,
        -0.12261118082265715, -0.3531559607765449, 1.5253002273389478
    };
    private static final double[] K1_B = {
        -5.756744483665017E-18,
        1.7940508731475592E-17,
        -5.689462558442859E-17,
        1.838093544366639E-16,
        -6.057047248373319E-16,
        2.038703165624334E-15,
        -7.019837090418314E-15,
        2.4771544244813043E-14,
        -8.976705182324994E-14,
        3.3484196660784293E-13,
        -1.2891739609510289E-12,
        5.13963967348173E-12,
        -2.1299678384275683E-11,
        9.218315187605006E-11,
        -4.1903547593418965E-10,
        2.015049755197033E-9,
        -1.0345762465678097E-8,
        5.7410841254500495E-8,
        -3.5019606030878126E-7,
        2.406484947837217E-6,
        -1.936197974166083E-5,
        0.00019521551847135162,
        -0.002857816859622779,
        0.10392373657681724,
        2.7206261904844427
    };
}

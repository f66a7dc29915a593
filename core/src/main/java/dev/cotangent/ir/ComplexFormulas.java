package dev.cotangent.ir;

import dev.cotangent.ir.ComplexLowering.Pair;

/** Functions of complex numbers as expressions of their parts; sources at {@link ComplexLowering}. */
final class ComplexFormulas {
    private ComplexFormulas() {}

    static Pair mul(Pair a, Pair b) {
        return new Pair(
                a.re().mul(b.re()).sub(a.im().mul(b.im())), a.re().mul(b.im()).add(a.im().mul(b.re())));
    }

    /** Divides by the larger part of the divisor first; a zero divisor divides both parts. */
    static Pair div(Pair a, Pair b) {
        Expr c = b.re().abs();
        Expr d = b.im().abs();
        Expr byReal = c.ge(d);
        Expr large = byReal.where(b.re(), b.im());
        Expr small = byReal.where(b.im(), b.re());
        Expr isZero = c.eq(0).and(d.eq(0));
        Expr ratio = small.div(isZero.where(large.like(1), large));
        Expr scale = large.add(small.mul(ratio)).rdiv(1);
        Expr re = byReal.where(a.re().add(a.im().mul(ratio)), a.re().mul(ratio).add(a.im()));
        Expr im = byReal.where(a.im().sub(a.re().mul(ratio)), a.im().mul(ratio).sub(a.re()));
        return new Pair(isZero.where(a.re().div(c), re.mul(scale)), isZero.where(a.im().div(c), im.mul(scale)));
    }

    static Expr abs(Pair z) {
        return z.re().call(ScalarOp.HYPOT, z.im());
    }

    private static Expr angle(Pair z) {
        return z.im().call(ScalarOp.ATAN2, z.re());
    }

    /** Multiplies by a sine or cosine, where 0 stays 0 even of an infinite factor. */
    private static Expr times(Expr factor, Expr wave) {
        return wave.eq(0).or(factor.eq(0)).where(wave.mul(0), factor.mul(wave));
    }

    static Pair exp(Pair z) {
        Expr e = z.re().exp();
        Expr im = z.im().eq(0).where(z.im(), times(e, sin(z.im())));
        Expr re = z.im().eq(0).where(e, times(e, cos(z.im())));
        Expr vanishes = z.re().eq(Double.NEGATIVE_INFINITY);
        return new Pair(vanishes.where(e, re), vanishes.where(e, im));
    }

    private static Expr sin(Expr x) {
        return x.call(ScalarOp.SIN);
    }

    private static Expr cos(Expr x) {
        return x.call(ScalarOp.COS);
    }

    static Pair expm1(Pair z) {
        Expr half = sin(z.im().mul(0.5));
        Expr re = z.re().call(ScalarOp.EXPM1).mul(cos(z.im())).sub(half.square().mul(2));
        return new Pair(re, times(z.re().exp(), sin(z.im())));
    }

    static Pair log(Pair z) {
        Expr abs = abs(z);
        Expr x = z.re().abs();
        Expr y = z.im().abs();
        Expr large = x.max(y);
        Expr small = x.min(y);
        // Near 1 the logarithm of the modulus would cancel.
        Expr near = large.sub(1).mul(large.add(1)).add(small.square()).log1p().mul(0.5);
        return new Pair(abs.gt(0.5).and(abs.lt(2)).where(near, abs.log()), angle(z));
    }

    static Pair log1p(Pair z) {
        Pair shifted = new Pair(z.re().add(1), z.im());
        Expr near = z.re().mul(z.re().add(2)).add(z.im().square()).log1p().mul(0.5);
        return new Pair(abs(z).lt(0.5).where(near, abs(shifted).log()), angle(shifted));
    }

    static Pair sinh(Pair z) {
        return new Pair(times(z.re().call(ScalarOp.SINH), cos(z.im())), times(z.re().call(ScalarOp.COSH), sin(z.im())));
    }

    static Pair cosh(Pair z) {
        return new Pair(times(z.re().call(ScalarOp.COSH), cos(z.im())), times(z.re().call(ScalarOp.SINH), sin(z.im())));
    }

    static Pair tanh(Pair z) {
        Expr x = z.re();
        Expr y = z.im();
        Expr tan = y.call(ScalarOp.TAN);
        Expr beta = tan.square().add(1);
        Expr s = x.call(ScalarOp.SINH);
        Expr rho = s.square().add(1).sqrt();
        Expr divisor = beta.mul(s.square()).add(1);
        Expr far = x.abs().gt(20);
        Expr tail = sin(y).mul(cos(y)).mul(x.abs().mul(-2).exp().mul(4));
        return new Pair(
                far.where(
                        x.like(1).call(ScalarOp.COPYSIGN, x),
                        beta.mul(rho).mul(s).div(divisor)),
                far.where(tail, tan.div(divisor)));
    }

    static Pair sqrt(Pair z) {
        Expr x = z.re();
        Expr y = z.im();
        Expr t = x.abs().mul(0.5).add(abs(z).mul(0.5)).sqrt();
        Expr isZero = x.eq(0).and(y.eq(0));
        Expr right = x.ge(0);
        Expr endless = y.abs().eq(Double.POSITIVE_INFINITY);
        Expr other = y.div(t.mul(2));
        Expr re = right.where(t, other.abs());
        Expr im = right.where(other, t.call(ScalarOp.COPYSIGN, y));
        return new Pair(
                isZero.where(x.like(0), endless.where(y.abs(), re)),
                isZero.or(endless).where(y, im));
    }

    /** Returns the parts of sqrt(1 - z) and sqrt(1 + z). */
    private static Pair[] roots(Pair z) {
        return new Pair[] {sqrt(new Pair(z.re().rsub(1), z.im().neg())), sqrt(new Pair(z.re().add(1), z.im()))};
    }

    static Pair asin(Pair z) {
        Pair[] r = roots(z);
        Expr re = z.re().call(ScalarOp.ATAN2, mul(r[0], r[1]).re());
        return new Pair(re, mul(r[0].conj(), r[1]).im().call(ScalarOp.ASINH));
    }

    static Pair acos(Pair z) {
        Pair[] r = roots(z);
        Expr re = r[0].re().call(ScalarOp.ATAN2, r[1].re()).mul(2);
        return new Pair(re, mul(r[1].conj(), r[0]).im().call(ScalarOp.ASINH));
    }

    static Pair acosh(Pair z) {
        Pair below = sqrt(new Pair(z.re().sub(1), z.im()));
        Pair above = sqrt(new Pair(z.re().add(1), z.im()));
        Expr re = mul(below.conj(), above).re().call(ScalarOp.ASINH);
        return new Pair(re, below.im().call(ScalarOp.ATAN2, above.re()).mul(2));
    }

    static Pair atanh(Pair z) {
        Expr x = z.re().abs();
        Expr y = z.im();
        Expr squares = x.rsub(1).square().add(y.square());
        Expr re = x.mul(4).div(squares).log1p().mul(0.25).call(ScalarOp.COPYSIGN, z.re());
        Expr im = y.mul(2)
                .call(ScalarOp.ATAN2, x.rsub(1).mul(x.add(1)).sub(y.square()))
                .mul(0.5);
        return new Pair(re, im);
    }

    /** Returns exp(b log(a)), with the modulus by a real power; 0 of 0, but 1 of an exponent of 0. */
    static Pair pow(Pair a, Pair b) {
        Expr abs = abs(a);
        Expr angle = angle(a);
        Expr modulus = abs.pow(b.re()).mul(b.im().mul(angle).neg().exp());
        Expr turn = b.im().mul(log(a).re()).add(b.re().mul(angle));
        Expr noExponent = b.re().eq(0).and(b.im().eq(0));
        Expr noBase = a.re().eq(0).and(a.im().eq(0));
        Expr zero = abs.like(0);
        Expr one = abs.like(1);
        return new Pair(
                noExponent.where(one, noBase.where(zero, modulus.mul(cos(turn)))),
                noExponent.or(noBase).where(zero, modulus.mul(sin(turn))));
    }
}

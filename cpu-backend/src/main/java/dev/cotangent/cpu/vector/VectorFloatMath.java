package dev.cotangent.cpu.vector;

import static dev.cotangent.cpu.FloatMath.*;

import dev.cotangent.ir.ScalarOp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * {@link dev.cotangent.cpu.FloatMath} step by step. The compiler has to inline all of it, or vectors become objects, and
 * it gives up after some thirty operators.
 */
final class VectorFloatMath {
    static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int SIGN = 0x80000000;
    private static final int EXPONENT = 23;

    private VectorFloatMath() {}

    /** Returns a {@link VectorFloatLoop.Function} or {@link VectorFloatLoop.BinaryFunction}, or null. */
    static @Nullable Object of(ScalarOp op) {
        return switch (op) {
            case EXP -> new Exp();
            case EXPM1 -> new Expm1();
            case ERF -> new Erf();
            case TANH -> new Tanh();
            case SIN -> new Sin();
            case COS -> new Cos();
            case LOG -> new Log();
            case LOG1P -> new Log1p();
            case LOG2 -> new Log2();
            case LOG10 -> new Log10();
            case FMOD -> new Fmod();
            case REMAINDER -> new Remainder();
            case FLOOR_DIV -> new FloorDiv();
            case NEXTAFTER -> new NextAfter();
            default -> null;
        };
    }

    /** Returns x with the sign of another vector. */
    static FloatVector copySign(FloatVector x, FloatVector sign) {
        return x.reinterpretAsInts()
                .and(~SIGN)
                .or(sign.reinterpretAsInts().and(SIGN))
                .reinterpretAsFloats();
    }

    private static FloatVector fma(FloatVector a, FloatVector b, float c) {
        return a.fma(b, FloatVector.broadcast(S, c));
    }

    private static FloatVector fma(float a, FloatVector b, FloatVector c) {
        return b.fma(FloatVector.broadcast(S, a), c);
    }

    private static FloatVector fma(float a, FloatVector b, float c) {
        return fma(FloatVector.broadcast(S, a), b, c);
    }

    private static final class Exp implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return exp(x);
        }

        /** Returns whether no lane's result is denormal or infinite, or nearly. */
        @Override
        public boolean covers(FloatVector x) {
            return x.abs()
                    .compare(VectorOperators.LT, EXP_EASY)
                    .or(x.compare(VectorOperators.LT, EXP_LEAST))
                    .allTrue();
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector power = fma(LOG2_E, x, ROUNDER);
            FloatVector n = power.sub(ROUNDER);
            FloatVector r = fma(-LN2_LOW, n, fma(-LN2_HIGH, n, x));
            FloatVector z = r.mul(r);
            FloatVector high = fma(EXP_6, z, fma(EXP_5, r, EXP_4));
            FloatVector rest = high.fma(z, fma(EXP_3, r, EXP_2)).fma(z, r).add(1);
            IntVector exponent = power.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT);
            FloatVector y = rest.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            return y.blend(0, x.compare(VectorOperators.LT, EXP_LEAST));
        }
    }

    private static final class Expm1 implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return expm1(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return x.compare(VectorOperators.LT, EXPM1_MOST).allTrue();
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector t = x.blend(EXPM1_LEAST, x.compare(VectorOperators.LT, EXPM1_LEAST));
            FloatVector power = fma(LOG2_E, t, EXPONENT_ROUNDER);
            FloatVector n = power.sub(EXPONENT_ROUNDER);
            FloatVector r = fma(-LN2_LOW, n, fma(-LN2_HIGH, n, t));
            FloatVector z = r.mul(r);
            FloatVector high = fma(EXP_6, z, fma(EXP_5, r, EXP_4));
            FloatVector q = high.fma(z, fma(EXP_3, r, EXP_2)).fma(z, r);
            IntVector bits = power.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT);
            FloatVector two = bits.reinterpretAsFloats();
            return two.fma(q, two.sub(1)).blend(x, x.compare(VectorOperators.EQ, 0));
        }
    }

    private static final class Tanh implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return tanh(x);
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector a = least(x.abs().mul(2), TANH_MOST);
            FloatVector power = fma(LOG2_E, a, EXPONENT_ROUNDER);
            FloatVector n = power.sub(EXPONENT_ROUNDER);
            FloatVector r = fma(-LN2_LOW, n, fma(-LN2_HIGH, n, a));
            FloatVector z = r.mul(r);
            FloatVector high = fma(EXP_6, z, fma(EXP_5, r, EXP_4));
            FloatVector q = high.fma(z, fma(EXP_3, r, EXP_2)).fma(z, r);
            IntVector bits = power.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT);
            FloatVector two = bits.reinterpretAsFloats();
            FloatVector m = two.fma(q, two.sub(1));
            FloatVector y = m.div(m.add(2));
            FloatVector half = m.mul(0.5f);
            return signed(y.blend(half.neg().fma(y, half), m.compare(VectorOperators.LT, 1)), x);
        }
    }

    private static final class Erf implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return erf(x);
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector z = x.mul(x);
            FloatVector zz = z.mul(z);
            FloatVector p = fma(ERF_6, zz, fma(ERF_5, z, ERF_4));
            p = p.fma(zz, fma(ERF_3, z, ERF_2));
            p = p.fma(zz, fma(ERF_1, z, ERF_0));
            FloatVector small = p.fma(x, x);
            FloatVector a = x.abs();
            VectorMask<Float> large = a.compare(VectorOperators.GE, ERF_LARGE);
            return signed(small.blend(large(least(a, ERF_MOST)), large), x);
        }

        private static FloatVector large(FloatVector x) {
            FloatVector t = x.sub(1);
            FloatVector tt = t.mul(t);
            FloatVector q = fma(ERFC_7, tt, fma(ERFC_6, t, ERFC_5));
            q = q.fma(tt, fma(ERFC_4, t, ERFC_3));
            q = q.fma(tt, fma(ERFC_2, t, ERFC_1));
            q = fma(q, t, ERFC_0);
            FloatVector root = q.mul(q);
            return fma(root.neg(), root, 1);
        }
    }

    private static final class Log implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return log(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return logarithmic(x);
        }

        @Override
        public FloatVector of(FloatVector x) {
            IntVector bits = x.reinterpretAsInts().sub(ROOT_HALF);
            FloatVector f = mantissa(bits).sub(1);
            FloatVector n = whole(bits);
            FloatVector r = fma(logs(f), f, -0.5f).fma(f.mul(f), n.mul(LN2_LOW));
            return fma(LN2_HIGH, n, f.add(r));
        }
    }

    private static final class Log2 implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return log2(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return logarithmic(x);
        }

        @Override
        public FloatVector of(FloatVector x) {
            IntVector bits = x.reinterpretAsInts().sub(ROOT_HALF);
            FloatVector f = mantissa(bits).sub(1);
            FloatVector r = fma(logs(f), f, -0.5f).mul(f.mul(f));
            return fma(LOG2_E, f, fma(LOG2_E, r, f.mul(LOG2_E_LOW))).add(whole(bits));
        }
    }

    private static final class Log10 implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return log10(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return logarithmic(x);
        }

        @Override
        public FloatVector of(FloatVector x) {
            IntVector bits = x.reinterpretAsInts().sub(ROOT_HALF);
            FloatVector f = mantissa(bits).sub(1);
            FloatVector n = whole(bits);
            FloatVector r = fma(logs(f), f, -0.5f).mul(f.mul(f));
            FloatVector low = fma(LOG10_2_LOW, n, f.mul(LOG10_E_LOW));
            return fma(LOG10_2_HIGH, n, fma(LOG10_E, f, fma(LOG10_E, r, low)));
        }
    }

    private static final class Log1p implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return log1p(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return logarithmic(x.add(1));
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector u = x.add(1);
            FloatVector lost = x.sub(u.sub(1)).div(u);
            IntVector bits = u.reinterpretAsInts().sub(ROOT_HALF);
            FloatVector f = mantissa(bits).sub(1);
            FloatVector n = whole(bits);
            FloatVector r = fma(logs(f), f, -0.5f).fma(f.mul(f), fma(LN2_LOW, n, lost));
            return fma(LN2_HIGH, n, f.add(r)).blend(x, x.compare(VectorOperators.EQ, 0));
        }
    }

    private static boolean logarithmic(FloatVector x) {
        return x.compare(VectorOperators.GE, Float.MIN_NORMAL)
                .and(x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                .allTrue();
    }

    private static FloatVector mantissa(IntVector bits) {
        return bits.and(MANTISSA).add(ROOT_HALF).reinterpretAsFloats();
    }

    private static FloatVector whole(IntVector bits) {
        return bits.lanewise(VectorOperators.ASHR, EXPONENT)
                .convert(VectorOperators.I2F, 0)
                .reinterpretAsFloats();
    }

    private static FloatVector logs(FloatVector f) {
        FloatVector p = fma(LOG_7, f, LOG_6);
        p = fma(p, f, LOG_5);
        p = fma(p, f, LOG_4);
        p = fma(p, f, LOG_3);
        p = fma(p, f, LOG_2);
        p = fma(p, f, LOG_1);
        return fma(p, f, LOG_0);
    }

    private static final class Sin implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return sin(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return x.abs().compare(VectorOperators.LT, TURNS_MOST).allTrue();
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector a = x.abs();
            FloatVector power = fma(TWO_OVER_PI, a, ROUNDER);
            FloatVector r = reduced(a, power.sub(ROUNDER));
            FloatVector z = r.mul(r);
            IntVector quarter = power.reinterpretAsInts();
            FloatVector y = sinNear(r, z).blend(cosNear(z), odd(quarter));
            return turned(
                    y, quarter.lanewise(VectorOperators.LSHL, 30).lanewise(VectorOperators.XOR, x.reinterpretAsInts()));
        }
    }

    private static final class Cos implements VectorFloatLoop.Function {
        @Override
        public float of(float x) {
            return cos(x);
        }

        @Override
        public boolean covers(FloatVector x) {
            return x.abs().compare(VectorOperators.LT, TURNS_MOST).allTrue();
        }

        @Override
        public FloatVector of(FloatVector x) {
            FloatVector a = x.abs();
            FloatVector power = fma(TWO_OVER_PI, a, ROUNDER);
            FloatVector r = reduced(a, power.sub(ROUNDER));
            FloatVector z = r.mul(r);
            IntVector quarter = power.reinterpretAsInts();
            FloatVector y = cosNear(z).blend(sinNear(r, z), odd(quarter));
            return turned(y, quarter.add(1).lanewise(VectorOperators.LSHL, 30));
        }
    }

    private static FloatVector reduced(FloatVector x, FloatVector n) {
        return fma(-HALF_PI_LOW, n, fma(-HALF_PI_MIDDLE, n, fma(-HALF_PI_HIGH, n, x)));
    }

    private static FloatVector sinNear(FloatVector r, FloatVector z) {
        return fma(fma(SIN_2, z, SIN_1), z, SIN_0).fma(z.mul(r), r);
    }

    private static FloatVector cosNear(FloatVector z) {
        return fma(fma(COS_2, z, COS_1), z, COS_0).fma(z.mul(z), fma(-0.5f, z, 1));
    }

    private static VectorMask<Float> odd(IntVector quarter) {
        return quarter.lanewise(VectorOperators.LSHL, 31)
                .compare(VectorOperators.LT, 0)
                .cast(S);
    }

    /** Negates lanes where the highest bit is set. */
    private static FloatVector turned(FloatVector x, IntVector turns) {
        return x.reinterpretAsInts()
                .lanewise(VectorOperators.XOR, turns.and(SIGN))
                .reinterpretAsFloats();
    }

    /** Returns the smaller one by two instructions, where {@code min} takes several for NaN and -0. */
    private static FloatVector least(FloatVector x, float most) {
        return x.blend(most, x.compare(VectorOperators.GT, most));
    }

    private static FloatVector signed(FloatVector x, FloatVector sign) {
        return x.reinterpretAsInts().or(sign.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }

    private static final class Fmod implements VectorFloatLoop.BinaryFunction {
        @Override
        public float of(float a, float b) {
            return a % b;
        }

        @Override
        public boolean covers(FloatVector a, FloatVector b) {
            return divisible(a, b);
        }

        @Override
        public FloatVector of(FloatVector a, FloatVector b) {
            return modulus(a, b);
        }
    }

    private static final class Remainder implements VectorFloatLoop.BinaryFunction {
        @Override
        public float of(float a, float b) {
            return remainder(a, b);
        }

        @Override
        public boolean covers(FloatVector a, FloatVector b) {
            return divisible(a, b);
        }

        @Override
        public FloatVector of(FloatVector a, FloatVector b) {
            FloatVector r = modulus(a, b);
            return r.blend(r.add(b), isBelow(r, b));
        }
    }

    private static final class FloorDiv implements VectorFloatLoop.BinaryFunction {
        @Override
        public float of(float a, float b) {
            return floorDiv(a, b);
        }

        @Override
        public boolean covers(FloatVector a, FloatVector b) {
            return divisible(a, b);
        }

        @Override
        public FloatVector of(FloatVector a, FloatVector b) {
            FloatVector r = modulus(a, b);
            FloatVector q = a.sub(r).div(b);
            FloatVector t = q.blend(q.sub(1), isBelow(r, b));
            FloatVector whole = copySign(t.abs().add(WHOLE).sub(WHOLE), t);
            FloatVector floor = whole.blend(whole.sub(1), whole.compare(VectorOperators.GT, t));
            FloatVector y = floor.blend(floor.add(1), t.sub(floor).compare(VectorOperators.GT, 0.5f));
            return y.blend(copySign(FloatVector.zero(S), a.div(b)), t.compare(VectorOperators.EQ, 0));
        }
    }

    private static final class NextAfter implements VectorFloatLoop.BinaryFunction {
        @Override
        public float of(float a, float b) {
            return Math.nextAfter(a, b);
        }

        @Override
        public boolean covers(FloatVector a, FloatVector b) {
            return a.compare(VectorOperators.EQ, a)
                    .and(b.compare(VectorOperators.EQ, b))
                    .allTrue();
        }

        @Override
        public FloatVector of(FloatVector a, FloatVector b) {
            IntVector bits = a.reinterpretAsInts();
            FloatVector away = bits.add(1).reinterpretAsFloats();
            FloatVector nearer = bits.sub(1).reinterpretAsFloats();
            VectorMask<Float> grows = a.compare(VectorOperators.LT, b).eq(a.compare(VectorOperators.GT, 0));
            FloatVector least = copySign(FloatVector.broadcast(S, Float.MIN_VALUE), b);
            return nearer.blend(away, grows)
                    .blend(least, a.compare(VectorOperators.EQ, 0))
                    .blend(b, a.compare(VectorOperators.EQ, b));
        }
    }

    /** Returns whether quotients are so small that the nearest integer is exact, and divisors are finite. */
    private static boolean divisible(FloatVector a, FloatVector b) {
        return a.div(b)
                .abs()
                .compare(VectorOperators.LT, WHOLE / 2)
                .and(b.abs().compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                .allTrue();
    }

    /**
     * Computes the remainder with the sign of the dividend. What the integer nearest to the quotient leaves is a number of float32, for it is a
     * multiple of the divisor's last place and no larger than the divisor; where it is below 0 one divisor is missing.
     */
    private static FloatVector modulus(FloatVector a, FloatVector b) {
        FloatVector x = a.abs();
        FloatVector y = b.abs();
        FloatVector n = x.div(y).add(WHOLE).sub(WHOLE);
        FloatVector r = n.neg().fma(y, x);
        return copySign(r.blend(r.add(y), r.compare(VectorOperators.LT, 0)), a);
    }

    /** Returns where a remainder has not the divisor's sign. */
    private static VectorMask<Float> isBelow(FloatVector r, FloatVector b) {
        return r.compare(VectorOperators.LT, 0)
                .xor(b.compare(VectorOperators.LT, 0))
                .and(r.compare(VectorOperators.NE, 0));
    }
}

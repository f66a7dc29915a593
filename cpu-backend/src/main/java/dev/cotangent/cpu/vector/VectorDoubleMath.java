package dev.cotangent.cpu.vector;

import static dev.cotangent.cpu.DoubleMath.*;

import dev.cotangent.ir.ScalarOp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** {@link dev.cotangent.cpu.DoubleMath} step by step; as short as {@link VectorFloatMath} has to be. */
final class VectorDoubleMath {
    static final VectorSpecies<Double> S = Species.DOUBLE;

    private VectorDoubleMath() {}

    /** Returns the function for {@link VectorDoubleLoop}, or null. */
    static VectorDoubleLoop.@Nullable Function of(ScalarOp op) {
        return switch (op) {
            case EXP -> new Exp();
            case LOG -> new Log();
            default -> null;
        };
    }

    /** Returns x with the sign of another vector. */
    static DoubleVector copySign(DoubleVector x, DoubleVector sign) {
        return x.reinterpretAsLongs()
                .and(~Long.MIN_VALUE)
                .or(sign.reinterpretAsLongs().and(Long.MIN_VALUE))
                .reinterpretAsDoubles();
    }

    private static DoubleVector fma(DoubleVector a, DoubleVector b, double c) {
        return a.fma(b, DoubleVector.broadcast(S, c));
    }

    private static DoubleVector fma(double a, DoubleVector b, DoubleVector c) {
        return b.fma(DoubleVector.broadcast(S, a), c);
    }

    private static DoubleVector fma(double a, DoubleVector b, double c) {
        return fma(DoubleVector.broadcast(S, a), b, c);
    }

    private static final class Exp implements VectorDoubleLoop.Function {
        @Override
        public double of(double x) {
            return exp(x);
        }

        /** Returns whether no lane's result is denormal or infinite, or nearly. */
        @Override
        public boolean covers(DoubleVector x) {
            return x.abs()
                    .compare(VectorOperators.LT, EXP_EASY)
                    .or(x.compare(VectorOperators.LT, EXP_LEAST))
                    .allTrue();
        }

        @Override
        public DoubleVector of(DoubleVector x) {
            DoubleVector power = fma(LOG2_E, x, ROUNDER);
            DoubleVector n = power.sub(ROUNDER);
            DoubleVector r = fma(-LN2_LOW, n, fma(-LN2_HIGH, n, x));
            DoubleVector z = r.mul(r);
            DoubleVector p = fma(EXP_11, r, EXP_10).fma(z, fma(EXP_9, r, EXP_8));
            p = p.fma(z, fma(EXP_7, r, EXP_6));
            p = p.fma(z, fma(EXP_5, r, EXP_4));
            p = p.fma(z, fma(EXP_3, r, EXP_2));
            p = fma(fma(p, r, 1), r, 1);
            LongVector exponent = power.reinterpretAsLongs().lanewise(VectorOperators.LSHL, EXPONENT);
            DoubleVector y = p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
            return y.blend(0, x.compare(VectorOperators.LT, EXP_LEAST));
        }
    }

    private static final class Log implements VectorDoubleLoop.Function {
        @Override
        public double of(double x) {
            return log(x);
        }

        @Override
        public boolean covers(DoubleVector x) {
            return x.compare(VectorOperators.GE, Double.MIN_NORMAL)
                    .and(x.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .allTrue();
        }

        @Override
        public DoubleVector of(DoubleVector x) {
            LongVector bits = x.reinterpretAsLongs().add((BIAS << EXPONENT) - ROOT_HALF);
            DoubleVector f =
                    bits.and(MANTISSA).add(ROOT_HALF).reinterpretAsDoubles().sub(1);
            DoubleVector s = f.div(DoubleVector.broadcast(S, -2).sub(f));
            DoubleVector z = s.mul(s);
            DoubleVector p = fma(LOG_6, z, LOG_5);
            p = fma(p, z, LOG_4);
            p = fma(p, z, LOG_3);
            p = fma(p, z, LOG_2);
            p = fma(p, z, LOG_1);
            p = fma(p, z, LOG_0);
            DoubleVector half = f.mul(0.5);
            DoubleVector n = whole(bits);
            DoubleVector whole = n.mul(LN2_HIGH);
            DoubleVector sum = whole.add(f);
            DoubleVector less = fma(-LN2_LOW, n, sum.sub(whole).sub(f));
            return sum.sub(half.fma(f, p.fma(z, half.mul(f)).fma(s, less)));
        }

        private static DoubleVector whole(LongVector bits) {
            return bits.lanewise(VectorOperators.LSHR, EXPONENT)
                    .or(TWO_52)
                    .reinterpretAsDoubles()
                    .sub(0x1p52 + BIAS);
        }
    }
}

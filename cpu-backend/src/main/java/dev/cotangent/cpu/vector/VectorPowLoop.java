package dev.cotangent.cpu.vector;

import static dev.cotangent.cpu.DoubleMath.BIAS;
import static dev.cotangent.cpu.DoubleMath.EXPONENT;
import static dev.cotangent.cpu.DoubleMath.ROOT_HALF;
import static dev.cotangent.cpu.DoubleMath.ROUNDER;
import static dev.cotangent.cpu.DoubleMath.TWO_52;
import static dev.cotangent.cpu.FloatPow.*;

import dev.cotangent.cpu.FloatPow;
import dev.cotangent.cpu.Loop;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatPow#pow} of vectors, step by step, in three loops over pieces that stay in the innermost cache: the compiler stops
 * inlining in a method of more operators, and then vectors are objects.
 */
final class VectorPowLoop extends Loop {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final VectorSpecies<Double> DOUBLES = Species.DOUBLE;
    private static final VectorSpecies<Float> HALVES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int L = DOUBLES.length();

    // The classes of what conversions give, which a profile may not know (see Species).
    private static final Class<? extends DoubleVector> V = Species.DOUBLES;
    private static final Class<? extends LongVector> BITS = Species.LONGS;

    private static final Class<? extends FloatVector> HALF =
            FloatVector.zero(HALVES).getClass();

    private static final int PIECE = 256;

    /** What the loops leave for each other. */
    private record Scratch(double[] exponents, float[] powers) {}

    private static final ThreadLocal<Scratch> SCRATCH =
            ThreadLocal.withInitial(() -> new Scratch(new double[PIECE], new float[PIECE]));

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        float[] x = (float[]) a;
        float[] z = (float[]) b;
        float[] y = (float[]) out;
        if (all(z, j, n, 2)) {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] * x[i + e];
            return;
        }
        if (all(z, j, n, 3)) {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] * x[i + e] * x[i + e];
            return;
        }
        Scratch scratch = SCRATCH.get();
        int whole = n - n % S.length();
        for (int e = 0; e < whole; e += PIECE) {
            int m = Math.min(PIECE, whole - e);
            exponents(x, i + e, z, j + e, scratch.exponents, m);
            powers(scratch.exponents, scratch.powers, m);
            choose(scratch.powers, x, i + e, z, j + e, y, o + e, m);
        }
        each(x, i + whole, z, j + whole, y, o + whole, n - whole);
    }

    private static boolean all(float[] z, int j, int n, float value) {
        int e = 0;
        while (e < n && z[j + e] == value) e++;
        return e == n;
    }

    private static void exponents(float[] x, int i, float[] z, int j, double[] y, int n) {
        for (int e = 0; e < n; e += L) {
            log2(doubles(x, i + e)).mul(doubles(z, j + e)).intoArray(y, e);
        }
    }

    private static void powers(double[] x, float[] y, int n) {
        for (int e = 0; e < n; e += L) {
            DoubleVector power = exp2(DoubleVector.fromArray(DOUBLES, x, e));
            HALF.cast(power.convertShape(VectorOperators.D2F, HALVES, 0)).intoArray(y, e);
        }
    }

    /** Takes what was computed where all of a vector's arguments are common ones, else goes element by element. */
    private static void choose(float[] powers, float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        for (int e = 0; e < n; e += S.length()) {
            FloatVector a = FloatVector.fromArray(S, x, i + e);
            FloatVector b = FloatVector.fromArray(S, z, j + e);
            VectorMask<Float> isCommon = a.compare(VectorOperators.GT, 0)
                    .and(a.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .and(b.abs().compare(VectorOperators.LT, (float) POW_MOST));
            VectorMask<Float> isProduct = b.compare(VectorOperators.EQ, 2).or(b.compare(VectorOperators.EQ, 3));
            if (isCommon.andNot(isProduct).allTrue())
                FloatVector.fromArray(S, powers, e).intoArray(y, o + e);
            else each(x, i + e, z, j + e, y, o + e, S.length());
        }
    }

    private static DoubleVector doubles(float[] from, int i) {
        return V.cast(FloatVector.fromArray(HALVES, from, i).convertShape(VectorOperators.F2D, DOUBLES, 0));
    }

    private static void each(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = FloatPow.pow(x[i + e], z[j + e]);
    }

    private static DoubleVector log2(DoubleVector x) {
        LongVector bits = BITS.cast(x.reinterpretAsLongs());
        LongVector exponent = bits.sub(ROOT_HALF).add(BIAS << EXPONENT).lanewise(VectorOperators.LSHR, EXPONENT);
        DoubleVector m = V.cast(bits.sub(exponent.sub(BIAS).lanewise(VectorOperators.LSHL, EXPONENT))
                .reinterpretAsDoubles());
        DoubleVector e = V.cast(exponent.or(TWO_52).reinterpretAsDoubles()).sub(0x1p52 + BIAS);
        DoubleVector s = m.sub(1).div(m.add(1));
        DoubleVector z = s.mul(s);
        DoubleVector p = z.mul(LOG2_4).add(LOG2_3);
        p = p.mul(z).add(LOG2_2);
        p = p.mul(z).add(LOG2_1);
        p = p.mul(z).add(LOG2_0);
        return s.mul(p).add(e);
    }

    private static DoubleVector exp2(DoubleVector x) {
        DoubleVector t = x.blend(EXP2_MOST, x.compare(VectorOperators.GT, EXP2_MOST));
        t = t.blend(-EXP2_MOST, t.compare(VectorOperators.LT, -EXP2_MOST));
        DoubleVector whole = t.add(ROUNDER);
        DoubleVector r = t.sub(whole.sub(ROUNDER));
        DoubleVector p = r.mul(EXP2_7).add(EXP2_6);
        p = p.mul(r).add(EXP2_5);
        p = p.mul(r).add(EXP2_4);
        p = p.mul(r).add(EXP2_3);
        p = p.mul(r).add(EXP2_2);
        p = p.mul(r).add(EXP2_1);
        p = p.mul(r).add(EXP2_0);
        LongVector power = BITS.cast(whole.reinterpretAsLongs()).add(BIAS).lanewise(VectorOperators.LSHL, EXPONENT);
        return p.mul(V.cast(power.reinterpretAsDoubles()));
    }
}

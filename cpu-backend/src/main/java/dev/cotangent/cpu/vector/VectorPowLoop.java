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
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatPow#pow} of vectors, step by step. */
final class VectorPowLoop extends Loop {
    private static final VectorSpecies<Double> DOUBLES = Species.DOUBLE;
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int L = DOUBLES.length();

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        float[] x = (float[]) a;
        float[] z = (float[]) b;
        float[] y = (float[]) out;
        if (all(z, j, n, 2)) {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] * x[i + e];
        } else if (all(z, j, n, 3)) {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] * x[i + e] * x[i + e];
        } else {
            int whole = n - n % L;
            pow(x, i, z, j, y, o, whole);
            each(x, i + whole, z, j + whole, y, o + whole, n - whole);
        }
    }

    private static boolean all(float[] z, int j, int n, float value) {
        int e = 0;
        while (e < n && z[j + e] == value) e++;
        return e == n;
    }

    private static void pow(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        for (int e = 0; e < n; e += L) {
            DoubleVector a = doubles(x, i + e);
            DoubleVector b = doubles(z, j + e);
            boolean common = a.compare(VectorOperators.GT, 0)
                    .and(a.compare(VectorOperators.LT, Double.POSITIVE_INFINITY))
                    .and(b.abs().compare(VectorOperators.LT, POW_MOST))
                    .allTrue();
            if (common && !product(z, j + e)) store(exp2(log2(a).mul(b)), y, o + e);
            else each(x, i + e, z, j + e, y, o + e, L);
        }
    }

    /**
     * Returns whether one of a vector's powers is a product, without vectors, since the compiler inlines no more of
     * them.
     */
    private static boolean product(float[] z, int j) {
        boolean any = false;
        for (int l = 0; l < L; l++) any |= z[j + l] == 2 | z[j + l] == 3;
        return any;
    }

    private static DoubleVector doubles(float[] from, int i) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, from, i).castShape(DOUBLES, 0);
    }

    private static void store(DoubleVector from, float[] to, int o) {
        ((FloatVector) from.castShape(FLOATS, 0)).intoArray(to, o);
    }

    private static void each(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = FloatPow.pow(x[i + e], z[j + e]);
    }

    private static DoubleVector log2(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs();
        LongVector exponent = bits.sub(ROOT_HALF).add(BIAS << EXPONENT).lanewise(VectorOperators.LSHR, EXPONENT);
        DoubleVector m = bits.sub(exponent.sub(BIAS).lanewise(VectorOperators.LSHL, EXPONENT))
                .reinterpretAsDoubles();
        DoubleVector e = exponent.or(TWO_52).reinterpretAsDoubles().sub(0x1p52 + BIAS);
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
        LongVector power = whole.reinterpretAsLongs().add(BIAS).lanewise(VectorOperators.LSHL, EXPONENT);
        return p.mul(power.reinterpretAsDoubles());
    }
}

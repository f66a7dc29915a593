package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** C's {@code pow} of floats by way of float64, where {@code 2^(b log2 a)} is exact enough by far. */
final class VectorPowLoop extends Loop {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int L = DOUBLES.length();
    private static final int MANTISSA = 52;
    private static final long EXPONENT_BIAS = 1023;
    private static final long ROOT_HALF = Double.doubleToRawLongBits(Math.sqrt(0.5));
    private static final long TWO_52 = Double.doubleToRawLongBits(0x1p52);

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
            if (whole == n) return;
            // The rest goes the same way, so that an element's bits do not depend on its place.
            float[] restX = Arrays.copyOf(Arrays.copyOfRange(x, i + whole, i + n), L);
            float[] restZ = Arrays.copyOf(Arrays.copyOfRange(z, j + whole, j + n), L);
            pow(restX, 0, restZ, 0, restX, 0, L);
            System.arraycopy(restX, 0, y, o + whole, n - whole);
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
                    .and(b.abs().compare(VectorOperators.LT, 0x1p51))
                    .allTrue();
            // Arrays go to the rare case, not vectors: one that may come from a call would be an object on both ways.
            if (common) store(exp2(log2(a).mul(b)), y, o + e);
            else rare(x, i + e, z, j + e, y, o + e);
        }
    }

    private static DoubleVector doubles(float[] from, int i) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, from, i).castShape(DOUBLES, 0);
    }

    private static void store(DoubleVector from, float[] to, int o) {
        ((FloatVector) from.castShape(FLOATS, 0)).intoArray(to, o);
    }

    /** One vector of anything. */
    private static void rare(float[] x, int i, float[] z, int j, float[] y, int o) {
        DoubleVector a = doubles(x, i);
        DoubleVector b = doubles(z, j);
        DoubleVector size = a.abs();
        DoubleVector r = size.lanewise(VectorOperators.LOG).mul(b).lanewise(VectorOperators.EXP);
        VectorMask<Double> negative = a.test(VectorOperators.IS_NEGATIVE);
        if (negative.anyTrue()) {
            DoubleVector half = b.mul(0.5);
            VectorMask<Double> whole =
                    b.abs().compare(VectorOperators.GE, 0x1p51).or(rint(b).compare(VectorOperators.EQ, b));
            VectorMask<Double> odd = half.abs()
                    .compare(VectorOperators.LT, 0x1p51)
                    .and(rint(half).compare(VectorOperators.NE, half))
                    .and(whole);
            r = r.blend(
                    Double.NaN,
                    negative.andNot(whole)
                            .and(a.compare(VectorOperators.LT, 0))
                            .and(size.compare(VectorOperators.LT, Double.POSITIVE_INFINITY)));
            r = r.blend(r.neg(), negative.and(odd));
        }
        VectorMask<Double> one = b.compare(VectorOperators.EQ, 0)
                .or(a.compare(VectorOperators.EQ, 1))
                .or(size.compare(VectorOperators.EQ, 1).and(b.test(VectorOperators.IS_INFINITE)));
        store(r.blend(1, one), y, o);
    }

    /**
     * Of a normal positive number: its exponent and, of the rest between √½ and √2, the series of atanh in
     * {@code (m - 1) / (m + 1)}, fitted (minimax) to a relative error of 2^-37.
     */
    private static DoubleVector log2(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs();
        LongVector exponent =
                bits.sub(ROOT_HALF).add(EXPONENT_BIAS << MANTISSA).lanewise(VectorOperators.LSHR, MANTISSA);
        DoubleVector m = bits.sub(exponent.sub(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA))
                .reinterpretAsDoubles();
        // A small whole number in the low bits of 2^52 reads as 2^52 and it.
        DoubleVector e = exponent.or(TWO_52).reinterpretAsDoubles().sub(0x1p52 + EXPONENT_BIAS);
        DoubleVector s = m.sub(1).div(m.add(1));
        DoubleVector z = s.mul(s);
        DoubleVector p = z.mul(0.34073013652001266).add(0.41167271728290744);
        p = p.mul(z).add(0.577083584997506);
        p = p.mul(z).add(0.9617966733415818);
        p = p.mul(z).add(2.8853900817900886);
        return s.mul(p).add(e);
    }

    /** 2 to the power of a finite number, cut off far beyond float32's range: a minimax fit to 2^-34 for the fraction. */
    private static DoubleVector exp2(DoubleVector x) {
        DoubleVector t = x.blend(200, x.compare(VectorOperators.GT, 200));
        t = t.blend(-200, t.compare(VectorOperators.LT, -200));
        DoubleVector whole = t.add(0x1.8p52);
        DoubleVector r = t.sub(whole.sub(0x1.8p52));
        DoubleVector p = r.mul(1.5201897901089695e-05).add(0.0001546931729397242);
        p = p.mul(r).add(0.0013333922869448837);
        p = p.mul(r).add(0.009618027172822355);
        p = p.mul(r).add(0.055504103528151445);
        p = p.mul(r).add(0.24022651198753997);
        p = p.mul(r).add(0.693147180728722);
        p = p.mul(r).add(0.9999999999616218);
        LongVector power = whole.reinterpretAsLongs().add(EXPONENT_BIAS).lanewise(VectorOperators.LSHL, MANTISSA);
        return p.mul(power.reinterpretAsDoubles());
    }

    /** The nearest whole number of what is below 2^51. */
    private static DoubleVector rint(DoubleVector x) {
        return x.add(0x1.8p52).sub(0x1.8p52);
    }
}

package dev.cotangent.cpu.vector;

import static dev.cotangent.cpu.FloatMath.*;

import dev.cotangent.cpu.FloatRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FloatRows} two vectors at a time, so that no addition waits for the one before. Each is written out:
 * where the compiler takes a call for a rare one it does not inline it, and vectors that are handed over are objects.
 */
final class VectorFloatRows extends FloatRows {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private static final int EXPONENT = 23;

    /** {@code ROUNDER} plus the exponent's bias and 63, so that the power of two is a float from 2^-150 on. */
    private static final float LIFTED_ROUNDER = ROUNDER + 127 + 63;

    private static final float LOWER = 0x1p-63f;

    /** Whether two vectors are no more than all chains. */
    static final boolean FITS = 2 * L <= LANES;

    @Override
    protected void maxima(float[] x, int i, float[] chains, int n) {
        for (int l = 0; l < LANES; l += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, chains, l);
            FloatVector t = FloatVector.fromArray(S, chains, l + L);
            for (int at = i + l; at < i + n; at += LANES) {
                // Two steps, where MAX takes several for NaN and -0.
                FloatVector u = FloatVector.fromArray(S, x, at);
                s = s.blend(u, u.compare(VectorOperators.GT, s));
                FloatVector v = FloatVector.fromArray(S, x, at + L);
                t = t.blend(v, v.compare(VectorOperators.GT, t));
            }
            s.intoArray(chains, l);
            t.intoArray(chains, l + L);
        }
    }

    /**
     * {@link dev.cotangent.cpu.FloatMath#exp} of what is not above 0, or NaN, where no lane needs to be looked after by
     * itself; one vector at a time, for it takes long enough.
     */
    @Override
    protected void exps(float[] x, int i, float shift, float[] y, int o, float[] chains, int n) {
        FloatVector less = FloatVector.broadcast(S, shift);
        FloatVector log2 = FloatVector.broadcast(S, LOG2_E);
        FloatVector rounder = FloatVector.broadcast(S, LIFTED_ROUNDER);
        FloatVector high = FloatVector.broadcast(S, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(S, -LN2_LOW);
        FloatVector c2 = FloatVector.broadcast(S, EXP_2);
        FloatVector c3 = FloatVector.broadcast(S, EXP_3);
        FloatVector c4 = FloatVector.broadcast(S, EXP_4);
        FloatVector c5 = FloatVector.broadcast(S, EXP_5);
        FloatVector c6 = FloatVector.broadcast(S, EXP_6);
        for (int l = 0; l < LANES; l += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, chains, l);
            FloatVector t = FloatVector.fromArray(S, chains, l + L);
            for (int e = l; e < n; e += LANES) {
                FloatVector x0 = FloatVector.fromArray(S, x, i + e).sub(less);
                x0 = x0.blend(EXP_LEAST, x0.compare(VectorOperators.LT, EXP_LEAST));
                FloatVector power0 = log2.fma(x0, rounder);
                FloatVector n0 = power0.sub(rounder);
                FloatVector r0 = low.fma(n0, high.fma(n0, x0));
                FloatVector z0 = r0.mul(r0);
                FloatVector p0 = c6.fma(z0, c5.fma(r0, c4)).fma(z0, c3.fma(r0, c2));
                IntVector bits0 = power0.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT);
                FloatVector y0 =
                        p0.fma(z0, r0).add(1).mul(bits0.reinterpretAsFloats()).mul(LOWER);
                y0.intoArray(y, o + e);
                s = s.add(y0);
                FloatVector x1 = FloatVector.fromArray(S, x, i + e + L).sub(less);
                x1 = x1.blend(EXP_LEAST, x1.compare(VectorOperators.LT, EXP_LEAST));
                FloatVector power1 = log2.fma(x1, rounder);
                FloatVector n1 = power1.sub(rounder);
                FloatVector r1 = low.fma(n1, high.fma(n1, x1));
                FloatVector z1 = r1.mul(r1);
                FloatVector p1 = c6.fma(z1, c5.fma(r1, c4)).fma(z1, c3.fma(r1, c2));
                IntVector bits1 = power1.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT);
                FloatVector y1 =
                        p1.fma(z1, r1).add(1).mul(bits1.reinterpretAsFloats()).mul(LOWER);
                y1.intoArray(y, o + e + L);
                t = t.add(y1);
            }
            s.intoArray(chains, l);
            t.intoArray(chains, l + L);
        }
    }

    @Override
    protected void sums(float[] x, int i, float[] chains, int n) {
        for (int l = 0; l < LANES; l += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, chains, l);
            FloatVector t = FloatVector.fromArray(S, chains, l + L);
            for (int at = i + l; at < i + n; at += LANES) {
                s = s.add(FloatVector.fromArray(S, x, at));
                t = t.add(FloatVector.fromArray(S, x, at + L));
            }
            s.intoArray(chains, l);
            t.intoArray(chains, l + L);
        }
    }

    @Override
    protected void squares(float[] x, int i, float mean, float[] chains, int n) {
        FloatVector middle = FloatVector.broadcast(S, mean);
        for (int l = 0; l < LANES; l += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, chains, l);
            FloatVector t = FloatVector.fromArray(S, chains, l + L);
            for (int at = i + l; at < i + n; at += LANES) {
                FloatVector u = FloatVector.fromArray(S, x, at).sub(middle);
                FloatVector v = FloatVector.fromArray(S, x, at + L).sub(middle);
                s = u.fma(u, s);
                t = v.fma(v, t);
            }
            s.intoArray(chains, l);
            t.intoArray(chains, l + L);
        }
    }

    @Override
    protected void scale(float[] y, int o, float factor, int n) {
        FloatVector f = FloatVector.broadcast(S, factor);
        int e = 0;
        for (; e <= n - L; e += L) FloatVector.fromArray(S, y, o + e).mul(f).intoArray(y, o + e);
        super.scale(y, o + e, factor, n - e);
    }

    @Override
    protected void subtract(float[] x, int i, float first, float second, float[] y, int o, int n) {
        FloatVector f = FloatVector.broadcast(S, first);
        FloatVector s = FloatVector.broadcast(S, second);
        int e = 0;
        for (; e <= n - L; e += L)
            FloatVector.fromArray(S, x, i + e).sub(f).sub(s).intoArray(y, o + e);
        super.subtract(x, i + e, first, second, y, o + e, n - e);
    }

    @Override
    protected void affine(float[] x, int i, float scale, float shift, float[] y, int o, int n) {
        FloatVector f = FloatVector.broadcast(S, scale);
        FloatVector s = FloatVector.broadcast(S, shift);
        int e = 0;
        for (; e <= n - L; e += L) FloatVector.fromArray(S, x, i + e).fma(f, s).intoArray(y, o + e);
        super.affine(x, i + e, scale, shift, y, o + e, n - e);
    }

    @Override
    protected void affine(
            float[] x, int i, float scale, float shift, float[] w, int j, float[] b, int k, float[] y, int o, int n) {
        FloatVector f = FloatVector.broadcast(S, scale);
        FloatVector s = FloatVector.broadcast(S, shift);
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector.fromArray(S, x, i + e)
                    .fma(f, s)
                    .mul(FloatVector.fromArray(S, w, j + e))
                    .add(FloatVector.fromArray(S, b, k + e))
                    .intoArray(y, o + e);
        }
        super.affine(x, i + e, scale, shift, w, j + e, b, k + e, y, o + e, n - e);
    }
}

package dev.cotangent.cpu.vector;

import static dev.cotangent.cpu.FloatMath.*;

import dev.cotangent.cpu.FloatRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FloatRows}, most of them one vector at a time: the chains are in memory, so that no addition waits for
 * the one just before. Each is written out: where the compiler takes a call for a rare one it does not inline it, and
 * vectors that are handed over are objects.
 */
final class VectorFloatRows extends FloatRows {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int L = S.length();

    private static final int EXPONENT = 23;

    /** Whether two vectors are no more than all chains. */
    static final boolean FITS = 2 * L <= LANES;

    /** So many of them are whole groups of chains. */
    private static int whole(int n) {
        return n - n % LANES;
    }

    @Override
    protected float largest(float[] x, int i, int n) {
        FloatVector most = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector more = most;
        int e = 0;
        for (; e <= n - 2 * L; e += 2 * L) {
            // Two steps, where MAX takes several for NaN and -0.
            FloatVector u = FloatVector.fromArray(S, x, i + e);
            most = most.blend(u, u.compare(VectorOperators.GT, most));
            FloatVector v = FloatVector.fromArray(S, x, i + e + L);
            more = more.blend(v, v.compare(VectorOperators.GT, more));
        }
        float largest = most.max(more).reduceLanes(VectorOperators.MAX);
        float rest = super.largest(x, i + e, n - e);
        return rest > largest ? rest : largest;
    }

    @Override
    protected float exps(float[] x, int i, float shift, float[] y, int o, float[] sums, int ahead, int n) {
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
        FloatVector most = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector u = FloatVector.fromArray(S, x, ahead + e);
            most = most.blend(u, u.compare(VectorOperators.GT, most));
            FloatVector t = FloatVector.fromArray(S, x, i + e).sub(less);
            t = t.blend(EXP_LEAST, t.compare(VectorOperators.LT, EXP_LEAST));
            FloatVector power = log2.fma(t, rounder);
            FloatVector m = power.sub(rounder);
            FloatVector r = low.fma(m, high.fma(m, t));
            FloatVector z = r.mul(r);
            FloatVector p = c6.fma(z, c5.fma(r, c4)).fma(z, c3.fma(r, c2));
            FloatVector two = power.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, EXPONENT)
                    .reinterpretAsFloats();
            FloatVector v = p.fma(z, r).fma(two, two);
            v.intoArray(y, o + e);
            FloatVector.fromArray(S, sums, l).add(v).intoArray(sums, l);
        }
        float largest = most.reduceLanes(VectorOperators.MAX);
        if (whole == n) return largest;
        float rest = super.exps(x, i + whole, shift, y, o + whole, sums, ahead + whole, n - whole);
        return rest > largest ? rest : largest;
    }

    @Override
    protected void sums(float[] x, int i, float[] sums, int n) {
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector.fromArray(S, sums, l)
                    .add(FloatVector.fromArray(S, x, i + e))
                    .intoArray(sums, l);
        }
        if (whole < n) super.sums(x, i + whole, sums, n - whole);
    }

    @Override
    protected void dots(float[] x, int i, float[] y, int j, float[] sums, int n) {
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector.fromArray(S, x, i + e)
                    .fma(FloatVector.fromArray(S, y, j + e), FloatVector.fromArray(S, sums, l))
                    .intoArray(sums, l);
        }
        if (whole < n) super.dots(x, i + whole, y, j + whole, sums, n - whole);
    }

    @Override
    protected void squares(float[] x, int i, float mean, float[] sums, int n) {
        FloatVector middle = FloatVector.broadcast(S, mean);
        int whole = whole(n);
        // Nothing comes from memory here: the chains stay in registers, so that no addition waits for a store.
        for (int l = 0; l < LANES; l += 2 * L) {
            FloatVector s = FloatVector.fromArray(S, sums, l);
            FloatVector t = FloatVector.fromArray(S, sums, l + L);
            for (int at = i + l; at < i + whole; at += LANES) {
                FloatVector u = FloatVector.fromArray(S, x, at).sub(middle);
                FloatVector v = FloatVector.fromArray(S, x, at + L).sub(middle);
                s = u.fma(u, s);
                t = v.fma(v, t);
            }
            s.intoArray(sums, l);
            t.intoArray(sums, l + L);
        }
        if (whole < n) super.squares(x, i + whole, mean, sums, n - whole);
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
    protected void affine(
            float[] x, int i, float scale, float shift, float[] y, int o, int ahead, float[] sums, int n) {
        FloatVector f = FloatVector.broadcast(S, scale);
        FloatVector s = FloatVector.broadcast(S, shift);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector u = FloatVector.fromArray(S, x, ahead + e);
            FloatVector.fromArray(S, sums, l).add(u).intoArray(sums, l);
            FloatVector.fromArray(S, x, i + e).fma(f, s).intoArray(y, o + e);
        }
        if (whole < n) super.affine(x, i + whole, scale, shift, y, o + whole, ahead + whole, sums, n - whole);
    }

    @Override
    protected void affine(
            float[] x,
            int i,
            float scale,
            float shift,
            float[] w,
            int j,
            float[] b,
            int k,
            float[] y,
            int o,
            int ahead,
            float[] sums,
            int n) {
        FloatVector f = FloatVector.broadcast(S, scale);
        FloatVector s = FloatVector.broadcast(S, shift);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector u = FloatVector.fromArray(S, x, ahead + e);
            FloatVector.fromArray(S, sums, l).add(u).intoArray(sums, l);
            FloatVector.fromArray(S, x, i + e)
                    .fma(f, s)
                    .mul(FloatVector.fromArray(S, w, j + e))
                    .add(FloatVector.fromArray(S, b, k + e))
                    .intoArray(y, o + e);
        }
        if (whole == n) return;
        int rest = n - whole;
        super.affine(x, i + whole, scale, shift, w, j + whole, b, k + whole, y, o + whole, ahead + whole, sums, rest);
    }

    @Override
    protected void softmaxGradient(
            float[] g, int i, float less, float[] y, int j, float[] out, int o, int next, float[] sums, int n) {
        FloatVector f = FloatVector.broadcast(S, less);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector.fromArray(S, g, i + next + e)
                    .fma(FloatVector.fromArray(S, y, j + next + e), FloatVector.fromArray(S, sums, l))
                    .intoArray(sums, l);
            FloatVector.fromArray(S, g, i + e)
                    .sub(f)
                    .mul(FloatVector.fromArray(S, y, j + e))
                    .intoArray(out, o + e);
        }
        if (whole == n) return;
        super.softmaxGradient(g, i + whole, less, y, j + whole, out, o + whole, next, sums, n - whole);
    }

    @Override
    protected void logGradient(
            float[] g, int i, float total, float[] y, int j, float[] out, int o, int next, float[] sums, int n) {
        FloatVector factor = FloatVector.broadcast(S, -total);
        FloatVector log2 = FloatVector.broadcast(S, LOG2_E);
        FloatVector rounder = FloatVector.broadcast(S, LIFTED_ROUNDER);
        FloatVector high = FloatVector.broadcast(S, -LN2_HIGH);
        FloatVector low = FloatVector.broadcast(S, -LN2_LOW);
        FloatVector c2 = FloatVector.broadcast(S, EXP_2);
        FloatVector c3 = FloatVector.broadcast(S, EXP_3);
        FloatVector c4 = FloatVector.broadcast(S, EXP_4);
        FloatVector c5 = FloatVector.broadcast(S, EXP_5);
        FloatVector c6 = FloatVector.broadcast(S, EXP_6);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector.fromArray(S, sums, l)
                    .add(FloatVector.fromArray(S, g, i + next + e))
                    .intoArray(sums, l);
            FloatVector t = FloatVector.fromArray(S, y, j + e);
            t = t.blend(EXP_LEAST, t.compare(VectorOperators.LT, EXP_LEAST));
            FloatVector power = log2.fma(t, rounder);
            FloatVector m = power.sub(rounder);
            FloatVector r = low.fma(m, high.fma(m, t));
            FloatVector z = r.mul(r);
            FloatVector p = c6.fma(z, c5.fma(r, c4)).fma(z, c3.fma(r, c2));
            FloatVector two = power.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, EXPONENT)
                    .reinterpretAsFloats();
            p.fma(z, r)
                    .fma(two, two)
                    .mul(LOWER)
                    .fma(factor, FloatVector.fromArray(S, g, i + e))
                    .intoArray(out, o + e);
        }
        if (whole < n) super.logGradient(g, i + whole, total, y, j + whole, out, o + whole, next, sums, n - whole);
    }

    @Override
    protected void along(
            float[] g,
            int i,
            float[] x,
            int j,
            float[] w,
            int k,
            float mean,
            float scale,
            float[] sums,
            float[] products,
            int n) {
        FloatVector middle = FloatVector.broadcast(S, mean);
        FloatVector factor = FloatVector.broadcast(S, scale);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector h = FloatVector.fromArray(S, g, i + e).mul(FloatVector.fromArray(S, w, k + e));
            FloatVector.fromArray(S, sums, l).add(h).intoArray(sums, l);
            FloatVector normal = FloatVector.fromArray(S, x, j + e).sub(middle).mul(factor);
            h.fma(normal, FloatVector.fromArray(S, products, l)).intoArray(products, l);
        }
        if (whole == n) return;
        super.along(g, i + whole, x, j + whole, w, k + whole, mean, scale, sums, products, n - whole);
    }

    @Override
    protected void normalGradient(
            float[] g,
            int i,
            float[] x,
            int j,
            float[] w,
            int k,
            float mean,
            float scale,
            float first,
            float second,
            float[] out,
            int o,
            int next,
            float nextMean,
            float nextScale,
            float[] sums,
            float[] products,
            int n) {
        FloatVector middle = FloatVector.broadcast(S, mean);
        FloatVector factor = FloatVector.broadcast(S, scale);
        FloatVector less = FloatVector.broadcast(S, first);
        FloatVector slope = FloatVector.broadcast(S, -second);
        FloatVector nextMiddle = FloatVector.broadcast(S, nextMean);
        FloatVector nextFactor = FloatVector.broadcast(S, nextScale);
        int whole = whole(n);
        for (int e = 0; e < whole; e += L) {
            int l = e & LANES - 1;
            FloatVector weight = FloatVector.fromArray(S, w, k + e);
            FloatVector h = FloatVector.fromArray(S, g, i + next + e).mul(weight);
            FloatVector.fromArray(S, sums, l).add(h).intoArray(sums, l);
            FloatVector normal =
                    FloatVector.fromArray(S, x, j + next + e).sub(nextMiddle).mul(nextFactor);
            h.fma(normal, FloatVector.fromArray(S, products, l)).intoArray(products, l);
            FloatVector d = FloatVector.fromArray(S, g, i + e).mul(weight).sub(less);
            FloatVector.fromArray(S, x, j + e)
                    .sub(middle)
                    .mul(factor)
                    .fma(slope, d)
                    .mul(factor)
                    .intoArray(out, o + e);
        }
        if (whole == n) return;
        super.normalGradient(
                g, i + whole, x, j + whole, w, k + whole, mean, scale, first, second, out, o + whole, next, nextMean,
                nextScale, sums, products, n - whole);
    }

    @Override
    protected void weigh(float[] g, int i, float[] x, int j, float mean, float scale, float[] y, int o, int n) {
        FloatVector middle = FloatVector.broadcast(S, mean);
        FloatVector factor = FloatVector.broadcast(S, scale);
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector.fromArray(S, x, j + e)
                    .sub(middle)
                    .mul(factor)
                    .mul(FloatVector.fromArray(S, g, i + e))
                    .intoArray(y, o + e);
        }
        super.weigh(g, i + e, x, j + e, mean, scale, y, o + e, n - e);
    }
}

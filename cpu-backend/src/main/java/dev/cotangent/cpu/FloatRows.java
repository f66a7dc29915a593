package dev.cotangent.cpu;

/**
 * The innermost loops of {@link FloatRowLoops}, plain ones; the vector form gives the same bits. Of chains, to each of which
 * every so manieth element is added, there are as many as lanes. What is {@code ahead} or {@code next} further on belongs to
 * the row after: while this one is computed, that one comes from memory.
 */
public class FloatRows {
    protected static final int LANES = Loop.LANES;

    /** The largest element that is a number. */
    protected float largest(float[] x, int i, int n) {
        float most = Float.NEGATIVE_INFINITY;
        for (int e = 0; e < n; e++) most = x[i + e] > most ? x[i + e] : most;
        return most;
    }

    /** {@code y} is {@link FloatMath#lifted} of {@code x - shift}, and is added up; gives the largest of those ahead. */
    protected float exps(float[] x, int i, float shift, float[] y, int o, float[] sums, int ahead, int n) {
        for (int e = 0; e < n; e += LANES) {
            int lanes = Math.min(LANES, n - e);
            for (int l = 0; l < lanes; l++) sums[l] += y[o + e + l] = FloatMath.lifted(x[i + e + l] - shift);
        }
        return largest(x, ahead, n);
    }

    protected void sums(float[] x, int i, float[] sums, int n) {
        for (int e = 0; e < n; e += LANES) {
            int lanes = Math.min(LANES, n - e);
            for (int l = 0; l < lanes; l++) sums[l] += x[i + e + l];
        }
    }

    /** Of products. */
    protected void dots(float[] x, int i, float[] y, int j, float[] sums, int n) {
        for (int e = 0; e < n; e += LANES) {
            int lanes = Math.min(LANES, n - e);
            for (int l = 0; l < lanes; l++) sums[l] = Math.fma(x[i + e + l], y[j + e + l], sums[l]);
        }
    }

    protected void squares(float[] x, int i, float mean, float[] sums, int n) {
        for (int e = 0; e < n; e += LANES) {
            int lanes = Math.min(LANES, n - e);
            for (int l = 0; l < lanes; l++) {
                float d = x[i + e + l] - mean;
                sums[l] = Math.fma(d, d, sums[l]);
            }
        }
    }

    protected void scale(float[] y, int o, float factor, int n) {
        for (int e = 0; e < n; e++) y[o + e] *= factor;
    }

    protected void subtract(float[] x, int i, float first, float second, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = x[i + e] - first - second;
    }

    /** Adds up what is ahead. */
    protected void affine(
            float[] x, int i, float scale, float shift, float[] y, int o, int ahead, float[] sums, int n) {
        for (int e = 0; e < n; e++) y[o + e] = Math.fma(x[i + e], scale, shift);
        sums(x, ahead, sums, n);
    }

    /** Adds up what is ahead. */
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
        for (int e = 0; e < n; e++) y[o + e] = Math.fma(x[i + e], scale, shift) * w[j + e] + b[k + e];
        sums(x, ahead, sums, n);
    }

    /** {@code out = (g - less) * y}; the products of those next. */
    protected void softmaxGradient(
            float[] g, int i, float less, float[] y, int j, float[] out, int o, int next, float[] sums, int n) {
        for (int e = 0; e < n; e++) out[o + e] = (g[i + e] - less) * y[j + e];
        dots(g, i + next, y, j + next, sums, n);
    }

    /** {@code out = g - e^y * total}; adds up those next of g. */
    protected void logGradient(
            float[] g, int i, float total, float[] y, int j, float[] out, int o, int next, float[] sums, int n) {
        for (int e = 0; e < n; e++) {
            float p = FloatMath.lifted(y[j + e]) * FloatMath.LOWER;
            out[o + e] = Math.fma(-p, total, g[i + e]);
        }
        sums(g, i + next, sums, n);
    }

    /** Adds up {@code h = g * w}, and its products with {@code (x - mean) * scale}. */
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
        for (int e = 0; e < n; e += LANES) {
            int lanes = Math.min(LANES, n - e);
            for (int l = 0; l < lanes; l++) {
                float h = g[i + e + l] * w[k + e + l];
                sums[l] += h;
                products[l] = Math.fma(h, (x[j + e + l] - mean) * scale, products[l]);
            }
        }
    }

    /** {@code out = (g * w - first - (x - mean) * scale * second) * scale}; then {@link #along} of those next. */
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
        for (int e = 0; e < n; e++) {
            float h = g[i + e] * w[k + e] - first;
            out[o + e] = Math.fma((x[j + e] - mean) * scale, -second, h) * scale;
        }
        along(g, i + next, x, j + next, w, k, nextMean, nextScale, sums, products, n);
    }

    /** {@code y = g * (x - mean) * scale}. */
    protected void weigh(float[] g, int i, float[] x, int j, float mean, float scale, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = (x[j + e] - mean) * scale * g[i + e];
    }
}

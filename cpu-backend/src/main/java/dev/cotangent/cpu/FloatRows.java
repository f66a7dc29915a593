package dev.cotangent.cpu;

/**
 * The innermost loops of {@link FloatRowLoops}, plain ones; the vector form gives the same bits. Chains are of every so
 * manieth element, and the number of elements is a multiple of theirs.
 */
public class FloatRows {
    protected static final int LANES = Loop.LANES;

    protected void maxima(float[] x, int i, float[] chains, int n) {
        for (int e = 0; e < n; e += LANES) {
            for (int l = 0; l < LANES; l++) chains[l] = x[i + e + l] > chains[l] ? x[i + e + l] : chains[l];
        }
    }

    protected void exps(float[] x, int i, float shift, float[] y, int o, float[] chains, int n) {
        for (int e = 0; e < n; e += LANES) {
            for (int l = 0; l < LANES; l++) chains[l] += y[o + e + l] = FloatMath.exp(x[i + e + l] - shift);
        }
    }

    protected void sums(float[] x, int i, float[] chains, int n) {
        for (int e = 0; e < n; e += LANES) for (int l = 0; l < LANES; l++) chains[l] += x[i + e + l];
    }

    protected void squares(float[] x, int i, float mean, float[] chains, int n) {
        for (int e = 0; e < n; e += LANES) {
            for (int l = 0; l < LANES; l++) {
                float d = x[i + e + l] - mean;
                chains[l] = Math.fma(d, d, chains[l]);
            }
        }
    }

    protected void scale(float[] y, int o, float factor, int n) {
        for (int e = 0; e < n; e++) y[o + e] *= factor;
    }

    protected void subtract(float[] x, int i, float first, float second, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = x[i + e] - first - second;
    }

    protected void affine(float[] x, int i, float scale, float shift, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = Math.fma(x[i + e], scale, shift);
    }

    protected void affine(
            float[] x, int i, float scale, float shift, float[] w, int j, float[] b, int k, float[] y, int o, int n) {
        for (int e = 0; e < n; e++) y[o + e] = Math.fma(x[i + e], scale, shift) * w[j + e] + b[k + e];
    }
}

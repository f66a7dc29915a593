package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;

/**
 * Template of rows of float32, whose data is the form of the loops; see {@link Templates}. Were it one class for both forms,
 * the compiler, knowing it from plain loops, would take in vectors of which it knows nothing yet, badly and for good.
 *
 * <p>Sums begin as {@link Loop#LANES} chains, each of every so manieth element, which are joined in halves.
 */
final class FloatRowLoops extends RowLoops {
    private static final FloatRows FORM = (FloatRows) Templates.data(MethodHandles.lookup());
    private static final int LANES = Loop.LANES;
    private static final int CHAINS = Registers.LAST - 4;

    private static final int CALLS = 100;
    private static final int FEW = 4 * LANES;

    /** Of a form. */
    static RowLoops of(FloatRows form) {
        return Templates.define(MethodHandles.lookup(), RowLoops.class, FloatRowLoops.class, form);
    }

    private static float[] chains(float start) {
        float[] chains = (float[]) Registers.mine().get(Kind.FLOAT, CHAINS);
        Arrays.fill(chains, 0, LANES, start);
        return chains;
    }

    private static float joined(float[] chains) {
        for (int h = LANES / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) chains[l] += chains[l + h];
        return chains[0];
    }

    @Override
    double max(Object from, int i, int n) {
        float[] x = (float[]) from;
        float[] chains = chains(Float.NEGATIVE_INFINITY);
        int whole = n - n % LANES;
        FORM.maxima(x, i, chains, whole);
        float most = chains[0];
        for (int l = 1; l < LANES; l++) most = chains[l] > most ? chains[l] : most;
        for (int e = whole; e < n; e++) most = x[i + e] > most ? x[i + e] : most;
        return most + 0f;
    }

    @Override
    double exps(Object from, int i, double shift, Object to, int o, int n) {
        float[] x = (float[]) from;
        float[] y = (float[]) to;
        float[] chains = chains(0);
        int whole = n - n % LANES;
        FORM.exps(x, i, (float) shift, y, o, chains, whole);
        for (int e = whole; e < n; e++) chains[e - whole] += y[o + e] = FloatMath.exp(x[i + e] - (float) shift);
        return joined(chains);
    }

    @Override
    void divide(Object y, int o, double divisor, int n) {
        FORM.scale((float[]) y, o, (float) (1 / divisor), n);
    }

    @Override
    void subtract(Object x, int i, double first, double second, Object y, int o, int n) {
        FORM.subtract((float[]) x, i, (float) first, (float) second, (float[]) y, o, n);
    }

    @Override
    double sum(Object from, int i, int n) {
        float[] x = (float[]) from;
        float[] chains = chains(0);
        int whole = n - n % LANES;
        FORM.sums(x, i, chains, whole);
        for (int e = whole; e < n; e++) chains[e - whole] += x[i + e];
        return joined(chains);
    }

    @Override
    double squares(Object from, int i, double mean, int n) {
        float[] x = (float[]) from;
        float[] chains = chains(0);
        int whole = n - n % LANES;
        FORM.squares(x, i, (float) mean, chains, whole);
        for (int e = whole; e < n; e++) {
            float d = x[i + e] - (float) mean;
            chains[e - whole] = Math.fma(d, d, chains[e - whole]);
        }
        return joined(chains);
    }

    @Override
    void affine(Object x, int i, double scale, double shift, Object y, int o, int n) {
        FORM.affine((float[]) x, i, (float) scale, (float) shift, (float[]) y, o, n);
    }

    @Override
    void affine(Object x, int i, double scale, double shift, Object w, int j, Object b, int k, Object y, int o, int n) {
        FORM.affine((float[]) x, i, (float) scale, (float) shift, (float[]) w, j, (float[]) b, k, (float[]) y, o, n);
    }

    /** Each loop so often, each time for few elements: how often makes the compiler act. */
    static void exercise(RowLoops loops) {
        float[] x = new float[FEW];
        float[] y = new float[FEW];
        for (int i = 0; i < CALLS; i++) {
            double shift = loops.max(x, 0, FEW);
            loops.divide(y, 0, loops.exps(x, 0, shift, y, 0, FEW), FEW);
            loops.subtract(x, 0, shift, shift, y, 0, FEW);
            loops.squares(x, 0, loops.sum(x, 0, FEW), FEW);
            loops.affine(x, 0, 1, 0, y, 0, FEW);
            loops.affine(x, 0, 1, 0, x, 0, x, 0, y, 0, FEW);
        }
    }
}

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

    private static final int CALLS = 100;
    private static final int FEW = 4 * LANES;

    /** Of a form. */
    static RowLoops of(FloatRows form) {
        return Templates.define(MethodHandles.lookup(), RowLoops.class, FloatRowLoops.class, form);
    }

    private static float[] chains(Total of) {
        Arrays.fill(of.chains, 0);
        return of.chains;
    }

    /** The sum, the second half of the chains added to the first until one is left; written out, as rows may be short. */
    private static float joined(float[] chains) {
        return ((four(chains, 0) + four(chains, 4)) + (four(chains, 2) + four(chains, 6)))
                + ((four(chains, 1) + four(chains, 5)) + (four(chains, 3) + four(chains, 7)));
    }

    /** What is in place {@code l} after eight are left. */
    private static float four(float[] chains, int l) {
        return (chains[l] + chains[l + LANES / 2]) + (chains[l + LANES / 4] + chains[l + 3 * LANES / 4]);
    }

    @Override
    double max(Object x, int i, int n) {
        return FORM.largest((float[]) x, i, n) + 0f;
    }

    @Override
    double exps(Object x, int i, double shift, Object y, int o, Total sum, int next, int n) {
        float[] chains = chains(sum);
        float most = FORM.exps((float[]) x, i, (float) shift, (float[]) y, o, chains, i + next, n);
        sum.add((double) joined(chains) * FloatMath.LOWER);
        return most + 0f;
    }

    @Override
    void divide(Object y, int o, double divisor, int n) {
        FORM.scale((float[]) y, o, (float) (FloatMath.LOWER / divisor), n);
    }

    @Override
    void subtract(Object x, int i, double first, double second, Object y, int o, int n) {
        FORM.subtract((float[]) x, i, (float) first, (float) second, (float[]) y, o, n);
    }

    @Override
    void sum(Object x, int i, Total sum, int n) {
        float[] chains = chains(sum);
        FORM.sums((float[]) x, i, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void dot(Object x, int i, Object y, int j, Total sum, int n) {
        float[] chains = chains(sum);
        FORM.dots((float[]) x, i, (float[]) y, j, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void squares(Object x, int i, double mean, Total sum, int n) {
        float[] chains = chains(sum);
        FORM.squares((float[]) x, i, (float) mean, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void affine(Object x, int i, double scale, double shift, Object y, int o, Total sum, int next, int n) {
        float[] chains = chains(sum);
        FORM.affine((float[]) x, i, (float) scale, (float) shift, (float[]) y, o, i + next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void affine(
            Object x,
            int i,
            double scale,
            double shift,
            Object w,
            int j,
            Object b,
            int k,
            Object y,
            int o,
            Total sum,
            int next,
            int n) {
        float[] chains = chains(sum);
        float factor = (float) scale;
        float term = (float) shift;
        FORM.affine((float[]) x, i, factor, term, (float[]) w, j, (float[]) b, k, (float[]) y, o, i + next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void softmaxGradient(Object g, int i, double less, Object y, int j, Object out, int o, Total sum, int next, int n) {
        float[] chains = chains(sum);
        FORM.softmaxGradient((float[]) g, i, (float) less, (float[]) y, j, (float[]) out, o, next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void logGradient(Object g, int i, double total, Object y, int j, Object out, int o, Total sum, int next, int n) {
        float[] chains = chains(sum);
        FORM.logGradient((float[]) g, i, (float) total, (float[]) y, j, (float[]) out, o, next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void along(Object g, int i, Object x, int j, Object w, int k, Normal normal, Total sum, Total products, int n) {
        float[] sums = chains(sum);
        float[] along = chains(products);
        float mean = (float) normal.mean();
        float scale = (float) normal.scale();
        FORM.along((float[]) g, i, (float[]) x, j, (float[]) w, k, mean, scale, sums, along, n);
        sum.add(joined(sums));
        products.add(joined(along));
    }

    @Override
    void normalGradient(
            Object g,
            int i,
            Object x,
            int j,
            Object w,
            int k,
            Normal normal,
            double first,
            double second,
            Object out,
            int o,
            int next,
            Normal ofNext,
            Total sum,
            Total products,
            int n) {
        float[] sums = chains(sum);
        float[] along = chains(products);
        FORM.normalGradient(
                (float[]) g,
                i,
                (float[]) x,
                j,
                (float[]) w,
                k,
                (float) normal.mean(),
                (float) normal.scale(),
                (float) first,
                (float) second,
                (float[]) out,
                o,
                next,
                (float) ofNext.mean(),
                (float) ofNext.scale(),
                sums,
                along,
                n);
        sum.add(joined(sums));
        products.add(joined(along));
    }

    @Override
    void weigh(Object g, int i, Object x, int j, Normal normal, Object y, int o, int n) {
        float mean = (float) normal.mean();
        float scale = (float) normal.scale();
        FORM.weigh((float[]) g, i, (float[]) x, j, mean, scale, (float[]) y, o, n);
    }

    /** Each loop so often, each time for few elements: how often makes the compiler act. */
    static void exercise(RowLoops loops) {
        float[] x = new float[FEW];
        float[] y = new float[FEW];
        Total sum = new Total();
        Total more = new Total();
        Normal normal = new Normal(0, 1);
        for (int i = 0; i < CALLS; i++) {
            double shift = Math.max(loops.max(x, 0, FEW), loops.exps(x, 0, 0, y, 0, sum, 0, FEW));
            loops.divide(y, 0, sum.take(), FEW);
            loops.subtract(x, 0, shift, shift, y, 0, FEW);
            loops.sum(x, 0, sum, FEW);
            loops.squares(x, 0, sum.take(), sum, FEW);
            loops.affine(x, 0, 1, 0, y, 0, sum, 0, FEW);
            loops.affine(x, 0, 1, 0, x, 0, x, 0, y, 0, sum, 0, FEW);
            loops.dot(x, 0, y, 0, sum, FEW);
            loops.softmaxGradient(x, 0, sum.take(), y, 0, y, 0, sum, 0, FEW);
            loops.logGradient(x, 0, 0, y, 0, y, 0, sum, 0, FEW);
            loops.along(x, 0, x, 0, x, 0, normal, sum, more, FEW);
            loops.normalGradient(x, 0, x, 0, x, 0, normal, 0, 0, y, 0, 0, normal, sum, more, FEW);
            loops.weigh(x, 0, x, 0, normal, y, 0, FEW);
        }
    }
}

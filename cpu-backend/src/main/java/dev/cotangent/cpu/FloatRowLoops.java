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
    private static final int MORE_CHAINS = Registers.LAST - 5;

    private static final int CALLS = 100;
    private static final int FEW = 4 * LANES;

    /** Of a form. */
    static RowLoops of(FloatRows form) {
        return Templates.define(MethodHandles.lookup(), RowLoops.class, FloatRowLoops.class, form);
    }

    private static float[] chains(int number) {
        float[] chains = (float[]) Registers.mine().get(Kind.FLOAT, number);
        Arrays.fill(chains, 0, LANES, 0);
        return chains;
    }

    private static float joined(float[] chains) {
        for (int h = LANES / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) chains[l] += chains[l + h];
        return chains[0];
    }

    @Override
    double max(Object x, int i, int n) {
        return FORM.largest((float[]) x, i, n) + 0f;
    }

    @Override
    double exps(Object x, int i, double shift, Object y, int o, Total sum, int next, int n) {
        float[] chains = chains(CHAINS);
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
    double sum(Object x, int i, int n) {
        float[] chains = chains(CHAINS);
        FORM.sums((float[]) x, i, chains, n);
        return joined(chains);
    }

    @Override
    double dot(Object x, int i, Object y, int j, int n) {
        float[] chains = chains(CHAINS);
        FORM.dots((float[]) x, i, (float[]) y, j, chains, n);
        return joined(chains);
    }

    @Override
    double squares(Object x, int i, double mean, int n) {
        float[] chains = chains(CHAINS);
        FORM.squares((float[]) x, i, (float) mean, chains, n);
        return joined(chains);
    }

    @Override
    void affine(Object x, int i, double scale, double shift, Object y, int o, Total sum, int next, int n) {
        float[] chains = chains(CHAINS);
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
        float[] chains = chains(CHAINS);
        float factor = (float) scale;
        float term = (float) shift;
        FORM.affine((float[]) x, i, factor, term, (float[]) w, j, (float[]) b, k, (float[]) y, o, i + next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void softmaxGradient(Object g, int i, double less, Object y, int j, Object out, int o, Total sum, int next, int n) {
        float[] chains = chains(CHAINS);
        FORM.softmaxGradient((float[]) g, i, (float) less, (float[]) y, j, (float[]) out, o, next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void logGradient(Object g, int i, double total, Object y, int j, Object out, int o, Total sum, int next, int n) {
        float[] chains = chains(CHAINS);
        FORM.logGradient((float[]) g, i, (float) total, (float[]) y, j, (float[]) out, o, next, chains, n);
        sum.add(joined(chains));
    }

    @Override
    void along(Object g, int i, Object x, int j, Object w, int k, Normal normal, Total sum, Total products, int n) {
        float[] sums = chains(CHAINS);
        float[] along = chains(MORE_CHAINS);
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
        float[] sums = chains(CHAINS);
        float[] along = chains(MORE_CHAINS);
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
        Normal normal = new Normal(0, 1);
        for (int i = 0; i < CALLS; i++) {
            double shift = Math.max(loops.max(x, 0, FEW), loops.exps(x, 0, 0, y, 0, sum, 0, FEW));
            loops.divide(y, 0, sum.take(), FEW);
            loops.subtract(x, 0, shift, shift, y, 0, FEW);
            loops.squares(x, 0, loops.sum(x, 0, FEW), FEW);
            loops.affine(x, 0, 1, 0, y, 0, sum, 0, FEW);
            loops.affine(x, 0, 1, 0, x, 0, x, 0, y, 0, sum, 0, FEW);
            loops.softmaxGradient(x, 0, loops.dot(x, 0, y, 0, FEW), y, 0, y, 0, sum, 0, FEW);
            loops.logGradient(x, 0, 0, y, 0, y, 0, sum, 0, FEW);
            loops.along(x, 0, x, 0, x, 0, normal, sum, sum, FEW);
            loops.normalGradient(x, 0, x, 0, x, 0, normal, 0, 0, y, 0, 0, normal, sum, sum, FEW);
            loops.weigh(x, 0, x, 0, normal, y, 0, FEW);
        }
    }
}

package dev.cotangent.cpu;

/**
 * A loop over up to {@link Registers#BLOCK} elements and more: {@code out[o + i] = f(a[i + ..], b[..], c[..])} on
 * arrays of the kinds that its op takes; operands that the op has not are ignored. The output may be one of the
 * operands.
 */
public abstract class Loop {
    /** Number of accumulators that {@link #fold} combines at the end. */
    public static final int LANES = 32;

    /** Runs over {@code n} elements, each array from its own start on. */
    public abstract void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n);

    /**
     * Reduces {@code n} elements, at least {@link #LANES}, by an op with two operands to {@code out[o]}; the elements
     * after it, up to {@code LANES}, are overwritten. First every {@code LANES}th with the ones before, then those
     * chains in halves.
     */
    public void fold(Object out, int o, Object a, int i, int n) {
        System.arraycopy(a, i, out, o, LANES);
        for (int at = LANES; at < n; at += LANES) run(out, o, out, o, a, i + at, a, i, Math.min(LANES, n - at));
        for (int h = LANES / 2; h > 0; h /= 2) run(out, o, out, o, out, o + h, out, o, h);
    }

    /**
     * Works as {@link #fold} for each of {@code count} runs with a stride of {@code step}: to {@code out[o]},
     * {@code out[o + 1]} and on. What follows there, up to {@code LANES}, is overwritten.
     */
    public void folds(Object out, int o, Object a, int i, int n, int step, int count) {
        for (int c = 0; c < count; c++) fold(out, o + c, a, i + c * step, n);
    }

    /**
     * Reduces rows of {@code n} elements, with a stride of {@code step}, by an op with two operands to one at
     * {@code out[o]}, in their order; after the row that is there already where there are {@code more}.
     */
    public void rows(Object out, int o, Object a, int i, int step, int rows, int n, boolean more) {
        if (!more) System.arraycopy(a, i, out, o, n);
        for (int r = more ? 0 : 1; r < rows; r++) run(out, o, out, o, a, i + r * step, a, i, n);
    }
}

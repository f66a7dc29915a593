package dev.cotangent.cpu;

/**
 * A loop over up to {@link Registers#BLOCK} elements and more: {@code out[o + i] = f(a[i + ..], b[..], c[..])} on
 * arrays of the kinds that its op takes; operands that the op has not are ignored. The output may be one of the
 * operands.
 */
public abstract class Loop {
    /** What {@link #fold} leaves. */
    public static final int LANES = 32;

    /** Runs over {@code n} elements, each array from its own start on. */
    public abstract void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n);

    /**
     * Of an op with two operands: joins every {@link #LANES}th element of {@code n}, a multiple of that, one after the
     * other, so that {@code out[o + l]} comes from the elements {@code l}, {@code l + LANES} and so on.
     */
    public void fold(Object out, int o, Object a, int i, int n) {
        System.arraycopy(a, i, out, o, LANES);
        for (int at = LANES; at < n; at += LANES) run(out, o, out, o, a, i + at, a, i, LANES);
    }
}

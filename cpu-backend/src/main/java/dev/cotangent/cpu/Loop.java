package dev.cotangent.cpu;

/**
 * A loop over up to {@link Registers#BLOCK} elements and more: {@code out[o + i] = f(a[i + ..], b[..], c[..])} on arrays of
 * the kinds that its op takes; operands that the op has not are ignored. The output may be one of the operands.
 */
public abstract class Loop {
    /** Runs over {@code n} elements, each array from its own start on. */
    public abstract void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n);
}

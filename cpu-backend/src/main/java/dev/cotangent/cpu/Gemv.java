package dev.cotangent.cpu;

/** Products of a matrix of float32 or float64 and a vector, each array read from its own start on. */
public abstract class Gemv {
    /** Accumulators of a dot product, the same number for every vector width, as the bits depend on it. */
    public static final int FLOAT_LANES = 32;

    /** Of float64: as many bytes. */
    public static final int DOUBLE_LANES = 16;

    /**
     * Computes {@code y[o + r] = sum over q < k of a[i + r * lda + q] * x[j + q]} for each of some rows. Each
     * accumulator sums every LANES-th product; they are then combined in halves, and products that are left over added
     * one by one.
     */
    public abstract void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o);

    /**
     * Computes {@code y[o + c] += sum over r < rows of x[j + r] * a[i + r * lda + c]} for each of {@code n} columns.
     */
    public abstract void sums(int rows, int n, Object a, int i, int lda, Object x, int j, Object y, int o);
}

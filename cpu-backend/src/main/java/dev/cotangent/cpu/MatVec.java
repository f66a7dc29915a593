package dev.cotangent.cpu;

/** Products of a matrix of float32 or float64 and a vector, each array read from its own start on. */
public abstract class MatVec {
    /** {@code y[o + r] = sum over q < k of a[i + r * lda + q] * x[j + q]} for each of some rows. */
    public abstract void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o);

    /** {@code y[o + c] += sum over r < rows of x[j + r] * a[i + r * lda + c]} for each of {@code n} columns. */
    public abstract void sums(int rows, int n, Object a, int i, int lda, Object x, int j, Object y, int o);
}

package dev.cotangent.cpu;

/**
 * The innermost part of a matrix product: a few rows of {@code a}, unpacked, times a packed panel of {@code b} whose
 * width is that of the tile. Every element is one chain of fused multiply-adds in rising order of the inner index, so
 * it has the same bits whatever computes it.
 */
public abstract class Tile {
    /** The rows of a tile. */
    public abstract int rows();

    /** The columns of a tile, and of a panel. */
    public abstract int columns();

    /**
     * {@code c[r * ldc + j] = sum over q < k of a[r * lda + q] * b[q * columns + j]}, each array from its own start.
     */
    public abstract void store(int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);

    /** As {@link #store}, but on top of what is in {@code c}. */
    public abstract void accumulate(int k, Object a, int i, int lda, Object b, int j, Object c, int o, int ldc);

    /** Copies {@code k} rows of a panel's width, which lie {@code ldb} apart, to a panel. */
    public void pack(int k, Object b, int i, int ldb, Object panel, int j) {
        for (int q = 0; q < k; q++) System.arraycopy(b, i + q * ldb, panel, j + q * columns(), columns());
    }
}

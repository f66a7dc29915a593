package dev.cotangent.cpu;

/**
 * The innermost part of a matrix product: a few rows of {@code a}, each of which lies together, times packed panels of
 * {@code b} whose width is that of the tile. Every element is one chain of fused multiply-adds in rising order of the
 * inner index, so it has the same bits whatever computes it.
 */
public abstract class Tile {
    /** The most rows that a tile has. */
    public abstract int rows();

    /** The columns of a tile, and of a panel. */
    public abstract int columns();

    /** The rows of the next tile where so many are left; there may be fewer left than it has. */
    public abstract int height(int left);

    /**
     * {@code c[r * ldc + j] = sum over q < k of a[r * lda + q] * b[q * columns + j]}, each array from its own start, for
     * so many rows, of which there is a tile, and for one panel after the other, which lie one behind the other in
     * {@code b} and side by side in {@code c}; or the same on top of what is in {@code c}.
     */
    public abstract void multiply(
            boolean onTop,
            int rows,
            int panels,
            int k,
            Object a,
            int i,
            int lda,
            Object b,
            int j,
            Object c,
            int o,
            int ldc);

    /** Copies {@code k} rows as wide as some panels, which lie {@code ldb} apart, to those panels. */
    public abstract void pack(int panels, int k, Object b, int i, int ldb, Object to, int j);

    /** The side of a square that {@link #turn} copies; 0 where it cannot. */
    public abstract int lanes();

    /**
     * Copies {@code n} squares transposed: the rows of one lie {@code step} apart, its columns are written
     * {@code stepTo} apart, and the next is so much further.
     */
    public abstract void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo);
}

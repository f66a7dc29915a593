package dev.cotangent.cpu;

/**
 * The innermost part of a matrix product: packed strips of {@code a}, a few rows of it that lie across, times packed panels
 * of {@code b}. Every element is one chain of fused multiply-adds in rising order of the inner index, so it has the same
 * bits whatever computes it.
 */
public abstract class Tile {
    /** The most rows that a tile has. */
    public abstract int rows();

    /** The columns of a tile, and of a panel. */
    public abstract int columns();

    /** The elements of a strip for each inner index: as many as a tile has rows, and some that are not read. */
    public abstract int strip();

    /** The rows of the next tile where so many are left; there may be fewer left than it has. */
    public abstract int height(int left);

    /**
     * {@code c[r * ldc + j] = sum over q < k of a[q * strip + r] * b[q * columns + j]}, each array from its own start, for
     * so many rows, of which there is a tile, and for one panel after the other, which lie one behind the other in
     * {@code b} and side by side in {@code c}; or the same on top of what is in {@code c}.
     */
    public abstract void multiply(
            boolean onTop, int rows, int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc);

    /** Copies {@code k} rows as wide as some panels, or strips, of that width, which lie {@code ldb} apart, to those. */
    public abstract void pack(int width, int panels, int k, Object b, int i, int ldb, Object to, int j);

    /** The side of a square that is transposed at once; 0 where none is. */
    public abstract int lanes();

    /**
     * Copies {@code n} squares transposed: the rows of one lie {@code step} apart, its columns are written
     * {@code stepTo} apart, and the next is so much further.
     */
    public abstract void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo);

    /** Copies as many columns as a square has rows, {@code k} long and {@code step} apart, into a panel or strip of that width. */
    public abstract void turnInto(int width, int k, Object from, int i, int step, Object to, int j);
}

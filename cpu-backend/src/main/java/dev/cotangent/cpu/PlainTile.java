package dev.cotangent.cpu;

/** Tiles in plain loops. */
abstract sealed class PlainTile extends Tile permits FloatTile, DoubleTile {
    private static final int ROWS = 4;
    private static final int COLUMNS = 16;
    private static final int PIECE = 64;

    private static final PlainTile FLOATS = new FloatTile();
    private static final PlainTile DOUBLES = new DoubleTile();

    static PlainTile of(boolean isDouble) {
        return isDouble ? DOUBLES : FLOATS;
    }

    /** Adds the product of two small matrices, the rows of each so far apart. */
    abstract void product(
            int m, int n, int k, Object a, int i, int lda, Object b, int j, int ldb, Object c, int o, int ldc);

    @Override
    public final int rows() {
        return ROWS;
    }

    @Override
    public final int columns() {
        return COLUMNS;
    }

    @Override
    public final int piece() {
        return PIECE;
    }

    @Override
    public final int slots() {
        return ROWS;
    }

    @Override
    public final int height(int left) {
        return Math.min(ROWS, left);
    }

    @Override
    public final void multiply(
            boolean onTop, int rows, int panels, int k, Object a, int i, Object b, int j, Object c, int o, int ldc) {
        for (int p = 0; p < panels; p++) {
            int to = o + p * COLUMNS;
            if (!onTop) for (int r = 0; r < rows; r++) Kind.clear(c, to + r * ldc, to + r * ldc + COLUMNS);
            for (int q = 0; q < k; q += PIECE) {
                int some = Math.min(PIECE, k - q);
                product(rows, COLUMNS, some, a, i + q * ROWS, PIECE, b, j + (p * k + q) * COLUMNS, COLUMNS, c, to, ldc);
            }
        }
    }

    @Override
    public final void pack(int width, int panels, int k, Object b, int i, int ldb, Object to, int j, int further) {
        for (int p = 0; p < panels; p++) {
            for (int q = 0; q < k; q++) {
                System.arraycopy(b, i + p * width + q * ldb, to, j + p * further + q * width, width);
            }
        }
    }

    @Override
    public final int lanes() {
        return 0;
    }

    @Override
    public final void turn(
            int n, Object from, int i, int step, int further, Object to, int j, int stepTo, int furtherTo) {
        throw new UnsupportedOperationException("squares of no lanes");
    }

    @Override
    public final void turnInto(int k, Object from, int i, int step, Object to, int j) {
        throw new UnsupportedOperationException("squares of no lanes");
    }
}

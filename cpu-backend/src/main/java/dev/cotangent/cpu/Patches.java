package dev.cotangent.cpu;

/**
 * The matrix of patches that a convolution multiplies, which is not made: an element is where the offsets of its row, a
 * channel and an element of the kernel, and of its column, an output position, add up to. Columns are in lines, a row
 * of the output each, along which elements are contiguous.
 *
 * @param loops what copies lines
 * @param memory {@code float[]} or {@code double[]}
 * @param start added to all offsets
 * @param rows offsets of rows
 * @param row the first row
 * @param lines offsets of lines
 * @param width the columns of a line
 * @param column the first column
 */
record Patches(Windows loops, Object memory, int start, int[] rows, int row, int[] lines, int width, int column)
        implements Gemm.Operand {
    @Override
    public Patches from(int fromRow, int fromColumn) {
        return new Patches(loops, memory, start, rows, row + fromRow, lines, width, column + fromColumn);
    }

    /** Copies the first rows and columns to rows with a stride. */
    void copy(int some, int columns, Object to, int j, int apart) {
        Windows.Pieces pieces = Windows.Pieces.mine(columns / width + 2);
        add(pieces, 0, columns);
        if (columns == apart) {
            loops.pack(some, memory, rows, row, pieces, to, j, apart);
            return;
        }
        for (int r = 0; r < some; r++) loops.pack(1, memory, rows, row + r, pieces, to, j + r * apart, columns);
    }

    /** Adds the pieces of memory of columns from one on. */
    private void add(Windows.Pieces pieces, int first, int columns) {
        pieces.clear();
        for (int e = 0, length; e < columns; e += length) {
            int at = column + first + e;
            length = Math.min(columns - e, width - at % width);
            pieces.add(start + lines[at / width] + at % width, e, length);
        }
    }

    /** Copies columns to contiguous micro-panels, the last one padded with any finite numbers. */
    void packPanels(int depth, int count, int columns, Object to, int j) {
        Windows.Pieces pieces = Windows.Pieces.mine(columns);
        for (int q = 0; q < count; q += columns, j += columns * depth) {
            int some = Math.min(columns, count - q);
            add(pieces, q, some);
            // The padding is multiplied as well, so it must not have denormals, which are slow.
            if (some < columns) RegisterType.clear(to, j, j + columns * depth);
            loops.pack(depth, memory, rows, row, pieces, to, j, columns);
        }
    }
}

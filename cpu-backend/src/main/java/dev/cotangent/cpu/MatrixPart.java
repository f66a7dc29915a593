package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;

/**
 * A part of a matrix in an array of float64.
 *
 * @param storage the array as the backend sees it
 * @param a the array
 * @param at where the first element is
 * @param down the stride between rows
 * @param across the stride between columns
 * @param m the number of rows
 * @param n the number of columns
 */
record MatrixPart(Storage storage, double[] a, int at, int down, int across, int m, int n) {
    /** Returns a column-major array as a matrix. */
    static MatrixPart of(Backend backend, double[] a, int m, int n) {
        Storage storage = new Storage(backend, Dtype.FLOAT64, a.length, a);
        return new MatrixPart(storage, a, 0, 1, m, m, n);
    }

    MatrixPart part(int row, int column, int rows, int columns) {
        return new MatrixPart(storage, a, at + row * down + column * across, down, across, rows, columns);
    }

    MatrixPart transposed() {
        return new MatrixPart(storage, a, at, across, down, n, m);
    }

    double get(int i, int j) {
        return a[at + i * down + j * across];
    }

    void set(int i, int j, double value) {
        a[at + i * down + j * across] = value;
    }

    /** Returns a column-major copy. */
    MatrixPart copy(Backend backend) {
        MatrixPart out = of(backend, new double[m * n], m, n);
        for (int j = 0; j < n; j++) for (int i = 0; i < m; i++) out.a[j * m + i] = get(i, j);
        return out;
    }

    private Strided strided() {
        return new Strided(storage, Layout.of(new long[] {1, m, n}, new long[] {1, down, across}, at));
    }

    /** Computes {@code this = alpha * x @ y + beta * this}. */
    void multiply(Backend backend, double alpha, MatrixPart x, MatrixPart y, double beta) {
        if (m == 0 || n == 0 || x.n == 0) return;
        // Of a column-major result the transposed product, whose rows are contiguous.
        boolean turned = down == 1 && across != 1;
        MatrixPart c = turned ? transposed() : this;
        MatrixPart first = turned ? y.transposed() : x;
        MatrixPart second = turned ? x.transposed() : y;
        Strided out = c.strided();
        backend.matmul(first.strided(), second.strided(), out, out, alpha, beta);
    }
}

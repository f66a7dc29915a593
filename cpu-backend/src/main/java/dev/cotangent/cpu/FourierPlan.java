package dev.cotangent.cpu;

import dev.cotangent.cpu.Butterflies.Format;
import dev.cotangent.cpu.Butterflies.Pass;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the complex transforms of one length and type need: passes for short products of small primes; a product of two lengths
 * for long ones, whose passes would not stay in the cache; a convolution for other numbers, by Bluestein's algorithm.
 */
final class FourierPlan {
    /** Larger primes are left to Bluestein's algorithm. */
    private static final int LARGEST_PRIME = 31;

    /** The most elements that are transformed by passes alone. */
    private static final int SHORT = 2048;

    final int n;
    final boolean isDouble;
    final List<Pass> passes;

    /** Plans of the rows and the columns of a long transform, and its twiddles in between. */
    final @Nullable FourierPlan columns;

    final @Nullable FourierPlan rows;
    final Object inner;
    final Object outer;
    final int blocks;

    /** The plan of a convolution, its factors, and the transform of its filter. */
    final @Nullable FourierPlan convolution;

    final Object chirp;
    final Object filter;

    private final long bytes;

    private FourierPlan(int n, boolean isDouble, boolean isWhole) {
        this.n = n;
        this.isDouble = isDouble;
        Object none = Roots.cast(new double[0], isDouble);
        if (!isSmooth(n)) {
            passes = List.of();
            columns = null;
            rows = null;
            inner = outer = none;
            blocks = 0;
            int size = nextSmooth(2L * n - 1);
            convolution = new FourierPlan(size, isDouble, false);
            double[] factors = chirp(n);
            chirp = Roots.cast(factors, isDouble);
            filter = Roots.cast(filter(n, size, factors), isDouble);
            bytes = convolution.bytes + width() * 2L * (n + size);
        } else if (n > SHORT && !isWhole) {
            int first = middleDivisor(n);
            passes = List.of();
            columns = new FourierPlan(first, isDouble, true);
            rows = new FourierPlan(n / first, isDouble, true);
            blocks = Math.ceilDiv(n / first, Butterflies.BLOCK);
            inner = inner(n, first, isDouble);
            outer = outer(n, first, blocks, isDouble);
            convolution = null;
            chirp = filter = none;
            bytes = columns.bytes + rows.bytes + width() * 2L * first * (Butterflies.BLOCK + blocks);
        } else {
            passes = passes(n, isDouble);
            columns = null;
            rows = null;
            inner = outer = none;
            blocks = 0;
            convolution = null;
            chirp = filter = none;
            bytes = width() * 2L * n;
        }
    }

    static FourierPlan of(int n, boolean isDouble) {
        return new FourierPlan(n, isDouble, false);
    }

    private int width() {
        return isDouble ? Double.BYTES : Float.BYTES;
    }

    /** Returns the bytes of its tables. */
    long bytes() {
        return bytes;
    }

    /** Returns the number of complex elements of a line's buffer. */
    int room() {
        return convolution == null ? n : convolution.n;
    }

    /** Returns whether a line is transformed in parts. */
    boolean isLong() {
        return columns != null || convolution != null && convolution.isLong();
    }

    private static boolean isSmooth(int n) {
        for (int p = 2; p <= LARGEST_PRIME; p++) while (n % p == 0) n /= p;
        return n <= 1;
    }

    /** Returns the least product of 2, 3 and 5, with at most one factor of 5 and two of 3, that is not less. */
    private static int nextSmooth(long least) {
        long best = Long.MAX_VALUE;
        for (int odd : new int[] {1, 3, 5, 9, 15}) {
            long size = odd;
            while (size < least) size *= 2;
            best = Math.min(best, size);
        }
        if (best > 1 << 30) throw new UnsupportedOperationException("a transform of " + least / 2 + " elements");
        return (int) best;
    }

    /** Returns the largest divisor up to the square root. */
    private static int middleDivisor(int n) {
        int d = (int) Math.sqrt(n);
        while (n % d != 0) d--;
        return d;
    }

    private static List<Integer> factors(int n) {
        List<Integer> factors = new ArrayList<>();
        for (; n % 4 == 0; n /= 4) factors.add(4);
        for (int p = 2; n > 1; p++) for (; n % p == 0; n /= p) factors.add(p);
        return factors;
    }

    private static List<Pass> passes(int n, boolean isDouble) {
        List<Pass> passes = new ArrayList<>();
        int m = n;
        int s = 1;
        for (int radix : factors(n)) {
            int length = m;
            m /= radix;
            double[] twiddles = new double[2 * m * (radix - 1)];
            for (int p = 0, at = 0; p < m; p++) {
                for (int j = 1; j < radix; j++, at += 2) Roots.put((long) p * j, length, twiddles, at);
            }
            double[] roots = new double[2 * radix];
            for (int j = 0; j < radix; j++) Roots.put(j, radix, roots, 2 * j);
            passes.add(new Pass(radix, m, s, Roots.cast(twiddles, isDouble), Roots.cast(roots, isDouble)));
            s *= radix;
        }
        return passes;
    }

    private static Object inner(int n, int rows, boolean isDouble) {
        double[] table = new double[2 * rows * Butterflies.BLOCK];
        double[] root = new double[2];
        for (int k = 0; k < rows; k++) {
            for (int c = 0; c < Butterflies.BLOCK; c++) {
                Roots.put((long) k * c, n, root, 0);
                table[2 * k * Butterflies.BLOCK + c] = root[0];
                table[2 * k * Butterflies.BLOCK + Butterflies.BLOCK + c] = root[1];
            }
        }
        return Roots.cast(table, isDouble);
    }

    private static Object outer(int n, int rows, int blocks, boolean isDouble) {
        double[] table = new double[2 * rows * blocks];
        for (int k = 0; k < rows; k++) {
            for (int b = 0; b < blocks; b++) {
                Roots.put((long) k * b * Butterflies.BLOCK, n, table, 2 * (k * blocks + b));
            }
        }
        return Roots.cast(table, isDouble);
    }

    /** Returns {@code exp(-pi i k^2 / n)}. */
    private static double[] chirp(int n) {
        double[] table = new double[2 * n];
        for (int k = 0; k < n; k++) Roots.put((long) k * k % (2L * n), 2L * n, table, 2 * k);
        return table;
    }

    /** Returns the transform of the conjugate chirp, in both directions, divided by its length. */
    private static double[] filter(int n, int size, double[] chirp) {
        double[] x = new double[2 * size];
        for (int k = 0; k < n; k++) {
            int mirrored = (size - k) % size;
            x[k] = x[mirrored] = chirp[2 * k] / size;
            x[size + k] = x[size + mirrored] = -chirp[2 * k + 1] / size;
        }
        double[] y = new double[2 * size];
        Format f = Format.planes(size);
        for (Pass pass : passes(size, true)) {
            DoubleButterflies.pass(pass, x, y, f, 0);
            double[] swap = x;
            x = y;
            y = swap;
        }
        for (int k = 0; k < size; k++) {
            y[2 * k] = x[k];
            y[2 * k + 1] = x[size + k];
        }
        return y;
    }
}

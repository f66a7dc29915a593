package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;

/** Running results along a dimension, line by line; floating point in double. */
final class Scanner {
    private Scanner() {}

    static void scan(Pool pool, Scan kind, Strided in, Strided out, int dim) {
        if (in.numel() == 0) return;
        int length = (int) in.layout().size(dim);
        long lines = in.numel() / length;
        Elements elements = Elements.of(in.dtype());
        Walk from = Walk.of(in.layout(), last(in.layout(), dim));
        Walk to = Walk.of(out.layout(), last(in.layout(), dim));
        pool.run(lines, 1, 30L * length, (first, end) -> {
            Object register = Registers.mine().get(Kind.of(in.dtype()), Registers.LAST);
            for (long line = first; line < end; line++) {
                double total = start(kind);
                long whole = wholeStart(kind);
                for (int at = 0; at < length; at += Registers.BLOCK) {
                    int n = Math.min(Registers.BLOCK, length - at);
                    long place = line * length + at;
                    from.load(elements, in.storage().memory(), place, register, n);
                    switch (register) {
                        case float[] r -> total = run(kind, r, n, total);
                        case double[] r -> total = run(kind, r, n, total);
                        case long[] r -> whole = run(kind, r, n, whole, in.dtype());
                        case boolean[] r -> whole = run(kind, r, n, whole);
                        default -> throw new IllegalStateException();
                    }
                    to.store(elements, register, 0, out.storage().memory(), place, n);
                }
            }
        });
    }

    /** All dimensions in order, but that one last. */
    static int[] last(Layout layout, int dim) {
        int[] order = new int[layout.rank()];
        int n = 0;
        for (int d = 0; d < order.length; d++) if (d != dim) order[n++] = d;
        if (order.length > 0) order[n] = dim;
        return order;
    }

    private static double start(Scan kind) {
        return switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static long wholeStart(Scan kind) {
        return switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
        };
    }

    private static double join(Scan kind, double a, double b) {
        return switch (kind) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static long join(Scan kind, long a, long b) {
        return switch (kind) {
            case SUM -> a + b;
            case PROD -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    private static double run(Scan kind, float[] r, int n, double total) {
        for (int i = 0; i < n; i++) r[i] = (float) (total = join(kind, total, r[i]));
        return total;
    }

    private static double run(Scan kind, double[] r, int n, double total) {
        for (int i = 0; i < n; i++) r[i] = total = join(kind, total, r[i]);
        return total;
    }

    private static long run(Scan kind, long[] r, int n, long total, Dtype dtype) {
        for (int i = 0; i < n; i++) r[i] = total = Conversions.wrap(join(kind, total, r[i]), dtype);
        return total;
    }

    private static long run(Scan kind, boolean[] r, int n, long total) {
        for (int i = 0; i < n; i++) {
            total = Math.clamp(join(kind, total, r[i] ? 1 : 0), 0, 1);
            r[i] = total != 0;
        }
        return total;
    }
}

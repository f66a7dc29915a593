package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** Batched matrix products of any type and layout. */
final class MatMul {
    private final Pool pool;

    MatMul(Pool pool) {
        this.pool = pool;
    }

    void multiply(Strided a, Strided b, Strided c, double alpha, double beta) {
        if (c.numel() == 0) return;
        int m = (int) c.layout().size(1);
        int p = (int) c.layout().size(2);
        int k = (int) a.layout().size(2);
        Kind kind = Kind.of(c.dtype());
        for (long n = 0; n < c.layout().size(0); n++) {
            Object x = dense(a, n);
            Object y = dense(b, n);
            Object z = kind.allocate(m * p);
            pool.run(m, 1, 2L * k * p, (from, to) -> rows(x, y, z, (int) from, (int) to, k, p));
            finish(c, n, z, alpha, beta);
        }
    }

    private static Object dense(Strided from, long n) {
        Layout layout = from.layout().select(0, n);
        int numel = (int) layout.numel();
        Object to = Kind.of(from.dtype()).allocate(numel);
        if (numel > 0)
            Walk.of(layout).load(Elements.of(from.dtype()), from.storage().memory(), 0, to, numel);
        return to;
    }

    private static void rows(Object x, Object y, Object z, int from, int to, int k, int p) {
        for (int i = from; i < to; i++) {
            for (int l = 0; l < k; l++) {
                switch (z) {
                    case float[] r -> {
                        float s = ((float[]) x)[i * k + l];
                        float[] row = (float[]) y;
                        for (int j = 0; j < p; j++) r[i * p + j] = Math.fma(s, row[l * p + j], r[i * p + j]);
                    }
                    case double[] r -> {
                        double s = ((double[]) x)[i * k + l];
                        double[] row = (double[]) y;
                        for (int j = 0; j < p; j++) r[i * p + j] = Math.fma(s, row[l * p + j], r[i * p + j]);
                    }
                    case long[] r -> {
                        long s = ((long[]) x)[i * k + l];
                        long[] row = (long[]) y;
                        for (int j = 0; j < p; j++) r[i * p + j] += s * row[l * p + j];
                    }
                    default -> throw new IllegalArgumentException("no matrix products of bool");
                }
            }
        }
    }

    private static void finish(Strided c, long n, Object product, double alpha, double beta) {
        Layout layout = c.layout().select(0, n);
        int numel = (int) layout.numel();
        Elements elements = Elements.of(c.dtype());
        Walk walk = Walk.of(layout);
        if (alpha != 1 || beta != 0) {
            Object old = Kind.of(c.dtype()).allocate(numel);
            if (beta != 0) walk.load(elements, c.storage().memory(), 0, old, numel);
            scale(product, old, alpha, beta, c.dtype());
        }
        walk.store(elements, product, 0, c.storage().memory(), 0, numel);
    }

    private static void scale(Object product, Object old, double alpha, double beta, Dtype dtype) {
        switch (product) {
            case float[] r -> {
                float[] o = (float[]) old;
                for (int i = 0; i < r.length; i++) r[i] = (float) alpha * r[i] + (float) beta * o[i];
            }
            case double[] r -> {
                double[] o = (double[]) old;
                for (int i = 0; i < r.length; i++) r[i] = alpha * r[i] + beta * o[i];
            }
            case long[] r -> {
                long[] o = (long[]) old;
                for (int i = 0; i < r.length; i++) r[i] = (long) alpha * r[i] + (long) beta * o[i];
            }
            default -> throw new IllegalArgumentException("no matrix products of " + dtype);
        }
    }
}

package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Scatter;
import dev.cotangent.ir.ScalarOp;

/** The inner loops of scatters that combine old and new elements; sequential, since indices may repeat. */
final class ScatterLoops {
    private ScatterLoops() {}

    /** Returns whether arrays of the dtype hold its values as registers do, so that loops may work on them directly. */
    static boolean isDirect(Dtype dtype) {
        return dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64 || dtype == Dtype.INT64;
    }

    /**
     * Returns the loop that combines rows of two registers, for that many elements in all. HotSpot does not vectorise {@link #row}, since
     * both rows may be of one array.
     */
    static Loop loop(LoopKernels kernels, Scatter kind, Dtype dtype, long numel) {
        ScalarOp op = switch (kind) {
            case SET, ADD -> ScalarOp.ADD;
            case MUL -> ScalarOp.MUL;
            case MAX -> ScalarOp.MAX;
            case MIN -> ScalarOp.MIN;
        };
        return kernels.of(op, dtype.computeType()).choose(numel);
    }

    /** Combines {@code y[j + e]} with {@code x[i + e]} for {@code n} elements of two registers. */
    static void row(Scatter kind, Object from, int i, Object to, int j, int n) {
        switch (to) {
            case float[] y -> row(kind, (float[]) from, i, y, j, n);
            case double[] y -> row(kind, (double[]) from, i, y, j, n);
            case long[] y -> row(kind, (long[]) from, i, y, j, n);
            case boolean[] y -> row(kind, (boolean[]) from, i, y, j, n);
            default -> throw new IllegalArgumentException(to.getClass() + " is no register");
        }
    }

    private static void row(Scatter kind, float[] x, int i, float[] y, int j, int n) {
        switch (kind) {
            case SET -> System.arraycopy(x, i, y, j, n);
            case ADD -> {
                for (int e = 0; e < n; e++) y[j + e] += x[i + e];
            }
            case MUL -> {
                for (int e = 0; e < n; e++) y[j + e] *= x[i + e];
            }
            case MAX -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.max(y[j + e], x[i + e]);
            }
            case MIN -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.min(y[j + e], x[i + e]);
            }
        }
    }

    private static void row(Scatter kind, double[] x, int i, double[] y, int j, int n) {
        switch (kind) {
            case SET -> System.arraycopy(x, i, y, j, n);
            case ADD -> {
                for (int e = 0; e < n; e++) y[j + e] += x[i + e];
            }
            case MUL -> {
                for (int e = 0; e < n; e++) y[j + e] *= x[i + e];
            }
            case MAX -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.max(y[j + e], x[i + e]);
            }
            case MIN -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.min(y[j + e], x[i + e]);
            }
        }
    }

    private static void row(Scatter kind, long[] x, int i, long[] y, int j, int n) {
        switch (kind) {
            case SET -> System.arraycopy(x, i, y, j, n);
            case ADD -> {
                for (int e = 0; e < n; e++) y[j + e] += x[i + e];
            }
            case MUL -> {
                for (int e = 0; e < n; e++) y[j + e] *= x[i + e];
            }
            case MAX -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.max(y[j + e], x[i + e]);
            }
            case MIN -> {
                for (int e = 0; e < n; e++) y[j + e] = Math.min(y[j + e], x[i + e]);
            }
        }
    }

    private static void row(Scatter kind, boolean[] x, int i, boolean[] y, int j, int n) {
        for (int e = 0; e < n; e++) y[j + e] = combine(kind, y[j + e] ? 1 : 0, x[i + e] ? 1 : 0) != 0;
    }

    /** Combines {@code y[j + e * toStride + index[k + e * indexStride] * step]} with {@code x[i + e * stride]}. */
    static void elements(
            Scatter kind,
            Object from,
            int i,
            int stride,
            long[] index,
            int k,
            int indexStride,
            Object to,
            int j,
            int toStride,
            int step,
            int n) {
        switch (to) {
            case float[] y -> {
                float[] x = (float[]) from;
                if (kind == Scatter.ADD && indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                    for (int e = 0; e < n; e++) y[j + (int) index[k + e]] += x[i + e];
                } else if (kind == Scatter.ADD) {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                        y[j + (int) index[k] * step] += x[i];
                } else {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                        int at = j + (int) index[k] * step;
                        y[at] = combine(kind, y[at], x[i]);
                    }
                }
            }
            case double[] y -> {
                double[] x = (double[]) from;
                if (kind == Scatter.ADD && indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                    for (int e = 0; e < n; e++) y[j + (int) index[k + e]] += x[i + e];
                } else if (kind == Scatter.ADD) {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                        y[j + (int) index[k] * step] += x[i];
                } else {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                        int at = j + (int) index[k] * step;
                        y[at] = combine(kind, y[at], x[i]);
                    }
                }
            }
            case long[] y -> {
                long[] x = (long[]) from;
                if (kind == Scatter.ADD && indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                    for (int e = 0; e < n; e++) y[j + (int) index[k + e]] += x[i + e];
                } else if (kind == Scatter.ADD) {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                        y[j + (int) index[k] * step] += x[i];
                } else {
                    for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                        int at = j + (int) index[k] * step;
                        y[at] = combine(kind, y[at], x[i]);
                    }
                }
            }
            default -> throw new IllegalArgumentException(to.getClass() + " is combined in registers");
        }
    }

    /** Adds {@code x[i + r * row + e * stride]} to {@code y[j + r * toRow + e * toStride]}, row by row. */
    static void add(
            Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
        switch (to) {
            case float[] y -> {
                float[] x = (float[]) from;
                for (int r = 0; r < rows; r++, i += row, j += toRow) {
                    for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] += x[p];
                }
            }
            case double[] y -> {
                double[] x = (double[]) from;
                for (int r = 0; r < rows; r++, i += row, j += toRow) {
                    for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] += x[p];
                }
            }
            case long[] y -> {
                long[] x = (long[]) from;
                for (int r = 0; r < rows; r++, i += row, j += toRow) {
                    for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] += x[p];
                }
            }
            default -> throw new IllegalArgumentException(to.getClass() + " is combined in registers");
        }
    }

    private static float combine(Scatter kind, float old, float value) {
        return switch (kind) {
            case SET -> value;
            case ADD -> old + value;
            case MUL -> old * value;
            case MAX -> Math.max(old, value);
            case MIN -> Math.min(old, value);
        };
    }

    private static double combine(Scatter kind, double old, double value) {
        return switch (kind) {
            case SET -> value;
            case ADD -> old + value;
            case MUL -> old * value;
            case MAX -> Math.max(old, value);
            case MIN -> Math.min(old, value);
        };
    }

    private static long combine(Scatter kind, long old, long value) {
        return switch (kind) {
            case SET -> value;
            case ADD -> old + value;
            case MUL -> old * value;
            case MAX -> Math.max(old, value);
            case MIN -> Math.min(old, value);
        };
    }
}

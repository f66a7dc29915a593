package dev.cotangent.cpu;

import java.util.Arrays;

/**
 * Copies raw elements between arrays of one type: blocks of rows with strides, and elements at indices. Strides may be 0 or
 * negative. A block is {@code rows} rows of {@code n} elements; {@code r} counts rows and {@code e} elements.
 */
abstract sealed class ElementCopies {
    /** Rows of at most this many elements are copied by a loop. */
    private static final int SHORT = 16;

    private static final ElementCopies FLOATS = new Floats();
    private static final ElementCopies DOUBLES = new Doubles();
    private static final ElementCopies LONGS = new Longs();
    private static final ElementCopies INTS = new Ints();
    private static final ElementCopies SHORTS = new Shorts();
    private static final ElementCopies BYTES = new Bytes();

    /** Returns the loops for arrays of that class. */
    static ElementCopies of(Object array) {
        return switch (array) {
            case float[] _ -> FLOATS;
            case double[] _ -> DOUBLES;
            case long[] _ -> LONGS;
            case int[] _ -> INTS;
            case short[] _ -> SHORTS;
            case byte[] _ -> BYTES;
            default -> throw new IllegalArgumentException(array.getClass() + " holds no elements");
        };
    }

    /** Copies {@code to[j + r * toRow + e * toStride] = from[i + r * row + e * stride]}. */
    abstract void copy(
            Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n);

    /**
     * Copies {@code to[j + e * toStride] = from[i + e * stride + index[k + e * indexStride] * step]}.
     *
     * @param size what an index must be less than
     * @return whether all indices are in range; where not, it ends early
     */
    abstract boolean gather(
            Object from,
            int i,
            int stride,
            int step,
            long[] index,
            int k,
            int indexStride,
            long size,
            Object to,
            int j,
            int toStride,
            int n);

    /** Copies {@code to[j + e * toStride + index[k + e * indexStride] * step] = from[i + e * stride]}, in order. */
    abstract void scatter(
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
            int n);

    private static final class Floats extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            float[] x = (float[]) from;
            float[] y = (float[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            float[] x = (float[]) from;
            float[] y = (float[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            float[] x = (float[]) from;
            float[] y = (float[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }

    private static final class Doubles extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            double[] x = (double[]) from;
            double[] y = (double[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            double[] x = (double[]) from;
            double[] y = (double[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            double[] x = (double[]) from;
            double[] y = (double[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }

    private static final class Longs extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            long[] x = (long[]) from;
            long[] y = (long[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            long[] x = (long[]) from;
            long[] y = (long[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            long[] x = (long[]) from;
            long[] y = (long[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }

    private static final class Ints extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            int[] x = (int[]) from;
            int[] y = (int[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            int[] x = (int[]) from;
            int[] y = (int[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            int[] x = (int[]) from;
            int[] y = (int[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }

    private static final class Shorts extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            short[] x = (short[]) from;
            short[] y = (short[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            short[] x = (short[]) from;
            short[] y = (short[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            short[] x = (short[]) from;
            short[] y = (short[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }

    private static final class Bytes extends ElementCopies {
        @Override
        void copy(Object from, int i, int row, int stride, Object to, int j, int toRow, int toStride, int rows, int n) {
            byte[] x = (byte[]) from;
            byte[] y = (byte[]) to;
            for (int r = 0; r < rows; r++, i += row, j += toRow) {
                if (toStride == 1 && stride == 1 && n <= SHORT) for (int e = 0; e < n; e++) y[j + e] = x[i + e];
                else if (toStride == 1 && stride == 1) System.arraycopy(x, i, y, j, n);
                else if (toStride == 1 && stride == 0) Arrays.fill(y, j, j + n, x[i]);
                else if (toStride == 1) for (int e = 0, p = i; e < n; e++, p += stride) y[j + e] = x[p];
                else if (stride == 1) for (int e = 0, q = j; e < n; e++, q += toStride) y[q] = x[i + e];
                else for (int e = 0, p = i, q = j; e < n; e++, p += stride, q += toStride) y[q] = x[p];
            }
        }

        @Override
        boolean gather(
                Object from,
                int i,
                int stride,
                int step,
                long[] index,
                int k,
                int indexStride,
                long size,
                Object to,
                int j,
                int toStride,
                int n) {
            byte[] x = (byte[]) from;
            byte[] y = (byte[]) to;
            if (indexStride == 1 && toStride == 1 && step == 1 && stride == 0) {
                for (int e = 0; e < n; e++) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at];
                }
            } else if (indexStride == 1 && toStride == 1) {
                for (int e = 0; e < n; e++, i += stride) {
                    long at = index[k + e];
                    if (at < 0 || at >= size) return false;
                    y[j + e] = x[i + (int) at * step];
                }
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride) {
                    long at = index[k];
                    if (at < 0 || at >= size) return false;
                    y[j] = x[i + (int) at * step];
                }
            }
            return true;
        }

        @Override
        void scatter(
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
            byte[] x = (byte[]) from;
            byte[] y = (byte[]) to;
            if (indexStride == 1 && stride == 1 && step == 1 && toStride == 0) {
                for (int e = 0; e < n; e++) y[j + (int) index[k + e]] = x[i + e];
            } else {
                for (int e = 0; e < n; e++, i += stride, k += indexStride, j += toStride)
                    y[j + (int) index[k] * step] = x[i];
            }
        }
    }
}

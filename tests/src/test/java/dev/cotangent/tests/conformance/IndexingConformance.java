package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Gather, scatter and sort. */
final class IndexingConformance {
    private static final long[][] SHAPES = {{1}, {7}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {2, 3, 1, 2, 2}, {9, 67}, {1031}};

    private IndexingConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            String name = dtype.torchName();
            checks.add(new Check("gather " + name, t -> gather(t, dtype)));
            checks.add(new Check("sort " + name, t -> sort(t, dtype)));
            for (Scatter kind : Scatter.values()) {
                checks.add(new Check("scatter %s %s".formatted(kind, name), t -> scatter(t, kind, dtype)));
            }
        }
        for (Scatter kind : Scatter.values()) {
            for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.INT64, Dtype.BFLOAT16)) {
                checks.add(new Check(
                        "scatter %s %s by a long index".formatted(kind, dtype.torchName()),
                        t -> longIndex(t, kind, dtype)));
            }
        }
        checks.add(new Check("gather out of range", IndexingConformance::gatherOutOfRange));
        checks.add(new Check("scatter out of range", IndexingConformance::scatterOutOfRange));
        return checks.stream();
    }

    /** Draws the sizes of an index: any along the dimension, elsewhere at most the operand's. */
    private static long[] indexShape(Trial t, long[] shape, int dim) {
        long[] sizes = shape.clone();
        for (int d = 0; d < sizes.length; d++) {
            if (d == dim) sizes[d] = t.random().nextInt(0, 7) * (t.random().nextInt(8) == 0 ? 0 : 3);
            else if (t.random().nextInt(4) == 0) sizes[d] = t.random().nextLong(shape[d] + 1);
        }
        return sizes;
    }

    private static void gather(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    int along = dim;
                    long[] sizes = indexShape(t, shape, dim);
                    Operand in = t.operand(dtype, shape, form, Values.ANY);
                    Operand index = t.operand(Dtype.INT64, sizes, Form.any(t.random()), Values.below(shape[dim]));
                    Operand out = t.operand(dtype, sizes, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().gather(in.device(), dim, index.device(), out.device());
                    t.lab().reference().gather(in.reference(), dim, index.reference(), out.reference());
                    t.compare(out, Tolerance.EXACT, () -> "gather along " + along + " of " + in + " by " + index);
                }
            }
        }
    }

    private static void scatter(Trial t, Scatter kind, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    if (!form.writable()) continue;
                    long[] sizes = indexShape(t, shape, dim);
                    Operand to = t.operand(dtype, shape, form, values(kind));
                    Operand index = t.operand(Dtype.INT64, sizes, Form.any(t.random()), Values.below(shape[dim]));
                    scatter(t, kind, to, dim, index);
                }
            }
        }
    }

    private static Values values(Scatter kind) {
        return switch (kind) {
            case SET -> Values.ANY;
            case ADD -> Values.TAME;
            case MUL -> Values.NEAR_ONE;
            case MAX, MIN -> Values.FEW;
        };
    }

    private static void scatter(Trial t, Scatter kind, Operand to, int dim, Operand index) {
        Dtype dtype = to.device().dtype();
        long[] sizes = index.layout().sizes();
        Operand from = t.operand(dtype, sizes, Form.any(t.random()), values(kind));
        t.lab().device().scatter(kind, to.device(), dim, index.device(), from.device());
        t.lab().reference().scatter(kind, to.reference(), dim, index.reference(), from.reference());
        double steps = (sizes[dim] + 1) * Tolerance.epsilon(dtype);
        Tolerance tolerance = switch (kind) {
            case SET -> Tolerance.EXACT;
            case MAX, MIN -> Tolerance.EXACT_BUT_ZEROS;
            // A device may add in another order; each of the terms is below 2.
            case ADD -> (n, e) -> steps * 2 * (sizes[dim] + 1);
            case MUL -> (n, e) -> steps * Math.abs(e);
        };
        t.compare(to, tolerance, () -> "scatter " + kind + " along " + dim + " by " + index + " of " + from);
    }

    /** Tries an index of a single row, of several, and one that all rows share, as in an embedding. */
    private static void longIndex(Trial t, Scatter kind, Dtype dtype) {
        for (long[] sizes : new long[][] {{300}, {200, 3}, {2, 150}, {1500, 2}}) {
            int dim = sizes.length == 2 && sizes[0] == 2 ? 1 : 0;
            for (boolean shared : new boolean[] {false, true}) {
                long[] shape = sizes.clone();
                shape[dim] = 7;
                Operand to = t.operand(dtype, shape, Form.anyWritable(t.random()), values(kind));
                Operand index = t.operand(Dtype.INT64, sizes, Form.CONTIGUOUS, Values.below(7));
                if (shared) {
                    long[] strides = new long[sizes.length];
                    strides[dim] = 1;
                    index = t.operand(Dtype.INT64, Layout.of(sizes, strides, 0), Values.below(7));
                }
                scatter(t, kind, to, dim, index);
            }
        }
    }

    private static Operand indexWith(Trial t, long[] sizes, long bound, long bad) {
        Cells cells =
                new Cells(Dtype.INT64, Math.toIntExact(Layout.contiguous(sizes).numel()));
        Values.below(bound).fill(cells, t.random());
        cells.set(t.random().nextInt(cells.size()), bad);
        return t.operand(cells, Layout.contiguous(sizes));
    }

    private static void gatherOutOfRange(Trial t) {
        for (long bad : new long[] {5, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
            Operand in = t.operand(Dtype.FLOAT32, new long[] {3, 5}, Form.CONTIGUOUS, Values.ANY);
            Operand index = indexWith(t, new long[] {3, 4}, 5, bad);
            Operand out = t.operand(Dtype.FLOAT32, new long[] {3, 4}, Form.CONTIGUOUS, Values.ANY);
            raises(bad, () -> {
                t.lab().device().gather(in.device(), 1, index.device(), out.device());
                t.lab().device().synchronize();
            });
        }
    }

    private static void scatterOutOfRange(Trial t) {
        for (Scatter kind : Scatter.values()) {
            for (long bad : new long[] {3, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                Operand to = t.operand(Dtype.FLOAT32, new long[] {3, 5}, Form.PADDED, Values.TAME);
                Operand index = indexWith(t, new long[] {2, 4}, 3, bad);
                Operand from = t.operand(Dtype.FLOAT32, new long[] {2, 4}, Form.CONTIGUOUS, Values.TAME);
                raises(bad, () -> {
                    t.lab().device().scatter(kind, to.device(), 0, index.device(), from.device());
                    t.lab().device().synchronize();
                });
                t.compare(to, Tolerance.EXACT, () -> "scatter " + kind + " with a bad index wrote something");
            }
        }
    }

    private static void raises(long bad, Runnable work) {
        try {
            work.run();
        } catch (IndexException e) {
            Trial.require(e.getMessage().contains("" + bad), () -> "\"" + e.getMessage() + "\" does not name " + bad);
            return;
        }
        throw new AssertionError("index " + bad + " raised nothing");
    }

    private static void sort(Trial t, Dtype dtype) {
        List<long[]> shapes = new ArrayList<>(List.of(SHAPES));
        shapes.add(new long[] {0});
        shapes.add(new long[] {3, 0, 2});
        for (long[] shape : shapes) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    int along = dim;
                    boolean descending = t.random().nextBoolean();
                    Values values = t.random().nextBoolean() ? Values.FEW : Values.ANY;
                    Operand in = t.operand(dtype, shape, form, values);
                    Operand sorted = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    Operand from = t.operand(Dtype.INT64, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().sort(in.device(), dim, descending, sorted.device(), from.device());
                    t.lab().reference().sort(in.reference(), dim, descending, sorted.reference(), from.reference());
                    String what = "sort%s along %d of %s".formatted(descending ? " descending" : "", along, in);
                    t.compare(sorted, Tolerance.EXACT, () -> what + ", values");
                    t.compare(from, Tolerance.EXACT, () -> what + ", indices");
                }
            }
        }
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Long lines to sort, the largest elements, those of a rank, and search in sorted rows. */
final class OrderConformance {
    private static final long[][] SHAPES = {{1}, {7}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {9, 67}, {150, 130}, {1031}};

    /** Ways for a line to be hard to sort. */
    private static final List<Values> HARD = List.of(
            Values.ANY,
            Values.FEW,
            (cells, random) -> set(cells, i -> 3, random),
            (cells, random) -> set(cells, i -> i, random),
            (cells, random) -> set(cells, i -> -i, random),
            OrderConformance::close,
            OrderConformance::extremes);

    private OrderConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            String name = dtype.torchName();
            checks.add(new Check("sort long lines of " + name, t -> longLines(t, dtype)));
            checks.add(new Check("topk " + name, t -> topk(t, dtype)));
            checks.add(new Check("kth, median and mode " + name, t -> ranks(t, dtype)));
            checks.add(new Check("searchsorted " + name, t -> searchsorted(t, dtype)));
        }
        return checks.stream();
    }

    private interface Element {
        double at(int i);
    }

    private static void set(Cells cells, Element value, RandomGenerator unused) {
        for (int i = 0; i < cells.size(); i++) {
            if (cells.dtype().isFloatingPoint()) cells.set(i, value.at(i) / 8);
            else cells.set(i, (long) value.at(i));
        }
    }

    /** Fills with numbers that differ in their last bits alone. */
    private static void close(Cells cells, RandomGenerator random) {
        for (int i = 0; i < cells.size(); i++) {
            int bits = random.nextInt(64);
            boolean far = random.nextInt(3) == 0;
            if (cells.dtype().isFloatingPoint()) {
                cells.set(i, Double.longBitsToDouble(Double.doubleToLongBits(far ? -1e30 : 1.25) + bits));
            } else {
                cells.set(i, (far ? Long.MIN_VALUE : Long.MAX_VALUE - 1000) + bits);
            }
        }
    }

    private static void extremes(Cells cells, RandomGenerator random) {
        double[] some = {0.0, -0.0, Double.NaN, -Double.MAX_VALUE, Double.MAX_VALUE, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < cells.size(); i++) {
            if (cells.dtype().isFloatingPoint()) cells.set(i, some[random.nextInt(some.length)]);
            else cells.set(i, random.nextBoolean() ? Long.MIN_VALUE : Long.MAX_VALUE);
        }
    }

    private interface Work {
        void run(Backend backend, Strided in, Strided values, Strided indices);
    }

    private static void check(Trial t, Operand in, long[] sizes, String what, Work work) {
        Operand values = t.operand(in.dtype(), sizes, Form.anyWritable(t.random()), Values.ANY);
        Operand indices = t.operand(Dtype.INT64, sizes, Form.anyWritable(t.random()), Values.ANY);
        work.run(t.lab().device(), in.device(), values.device(), indices.device());
        work.run(t.lab().reference(), in.reference(), values.reference(), indices.reference());
        t.compare(values, Tolerance.EXACT, () -> what + " of " + in + ", values");
        t.compare(indices, Tolerance.EXACT, () -> what + " of " + in + ", indices");
    }

    private static void longLines(Trial t, Dtype dtype) {
        for (Values values : HARD) {
            boolean descending = t.random().nextBoolean();
            Operand in = t.operand(dtype, new long[] {5000}, Form.anyWritable(t.random()), values);
            check(t, in, new long[] {5000}, "sort", (b, x, y, z) -> b.sort(x, 0, descending, y, z));
        }
    }

    private static void topk(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                int along = dim;
                for (long k : new long[] {0, 1, Math.min(3, shape[dim]), shape[dim] / 2, shape[dim]}) {
                    boolean largest = t.random().nextBoolean();
                    Values values = HARD.get(t.random().nextInt(HARD.size()));
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), values);
                    long[] sizes = shape.clone();
                    sizes[dim] = k;
                    String what = "the %s %d along %d".formatted(largest ? "largest" : "smallest", k, dim);
                    check(t, in, sizes, what, (b, x, y, z) -> b.topk(x, along, largest, y, z));
                }
            }
        }
        Operand none = t.operand(dtype, new long[] {3, 0}, Form.CONTIGUOUS, Values.ANY);
        check(t, none, new long[] {3, 0}, "topk of nothing", (b, x, y, z) -> b.topk(x, 1, true, y, z));
    }

    private static void ranks(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                int along = dim;
                long[] sizes = shape.clone();
                sizes[dim] = 1;
                for (Values values : HARD) {
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), values);
                    long rank = t.random().nextLong(shape[dim]);
                    boolean ignoreNan = t.random().nextBoolean();
                    // The reference is slow: each of many lines is a test of one of the three.
                    int only =
                            Layout.contiguous(shape).numel() > 2000 ? t.random().nextInt(3) : -1;
                    if (only <= 0) check(t, in, sizes, "rank " + rank, (b, x, y, z) -> b.kth(x, along, rank, z));
                    if (only == -1 || only == 1) check(t, in, sizes, "mode", (b, x, y, z) -> b.mode(x, along, z));
                    String what = ignoreNan ? "nanmedian" : "median";
                    if (only == -1 || only == 2) {
                        check(t, in, sizes, what, (b, x, y, z) -> b.median(x, along, ignoreNan, z));
                    }
                }
            }
        }
        if (!dtype.isFloatingPoint()) return;
        for (boolean ignoreNan : new boolean[] {false, true}) {
            Operand nan = t.operand(dtype, new long[] {5}, Form.CONTIGUOUS, (cells, _) -> {
                for (int i = 0; i < cells.size(); i++) cells.set(i, Double.NaN);
            });
            check(t, nan, new long[] {1}, "median", (b, x, y, z) -> b.median(x, 0, ignoreNan, z));
        }
    }

    private static void searchsorted(Trial t, Dtype dtype) {
        for (long rows : new long[] {0, 1, 3}) {
            for (long n : new long[] {0, 1, 2, 7, 300}) {
                for (boolean right : new boolean[] {false, true}) {
                    Operand table = t.operand(sorted(t, dtype, rows, n), Layout.contiguous(rows, n));
                    Operand values = t.operand(dtype, new long[] {rows, 37}, Form.any(t.random()), Values.FEW);
                    Operand out =
                            t.operand(Dtype.INT64, new long[] {rows, 37}, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().searchsorted(table.device(), values.device(), right, out.device());
                    t.lab().reference().searchsorted(table.reference(), values.reference(), right, out.reference());
                    t.compare(out, Tolerance.EXACT, () -> "search for " + values + " in " + table);
                }
            }
        }
    }

    /** Draws rows in ascending order, with some of the values to search for. */
    private static Cells sorted(Trial t, Dtype dtype, long rows, long n) {
        Cells cells = new Cells(dtype, Math.toIntExact(rows * n));
        Values.FEW.fill(cells, t.random());
        for (int r = 0; r < rows; r++) {
            int from = Math.toIntExact(r * n);
            if (dtype.isFloatingPoint()) {
                double[] row = new double[(int) n];
                for (int i = 0; i < row.length; i++) row[i] = cells.real(from + i);
                Arrays.sort(row);
                for (int i = 0; i < row.length; i++) cells.set(from + i, row[i]);
            } else {
                long[] row = new long[(int) n];
                for (int i = 0; i < row.length; i++) row[i] = cells.whole(from + i);
                Arrays.sort(row);
                for (int i = 0; i < row.length; i++) cells.set(from + i, row[i]);
            }
        }
        return cells;
    }
}

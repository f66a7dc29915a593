package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Elements chosen by masks, triangles, sums into overlapping layouts, index arithmetic, and scans with indices. */
final class MovesConformance {
    private static final long[][] SHAPES = {{1}, {7}, {0}, {3, 0, 2}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {40, 70}, {2100}};

    private MovesConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            String name = dtype.torchName();
            checks.add(new Check("nonzero " + name, t -> nonzero(t, dtype)));
            checks.add(new Check("masked select and scatter " + name, t -> masked(t, dtype)));
            checks.add(new Check("triangle " + name, t -> triangle(t, dtype)));
            checks.add(new Check("add overlapping " + name, t -> addOverlapping(t, dtype)));
            checks.add(new Check("add rows " + name, t -> addRows(t, dtype)));
            checks.add(new Check("running extremes " + name, t -> extremes(t, dtype)));
            checks.add(new Check("copy " + name, t -> copy(t, dtype)));
            if (dtype.isFloatingPoint()) checks.add(new Check("logcumsumexp " + name, t -> logcumsumexp(t, dtype)));
        }
        checks.add(new Check("coordinates", MovesConformance::coordinates));
        checks.add(new Check("linear index", MovesConformance::linearIndex));
        return checks.stream();
    }

    private static Values sparse(int oneIn) {
        return (cells, random) -> {
            for (int i = 0; i < cells.size(); i++) {
                boolean set = random.nextInt(oneIn) == 0;
                if (cells.dtype().isFloatingPoint()) cells.set(i, set ? Double.NaN : -0.0);
                else cells.set(i, set ? 1L : 0L);
            }
        };
    }

    private static Cells elements(Strided s) {
        Cells cells = new Cells(s.dtype(), Math.toIntExact(s.numel()));
        Trial.require(
                s.layout().rank() == 1 && s.layout().isContiguous(),
                () -> "not one contiguous dimension: " + s.layout());
        if (cells.size() > 0) s.backend().read(s.storage(), s.layout().offset(), cells.bytes());
        return cells;
    }

    private static void same(Strided got, Strided expected, String what) {
        Trial.require(
                got.numel() == expected.numel(),
                () -> what + ": " + got.numel() + " elements, reference " + expected.numel());
        Cells a = elements(got);
        Cells b = elements(expected);
        for (int n = 0; n < a.size(); n++) Trial.check(a, b, n, n, Tolerance.EXACT, () -> what);
    }

    private static void nonzero(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int oneIn : new int[] {1, 2, 20, 100_000}) {
                Operand in = t.operand(dtype, shape, Form.any(t.random()), sparse(oneIn));
                Strided got = t.lab().device().nonzero(in.device());
                same(got, t.lab().reference().nonzero(in.reference()), "nonzero of " + in);
            }
        }
    }

    private static void masked(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int oneIn : new int[] {1, 2, 20, 100_000}) {
                // The reference is slow: of large masks each dtype tries about half of the densities.
                if (Layout.contiguous(shape).numel() > 2000 && t.random().nextBoolean()) continue;
                Dtype condition = t.random().nextBoolean() ? Dtype.BOOL : Dtype.UINT8;
                Operand mask = t.operand(condition, shape, Form.any(t.random()), sparse(oneIn));
                Operand in = t.operand(dtype, shape, Form.any(t.random()), Values.ANY);
                Strided got = t.lab().device().maskedSelect(in.device(), mask.device());
                Strided expected = t.lab().reference().maskedSelect(in.reference(), mask.reference());
                same(got, expected, "select of " + in + " by " + mask);
                long set = expected.numel();
                for (long size : new long[] {set - 1, set, set + 3}) {
                    if (size < 0) continue;
                    Operand to = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    Operand source = t.operand(dtype, new long[] {size}, Form.any(t.random()), Values.ANY);
                    long n = t.lab().device().maskedScatter(to.device(), mask.device(), source.device());
                    t.lab().reference().maskedScatter(to.reference(), mask.reference(), source.reference());
                    Trial.require(n == set, () -> "scatter by " + mask + " says " + n + " are set, not " + set);
                    t.compare(to, Tolerance.EXACT, () -> "scatter of " + source + " by " + mask);
                }
            }
        }
    }

    private static void triangle(Trial t, Dtype dtype) {
        for (long[] shape : new long[][] {{1, 1}, {4, 5}, {0, 3}, {3, 0, 2}, {2, 7, 3}, {2, 1, 3, 3}, {40, 70}}) {
            for (long diagonal : new long[] {0, 1, -1, 3, -4, 100, -100, Long.MAX_VALUE / 2}) {
                for (boolean upper : new boolean[] {false, true}) {
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), Values.ANY);
                    Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().triangle(in.device(), upper, diagonal, out.device());
                    t.lab().reference().triangle(in.reference(), upper, diagonal, out.reference());
                    t.compare(out, Tolerance.EXACT, () -> "triangle at " + diagonal + " of " + in);
                    t.lab().device().triangle(out.device(), !upper, 0, out.device());
                    t.lab().reference().triangle(out.reference(), !upper, 0, out.reference());
                    t.compare(out, Tolerance.EXACT, () -> "triangle in place");
                }
            }
        }
    }

    /** Adds to windows of a vector, windows of rows, layouts of stride 0, and one without overlap. */
    private static void addOverlapping(Trial t, Dtype dtype) {
        List<Layout> layouts = List.of(
                Layout.of(new long[] {20, 4}, new long[] {1, 1}, 2),
                Layout.of(new long[] {9, 5}, new long[] {2, 1}, 0),
                Layout.of(new long[] {3, 7, 4}, new long[] {11, 1, 2}, 1),
                Layout.of(new long[] {5, 3}, new long[] {0, 1}, 4),
                Layout.of(new long[] {6}, new long[] {0}, 0),
                Layout.of(new long[] {}, new long[] {}, 1),
                Layout.of(new long[] {0, 3}, new long[] {1, 1}, 0),
                Layout.of(new long[] {3, 5}, new long[] {7, 1}, 0));
        double epsilon = Tolerance.epsilon(dtype);
        for (Layout layout : layouts) {
            Operand to = t.operand(dtype, layout, Values.TAME);
            Operand from = t.operand(dtype, layout.sizes().clone(), Form.any(t.random()), Values.TAME);
            t.lab().device().addOverlapping(from.device(), to.device());
            t.lab().reference().addOverlapping(from.reference(), to.reference());
            t.compare(to, (n, e) -> 32 * epsilon * 16, () -> "sum of " + from + " into " + layout);
        }
    }

    private static void addRows(Trial t, Dtype dtype) {
        double epsilon = Tolerance.epsilon(dtype);
        for (long width : new long[] {0, 1, 5, 70}) {
            for (long n : new long[] {0, 1, 60}) {
                Operand from = t.operand(dtype, new long[] {9, width}, Form.any(t.random()), Values.TAME);
                Operand to = t.operand(dtype, new long[] {4, width}, Form.anyWritable(t.random()), Values.TAME);
                Operand i = t.operand(Dtype.INT64, new long[] {n}, Form.any(t.random()), Values.below(9));
                Operand j = t.operand(Dtype.INT64, new long[] {n}, Form.any(t.random()), Values.below(4));
                t.lab().device().addRows(from.device(), i.device(), to.device(), j.device());
                t.lab().reference().addRows(from.reference(), i.reference(), to.reference(), j.reference());
                t.compare(to, (_, e) -> 64 * epsilon * 128, () -> "rows of " + from + " added to " + to);
            }
        }
    }

    private static void extremes(Trial t, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Scan kind : List.of(Scan.MAX, Scan.MIN)) {
                    int along = dim;
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), Values.FEW);
                    Operand values = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    Operand indices = t.operand(Dtype.INT64, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().scanExtreme(kind, in.device(), dim, values.device(), indices.device());
                    t.lab().reference().scanExtreme(kind, in.reference(), dim, values.reference(), indices.reference());
                    t.compare(values, Tolerance.EXACT_BUT_ZEROS, () -> kind + " along " + along + " of " + in);
                    t.compare(indices, Tolerance.EXACT, () -> "indices of " + kind + " along " + along + " of " + in);
                }
            }
        }
    }

    private static void logcumsumexp(Trial t, Dtype dtype) {
        double relative = dtype == Dtype.FLOAT64 ? 1e-13 : Tolerance.epsilon(dtype);
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Values values : List.of(Values.TAME, Values.FEW, Values.ANY)) {
                    int along = dim;
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), values);
                    Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().logcumsumexp(in.device(), dim, out.device());
                    t.lab().reference().logcumsumexp(in.reference(), dim, out.reference());
                    t.compare(
                            out,
                            (n, e) -> relative * (Math.abs(e) + 1),
                            () -> "logcumsumexp along " + along + " of " + in);
                }
            }
        }
    }

    /** Copies between all forms, with short and long rows, and broadcasts one element. */
    private static void copy(Trial t, Dtype dtype) {
        for (long[] shape : new long[][] {{3000, 3}, {3, 3000}, {2, 200, 3}, {5, 1, 700}, {17, 19, 23}}) {
            for (Form form : Form.values()) {
                Operand from = t.operand(dtype, shape, form, Values.ANY);
                Operand to = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                t.lab().device().copy(from.device(), to.device());
                t.lab().reference().copy(from.reference(), to.reference());
                t.compare(to, Tolerance.EXACT, () -> "copy of " + from);
                // What a narrower type does not hold is another matter.
                Operand tame = t.operand(dtype, shape, form, Values.TAME);
                Dtype other = Dtype.reals()[t.random().nextInt(Dtype.reals().length)];
                Operand converted = t.operand(other, shape, Form.anyWritable(t.random()), Values.ANY);
                t.lab().device().copy(tame.device(), converted.device());
                t.lab().reference().copy(tame.reference(), converted.reference());
                t.compare(converted, Tolerance.EXACT, () -> "copy of " + tame);
            }
        }
    }

    private static void coordinates(Trial t) {
        for (long[] shape : SHAPES) {
            Operand in = t.operand(Dtype.BOOL, shape, Form.CONTIGUOUS, sparse(3));
            Strided device = t.lab().device().nonzero(in.device());
            Strided reference = t.lab().reference().nonzero(in.reference());
            Operand out = t.operand(
                    Dtype.INT64,
                    new long[] {reference.numel(), shape.length},
                    Form.anyWritable(t.random()),
                    Values.ANY);
            t.lab().device().coordinates(device, shape, out.device());
            t.lab().reference().coordinates(reference, shape, out.reference());
            t.compare(out, Tolerance.EXACT, () -> "coordinates in " + Arrays.toString(shape));
        }
    }

    private static void linearIndex(Trial t) {
        long[] sizes = {5, 1, 300, 7};
        for (int n = 1; n <= sizes.length; n++) {
            for (long[] shape : new long[][] {{}, {0}, {40}, {6, 50}}) {
                Operand[] indices = new Operand[n];
                for (int i = 0; i < n; i++) {
                    long size = sizes[i];
                    indices[i] = t.operand(Dtype.INT64, shape, Form.any(t.random()), (cells, random) -> {
                        long[] bad = {size, -size - 1, Long.MIN_VALUE, Long.MAX_VALUE};
                        for (int c = 0; c < cells.size(); c++) {
                            cells.set(
                                    c, random.nextInt(30) == 0 ? bad[random.nextInt(4)] : random.nextLong(-size, size));
                        }
                    });
                }
                Operand out = t.operand(Dtype.INT64, shape, Form.CONTIGUOUS, Values.ANY);
                long[] first = Arrays.copyOf(sizes, n);
                t.lab().device().linearIndex(Operand.onDevice(indices), first, out.device());
                t.lab().reference().linearIndex(Operand.onReference(indices), first, out.reference());
                t.compare(out, Tolerance.EXACT, () -> "linear index of " + Trial.show(indices));
            }
        }
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Reductions over every choice of dimensions, with and without a prologue, and running results. */
final class ReductionConformance {
    private static final long[] NONE = {};
    private static final long[][] SHAPES = {
        {}, {1}, {7}, {0}, {3, 0, 2}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {2, 3, 1, 2, 2}, {67}, {9, 33}, {40, 7, 9}, {5, 300}
    };

    private ReductionConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Reduction kind : Reduction.values()) {
            for (Dtype dtype : Dtype.reals()) {
                if (!takes(kind, dtype)) continue;
                String name = "reduce %s %s".formatted(kind, dtype.torchName());
                checks.add(new Check(name, t -> reduce(t, kind, dtype)));
                checks.add(new Check(name + " special values", t -> special(t, kind, dtype)));
            }
            checks.add(new Check("reduce %s of programs".formatted(kind), t -> prologue(t, kind)));
        }
        checks.add(new Check("sums are accurate", ReductionConformance::accurate));
        checks.add(new Check("a program before a reduction changes no bit", ReductionConformance::fused));
        checks.add(new Check("sums are the same every time", ReductionConformance::repeated));
        for (Scan kind : Scan.values()) {
            for (Dtype dtype : Dtype.reals()) {
                if (dtype == Dtype.BOOL && (kind == Scan.SUM || kind == Scan.PROD)) continue;
                checks.add(new Check("scan %s %s".formatted(kind, dtype.torchName()), t -> scan(t, kind, dtype)));
            }
        }
        return checks.stream();
    }

    private static boolean takes(Reduction kind, Dtype dtype) {
        // The sum of bool is that of int64: a prologue converts.
        return dtype != Dtype.BOOL || kind != Reduction.SUM && kind != Reduction.PROD;
    }

    private static Dtype result(Reduction kind, Dtype dtype) {
        return switch (kind) {
            case ARGMAX, ARGMIN -> Dtype.INT64;
            case ANY, ALL -> Dtype.BOOL;
            case SUM, PROD, MAX, MIN -> dtype;
        };
    }

    private static Values values(Reduction kind) {
        return switch (kind) {
            case SUM -> Values.TAME;
            case PROD -> Values.NEAR_ONE;
            case MAX, MIN -> Values.ANY;
            case ARGMAX, ARGMIN, ANY, ALL -> Values.FEW;
        };
    }

    private static void reduce(Trial t, Reduction kind, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (int dims = 0; dims < 1 << shape.length; dims++) {
                for (int round = 0; round < (shape.length > 3 ? 1 : 3); round++) {
                    Operand in = t.operand(dtype, shape, Form.any(t.random()), values(kind));
                    reduce(t, kind, Program.identity(dtype), NONE, dims, in);
                }
            }
        }
    }

    private static void special(Trial t, Reduction kind, Dtype dtype) {
        for (int round = 0; round < 60; round++) {
            Values values = round % 2 == 0 || kind == Reduction.SUM ? Values.FEW : Values.ANY;
            long[] shape = {round % 7 + 1, round + 3};
            Operand in = t.operand(dtype, shape, Form.any(t.random()), values);
            if (kind == Reduction.PROD && dtype.isFloatingPoint() && values == Values.ANY) continue;
            reduce(t, kind, Program.identity(dtype), NONE, round % 4, in);
        }
    }

    private static void prologue(Trial t, Reduction kind) {
        for (int round = 0; round < 60; round += t.lab().share()) {
            Program program = RandomPrograms.next(t.random(), 1 + round / 6, true);
            // One output, and of a type that can be added up.
            Expr value = program.outputs().getFirst();
            if (kind == Reduction.SUM || kind == Reduction.PROD) {
                Dtype type = value.dtype() == Dtype.BOOL ? Dtype.INT64 : value.dtype();
                value = value.cast(type.computeType());
                if (type.isFloatingPoint()) {
                    Expr bounded = value.eq(value)
                            .where(value, value.like(1))
                            .max(value.like(0.75))
                            .min(value.like(1.25));
                    value = kind == Reduction.PROD ? bounded : bounded.mul(value.sign());
                }
                value = value.cast(type);
            }
            program = new Program(program.inputs(), program.scalars(), List.of(value));
            long[] scalars = RandomPrograms.scalars(program, t.random());
            long[] shape = SHAPES[t.random().nextInt(SHAPES.length)];
            Operand[] ins = new Operand[program.inputs().size()];
            for (int k = 0; k < ins.length; k++) {
                ins[k] = t.operand(program.inputs().get(k), shape, Form.any(t.random()), Values.ANY);
            }
            reduce(t, kind, program, scalars, t.random().nextInt(1 << shape.length), ins);
        }
    }

    private static void reduce(Trial t, Reduction kind, Program program, long[] scalars, int dims, Operand... ins) {
        long[] shape = ins[0].layout().sizes();
        long[] kept = shape.clone();
        long group = 1;
        for (int d = 0; d < shape.length; d++) {
            if ((dims >> d & 1) == 0) continue;
            kept[d] = 1;
            group *= shape[d];
        }
        boolean ofNothing =
                kind == Reduction.SUM || kind == Reduction.PROD || kind == Reduction.ANY || kind == Reduction.ALL;
        if (group == 0 && !ofNothing) return;
        Dtype type = program.outputs().getFirst().dtype();
        Operand out = t.operand(result(kind, type), kept, Form.anyWritable(t.random()), Values.ANY);
        Tolerance tolerance = switch (kind) {
            case SUM -> {
                if (!type.isFloatingPoint()) yield Tolerance.EXACT;
                double[] sizes = absoluteSums(t, program, scalars, kept, ins);
                double steps = 4 + Math.log(group + 1.0) / Math.log(2);
                double each = Tolerance.epsilon(type.computeType()) * steps;
                double last = Tolerance.epsilon(type) / 2;
                yield (n, e) -> each * sizes[(int) n] + last * Math.abs(e);
            }
            case PROD -> {
                if (!type.isFloatingPoint()) yield Tolerance.EXACT;
                double each = Tolerance.epsilon(type.computeType()) * (group + 1);
                double last = Tolerance.epsilon(type);
                yield (n, e) -> (each + last) * Math.abs(e) + Tolerance.tiny(type);
            }
            case MAX, MIN -> Tolerance.EXACT_BUT_ZEROS;
            case ARGMAX, ARGMIN, ANY, ALL -> Tolerance.EXACT;
        };
        t.lab().device().reduce(kind, program, out.device(), Operand.onDevice(ins), scalars);
        t.lab().reference().reduce(kind, program, out.reference(), Operand.onReference(ins), scalars);
        t.compare(out, tolerance, () -> "reduce " + kind + " of " + program + " of " + Arrays.toString(ins));
    }

    /** Computes the sums of the absolute values, which bound the rounding errors of sums. */
    private static double[] absoluteSums(Trial t, Program program, long[] scalars, long[] kept, Operand... ins) {
        Backend reference = t.lab().reference();
        Layout shape = Layout.contiguous(ins[0].layout().sizes());
        Dtype dtype = program.outputs().getFirst().dtype();
        Strided all = new Strided(reference.allocate(dtype, shape.numel()), shape);
        reference.pointwise(program, new Strided[] {all}, Operand.onReference(ins), scalars);
        Expr x = new Exprs().input(0, dtype).cast(Dtype.FLOAT64);
        Program abs = new Program(List.of(dtype), List.of(), List.of(x.abs()));
        Layout rows = Layout.contiguous(kept);
        Strided sums = new Strided(reference.allocate(Dtype.FLOAT64, rows.numel()), rows);
        reference.reduce(Reduction.SUM, abs, sums, new Strided[] {all}, NONE);
        Cells cells = Operand.read(sums);
        double[] result = new double[cells.size()];
        for (int i = 0; i < result.length; i++) result[i] = cells.real(i);
        return result;
    }

    /** Checks that a fused map-reduce has the bits of a reduction of the materialized operand. */
    private static void fused(Trial t) {
        Backend device = t.lab().device();
        for (int round = 0; round < 200; round += t.lab().share()) {
            Reduction kind = Reduction.values()[round / t.lab().share() % Reduction.values().length];
            Program program = RandomPrograms.next(t.random(), 1 + round / 16, false);
            Expr value = program.outputs().getFirst();
            if (!takes(kind, value.dtype())) value = value.cast(Dtype.INT64);
            Dtype dtype = value.dtype();
            program = new Program(program.inputs(), program.scalars(), List.of(value));
            long[] scalars = RandomPrograms.scalars(program, t.random());
            long[] shape = new long[][] {{7}, {3, 4, 5}, {9, 33}, {40, 7, 9}, {5, 300}, {2100}}
                    [t.random().nextInt(6)];
            Operand[] ins = new Operand[program.inputs().size()];
            for (int k = 0; k < ins.length; k++) {
                ins[k] = t.operand(program.inputs().get(k), shape, Form.any(t.random()), Values.ANY);
            }
            long[] kept = shape.clone();
            for (int d = 0; d < shape.length; d++) if (t.random().nextBoolean()) kept[d] = 1;
            Layout layout = Layout.contiguous(kept);
            Strided[] results = new Strided[2];
            for (int i = 0; i < 2; i++) {
                results[i] = new Strided(device.allocate(result(kind, dtype), layout.numel()), layout);
            }
            device.reduce(kind, program, results[0], Operand.onDevice(ins), scalars);
            Layout whole = Layout.contiguous(shape);
            Strided values = new Strided(device.allocate(dtype, whole.numel()), whole);
            device.pointwise(program, new Strided[] {values}, Operand.onDevice(ins), scalars);
            device.reduce(kind, Program.identity(dtype), results[1], new Strided[] {values}, NONE);
            Cells got = Operand.read(results[0]);
            Cells expected = Operand.read(results[1]);
            String what = "%s of %s of %s over %s, and of its values written out"
                    .formatted(kind, program, Arrays.toString(ins), layout);
            for (int n = 0; n < got.size(); n++) Trial.check(got, expected, n, n, Tolerance.EXACT, () -> what);
        }
    }

    private static void repeated(Trial t) {
        Backend device = t.lab().device();
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16}) {
            Operand in = t.operand(dtype, new long[] {700, 900}, Form.CONTIGUOUS, Values.TAME);
            for (long[] kept : new long[][] {{1, 1}, {700, 1}, {1, 900}}) {
                Layout layout = Layout.contiguous(kept);
                Cells first = null;
                for (int round = 0; round < 4; round++) {
                    Strided out = new Strided(device.allocate(dtype, layout.numel()), layout);
                    device.reduce(Reduction.SUM, Program.identity(dtype), out, Operand.onDevice(in), NONE);
                    Cells got = Operand.read(out);
                    if (first == null) first = got;
                    for (int n = 0; n < got.size(); n++) {
                        Trial.check(got, first, n, n, Tolerance.EXACT, () -> "the same sum of " + in + " once more");
                    }
                }
            }
        }
    }

    private static void accurate(Trial t) {
        Values tenth = (cells, random) -> {
            for (int i = 0; i < cells.size(); i++) cells.set(i, 0.1);
        };
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16}) {
            int n = dtype == Dtype.FLOAT16 ? 50_000 : 120_000;
            for (long[] shape : new long[][] {{n}, {n / 7, 7}, {7, n / 7}}) {
                for (int dims = 1; dims < 1 << shape.length; dims++) {
                    Operand in = t.operand(dtype, shape, Form.CONTIGUOUS, tenth);
                    reduce(t, Reduction.SUM, Program.identity(dtype), NONE, dims, in);
                }
            }
        }
    }

    private static void scan(Trial t, Scan kind, Dtype dtype) {
        Values values = switch (kind) {
            case SUM -> Values.TAME;
            case PROD -> Values.NEAR_ONE;
            case MAX, MIN -> Values.FEW;
        };
        for (long[] shape : SHAPES) {
            for (int dim = 0; dim < shape.length; dim++) {
                for (Form form : Form.values()) {
                    Operand in = t.operand(dtype, shape, form, values);
                    Operand out = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                    int along = dim;
                    // Errors of a running sum are those of all its steps; values here are below 2, products below
                    // 1.3^n.
                    double each = Tolerance.epsilon(dtype.computeType()) * (shape[dim] + 1);
                    double last = Tolerance.epsilon(dtype);
                    Tolerance tolerance = !dtype.isFloatingPoint() || kind == Scan.MAX || kind == Scan.MIN
                            ? Tolerance.EXACT_BUT_ZEROS
                            : kind == Scan.SUM
                                    ? (n, e) -> each * 2 * shape[along] + last * Math.abs(e)
                                    : (n, e) -> (each + last) * Math.abs(e) + Tolerance.tiny(dtype);
                    t.lab().device().scan(kind, in.device(), out.device(), dim);
                    t.lab().reference().scan(kind, in.reference(), out.reference(), dim);
                    t.compare(out, tolerance, () -> "scan " + kind + " along " + along + " of " + in);
                }
            }
        }
    }
}

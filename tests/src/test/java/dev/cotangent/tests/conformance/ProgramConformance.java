package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whole programs: random ones against the reference, and that neither fusing steps into one program nor the layout of
 * the operands changes a bit of a result.
 */
final class ProgramConformance {
    private static final long[] NONE = {};
    private static final int BATCHES = 40;
    private static final int PER_BATCH = 8;

    private ProgramConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            int calls = 1 + batch;
            checks.add(new Check("random exact programs, batch " + batch, t -> exact(t, calls)));
            checks.add(new Check("random programs step by step, batch " + batch, t -> stepwise(t, calls)));
        }
        for (ScalarOp op : ScalarOp.values()) {
            for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64}) {
                if (!PointwiseConformance.takes(op, dtype)) continue;
                String name = "%s %s has the same bits in every layout".formatted(op, dtype.torchName());
                checks.add(new Check(name, t -> everyLayout(t, op, dtype)));
            }
        }
        checks.add(new Check("a long program", ProgramConformance::longProgram));
        return checks.stream();
    }

    private static void exact(Trial t, int calls) {
        for (int i = 0; i < t.rounds(PER_BATCH); i++) {
            Program program = RandomPrograms.next(t.random(), calls, true);
            long[] scalars = RandomPrograms.scalars(program, t.random());
            long[][] shapes = i == 0 ? Form.LONGER : Form.SHAPES;
            long[] shape = shapes[t.random().nextInt(shapes.length)];
            Operand[] ins = inputs(t, program, shape);
            Operand[] outs = new Operand[program.outputs().size()];
            for (int o = 0; o < outs.length; o++) {
                Dtype dtype = program.outputs().get(o).dtype();
                outs[o] = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
            }
            PointwiseConformance.run(t, program, scalars, Tolerance.EXACT, outs, ins);
        }
    }

    private static Operand[] inputs(Trial t, Program program, long[] shape) {
        Operand[] ins = new Operand[program.inputs().size()];
        for (int k = 0; k < ins.length; k++) {
            ins[k] = t.operand(program.inputs().get(k), shape, Form.any(t.random()), Values.ANY);
        }
        return ins;
    }

    private static void stepwise(Trial t, int calls) {
        for (int i = 0; i < t.rounds(PER_BATCH); i++) {
            Program program = RandomPrograms.next(t.random(), calls, false);
            long[] scalars = RandomPrograms.scalars(program, t.random());
            long[][] shapes = i == 0 ? Form.LONGER : Form.SHAPES;
            long[] shape = shapes[t.random().nextInt(shapes.length)];
            Operand[] ins = inputs(t, program, shape);
            Cells[] steps = steps(t, program, scalars, shape, ins);
            Strided[] outs = new Strided[program.outputs().size()];
            for (int o = 0; o < outs.length; o++) {
                outs[o] = fresh(t, program.outputs().get(o).dtype(), shape);
            }
            t.lab().device().pointwise(program, outs, Operand.onDevice(ins), scalars);
            for (int o = 0; o < outs.length; o++) {
                Cells step = steps[program.position(program.outputs().get(o))];
                same(Operand.read(outs[o]), step, program, "in one program and step by step");
            }
        }
    }

    private static Strided fresh(Trial t, Dtype dtype, long[] shape) {
        Layout layout = Layout.contiguous(shape);
        return new Strided(t.lab().device().allocate(dtype, layout.numel()), layout);
    }

    private static void same(Cells a, Cells b, Program program, String how) {
        for (int n = 0; n < a.size(); n++) Trial.check(a, b, n, n, Tolerance.EXACT, () -> program + " " + how);
    }

    /** Runs each step as a program of its own on the results of the steps before and compares it with the reference. */
    private static Cells[] steps(Trial t, Program program, long[] scalars, long[] shape, Operand[] ins) {
        Cells[] values = new Cells[program.steps().size()];
        for (int s = 0; s < values.length; s++) {
            Expr step = program.steps().get(s);
            Exprs e = new Exprs();
            List<Operand> operands = new ArrayList<>();
            List<Dtype> dtypes = new ArrayList<>();
            List<Expr> args = new ArrayList<>();
            for (int i = 0; i < step.arity(); i++) {
                Cells value = values[program.position(step.arg(i))];
                operands.add(t.operand(value, Layout.contiguous(shape)));
                dtypes.add(value.dtype());
                args.add(e.input(i, value.dtype()));
            }
            Expr result = switch (step.kind()) {
                case INPUT -> {
                    operands.add(ins[step.index()]);
                    dtypes.add(step.dtype());
                    yield e.input(0, step.dtype());
                }
                case SCALAR -> e.scalar(step.index(), step.dtype());
                case CONST -> e.constant(step.dtype(), step.constant());
                case CAST -> args.getFirst().cast(step.dtype());
                case CALL -> e.call(step.op(), args.toArray(Expr[]::new));
            };
            Program alone = new Program(dtypes, program.scalars(), List.of(result));
            Operand out = t.operand(
                    new Cells(
                            step.dtype(),
                            Math.toIntExact(Layout.contiguous(shape).numel())),
                    Layout.contiguous(shape));
            Tolerance tolerance = step.kind() == Expr.Kind.CALL
                    ? Tolerance.of(step.op(), step.arg(step.arity() - 1).dtype())
                    : Tolerance.EXACT;
            PointwiseConformance.run(
                    t, alone, scalars, tolerance, new Operand[] {out}, operands.toArray(Operand[]::new));
            values[s] = Operand.read(out.device());
        }
        return values;
    }

    private static void everyLayout(Trial t, ScalarOp op, Dtype dtype) {
        Program program = PointwiseConformance.program(op, dtype);
        long[] shape = {9, 77};
        int numel = 9 * 77;
        Cells[] values = new Cells[op.arity()];
        for (int k = 0; k < values.length; k++) {
            values[k] = new Cells(program.inputs().get(k), numel);
            Values.ANY.fill(values[k], t.random());
            PointwiseConformance.avoid(op, k, values[k]);
        }
        Cells first = null;
        for (Form form : Form.values()) {
            if (!form.writable()) continue;
            Strided[] ins = new Strided[values.length];
            for (int k = 0; k < ins.length; k++) {
                ins[k] = laidOut(t, values[k], form.of(shape, t.random()));
            }
            Strided out = fresh(t, program.outputs().getFirst().dtype(), shape);
            t.lab().device().pointwise(program, new Strided[] {out}, ins, NONE);
            Cells got = Operand.read(out);
            if (first == null) first = got;
            same(got, first, program, "of " + Arrays.toString(ins) + " and of contiguous operands");
        }
    }

    /** Copies elements to another layout. */
    private static Strided laidOut(Trial t, Cells values, Layout layout) {
        Cells cells = new Cells(values.dtype(), Math.toIntExact(layout.storageSpan()));
        for (int n = 0; n < values.size(); n++) {
            long at = Operand.place(layout, n);
            if (values.dtype().isFloatingPoint()) cells.set(at, values.real(n));
            else cells.set(at, values.whole(n));
        }
        return t.operand(cells, layout).device();
    }

    private static void longProgram(Trial t) {
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.FLOAT32);
        Expr sum = x;
        for (int i = 0; i < 300; i++) sum = sum.mul(1 + i / 1024.0).add(x).mul(0.5);
        Program program = new Program(List.of(Dtype.FLOAT32), List.of(), List.of(sum));
        Operand in = t.operand(Dtype.FLOAT32, new long[] {1031}, Form.CONTIGUOUS, Values.ANY);
        Operand out = t.operand(Dtype.FLOAT32, new long[] {1031}, Form.STEPPED, Values.ANY);
        PointwiseConformance.run(t, program, NONE, Tolerance.EXACT, new Operand[] {out}, in);
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Each scalar op, for each dtype it takes, on special values and in every layout; and what programs are made of. */
final class PointwiseConformance {
    private static final long[] NONE = {};

    private PointwiseConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (ScalarOp op : ScalarOp.values()) {
            for (Dtype dtype : Dtype.reals()) {
                if (!takes(op, dtype)) continue;
                String name = op + " " + dtype.torchName();
                checks.add(new Check(name + " special values", t -> specialValues(t, op, dtype)));
                checks.add(new Check(name + " layouts", t -> layouts(t, op, dtype)));
            }
        }
        for (Dtype from : Dtype.reals()) {
            for (Dtype to : Dtype.reals()) {
                checks.add(
                        new Check("cast %s to %s".formatted(from.torchName(), to.torchName()), t -> cast(t, from, to)));
            }
        }
        checks.add(new Check("scalars and constants", PointwiseConformance::scalars));
        checks.add(new Check("no inputs", PointwiseConformance::noInputs));
        checks.add(new Check("several outputs", PointwiseConformance::severalOutputs));
        checks.add(new Check("output is an input", PointwiseConformance::inPlace));
        return checks.stream();
    }

    /** Returns whether an op has to support a dtype; half types are computed in float32. */
    static boolean takes(ScalarOp op, Dtype dtype) {
        boolean bool = dtype == Dtype.BOOL;
        return switch (op.kind()) {
            case SAME -> !bool || op == ScalarOp.ADD || op == ScalarOp.MUL || op == ScalarOp.MAX || op == ScalarOp.MIN;
            case FLOAT -> dtype.isFloatingPoint();
            case COMPARE, SELECT -> true;
            case BITS -> !dtype.isFloatingPoint() && !(bool && (op == ScalarOp.SHL || op == ScalarOp.SHR));
        };
    }

    /** Creates the program of one op. */
    static Program program(ScalarOp op, Dtype dtype) {
        Exprs e = new Exprs();
        List<Dtype> inputs = new ArrayList<>();
        Expr[] args = new Expr[op.arity()];
        for (int i = 0; i < args.length; i++) {
            Dtype in = i == 0 && op.kind() == ScalarOp.Kind.SELECT ? Dtype.BOOL : dtype;
            inputs.add(in);
            args[i] = e.input(i, in);
            if (op.kind() != ScalarOp.Kind.SELECT) args[i] = args[i].cast(dtype.computeType());
        }
        Expr result = e.call(op, args);
        return new Program(inputs, List.of(), List.of(result.dtype() == Dtype.BOOL ? result : result.cast(dtype)));
    }

    /** Replaces values of an operand for which an op's result is undefined. */
    static void avoid(ScalarOp op, int operand, Cells cells) {
        boolean real = cells.dtype().isFloatingPoint();
        for (int i = 0; i < cells.size(); i++) {
            switch (op) {
                case DIV, FLOOR_DIV, REMAINDER, FMOD -> {
                    if (!real && operand == 1 && cells.whole(i) == 0) cells.set(i, 3L);
                }
                case POLYGAMMA -> {
                    double x = cells.real(i);
                    if (operand == 0) cells.set(i, Math.abs(x) < 4 ? 1 + Math.floor(Math.abs(x)) : 1);
                    else if (x < -20 || Double.isInfinite(x)) cells.set(i, 2.5);
                    else if (x <= 0 && Math.abs(x - Math.rint(x)) < 1e-3) cells.set(i, x - 0.25);
                }
                case ZETA -> {
                    double x = cells.real(i);
                    if (operand == 0) cells.set(i, x > 30 ? 3 : x);
                    else if (x < -20 || x > 1e6) cells.set(i, 2.5);
                    else if (x <= 0 && Math.abs(x - Math.rint(x)) < 1e-2) cells.set(i, x - 0.25);
                }
                case GAMMAINC, GAMMAINCC -> {
                    double x = Math.abs(cells.real(i)) % 20;
                    cells.set(i, x > 0 && x < 1e-3 ? 0.25 : x);
                }
                case CHEBYSHEV_T, CHEBYSHEV_U, CHEBYSHEV_V, CHEBYSHEV_W -> degree(operand, cells, i);
                case HERMITE_H, HERMITE_HE, LAGUERRE_L, LEGENDRE_P -> degree(operand, cells, i);
                default -> {}
            }
        }
    }

    /** Draws degrees up to a dozen, and small arguments. */
    private static void degree(int operand, Cells cells, int i) {
        double x = cells.real(i);
        cells.set(i, operand == 0 ? x % 3 : x % 12);
    }

    private static Values values(ScalarOp op, int operand) {
        return (cells, random) -> {
            Values.ANY.fill(cells, random);
            avoid(op, operand, cells);
        };
    }

    private static void specialValues(Trial t, ScalarOp op, Dtype dtype) {
        int first = op.kind() == ScalarOp.Kind.SELECT ? 1 : 0;
        int count = dtype.isFloatingPoint() ? Values.specialReals(dtype).length : Values.specialWholes(dtype).length;
        int n = op.arity() - first == 1 ? count : count * count;
        Program program = program(op, dtype);
        Operand[] ins = new Operand[op.arity()];
        for (int k = 0; k < ins.length; k++) {
            Cells cells = new Cells(program.inputs().get(k), n);
            for (int i = 0; i < n; i++) {
                int which = k == first ? i % count : i / count;
                if (k < first) cells.set(i, (long) (i % 2));
                else if (dtype.isFloatingPoint()) cells.set(i, Values.specialReals(dtype)[which]);
                else cells.set(i, Values.specialWholes(dtype)[which]);
            }
            avoid(op, k, cells);
            ins[k] = t.operand(cells, Form.CONTIGUOUS.of(new long[] {n}, t.random()));
        }
        run(t, op, dtype, program, new long[] {n}, Form.CONTIGUOUS, ins);
    }

    private static void layouts(Trial t, ScalarOp op, Dtype dtype) {
        Program program = program(op, dtype);
        List<long[]> shapes = new ArrayList<>(List.of(Form.SHAPES));
        shapes.addAll(List.of(Form.LONGER));
        for (long[] shape : shapes) {
            for (Form form : Form.values()) {
                Operand[] ins = new Operand[op.arity()];
                boolean mixed = t.random().nextBoolean();
                for (int k = 0; k < ins.length; k++) {
                    Form of = mixed && k > 0 ? Form.any(t.random()) : form;
                    ins[k] = t.operand(program.inputs().get(k), shape, of, values(op, k));
                }
                Form out = form.writable() && !mixed ? form : Form.anyWritable(t.random());
                run(t, op, dtype, program, shape, out, ins);
            }
        }
    }

    private static void run(
            Trial t, ScalarOp op, Dtype dtype, Program program, long[] shape, Form form, Operand... ins) {
        Operand out = t.operand(program.outputs().getFirst().dtype(), shape, form, Values.ANY);
        run(t, program, NONE, Tolerance.of(op, dtype), new Operand[] {out}, ins);
    }

    /** Runs a program on both devices and compares its outputs. */
    static void run(Trial t, Program program, long[] scalars, Tolerance tolerance, Operand[] outs, Operand... ins) {
        t.lab().device().pointwise(program, Operand.onDevice(outs), Operand.onDevice(ins), scalars);
        t.lab().reference().pointwise(program, Operand.onReference(outs), Operand.onReference(ins), scalars);
        for (Operand out : outs) t.compare(out, tolerance, () -> describe(program, out, ins));
    }

    /** Describes a program with its operands and the values that each element was computed from. */
    private static String describe(Program program, Operand out, Operand... ins) {
        StringBuilder text = new StringBuilder(program + " of " + Arrays.toString(ins));
        long n = out.layout().numel();
        if (n > 2000) return text.toString();
        for (int k = 0; k < ins.length; k++) {
            text.append("\n  x").append(k).append(" = ");
            for (long i = 0; i < n; i++) {
                Cells cells = ins[k].before();
                long at = Operand.place(ins[k].layout(), i);
                text.append(i == 0 ? "" : " ")
                        .append(cells.dtype().isFloatingPoint() ? cells.real(at) : cells.whole(at));
            }
        }
        return text.append('\n').toString();
    }

    private static void cast(Trial t, Dtype from, Dtype to) {
        Program program = new Program(
                List.of(from), List.of(), List.of(new Exprs().input(0, from).cast(to)));
        for (long[] shape : new long[][] {{}, {0}, {37}, {5, 33}}) {
            for (Form form : Form.values()) {
                Operand in = t.operand(from, shape, form, MemoryConformance.convertible(from, to));
                Operand out = t.operand(to, shape, Form.anyWritable(t.random()), Values.ANY);
                run(t, program, NONE, Tolerance.EXACT, new Operand[] {out}, in);
            }
        }
    }

    private static void scalars(Trial t) {
        for (Dtype dtype : Dtype.reals()) {
            Dtype wide = dtype.computeType();
            Exprs e = new Exprs();
            Expr x = e.input(0, dtype).cast(wide);
            Expr s = e.scalar(0, wide);
            Expr r = e.scalar(1, dtype).cast(wide);
            Expr c = e.constant(wide, 3.3);
            Expr sum = x.mul(s).add(c).mul(r);
            Program program = new Program(List.of(dtype), List.of(wide, dtype), List.of(sum.cast(dtype)));
            for (double[] v : new double[][] {{0.1, 2}, {-7, 1}, {1e6, -1}, {Double.NaN, 0}, {0.3, 1 / 3.0}}) {
                long[] bits = new long[2];
                for (int i = 0; i < 2; i++) {
                    bits[i] =
                            dtype.isFloatingPoint() ? Double.doubleToRawLongBits(v[i]) : Cells.wrap(dtype, (long) v[i]);
                }
                Operand in = t.operand(dtype, new long[] {5, 9}, Form.any(t.random()), Values.ANY);
                Operand out = t.operand(dtype, new long[] {5, 9}, Form.anyWritable(t.random()), Values.ANY);
                run(t, program, bits, Tolerance.EXACT, new Operand[] {out}, in);
            }
        }
    }

    private static void noInputs(Trial t) {
        for (Dtype dtype : Dtype.reals()) {
            Exprs e = new Exprs();
            Program program = new Program(List.of(), List.of(dtype), List.of(e.scalar(0, dtype), e.constant(dtype, 5)));
            long bits = dtype.isFloatingPoint() ? Double.doubleToRawLongBits(0.7) : 1;
            for (long[] shape : Form.SHAPES) {
                Operand a = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                Operand b = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                run(t, program, new long[] {bits}, Tolerance.EXACT, new Operand[] {a, b});
            }
        }
    }

    private static void severalOutputs(Trial t) {
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.FLOAT32);
        Expr y = e.input(1, Dtype.INT32);
        Program program = new Program(
                List.of(Dtype.FLOAT32, Dtype.INT32),
                List.of(),
                List.of(
                        x.mul(2),
                        x,
                        y.cast(Dtype.FLOAT32).lt(x),
                        y.neg(),
                        x.cast(Dtype.FLOAT16),
                        x.add(1).mul(x)));
        for (long[] shape : Form.SHAPES) {
            for (Form form : Form.values()) {
                Operand[] ins = {
                    t.operand(Dtype.FLOAT32, shape, form, Values.ANY),
                    t.operand(Dtype.INT32, shape, Form.any(t.random()), Values.ANY)
                };
                Operand[] outs = new Operand[program.outputs().size()];
                for (int i = 0; i < outs.length; i++) {
                    Dtype dtype = program.outputs().get(i).dtype();
                    outs[i] = t.operand(dtype, shape, Form.anyWritable(t.random()), Values.ANY);
                }
                run(t, program, NONE, Tolerance.EXACT, outs, ins);
            }
        }
    }

    private static void inPlace(Trial t) {
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16, Dtype.INT64, Dtype.UINT8}) {
            Exprs e = new Exprs();
            Expr x = e.input(0, dtype).cast(dtype.computeType());
            Expr y = e.input(1, dtype).cast(dtype.computeType());
            Expr result = x.sub(y).mul(x).add(1).cast(dtype);
            Program program = new Program(List.of(dtype, dtype), List.of(), List.of(result));
            for (long[] shape : new long[][] {{}, {0}, {7}, {4, 5}, {3, 4, 5}, {1031}, {9, 333}}) {
                for (Form form : Form.values()) {
                    if (!form.writable()) continue;
                    Operand a = t.operand(dtype, shape, form, Values.ANY);
                    Operand b = t.operand(dtype, shape, Form.any(t.random()), Values.ANY);
                    boolean first = t.random().nextBoolean();
                    run(t, program, NONE, Tolerance.EXACT, new Operand[] {a}, first ? a : b, first ? b : a);
                }
            }
        }
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Matrix products of every dtype, batched, transposed, strided, of sizes around those of blocks and vectors. */
final class MatmulConformance {
    private static final int[][] SMALL = {
        {1, 1, 1, 1},
        {2, 3, 4, 5},
        {1, 7, 5, 9},
        {3, 1, 6, 1},
        {2, 5, 1, 4},
        {1, 1, 17, 33},
        {1, 33, 17, 1},
        {4, 6, 16, 64},
        {0, 2, 3, 4},
        {2, 0, 3, 4},
        {2, 3, 0, 4},
        {2, 3, 4, 0}
    };
    private static final int[][] BLOCKS = {{1, 61, 129, 67}, {2, 13, 270, 35}, {1, 67, 31, 261}, {1, 1, 600, 257}};
    private static final double[][] FACTORS = {{1, 0}, {1, 1}, {2, -3}, {-1, 0}, {0.5, 0.25}};

    private MatmulConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            if (dtype == Dtype.BOOL) continue;
            checks.add(new Check("matmul " + dtype.torchName(), t -> sizes(t, dtype, SMALL)));
            checks.add(new Check("matmul %s, larger".formatted(dtype.torchName()), t -> sizes(t, dtype, BLOCKS)));
            if (dtype.isFloatingPoint()) {
                checks.add(new Check("matmul %s special values".formatted(dtype.torchName()), t -> special(t, dtype)));
            }
        }
        return checks.stream();
    }

    private static void sizes(Trial t, Dtype dtype, int[][] all) {
        for (int[] s : all) {
            for (double[] factors : FACTORS) {
                if (!dtype.isFloatingPoint() && factors[0] != Math.rint(factors[0])) continue;
                for (Form form : Form.values()) {
                    if (all == BLOCKS && (form == Form.SCALAR || t.random().nextInt(10) != 0)) continue;
                    Operand a = t.operand(dtype, new long[] {s[0], s[1], s[2]}, form, Values.TAME);
                    Operand b = t.operand(dtype, new long[] {s[0], s[2], s[3]}, Form.any(t.random()), Values.TAME);
                    long[] sizes = {s[0], s[1], s[3]};
                    Form to = t.random().nextBoolean() ? Form.CONTIGUOUS : Form.anyWritable(t.random());
                    Operand out = t.operand(dtype, sizes, to, Values.TAME);
                    boolean onTop = t.random().nextBoolean();
                    Operand c = onTop ? out : t.operand(dtype, sizes, Form.any(t.random()), Values.TAME);
                    compare(t, a, b, c, out, factors[0], factors[1]);
                }
            }
        }
    }

    private static void special(Trial t, Dtype dtype) {
        for (int round = 0; round < 30; round++) {
            Operand a = t.operand(dtype, new long[] {1, 9, 7}, Form.any(t.random()), Values.FEW);
            Operand b = t.operand(dtype, new long[] {1, 7, 20}, Form.any(t.random()), Values.TAME);
            Operand c = t.operand(dtype, new long[] {1, 9, 20}, Form.anyWritable(t.random()), Values.FEW);
            compare(t, a, b, c, c, 1, round % 2);
        }
    }

    private static void compare(Trial t, Operand a, Operand b, Operand c, Operand out, double alpha, double beta) {
        double[] sizes = c.dtype().isFloatingPoint() ? magnitudes(t, a, b, c, alpha, beta) : new double[0];
        double steps = (a.layout().size(2) + 3) * Tolerance.epsilon(c.dtype().computeType());
        double last = Tolerance.epsilon(c.dtype());
        Tolerance tolerance = c.dtype().isFloatingPoint()
                ? (n, e) -> steps * sizes[(int) n] + last * Math.abs(e) + Tolerance.tiny(c.dtype())
                : Tolerance.EXACT;
        t.lab().device().matmul(a.device(), b.device(), c.device(), out.device(), alpha, beta);
        t.lab().reference().matmul(a.reference(), b.reference(), c.reference(), out.reference(), alpha, beta);
        t.compare(out, tolerance, () -> alpha + " * " + a + " @ " + b + " + " + beta + " * " + c);
    }

    /** Computes {@code |alpha| |a| |b| + |beta c|}, by which the rounding errors of a product are measured. */
    private static double[] magnitudes(Trial t, Operand a, Operand b, Operand c, double alpha, double beta) {
        Strided product = absolute(t, c);
        Backend reference = t.lab().reference();
        reference.matmul(absolute(t, a), absolute(t, b), product, product, Math.abs(alpha), Math.abs(beta));
        Cells cells = Operand.read(product);
        double[] result = new double[cells.size()];
        for (int i = 0; i < result.length; i++) result[i] = cells.real(i);
        return result;
    }

    private static Strided absolute(Trial t, Operand x) {
        Layout layout = Layout.contiguous(x.layout().sizes());
        Strided to = new Strided(t.lab().reference().allocate(Dtype.FLOAT64, layout.numel()), layout);
        Expr value = new Exprs().input(0, x.dtype()).cast(Dtype.FLOAT64).abs();
        Program program = new Program(List.of(x.dtype()), List.of(), List.of(value));
        t.lab().reference().pointwise(program, new Strided[] {to}, new Strided[] {x.reference()}, new long[0]);
        return to;
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.FourierTransform.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Fourier transforms of all kinds, along every dimension, of operands of all layouts. */
final class FourierConformance {
    /** Of every algorithm: passes of each radix, and Bluestein's. */
    private static final int[] LENGTHS = {1, 2, 6, 9, 16, 35, 37};

    private FourierConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : new Dtype[] {Dtype.FLOAT32, Dtype.FLOAT64}) {
            for (Kind kind : Kind.values()) {
                checks.add(new Check("fourier " + kind + " " + dtype.torchName(), t -> transforms(t, dtype, kind)));
            }
        }
        return checks.stream();
    }

    private static void transforms(Trial t, Dtype dtype, Kind kind) {
        double relative = 30 * Tolerance.epsilon(dtype);
        for (int n : LENGTHS) {
            for (Form form : Form.values()) {
                int dim = t.random().nextInt(3);
                FourierTransform transform = new FourierTransform(
                        kind, t.random().nextBoolean(), n, t.random().nextBoolean() ? 1 : 0.25);
                Operand in = t.operand(
                        dtype, shape(dim, transform.inputs(), kind == Kind.REAL_TO_COMPLEX), form, Values.TAME);
                Operand out = t.operand(
                        dtype,
                        shape(dim, transform.outputs(), kind == Kind.COMPLEX_TO_REAL),
                        Form.anyWritable(t.random()),
                        Values.ANY);
                t.lab().device().fourier(transform, in.device(), out.device(), dim);
                t.lab().reference().fourier(transform, in.reference(), out.reference(), dim);
                t.compare(out, (count, e) -> relative * (n + Math.abs(e)), () -> transform + " of " + in);
            }
        }
    }

    private static long[] shape(int dim, long size, boolean isReal) {
        long[] shape = isReal ? new long[] {3, 2, 5} : new long[] {3, 2, 5, 2};
        shape[dim] = size;
        return shape;
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Philox;
import dev.cotangent.tests.reference.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Random numbers: the same bits on every device, in every layout. */
final class RandomConformance {
    private static final Dtype[] DTYPES = {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16};

    private RandomConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Distribution kind : Distribution.values()) {
            for (Dtype dtype : kind == Distribution.BITS ? new Dtype[] {Dtype.INT64} : DTYPES) {
                checks.add(new Check("random %s %s".formatted(kind, dtype.torchName()), t -> draw(t, kind, dtype)));
            }
        }
        checks.add(new Check("Philox generates the published numbers", RandomConformance::published));
        checks.add(new Check("normal numbers are normal", RandomConformance::moments));
        return checks.stream();
    }

    private static void draw(Trial t, Distribution kind, Dtype dtype) {
        List<long[]> shapes = new ArrayList<>(List.of(Form.SHAPES));
        shapes.addAll(List.of(Form.LONGER));
        shapes.add(new long[] {20_001});
        for (long[] shape : shapes) {
            for (Form form : Form.values()) {
                if (!form.writable()) continue;
                long seed = t.random().nextLong();
                long position = t.random().nextBoolean() ? 0 : t.random().nextLong(1L << 40);
                Operand out = t.operand(dtype, shape, form, Values.ANY);
                t.lab().device().random(kind, out.device(), seed, position);
                t.lab().reference().random(kind, out.reference(), seed, position);
                t.compare(out, Tolerance.EXACT, () -> kind + " of seed " + seed + " from " + position);
            }
        }
    }

    /** Compares with the known answer of Random123's {@code kat_vectors} for a key and a counter of 0. */
    private static void published(Trial t) {
        long low = 0xE169C58D_6627E8D5L;
        long high = 0x9B00DBD8_BC57AC4CL;
        Trial.require(
                Philox.bits(0, 0, 0) == low && Philox.bits(0, 0, 1) == high,
                () -> "%016x %016x".formatted(Philox.bits(0, 0, 0), Philox.bits(0, 0, 1)));
    }

    private static void moments(Trial t) {
        int n = 200_000;
        Operand out = t.operand(new Cells(Dtype.FLOAT64, n), Form.CONTIGUOUS.of(new long[] {n}, t.random()));
        t.lab().device().random(Distribution.NORMAL, out.device(), t.random().nextLong(), 0);
        Cells cells = Operand.read(out.device());
        double[] moments = new double[5];
        for (int i = 0; i < n; i++) for (int k = 1; k < 5; k++) moments[k] += Math.pow(cells.real(i), k) / n;
        double[] expected = {0, 0, 1, 0, 3};
        for (int k = 1; k < 5; k++) {
            int order = k;
            // Ten standard deviations of the mean.
            double allowed = 10 * Math.sqrt(new double[] {0, 1, 2, 15, 96}[k] / n);
            Trial.require(
                    Math.abs(moments[k] - expected[k]) < allowed, () -> "moment " + order + " is " + moments[order]);
        }
    }
}

package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sums and maxima over windows, normalization of channels, and attention. */
final class WindowConformance {
    private static final Dtype[] DTYPES = {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16};

    private WindowConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : DTYPES) {
            checks.add(new Check("windows " + dtype.torchName(), t -> windows(t, dtype)));
            checks.add(new Check("batch normalize " + dtype.torchName(), t -> batchNormalize(t, dtype)));
            checks.add(new Check("attention " + dtype.torchName(), t -> attention(t, dtype)));
        }
        return checks.stream();
    }

    private static Tolerance sums(Dtype dtype) {
        double relative = dtype.computeType() == Dtype.FLOAT64 ? 1e-13 : 5e-6;
        return (n, e) -> relative * (Math.abs(e) + 32) + Tolerance.epsilon(dtype) * Math.abs(e);
    }

    /** Returns overlapping windows of up to three elements, perhaps with weights, some of them 0. */
    private static Windows windows(int size, boolean isWeighted, int step) {
        int n = (size + 1) / 2;
        int[] first = new int[n];
        int[] count = new int[n];
        double[] weights = new double[3 * n];
        for (int o = 0; o < n; o++) {
            first[o] = Math.max(0, 2 * o - 1);
            count[o] = Math.min(3, (size - 1 - first[o]) / step + 1);
            for (int k = 0; k < 3; k++) weights[3 * o + k] = (o + k) % 3 * 0.5;
        }
        return isWeighted ? new Windows(size, first, count, 1, 3, weights) : Windows.of(size, first, count, step);
    }

    private static void windows(Trial t, Dtype dtype) {
        int[][] planes = {{9}, {5, 33}, {3, 4, 20}};
        for (int p = 0; p < planes.length; p++) {
            int[] plane = planes[p];
            for (Form form : Form.values()) {
                // Every form is tried in each number of dimensions, and by each dtype, but not all of each by all.
                boolean skips = form != Form.CONTIGUOUS
                        && (form.ordinal() + p + List.of(DTYPES).indexOf(dtype)) % 3 != 0;
                if (skips) continue;
                long[] shape = new long[plane.length + 1];
                long[] result = new long[plane.length + 1];
                shape[0] = result[0] = 3;
                Windows[] plain = new Windows[plane.length];
                Windows[] weighted = new Windows[plane.length];
                Windows[] dilated = new Windows[plane.length];
                for (int d = 0; d < plane.length; d++) {
                    shape[d + 1] = plane[d];
                    plain[d] = windows(plane[d], false, 1);
                    weighted[d] = windows(plane[d], true, 1);
                    dilated[d] = windows(plane[d], false, 2);
                    result[d + 1] = plain[d].outputs();
                }
                Operand in = t.operand(dtype, shape, form, Values.TAME);
                for (Windows[] w : new Windows[][] {plain, weighted}) {
                    Operand out = t.operand(dtype, result, Form.anyWritable(t.random()), Values.ANY);
                    t.lab().device().windowSum(in.device(), w, 3, out.device());
                    t.lab().reference().windowSum(in.reference(), w, 3, out.reference());
                    t.compare(out, sums(dtype), () -> "sums over windows of " + in);
                }
                maxima(t, dtype, in, plain, result);
                maxima(t, dtype, in, dilated, result);
                maxima(t, dtype, t.operand(dtype, shape, form, Values.FEW), plain, result);
            }
        }
    }

    private static void maxima(Trial t, Dtype dtype, Operand in, Windows[] windows, long[] result) {
        Operand out = t.operand(dtype, result, Form.CONTIGUOUS, Values.ANY);
        Operand at = t.operand(Dtype.INT64, result, Form.CONTIGUOUS, Values.ANY);
        Operand alone = t.operand(dtype, result, Form.anyWritable(t.random()), Values.ANY);
        t.lab().device().windowMax(in.device(), windows, out.device(), at.device());
        t.lab().reference().windowMax(in.reference(), windows, out.reference(), at.reference());
        Tolerance exact = (n, e) -> 0;
        t.compare(out, exact, () -> "maxima of windows of " + in);
        t.compare(at, exact, () -> "places of maxima of windows of " + in);
        t.lab().device().windowMax(in.device(), windows, alone.device(), null);
        t.lab().reference().windowMax(in.reference(), windows, alone.reference(), null);
        t.compare(alone, exact, () -> "maxima alone of windows of " + in);
    }

    private static void batchNormalize(Trial t, Dtype dtype) {
        Dtype wide = dtype.computeType();
        for (long[] shape : new long[][] {{2, 3, 40}, {3, 2, 5, 7}, {1, 4, 1100}, {5, 3}}) {
            long[] kept = new long[shape.length];
            java.util.Arrays.fill(kept, 1);
            kept[1] = shape[1];
            Operand in = t.operand(dtype, shape, Form.CONTIGUOUS, Values.TAME);
            Operand out = t.operand(dtype, shape, Form.CONTIGUOUS, Values.ANY);
            Operand mean = t.operand(wide, kept, Form.CONTIGUOUS, Values.ANY);
            Operand var = t.operand(wide, kept, Form.CONTIGUOUS, Values.ANY);
            Operand rstd = t.operand(wide, kept, Form.CONTIGUOUS, Values.ANY);
            t.lab()
                    .device()
                    .batchNormalize(
                            in.device(), null, null, 0.1, out.device(), mean.device(), var.device(), rstd.device());
            t.lab()
                    .reference()
                    .batchNormalize(
                            in.reference(),
                            null,
                            null,
                            0.1,
                            out.reference(),
                            mean.reference(),
                            var.reference(),
                            rstd.reference());
            for (Operand o : List.of(out, mean, var, rstd)) {
                t.compare(o, sums(dtype), () -> "channels of " + in + " normalized");
            }
        }
    }

    private static void attention(Trial t, Dtype dtype) {
        for (int keys : new int[] {5, 270}) {
            for (boolean causal : new boolean[] {false, true}) {
                for (@Nullable Dtype of : new Dtype[] {null, Dtype.BOOL, dtype}) {
                    // Several blocks of keys take the reference long; causal queries need as many as keys to see all.
                    boolean isLong = keys > 5;
                    if (isLong && (of != null || dtype.isHalf() || causal && dtype != Dtype.FLOAT32)) continue;
                    attention(t, dtype, isLong && !causal ? keys / 2 : keys - 3, keys, causal, of);
                }
            }
        }
    }

    private static void attention(
            Trial t, Dtype dtype, int queries, int keys, boolean causal, @Nullable Dtype maskType) {
        Operand q = t.operand(dtype, new long[] {2, queries, 3}, Form.CONTIGUOUS, Values.TAME);
        Operand k = t.operand(dtype, new long[] {2, keys, 3}, Form.TRANSPOSED, Values.TAME);
        Operand v = t.operand(dtype, new long[] {2, keys, 4}, Form.CONTIGUOUS, Values.TAME);
        Operand mask = maskType == null
                ? null
                : t.operand(maskType, new long[] {2, queries, keys}, Form.CONTIGUOUS, Values.TAME);
        Dtype wide = dtype.computeType();
        Operand out = t.operand(wide, new long[] {2, queries, 4}, Form.CONTIGUOUS, Values.ANY);
        Operand logs = t.operand(wide, new long[] {2, queries}, Form.CONTIGUOUS, Values.ANY);
        t.lab()
                .device()
                .attention(
                        q.device(),
                        k.device(),
                        v.device(),
                        mask == null ? null : mask.device(),
                        causal,
                        0.1,
                        out.device(),
                        logs.device());
        t.lab()
                .reference()
                .attention(
                        q.reference(),
                        k.reference(),
                        v.reference(),
                        mask == null ? null : mask.reference(),
                        causal,
                        0.1,
                        out.reference(),
                        logs.reference());
        t.compare(out, sums(wide), () -> "attention of " + keys + " keys of " + dtype);
        t.compare(logs, sums(wide), () -> "logarithms of attention of " + keys + " keys of " + dtype);
    }
}

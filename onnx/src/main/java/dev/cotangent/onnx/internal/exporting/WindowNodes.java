package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.Tensors;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Windows;
import dev.cotangent.onnx.OnnxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes sums and maxima over windows: as pooling where windows are regular, else sums as products with matrices. */
final class WindowNodes {
    private WindowNodes() {}

    /** Windows that are all alike, apart from what is cut off at the ends. */
    private record Regular(long kernel, long stride, long dilation, long before, long after) {
        static @Nullable Regular of(Windows w) {
            int n = w.outputs();
            int kernel = 0;
            for (int c : w.count()) kernel = Math.max(kernel, c);
            if (w.weights() != null || n == 0) return null;
            long dilation = w.step();
            // A window that is whole says where all begin.
            long before = 0;
            long stride = 1;
            if (n > 1) {
                stride = endOf(w, 1) - endOf(w, 0);
                if (w.first()[1] != 0 || w.count()[1] == kernel) stride = Math.max(stride, w.first()[1] - w.first()[0]);
                if (stride <= 0) return null;
            }
            before = Math.max(0, (kernel - w.count()[0]) * dilation - w.first()[0]);
            for (int o = 0; o < n; o++) {
                long start = o * stride - before;
                long skipped = start < 0 ? Math.ceilDiv(-start, dilation) : 0;
                long first = start + skipped * dilation;
                long last = Math.min(start + (kernel - 1) * dilation, lastInside(start, dilation, w.size()));
                long count = (last - first) / dilation + 1;
                if (first != w.first()[o] || count != w.count()[o]) return null;
            }
            long after = (n - 1) * stride - before + (kernel - 1) * dilation + 1 - w.size();
            return new Regular(kernel, stride, dilation, before, Math.max(0, after));
        }

        private static long endOf(Windows w, int o) {
            return w.first()[o] + (long) (w.count()[o] - 1) * w.step();
        }

        private static long lastInside(long start, long dilation, long size) {
            return start + (size - 1 - start) / dilation * dilation;
        }
    }

    private static Regular @Nullable [] regular(Windows[] windows) {
        Regular[] all = new Regular[windows.length];
        for (int d = 0; d < all.length; d++) {
            Regular r = Regular.of(windows[d]);
            if (r == null || r.before >= r.kernel * r.dilation || r.after >= r.kernel * r.dilation) return null;
            all[d] = r;
        }
        return all;
    }

    private static java.util.Map<String, Object> attributes(Regular[] windows, boolean dilated) {
        int n = windows.length;
        long[] pads = new long[2 * n];
        for (int d = 0; d < n; d++) {
            pads[d] = windows[d].before;
            pads[d + n] = windows[d].after;
        }
        var map = TraceGraph.attributes(
                "kernel_shape",
                        Arrays.stream(windows).mapToLong(Regular::kernel).toArray(),
                "strides", Arrays.stream(windows).mapToLong(Regular::stride).toArray(),
                "pads", pads);
        if (dilated)
            map.put(
                    "dilations",
                    Arrays.stream(windows).mapToLong(Regular::dilation).toArray());
        return map;
    }

    static TraceValue sum(TraceGraph graph, TraceValue in, Windows[] windows, double divisor, Strided out) {
        Dtype t = out.dtype();
        if (!t.isFloatingPoint()) throw new OnnxException("average pooling of integers has no ONNX form");
        TraceValue x = graph.cast(in, t);
        Regular[] regular = regular(windows);
        int leading = x.rank() - windows.length;
        boolean alike = regular != null && windows.length <= 3 && leading == 1;
        if (regular != null) for (Regular r : regular) alike &= r.dilation == 1;
        if (!alike || regular == null) return byMatrices(graph, x, windows, divisor, t);
        var attributes = attributes(regular, false);
        attributes.put("count_include_pad", 1L);
        double kernel = 1;
        for (Regular r : regular) kernel *= r.kernel;
        TraceValue images = graph.unsqueeze(x, 0);
        long[] shape = out.layout().sizes();
        long[] four = new long[shape.length + 1];
        four[0] = 1;
        System.arraycopy(shape, 0, four, 1, shape.length);
        TraceValue y = graph.squeeze(graph.node("AveragePool", t, four, attributes, images), 0);
        return scaled(graph, y, kernel / divisor);
    }

    private static TraceValue scaled(TraceGraph graph, TraceValue y, double factor) {
        if (factor == 1) return y;
        return graph.pointwise("Mul", y.dtype, y, graph.scalar(y.dtype, Double.doubleToLongBits(factor)));
    }

    private static TraceValue byMatrices(TraceGraph graph, TraceValue x, Windows[] windows, double divisor, Dtype t) {
        TraceValue y = x;
        int leading = x.rank() - windows.length;
        for (int d = 0; d < windows.length; d++) {
            Windows w = windows[d];
            if (w.isIdentity()) continue;
            double[] factors = new double[Math.multiplyExact(w.size(), w.outputs())];
            for (int o = 0; o < w.outputs(); o++) {
                for (int k = 0; k < w.count()[o]; k++) {
                    factors[(w.first()[o] + k * w.step()) * w.outputs() + o] += w.weight(o, k);
                }
            }
            TraceValue matrix = graph.constant(
                    Tensors.tensor(factors).reshape(w.size(), w.outputs()).to(t));
            int[] last = IntStream.range(0, y.rank()).toArray();
            last[leading + d] = y.rank() - 1;
            last[y.rank() - 1] = leading + d;
            TraceValue moved = graph.transpose(y, last);
            long[] shape = moved.shape.clone();
            shape[shape.length - 1] = w.outputs();
            y = graph.transpose(graph.node("MatMul", t, shape, moved, matrix), last);
        }
        return scaled(graph, y, 1 / divisor);
    }

    static List<TraceValue> max(
            TraceGraph graph, TraceValue x, Windows[] windows, Strided out, @Nullable Strided indices) {
        Regular[] regular = regular(windows);
        if (regular == null || windows.length > 3 || x.rank() != windows.length + 1) {
            throw new OnnxException(
                    "adaptive maximum pooling to sizes that do not divide the input's has no ONNX form");
        }
        long[] shape = out.layout().sizes();
        long[] four = new long[shape.length + 1];
        four[0] = 1;
        System.arraycopy(shape, 0, four, 1, shape.length);
        TraceValue images = graph.unsqueeze(x, 0);
        if (indices == null) {
            TraceValue y = graph.node("MaxPool", x.dtype, four, attributes(regular, true), images);
            return List.of(graph.squeeze(y, 0));
        }
        List<TraceValue> both = graph.nodes(
                "MaxPool", List.of(x.dtype, Dtype.INT64), List.of(four, four), attributes(regular, true), images);
        // Positions are counted from the start of all planes.
        long plane = 1;
        for (Windows w : windows) plane *= w.size();
        TraceValue at = graph.squeeze(both.get(1), 0);
        TraceValue within = graph.pointwise("Mod", Dtype.INT64, at, graph.integer(plane));
        return new ArrayList<>(List.of(graph.squeeze(both.get(0), 0), within));
    }
}

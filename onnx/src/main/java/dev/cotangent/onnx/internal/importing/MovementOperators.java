package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators that move elements. */
final class MovementOperators {
    private static final int[] SHAPES = v(1, 13, 15, 19, 21, 23, 24, 25);

    private MovementOperators() {}

    static void register() {
        tensor("CenterCropPad", v(18), MovementOperators::centerCropPad);
        tensor("Concat", v(4, 11, 13), c -> Tensors.cat(c.from(0), c.integer("axis", 0)));
        tensor("DepthToSpace", v(1, 11, 13), MovementOperators::depthToSpace);
        tensor("Expand", v(8, 13), MovementOperators::expand);
        tensor("Flatten", v(1, 9, 11, 13, 21, 23, 24, 25), c -> {
            Tensor x = c.x(0);
            long axis = c.i("axis", 1);
            return matrix(x, axis == x.dim() ? x.dim() : c.axis(axis, x.dim()));
        });
        add("Identity", v(1, 13, 14, 16, 19, 21, 23, 24, 25), c -> List.of(c.value(0)));
        tensor("Pad", v(2, 11, 13, 18, 19, 21, 23, 24, 25), MovementOperators::pad);
        tensor("Reshape", v(5, 13, 14, 19, 21, 23, 24, 25), MovementOperators::reshape);
        tensor("ReverseSequence", v(10), MovementOperators::reverseSequence);
        tensor("Shape", SHAPES, MovementOperators::shape);
        tensor("Size", v(1, 13, 19, 21, 23, 24, 25), c -> Tensors.tensor(c.x(0).numel()));
        tensor("Slice", v(1, 10, 11, 13), MovementOperators::slice);
        tensor("SpaceToDepth", v(1, 13, 28), MovementOperators::spaceToDepth);
        add("Split", v(2, 11, 13, 18), c -> Value.all(split(c)));
        tensor("Squeeze", v(1, 11, 13, 21, 23, 24, 25), c -> {
            long[] axes = c.intsOr("axes", 1);
            return axes == null ? c.x(0).squeeze() : c.x(0).squeeze(c.axes(axes, c.x(0).dim()));
        });
        tensor("Tile", v(6, 13), c -> c.x(0).repeat(c.longs(1)));
        tensor("Transpose", v(1, 13, 21, 23, 24, 25), MovementOperators::transpose);
        tensor("Trilu", v(14), c -> {
            long k = c.has(1) ? c.integer(1) : 0;
            return c.flag("upper", true) ? c.x(0).triu(k) : c.x(0).tril(k);
        });
        tensor("Unsqueeze", v(1, 11, 13, 21, 23, 24, 25), MovementOperators::unsqueeze);
    }

    /** Returns a matrix whose rows are the dimensions before the axis. */
    static Tensor matrix(Tensor x, int axis) {
        long rows = 1;
        long columns = 1;
        for (int d = 0; d < x.dim(); d++) {
            if (d < axis) rows *= x.size(d);
            else columns *= x.size(d);
        }
        return x.reshape(rows, columns);
    }

    private static Tensor transpose(Call c) {
        Tensor x = c.x(0);
        long[] perm = c.ints("perm");
        int[] dims = new int[x.dim()];
        if (perm == null) for (int d = 0; d < dims.length; d++) dims[d] = dims.length - 1 - d;
        else if (perm.length != dims.length)
            throw c.error("permutes " + perm.length + " of " + x.dim() + " dimensions");
        else for (int d = 0; d < dims.length; d++) dims[d] = c.axis(perm[d], dims.length);
        return x.permute(dims);
    }

    private static Tensor reshape(Call c) {
        Tensor x = c.x(0);
        long[] to = c.longs(1);
        if (!c.flag("allowzero", false)) {
            for (int d = 0; d < to.length; d++) {
                if (to[d] != 0) continue;
                if (d >= x.dim()) throw c.error("keeps the size " + d + " of a tensor of shape " + x.shape());
                to[d] = x.size(d);
            }
        }
        return x.reshape(to);
    }

    private static Tensor unsqueeze(Call c) {
        Tensor x = c.x(0);
        long[] axes = c.intsOr("axes", 1);
        if (axes == null) throw c.error("lacks its axes");
        int[] sorted = c.axes(axes, x.dim() + axes.length);
        Arrays.sort(sorted);
        for (int a : sorted) x = x.unsqueeze(a);
        return x;
    }

    private static Tensor expand(Call c) {
        Tensor x = c.x(0);
        long[] to = Tensors.broadcastShapes(x.shape().toArray(), c.longs(1)).toArray();
        return x.expand(to);
    }

    private static Tensor shape(Call c) {
        Tensor x = c.x(0);
        long rank = x.dim();
        long start = c.i("start", 0);
        long end = c.i("end", rank);
        start = Math.clamp(start < 0 ? start + rank : start, 0, rank);
        end = Math.clamp(end < 0 ? end + rank : end, 0, rank);
        return Tensors.tensor(Arrays.copyOfRange(x.shape().toArray(), (int) start, (int) Math.max(start, end)));
    }

    private static Tensor slice(Call c) {
        Tensor x = c.x(0);
        boolean old = c.version() < 10;
        long @Nullable [] starts = old ? c.ints("starts") : c.longs(1);
        long @Nullable [] ends = old ? c.ints("ends") : c.longs(2);
        long @Nullable [] axes = old ? c.ints("axes") : c.has(3) ? c.longs(3) : null;
        long @Nullable [] steps = !old && c.has(4) ? c.longs(4) : null;
        if (starts == null || ends == null || starts.length != ends.length) throw c.error("lacks starts or ends");
        if (axes != null && axes.length != starts.length || steps != null && steps.length != starts.length) {
            throw c.error("has lists of different lengths");
        }
        for (int k = 0; k < starts.length; k++) {
            int d = c.axis(axes == null ? k : axes[k], x.dim());
            long step = steps == null ? 1 : steps[k];
            long size = x.size(d);
            if (step == 0) throw c.error("has a step of 0");
            long start = starts[k] < 0 ? starts[k] + size : starts[k];
            long end = ends[k] < 0 ? ends[k] + size : ends[k];
            if (step > 0) {
                x = x.slice(d, Math.clamp(start, 0, size), Math.clamp(end, 0, size), step);
                continue;
            }
            start = Math.clamp(start, -1, size - 1);
            end = Math.clamp(end, -1, size - 1);
            // Backwards is forwards in the flipped dimension.
            x = x.flip(d).slice(d, size - 1 - start, Math.max(size - 1 - start, size - 1 - end), -step);
        }
        return x;
    }

    private static List<Tensor> split(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", 0), x.dim());
        long[] sizes = c.intsOr("split", 1);
        if (sizes == null) {
            long parts = c.i("num_outputs", c.outputs());
            long size = x.size(axis);
            long each = (size + parts - 1) / parts;
            sizes = new long[(int) parts];
            for (int k = 0; k < parts; k++) sizes[k] = Math.clamp(size - k * each, 0, each);
        }
        return x.split(sizes, axis);
    }

    private static Tensor depthToSpace(Call c) {
        Tensor x = c.x(0);
        long b = c.i("blocksize");
        long n = x.size(0);
        long channels = x.size(1) / (b * b);
        long h = x.size(2);
        long w = x.size(3);
        Tensor y = c.s("mode", "DCR").equals("CRD")
                ? x.reshape(n, channels, b, b, h, w).permute(0, 1, 4, 2, 5, 3)
                : x.reshape(n, b, b, channels, h, w).permute(0, 3, 4, 1, 5, 2);
        return y.reshape(n, channels, h * b, w * b);
    }

    private static Tensor spaceToDepth(Call c) {
        Tensor x = c.x(0);
        long b = c.i("blocksize");
        long n = x.size(0);
        long h = x.size(2) / b;
        long w = x.size(3) / b;
        Tensor blocks = x.reshape(n, x.size(1), h, b, w, b);
        boolean channelsFirst = c.s("mode", "DCR").equals("CRD");
        return (channelsFirst ? blocks.permute(0, 1, 3, 5, 2, 4) : blocks.permute(0, 3, 5, 1, 2, 4))
                .reshape(n, x.size(1) * b * b, h, w);
    }

    private static Tensor pad(Call c) {
        Tensor x = c.x(0);
        boolean old = c.version() < 11;
        long[] pads = old ? c.ints("pads") : c.longs(1);
        if (pads == null) throw c.error("lacks its pads");
        int[] axes = c.axes(!old && c.has(3) ? c.longs(3) : null, x.dim());
        if (pads.length != 2 * axes.length) throw c.error("has " + pads.length + " pads of " + axes.length + " axes");
        String mode = c.s("mode", "constant");
        if (mode.equals("constant")) {
            long[] all = new long[2 * x.dim()];
            for (int k = 0; k < axes.length; k++) {
                int last = 2 * (x.dim() - 1 - axes[k]);
                all[last] = pads[k];
                all[last + 1] = pads[axes.length + k];
            }
            Number value = old
                    ? c.f("value", 0)
                    : c.has(2) ? c.x(2).detach().reshape(-1).item() : 0;
            return x.constantPadNd(all, value);
        }
        for (int k = 0; k < axes.length; k++) {
            long before = pads[k];
            long size = x.size(axes[k]);
            long[] index = new long[Math.toIntExact(before + size + pads[axes.length + k])];
            for (int i = 0; i < index.length; i++) index[i] = source(c, mode, i - before, size);
            x = x.indexSelect(axes[k], Tensors.tensor(index).to(x.device()));
        }
        return x;
    }

    private static long source(Call c, String mode, long i, long size) {
        return switch (mode) {
            case "edge" -> Math.clamp(i, 0, size - 1);
            case "wrap" -> Math.floorMod(i, size);
            case "reflect" -> {
                if (size == 1) yield 0;
                long at = Math.floorMod(i, 2 * (size - 1));
                yield at < size ? at : 2 * (size - 1) - at;
            }
            default -> throw c.error("has the mode '" + mode + "'");
        };
    }

    private static Tensor centerCropPad(Call c) {
        Tensor x = c.x(0);
        long[] shape = c.longs(1);
        int[] axes = c.axes(c.ints("axes"), x.dim());
        for (int k = 0; k < axes.length; k++) {
            long size = x.size(axes[k]);
            long to = shape[k];
            if (to <= size) {
                x = x.narrow(axes[k], (size - to) / 2, to);
            } else {
                long[] all = new long[2 * x.dim()];
                int last = 2 * (x.dim() - 1 - axes[k]);
                all[last] = (to - size) / 2;
                all[last + 1] = to - size - all[last];
                x = x.constantPadNd(all, 0);
            }
        }
        return x;
    }

    private static Tensor reverseSequence(Call c) {
        Tensor x = c.x(0);
        int time = c.axis(c.i("time_axis", 0), x.dim());
        int batch = c.axis(c.i("batch_axis", 1), x.dim());
        long[] lengths = c.longs(1);
        List<Tensor> parts = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            Tensor part = x.narrow(batch, b, 1);
            Tensor first = part.narrow(time, 0, lengths[b]).flip(time);
            Tensor rest = part.narrow(time, lengths[b], x.size(time) - lengths[b]);
            parts.add(Tensors.cat(List.of(first, rest), time));
        }
        return Tensors.cat(parts, batch);
    }
}

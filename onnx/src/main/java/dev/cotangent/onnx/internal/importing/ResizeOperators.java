package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;

/** Resampling. */
final class ResizeOperators {
    private ResizeOperators() {}

    static void register() {
        tensor("AffineGrid", v(20), c -> c.x(0).affineGrid(c.longs(1), c.flag("align_corners", false)));
        tensor("GridSample", v(16, 20, 22), ResizeOperators::gridSample);
        tensor("Resize", v(11, 13, 18, 19), ResizeOperators::resize);
        tensor("Upsample", v(9), c -> {
            Tensor x = c.x(0);
            double[] scales = c.doubles(1);
            boolean linear = !c.s("mode", "nearest").equals("nearest");
            for (int d = 0; d < scales.length; d++) {
                long to = (long) Math.floor(x.size(d) * scales[d]);
                if (to == x.size(d)) continue;
                Axis axis = new Axis(x.size(d), to, scales[d], "asymmetric", -0.75, false, false, 0, 1);
                x = axis.apply(x, d, linear ? "linear" : "nearest", "floor", 0, false);
            }
            return x;
        });
    }

    private static Tensor gridSample(Call c) {
        String mode = switch (c.s("mode", "bilinear")) {
            case "linear", "bilinear" -> "bilinear";
            case "cubic", "bicubic" -> "bicubic";
            case "nearest" -> "nearest";
            default -> throw c.error("has the mode '" + c.s("mode", "") + "'");
        };
        return c.x(0).gridSample(
                        c.x(1),
                        Tensors.gridSampleOptions()
                                .mode(mode)
                                .paddingMode(c.s("padding_mode", "zeros"))
                                .alignCorners(c.flag("align_corners", false)));
    }

    /** Resizes each dimension on its own: all modes are separable. */
    private static Tensor resize(Call c) {
        Tensor x = c.x(0);
        int[] axes = c.axes(c.ints("axes"), x.dim());
        String mode = c.s("mode", "nearest");
        String transform = c.s("coordinate_transformation_mode", "half_pixel");
        boolean antialias = c.flag("antialias", false);
        double[] roi = c.has(1) && c.x(1).numel() > 0 ? c.doubles(1) : new double[0];
        double[] scales = c.has(2) && c.x(2).numel() > 0 ? c.doubles(2) : new double[axes.length];
        long[] sizes = new long[axes.length];
        if (c.has(3) && c.x(3).numel() > 0) {
            sizes = c.longs(3);
            if (sizes.length != axes.length)
                throw c.error("has " + sizes.length + " sizes of " + axes.length + " axes");
            String policy = c.s("keep_aspect_ratio_policy", "stretch");
            if (!policy.equals("stretch")) {
                double ratio = policy.equals("not_larger") ? Double.MAX_VALUE : 0;
                for (int k = 0; k < axes.length; k++) {
                    double r = (double) sizes[k] / x.size(axes[k]);
                    ratio = policy.equals("not_larger") ? Math.min(ratio, r) : Math.max(ratio, r);
                }
                for (int k = 0; k < axes.length; k++) {
                    sizes[k] = (long) Math.floor(ratio * x.size(axes[k]) + 0.5);
                    scales[k] = ratio;
                }
            } else {
                for (int k = 0; k < axes.length; k++) scales[k] = (double) sizes[k] / x.size(axes[k]);
            }
        } else {
            if (scales.length != axes.length)
                throw c.error("has " + scales.length + " scales of " + axes.length + " axes");
            for (int k = 0; k < axes.length; k++) sizes[k] = (long) Math.floor(x.size(axes[k]) * scales[k]);
        }
        boolean crop = transform.equals("tf_crop_and_resize");
        if (crop && roi.length != 2 * axes.length) throw c.error("has a region of " + roi.length + " numbers");
        double outside = c.f("extrapolation_value", 0);
        for (int k = 0; k < axes.length; k++) {
            if (sizes[k] == x.size(axes[k]) && scales[k] == 1 && !crop) continue;
            Axis axis = new Axis(
                    x.size(axes[k]),
                    sizes[k],
                    scales[k],
                    transform,
                    c.f("cubic_coeff_a", -0.75),
                    c.flag("exclude_outside", false),
                    antialias,
                    crop ? roi[k] : 0,
                    crop ? roi[k + axes.length] : 1);
            x = axis.apply(x, axes[k], mode, c.s("nearest_mode", "round_prefer_floor"), outside, crop);
        }
        return x;
    }

    /** A dimension that is resized. */
    private record Axis(
            long from,
            long to,
            double scale,
            String transform,
            double cubic,
            boolean excludeOutside,
            boolean antialias,
            double regionStart,
            double regionEnd) {

        /** Returns where in the input an element of the output is. */
        private double source(long i) {
            return switch (transform) {
                case "asymmetric" -> i / scale;
                case "align_corners" -> to == 1 ? 0 : i * (double) (from - 1) / (scale * from - 1);
                case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
                case "half_pixel_symmetric" -> {
                    double adjustment = to / (scale * from);
                    yield from / 2.0 * (1 - adjustment) + (i + 0.5) / scale - 0.5;
                }
                case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
                case "tf_crop_and_resize" ->
                    to > 1
                            ? regionStart * (from - 1) + i * (regionEnd - regionStart) * (from - 1) / (to - 1)
                            : 0.5 * (regionStart + regionEnd) * (from - 1);
                default -> (i + 0.5) / scale - 0.5;
            };
        }

        Tensor apply(Tensor x, int dim, String mode, String nearest, double outside, boolean crop) {
            double[] weights = new double[Math.toIntExact(to * from)];
            boolean[] beyond = new boolean[(int) to];
            boolean any = false;
            for (int i = 0; i < to; i++) {
                double at = source(i);
                if (crop && (at < 0 || at > from - 1)) any = beyond[i] = true;
                if (!mode.equals("nearest")) interpolate(at, mode, weights, (int) (i * from));
            }
            Tensor y;
            if (mode.equals("nearest")) {
                long[] index = new long[(int) to];
                for (int i = 0; i < to; i++) index[i] = rounded(source(i), nearest);
                y = x.indexSelect(dim, Tensors.tensor(index).to(x.device()));
            } else {
                Tensor given = x.dtype().isFloatingPoint() ? x : x.toDouble();
                Tensor matrix = Tensors.tensor(weights).reshape(to, from).to(x.device(), given.dtype());
                y = given.movedim(dim, -1).matmul(matrix.t()).movedim(-1, dim).to(x.dtype());
            }
            if (!any) return y;
            long[] shape = new long[x.dim()];
            Arrays.fill(shape, 1);
            shape[dim] = to;
            return y.maskedFill(Tensors.tensor(beyond).to(x.device()).reshape(shape), outside);
        }

        private long rounded(double at, String mode) {
            double i = switch (mode) {
                case "floor" -> Math.floor(at);
                case "ceil" -> Math.ceil(at);
                case "round_prefer_ceil" -> Math.floor(at + 0.5);
                default -> Math.ceil(at - 0.5);
            };
            return Math.clamp((long) i, 0, from - 1);
        }

        /** Writes the factors of the input's elements for a place; outside of the input the nearest element counts. */
        private void interpolate(double at, String mode, double[] weights, int row) {
            double stretch = antialias ? Math.min(scale, 1) : 1;
            int reach = mode.equals("cubic") ? 2 : 1;
            double support = reach / stretch;
            long first = (long) Math.ceil(at - support - 1e-9);
            long last = (long) Math.floor(at + support + 1e-9);
            double sum = 0;
            for (long i = first; i <= last; i++) {
                if (excludeOutside && (i < 0 || i >= from)) continue;
                double distance = Math.abs((i - at) * stretch);
                double weight = reach == 1 ? Math.max(0, 1 - distance) : cubicWeight(distance);
                weights[row + (int) Math.clamp(i, 0, from - 1)] += weight;
                sum += weight;
            }
            if (sum == 0) return;
            for (int i = 0; i < from; i++) weights[row + i] /= sum;
        }

        /** Computes Keys's convolution kernel of cubic interpolation. */
        private double cubicWeight(double d) {
            if (d <= 1) return ((cubic + 2) * d - (cubic + 3)) * d * d + 1;
            return d < 2 ? ((d - 5) * d + 8) * d * cubic - 4 * cubic : 0;
        }
    }
}

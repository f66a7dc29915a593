package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.GridSampleOptions;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sampling of images and volumes at the coordinates of a grid, and affine grids. */
public final class GridOps {
    private GridOps() {}

    /** Implements {@code torch.nn.functional.grid_sample}. */
    public static Tensor sample(Tensor x, Tensor grid, GridSampleOptions o) {
        check(x, grid, o);
        Corners corners = new Corners(Internals.layout(x).sizes(), o, x.dtype().computeType());
        Tensor out = corners.sampled(x.detach(), grid.detach());
        String node = "GridSampler" + (x.dim() - 2) + "DBackward0";
        return GradientRule.of(node, Internals.wrap(Internals.strided(out)))
                .input(x, grid, (g, places) -> corners.inputBackward(g, places))
                .input(grid, x, grid, (g, image, places) -> corners.gridBackward(g, image, places))
                .done();
    }

    private static void check(Tensor x, Tensor grid, GridSampleOptions o) {
        Promotion.device("grid_sampler", x, grid);
        long[] in = Internals.layout(x).sizes();
        long[] to = Internals.layout(grid).sizes();
        String both = " input with sizes " + Arrays.toString(in) + " and grid with sizes " + Arrays.toString(to);
        if (in.length == 0 || to.length == 0 || in[0] != to[0]) {
            throw new CotangentException(
                    "grid_sampler(): expected grid and input to have same batch size, but got" + both);
        }
        if (to[to.length - 1] != in.length - 2) {
            throw new CotangentException("grid_sampler(): expected grid to have size " + (in.length - 2)
                    + " in last dimension, but got grid with sizes " + Arrays.toString(to));
        }
        for (int d = 2; d < in.length; d++) {
            if (in[d] > 0) continue;
            throw new CotangentException(
                    "grid_sampler(): expected input to have non-empty spatial dimensions, but input" + " has sizes "
                            + Arrays.toString(in) + " with dimension " + d + " being empty");
        }
        if (in.length != 4 && in.length != 5 || in.length != to.length) {
            throw new CotangentException("grid_sampler(): expected " + (in.length == 4 ? 4 : 5)
                    + "D input and grid with same number of dimensions, but got" + both);
        }
        if (in.length == 5 && o.mode() == GridSampleOptions.Mode.BICUBIC) {
            throw new CotangentException("grid_sampler(): bicubic interpolation only supports 4D input");
        }
        if (x.dtype() != grid.dtype()) {
            throw new CotangentException("expected scalar type " + x.dtype().scalarName() + " but found "
                    + grid.dtype().scalarName());
        }
        if (!x.dtype().isFloatingPoint()) {
            throw Promotion.notImplemented(
                    in.length == 4 ? "grid_sampler_2d_cpu_kernel_impl" : "grid_sampler_3d_cpu", x.dtype());
        }
    }

    /**
     * The elements along one dimension that count for each place.
     *
     * @param at their indices, int64, [N, places]
     * @param weights their factors, 0 beyond the border
     * @param slopes the derivatives of the factors by the grid; null where there are none
     */
    private record Axis(
            List<Tensor> at, List<Tensor> weights, @Nullable List<Tensor> slopes) {}

    /** How an image or a volume of these sizes is sampled; of no tensors, so that rules may hold it. */
    private record Corners(long[] sizes, GridSampleOptions options, Dtype wide) {
        private int dims() {
            return sizes.length - 2;
        }

        private long plane() {
            long n = 1;
            for (int d = 2; d < sizes.length; d++) n *= sizes[d];
            return n;
        }

        private interface Corner {
            /** Takes the indices in planes, [N, 1, places], and which element of each axis they are of. */
            void take(Tensor at, int[] which);
        }

        private void each(Axis[] axes, Corner corner) {
            each(axes, null, new int[axes.length], 0, corner);
        }

        private void each(Axis[] axes, @Nullable Tensor at, int[] which, int d, Corner corner) {
            if (d == axes.length) {
                if (at != null) corner.take(at.unsqueeze(1), which);
                return;
            }
            for (int k = 0; k < axes[d].at.size(); k++) {
                which[d] = k;
                Tensor here = axes[d].at.get(k);
                each(axes, at == null ? here : at.mul(sizes[d + 2]).add(here), which, d + 1, corner);
            }
        }

        /** Multiplies the factors of the axes, one of them perhaps replaced by its derivative. */
        private static Tensor weight(Axis[] axes, int[] which, int slope) {
            Tensor product = null;
            for (int d = 0; d < axes.length; d++) {
                List<Tensor> slopes = axes[d].slopes;
                Tensor w = d == slope && slopes != null ? slopes.get(which[d]) : axes[d].weights.get(which[d]);
                product = product == null ? w : product.mul(w);
            }
            if (product == null) throw new IllegalStateException("no dimensions");
            return product;
        }

        private long[] outputs(Tensor grid) {
            long[] out = new long[sizes.length];
            out[0] = sizes[0];
            out[1] = sizes[1];
            for (int d = 2; d < out.length; d++) out[d] = grid.size(d - 1);
            return out;
        }

        Tensor sampled(Tensor x, Tensor grid) {
            long[] outputs = outputs(grid);
            Axis[] axes = axes(grid, false);
            Tensor flat = x.to(wide).reshape(sizes[0], sizes[1], plane());
            long places = axes[0].at.getFirst().size(1);
            Tensor[] sum = {CreationOps.zeros(wide, x.device(), sizes[0], sizes[1], places)};
            each(axes, (at, which) -> {
                Tensor picked = flat.gather(2, at.expand(sizes[0], sizes[1], places));
                sum[0] = sum[0].add(picked.mul(weight(axes, which, -1).unsqueeze(1)));
            });
            return sum[0].reshape(outputs).to(x.dtype());
        }

        Tensor inputBackward(Tensor gradient, Tensor grid) {
            Axis[] axes = axes(grid, false);
            Tensor g = gradient.to(wide).flatten(2, -1);
            long places = g.size(2);
            Tensor[] sum = {CreationOps.zeros(wide, g.device(), sizes[0], sizes[1], plane())};
            each(axes, (at, which) -> {
                Tensor part = g.mul(weight(axes, which, -1).unsqueeze(1));
                sum[0] = sum[0].scatterAdd(2, at.expand(sizes[0], sizes[1], places), part);
            });
            return sum[0].reshape(sizes).to(gradient.dtype());
        }

        Tensor gridBackward(Tensor gradient, Tensor x, Tensor grid) {
            Axis[] axes = axes(grid, true);
            Tensor g = gradient.to(wide).flatten(2, -1);
            long places = g.size(2);
            Tensor flat = x.to(wide).reshape(sizes[0], sizes[1], plane());
            Tensor[] sums = new Tensor[dims()];
            for (int d = 0; d < sums.length; d++) {
                sums[d] = CreationOps.zeros(wide, g.device(), sizes[0], places);
            }
            if (axes[0].slopes != null) {
                each(axes, (at, which) -> {
                    Tensor picked = flat.gather(2, at.expand(sizes[0], sizes[1], places));
                    Tensor along = picked.mul(g).sum(1);
                    for (int d = 0; d < sums.length; d++) {
                        sums[d] = sums[d].add(along.mul(weight(axes, which, d)));
                    }
                });
            }
            // The grid has the last dimension first.
            List<Tensor> reversed = new ArrayList<>();
            for (int d = sums.length - 1; d >= 0; d--) reversed.add(sums[d]);
            return ConcatenationOps.stack(reversed, -1)
                    .reshape(Internals.layout(grid).sizes())
                    .to(grid.dtype());
        }

        private Axis[] axes(Tensor grid, boolean withSlopes) {
            Axis[] axes = new Axis[dims()];
            Tensor flat = grid.to(wide).flatten(1, -2);
            for (int d = 0; d < axes.length; d++) {
                axes[d] = axis(flat.select(2, axes.length - 1 - d), sizes[d + 2], withSlopes);
            }
            return axes;
        }

        private Axis axis(Tensor coordinate, long size, boolean withSlopes) {
            boolean align = options.alignCorners();
            double scale = align ? (size - 1) / 2.0 : size / 2.0;
            Tensor at = align
                    ? coordinate.add(1).mul(scale)
                    : coordinate.add(1).mul(size).sub(1).div(2);
            if (options.mode() == GridSampleOptions.Mode.BICUBIC) return cubic(at, size, scale, withSlopes);
            Tensor slope = withSlopes ? padSlope(at.detach(), size).mul(scale) : null;
            at = padded(at, size);
            if (options.mode() == GridSampleOptions.Mode.NEAREST) {
                Tensor near = at.detach().round();
                Tensor inside = inside(near, size);
                return new Axis(List.of(index(near, size)), List.of(inside.to(wide)), null);
            }
            Tensor low = at.detach().floor();
            Tensor high = low.add(1);
            Tensor t = at.sub(low);
            Tensor lowInside = inside(low, size);
            Tensor highInside = inside(high, size);
            List<Tensor> slopes =
                    slope == null ? null : List.of(masked(slope.neg(), lowInside), masked(slope, highInside));
            return new Axis(
                    List.of(index(low, size), index(high, size)),
                    List.of(masked(t.rsub(1), lowInside), masked(t, highInside)),
                    slopes);
        }

        private static Tensor masked(Tensor x, Tensor inside) {
            return x.maskedFill(inside.logicalNot(), 0);
        }

        private Axis cubic(Tensor at, long size, double scale, boolean withSlopes) {
            Tensor low = at.detach().floor();
            Tensor t = at.sub(low);
            List<Tensor> places = new ArrayList<>();
            List<Tensor> weights = new ArrayList<>();
            List<Tensor> slopes = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                Tensor place = padded(low.add(k - 1), size);
                Tensor inside = inside(place, size);
                places.add(index(place, size));
                // The distance, and how it changes with t.
                Tensor distance = k < 2 ? t.add(1 - k) : t.rsub(k - 1);
                boolean isNear = k == 1 || k == 2;
                weights.add(masked(isNear ? near(distance) : far(distance), inside));
                if (!withSlopes) continue;
                Tensor slope = isNear ? nearSlope(distance) : farSlope(distance);
                slopes.add(masked(slope.mul(k < 2 ? scale : -scale), inside));
            }
            return new Axis(places, weights, withSlopes ? slopes : null);
        }

        private static final double A = -0.75;

        private static Tensor near(Tensor x) {
            return x.mul(A + 2).sub(A + 3).mul(x).mul(x).add(1);
        }

        private static Tensor far(Tensor x) {
            return x.mul(A).sub(5 * A).mul(x).add(8 * A).mul(x).sub(4 * A);
        }

        private static Tensor nearSlope(Tensor x) {
            return x.mul(3 * (A + 2)).sub(2 * (A + 3)).mul(x);
        }

        private static Tensor farSlope(Tensor x) {
            return x.mul(3 * A).sub(10 * A).mul(x).add(8 * A);
        }

        private static Tensor inside(Tensor at, long size) {
            return at.detach().ge(0).logicalAnd(at.detach().lt(size));
        }

        private static Tensor index(Tensor at, long size) {
            return at.detach().nanToNum().clamp(0, size - 1).to(Dtype.INT64);
        }

        /** Clips or mirrors coordinates beyond the border. */
        private Tensor padded(Tensor at, long size) {
            return switch (options.paddingMode()) {
                case ZEROS -> at;
                case BORDER -> at.clamp(0, size - 1);
                case REFLECTION -> reflected(at, size).clamp(0, size - 1);
            };
        }

        private double low() {
            return options.alignCorners() ? 0 : -0.5;
        }

        private double span(long size) {
            return options.alignCorners() ? size - 1 : size;
        }

        private Tensor reflected(Tensor at, long size) {
            double span = span(size);
            if (span == 0) return at.mul(0);
            Tensor from = at.sub(low()).abs();
            Tensor extra = from.fmod(span);
            Tensor isOdd = from.detach().div(span).floor().remainder(2).ne(0);
            return ComparisonOps.where(isOdd, extra.rsub(span), extra).add(low());
        }

        /** Returns the derivative of {@link #padded}, 0 at the border as PyTorch has it. */
        private Tensor padSlope(Tensor at, long size) {
            Tensor one = CreationOps.onesLike(at);
            if (options.paddingMode() == GridSampleOptions.PaddingMode.ZEROS) return one;
            Tensor slope = one;
            Tensor place = at;
            if (options.paddingMode() == GridSampleOptions.PaddingMode.REFLECTION) {
                double span = span(size);
                if (span == 0) return one.mul(0);
                Tensor sign = at.lt(low()).to(at.dtype()).mul(-2).add(1);
                Tensor isOdd =
                        at.sub(low()).abs().div(span).floor().remainder(2).ne(0);
                slope = sign.mul(isOdd.to(at.dtype()).mul(-2).add(1));
                place = reflected(at, size);
            }
            Tensor clipped = place.le(0).logicalOr(place.ge(size - 1));
            return slope.maskedFill(clipped, 0);
        }
    }

    /** Implements {@code torch.nn.functional.affine_grid}. */
    public static Tensor affine(Tensor theta, long[] size, boolean align) {
        String text = Arrays.toString(size);
        String sizes = "(" + text.substring(1, text.length() - 1) + ")";
        if (!theta.dtype().isFloatingPoint()) {
            throw new ValueException("Expected theta to have floating point type, but got torch."
                    + theta.dtype().torchName());
        }
        if (size.length != 4 && size.length != 5) {
            throw new UnsupportedException("affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms,"
                    + " respectively. Got size " + sizes + ".");
        }
        int dims = size.length - 2;
        if (theta.dim() != 3 || theta.size(1) != dims || theta.size(2) != dims + 1) {
            throw new ValueException("Expected a batch of " + dims + "D affine matrices of shape Nx" + dims + "x"
                    + (dims + 1) + " for size " + sizes + ". Got " + theta.shape() + ".");
        }
        for (long s : Arrays.copyOfRange(size, 2, size.length)) {
            if (s > 0) continue;
            throw new ValueException("Expected non-zero, positive output size. Got " + sizes);
        }
        long[] places = new long[dims + 2];
        places[0] = size[0];
        System.arraycopy(size, 2, places, 1, dims);
        places[dims + 1] = dims;
        if (theta.size(0) != size[0]) {
            throw new CotangentException("Expected size for first two dimensions of batch2 tensor to be: [" + size[0]
                    + ", " + (dims + 1) + "] but got: [" + theta.size(0) + ", " + (dims + 1) + "].");
        }
        Tensor base = base(theta, size, dims, align);
        Tensor out = base.matmul(theta.detach().transpose(1, 2));
        Tensor result = Internals.wrap(Internals.strided(out).with(Layout.contiguous(places)));
        return GradientRule.of("AffineGridGeneratorBackward0", result)
                .input(
                        theta,
                        g -> base(g, size, dims, align)
                                .transpose(0, 1)
                                .matmul(g.reshape(size[0], -1, dims))
                                .transpose(1, 2))
                .done();
    }

    /** Returns the coordinates of the output's elements, each followed by a 1: [elements, dimensions + 1]. */
    private static Tensor base(Tensor like, long[] size, int dims, boolean align) {
        long[] shape = Arrays.copyOfRange(size, 2, size.length);
        List<Tensor> columns = new ArrayList<>();
        for (int d = dims - 1; d >= 0; d--) {
            long n = shape[d];
            double end = align ? 1 : (n - 1.0) / n;
            Tensor line = n == 1
                    ? CreationOps.zeros(like.dtype(), like.device(), 1)
                    : CreationOps.linspace(-end, end, n, like.dtype(), like.device());
            long[] along = new long[dims];
            Arrays.fill(along, 1);
            along[d] = n;
            columns.add(line.reshape(along).expand(shape));
        }
        columns.add(CreationOps.ones(like.dtype(), like.device(), shape));
        return ConcatenationOps.stack(columns, -1).reshape(-1, dims + 1);
    }
}

package dev.cotangent.internal.ops.reduction;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Histogram;
import dev.cotangent.HistogramDd;
import dev.cotangent.HistogramOptions;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.indexing.SearchOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Histograms: elements are given the number of their bin, and counted. None has a derivative. */
public final class HistogramOps {
    private HistogramOps() {}

    /** Implements {@code torch.histc}. */
    public static Tensor histc(Tensor input, long bins, double min, double max) {
        Tensor x = input.detach().reshape(-1);
        if (!x.dtype().isFloatingPoint()) throw Promotion.notImplemented("histogram_cpu", x.dtype());
        checkBins(bins, 0);
        double[] ends = {min, max};
        if (min == max && x.numel() > 0)
            ends = new double[] {x.min().itemDouble(), x.max().itemDouble()};
        if (!Double.isFinite(ends[0]) || !Double.isFinite(ends[1])) {
            throw new CotangentException(
                    "torch.histc: range of [" + number(ends[0]) + ", " + number(ends[1]) + "] is not finite");
        }
        if (ends[0] > ends[1]) throw new CotangentException("torch.histc: max must be larger than min");
        if (ends[0] == ends[1]) ends = new double[] {ends[0] - 1, ends[1] + 1};
        Tensor wide = x.to(x.dtype().computeType());
        Tensor inside = wide.ge(ends[0]).logicalAnd(wide.le(ends[1]));
        Tensor place = wide.sub(ends[0]).mul(bins).div(ends[1] - ends[0]);
        Tensor bin = place.where(inside, 0).to(Dtype.INT64).clampMax(bins - 1);
        return count(bin, inside, null, bins, x.dtype());
    }

    private static void checkBins(long bins, int dim) {
        if (bins > 0) return;
        throw new CotangentException("torch.histogram(): bins must be > 0, but got " + bins + " for dimension " + dim);
    }

    private static String number(double x) {
        if (Double.isNaN(x)) return "nan";
        if (Double.isInfinite(x)) return x > 0 ? "inf" : "-inf";
        return x == Math.rint(x) && Math.abs(x) < 1e6 ? Long.toString((long) x) : Float.toString((float) x);
    }

    /** Counts the elements of each bin, or adds up their weights. */
    private static Tensor count(Tensor bin, Tensor inside, @Nullable Tensor weight, long bins, Dtype dtype) {
        Dtype counter = weight == null ? Dtype.INT64 : dtype;
        Tensor out = CreationOps.zeros(counter, bin.device(), bins);
        Tensor value = weight == null ? inside.to(counter) : weight.where(inside, 0);
        return out.scatterAdd_(0, bin, value).to(dtype);
    }

    /** Implements {@code torch.histogram} with a number of bins. */
    public static Histogram histogram(Tensor input, long bins, HistogramOptions options) {
        HistogramDd all = histogramdd(input.reshape(-1, 1), new long[] {bins}, flat(options));
        return new Histogram(all.hist(), all.binEdges().getFirst());
    }

    /** Implements {@code torch.histogram} with edges. */
    public static Histogram histogram(Tensor input, Tensor edges, HistogramOptions options) {
        HistogramDd all = histogramdd(input.reshape(-1, 1), List.of(edges), flat(options));
        return new Histogram(all.hist(), all.binEdges().getFirst());
    }

    private static HistogramOptions flat(HistogramOptions options) {
        Tensor weight = options.weight();
        return weight == null ? options : options.weight(weight.reshape(-1));
    }

    /** Implements {@code torch.histogramdd} with numbers of bins. */
    public static HistogramDd histogramdd(Tensor input, long[] bins, HistogramOptions options) {
        int n = check(input, bins.length, options);
        double[] range = options.range();
        if (range.length > 0 && range.length != 2 * n) {
            throw new CotangentException("torch.histogramdd: for a " + n + "-dimensional histogram range should have "
                    + 2 * n + " elements, but got " + range.length);
        }
        Tensor points = input.detach().reshape(-1, n);
        List<Tensor> edges = new ArrayList<>();
        for (int d = 0; d < n; d++) {
            checkBins(bins[d], d);
            double[] ends =
                    range.length > 0 ? new double[] {range[2 * d], range[2 * d + 1]} : ends(points.select(1, d));
            if (!Double.isFinite(ends[0]) || !Double.isFinite(ends[1])) {
                throw new CotangentException("torch.histogramdd: dimension " + d + "'s range [" + number(ends[0]) + ", "
                        + number(ends[1]) + "] is not finite");
            }
            if (ends[0] > ends[1]) {
                throw new CotangentException("torch.histogramdd: min should not exceed max, but got min "
                        + number(ends[0]) + " max " + number(ends[1]) + " for dimension " + d);
            }
            if (ends[0] == ends[1]) ends = new double[] {ends[0] - 0.5, ends[1] + 0.5};
            edges.add(CreationOps.linspace(ends[0], ends[1], bins[d] + 1, input.dtype(), input.device()));
        }
        return binned(points, edges, options);
    }

    /** Returns the smallest and the largest element, 0 and 1 of an empty tensor. */
    private static double[] ends(Tensor x) {
        if (x.numel() == 0) return new double[] {0, 1};
        return new double[] {x.min().itemDouble(), x.max().itemDouble()};
    }

    /** Implements {@code torch.histogramdd} with edges. */
    public static HistogramDd histogramdd(Tensor input, List<Tensor> bins, HistogramOptions options) {
        int n = check(input, bins.size(), options);
        List<Tensor> edges = new ArrayList<>();
        for (int d = 0; d < n; d++) {
            Tensor e = bins.get(d);
            if (e.dtype() != input.dtype()) {
                throw new CotangentException("torch.histogramdd: input tensor and bins tensors should have the same"
                        + " dtype, but got input with dtype " + type(input) + " and bins for dimension " + d
                        + " with dtype " + type(e));
            }
            if (e.dim() != 1) {
                throw new CotangentException("torch.histogramdd: bins tensor should have one dimension, but got "
                        + e.dim() + " dimensions in the bins tensor for dimension " + d);
            }
            if (e.numel() == 0) {
                throw new CotangentException("torch.histogramdd: bins tensor should have at least 1 element, but got 0"
                        + " elements in the bins tensor for dimension " + d);
            }
            checkBins(e.numel() - 1, d);
            edges.add(e.detach());
        }
        return binned(input.detach().reshape(-1, n), edges, options);
    }

    private static String type(Tensor t) {
        String name = t.dtype().scalarName();
        return name.toLowerCase(Locale.ROOT);
    }

    /** Returns the number of coordinates. Throws PyTorch's errors. */
    private static int check(Tensor input, int bins, HistogramOptions options) {
        if (input.dim() < 2) {
            throw new CotangentException("torch.histogramdd: input tensor should have at least 2 dimensions");
        }
        long n = input.size(-1);
        if (bins != n) {
            throw new CotangentException(
                    "histogramdd: The size of bins must be equal to the innermost dimension of the input.");
        }
        if (input.dtype() != Dtype.FLOAT32 && input.dtype() != Dtype.FLOAT64) {
            throw Promotion.notImplemented("histogramdd", input.dtype());
        }
        Tensor weight = options.weight();
        if (weight == null) return bins;
        if (weight.dtype() != input.dtype()) {
            throw new CotangentException("torch.histogramdd: if weight tensor is provided, input tensor and weight"
                    + " tensor should have the same dtype, but got input(" + type(input) + "), and weight("
                    + type(weight) + ")");
        }
        long[] sizes = Internals.layout(input).sizes();
        if (!Arrays.equals(Internals.layout(weight).sizes(), Arrays.copyOf(sizes, sizes.length - 1))) {
            throw new CotangentException("torch.histogramdd: if weight tensor is provided it should have the same shape"
                    + " as the input tensor excluding its innermost dimension, but got input with shape "
                    + Arrays.toString(sizes) + " and weight with shape "
                    + Arrays.toString(Internals.layout(weight).sizes()));
        }
        return bins;
    }

    /** Finds each point's bin by a binary search among the edges of each coordinate, and counts. */
    private static HistogramDd binned(Tensor points, List<Tensor> edges, HistogramOptions options) {
        long[] sizes = new long[edges.size()];
        long bins = 1;
        Tensor bin = CreationOps.zeros(Dtype.INT64, points.device(), points.size(0));
        Tensor inside = CreationOps.full(Dtype.BOOL, points.device(), true, points.size(0));
        for (int d = 0; d < sizes.length; d++) {
            Tensor e = edges.get(d).contiguous();
            Tensor x = points.select(1, d).contiguous();
            sizes[d] = e.numel() - 1;
            bins *= sizes[d];
            Tensor place = SearchOps.bucketize(x, e, false, true).sub(1).clamp(0, sizes[d] - 1);
            bin = bin.mul(sizes[d]).add(place);
            inside = inside.logicalAnd(x.ge(e.select(0, 0))).logicalAnd(x.le(e.select(0, -1)));
        }
        Tensor weight = options.weight();
        Tensor flat = weight == null ? null : weight.detach().reshape(-1);
        Tensor hist = count(bin, inside, flat, bins, points.dtype()).view(sizes);
        if (options.density()) {
            hist = hist.div(hist.sum());
            for (int d = 0; d < sizes.length; d++) {
                long[] shape = new long[sizes.length];
                Arrays.fill(shape, 1);
                shape[d] = sizes[d];
                hist = hist.div(edges.get(d).diff().view(shape));
            }
        }
        return new HistogramDd(hist, List.copyOf(edges));
    }
}

package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.InterpolateMode;
import dev.cotangent.InterpolateOptions;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Windows;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import java.util.Arrays;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Lines, images and volumes in other sizes: weighted sums along each dimension. */
public final class InterpolateOps {
    private static final String ONLY =
            "Input Error: Only 3D, 4D and 5D input Tensors supported (got %dD) for the modes:"
                    + " nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got %s)";
    private static final String[] AXES = {"D", "H", "W"};

    private InterpolateOps() {}

    /** Implements {@code torch.nn.functional.interpolate}. */
    public static Tensor interpolate(Tensor x, InterpolateOptions o) {
        InterpolateMode mode = o.getMode();
        boolean isLinear = switch (mode) {
            case NEAREST, NEAREST_EXACT, AREA -> false;
            default -> true;
        };
        Boolean align = o.getAlignCorners();
        if (!isLinear && align != null) {
            throw new ValueException("align_corners option can only be set with the interpolating modes: linear |"
                    + " bilinear | bicubic | trilinear");
        }
        int dims = x.dim() - 2;
        long[] size = size(x, dims, o);
        double[] scale = scale(x, dims, o, size);
        Boolean recompute = o.getRecomputeScaleFactor();
        if (recompute != null && recompute && size != null) {
            throw new ValueException("recompute_scale_factor is not meaningful with an explicit size.");
        }
        if (size == null) {
            size = new long[Math.max(dims, 0)];
            for (int d = 0; d < size.length; d++) size[d] = (long) Math.floor(x.size(d + 2) * scale[d]);
            if (mode == InterpolateMode.AREA || recompute != null && recompute) scale = null;
        }
        checkAntialias(x, o);
        checkRank(x, mode);
        if (mode == InterpolateMode.AREA) return PoolOps.adaptiveAvg(x, dims, size);
        checkSizes(x, dims, size);
        return resampled(x, dims, size, scale, mode, align != null && align, o.isAntialias());
    }

    private static long @Nullable [] size(Tensor x, int dims, InterpolateOptions o) {
        long[] size = o.getSize();
        if (size != null && o.getScaleFactor() != null) {
            throw new ValueException("only one of size or scale_factor should be defined");
        }
        if (size == null) return null;
        if (size.length == 1 && dims != 1) {
            long[] all = new long[Math.max(dims, 0)];
            Arrays.fill(all, size[0]);
            return all;
        }
        if (size.length == dims) return size;
        throw new ValueException("Input and output must have the same number of spatial dimensions, but got input with"
                + " spatial dimensions of " + spatial(x) + " and output size of " + tuple(Arrays.toString(size))
                + ". Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK)"
                + " format.");
    }

    private static double @Nullable [] scale(Tensor x, int dims, InterpolateOptions o, long @Nullable [] size) {
        if (size != null) return null;
        double[] scale = o.getScaleFactor();
        if (scale == null) throw new ValueException("either size or scale_factor should be defined");
        if (scale.length == 1 && dims != 1) {
            double[] all = new double[Math.max(dims, 0)];
            Arrays.fill(all, scale[0]);
            return all;
        }
        if (scale.length == dims) return scale;
        throw new ValueException("Input and scale_factor must have the same number of spatial dimensions, but got input"
                + " with spatial dimensions of " + spatial(x) + " and scale_factor of shape "
                + tuple(Arrays.toString(scale)) + ". Please provide input tensor in (N, C, d1, d2, ...,dK) format and"
                + " scale_factor in (s1, s2, ...,sK) format.");
    }

    private static String spatial(Tensor x) {
        long[] sizes = Internals.layout(x).sizes();
        return Arrays.toString(Arrays.copyOfRange(sizes, Math.min(2, sizes.length), sizes.length));
    }

    private static String tuple(String list) {
        return "(" + list.substring(1, list.length() - 1) + ")";
    }

    private static void checkAntialias(Tensor x, InterpolateOptions o) {
        InterpolateMode mode = o.getMode();
        boolean fits =
                mode == InterpolateMode.BILINEAR || mode == InterpolateMode.BICUBIC || mode == InterpolateMode.LANCZOS;
        if (o.isAntialias() && !(fits && x.dim() == 4)) {
            throw new ValueException("Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and"
                    + " requires a 4-D tensor as input");
        }
        if (mode == InterpolateMode.LANCZOS && !o.isAntialias()) {
            throw new ValueException("Lanczos mode requires antialias=True");
        }
    }

    private static void checkRank(Tensor x, InterpolateMode mode) {
        int rank = x.dim();
        int needed = switch (mode) {
            case LINEAR -> 3;
            case BILINEAR, BICUBIC, LANCZOS -> 4;
            case TRILINEAR -> 5;
            default -> rank;
        };
        boolean isKnown = rank >= 3 && rank <= 5;
        if (isKnown && rank == needed) return;
        boolean names = isKnown && mode != InterpolateMode.BICUBIC && mode != InterpolateMode.LANCZOS;
        throw new UnsupportedException(
                names
                        ? "Got " + rank + "D input, but " + mode.text() + " mode needs " + needed + "D input"
                        : ONLY.formatted(rank, mode.text()));
    }

    private static void checkSizes(Tensor x, int dims, long[] size) {
        StringJoiner in = new StringJoiner(", ", "(", ")");
        StringJoiner out = new StringJoiner(", ", "(", ")");
        boolean fits = true;
        for (int d = 0; d < dims; d++) {
            String axis = AXES[d + 3 - dims];
            in.add(axis + ": " + x.size(d + 2));
            out.add(axis + ": " + size[d]);
            fits &= x.size(d + 2) > 0 && size[d] > 0;
        }
        if (!fits) {
            throw new CotangentException("Input and output sizes should be greater than 0, but got input " + in
                    + (dims == 1 ? " and output " : " output ") + out);
        }
        if (x.size(1) == 0) {
            throw new CotangentException("Non-empty " + x.dim() + "D data tensor expected but got a tensor with sizes "
                    + Arrays.toString(Internals.layout(x).sizes()));
        }
    }

    private static Tensor resampled(
            Tensor x,
            int dims,
            long[] size,
            double @Nullable [] scale,
            InterpolateMode mode,
            boolean align,
            boolean antialias) {
        Dtype dtype = x.dtype();
        String name = node(mode, dims, antialias);
        if (dtype == Dtype.UINT8) {
            Tensor y = resampled(x.to(Dtype.FLOAT32), dims, size, scale, mode, align, antialias);
            return y.add(0.5).floor().clamp(0, 255).to(dtype);
        }
        if (!dtype.isFloatingPoint()) {
            throw Promotion.notImplemented(
                    "upsample_" + mode.text().replace("-", "_") + dims + "d_channels_last", dtype);
        }
        Windows[] windows = new Windows[dims];
        for (int d = 0; d < dims; d++) {
            int n = Math.toIntExact(size[d]);
            Double factor = scale == null ? null : scale[d];
            windows[d] = Interpolation1d.of(
                    Math.toIntExact(x.size(d + 2)), n, factor, mode, align, antialias, dtype == Dtype.FLOAT64);
        }
        return PoolOps.linear(name, x, windows);
    }

    private static String node(InterpolateMode mode, int dims, boolean antialias) {
        String name = switch (mode) {
            case NEAREST -> "Nearest";
            case NEAREST_EXACT -> "NearestExact";
            case LINEAR -> "Linear";
            case BILINEAR -> "Bilinear";
            case BICUBIC -> "Bicubic";
            case TRILINEAR -> "Trilinear";
            case LANCZOS -> "Lanczos";
            case AREA -> throw new IllegalArgumentException("area is no upsampling");
        };
        return "Upsample" + name + dims + "D" + (antialias ? "Aa" : "");
    }
}

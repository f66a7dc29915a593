package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.PoolOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Normalizations without a mean: by the root mean square, and by the squares of neighbouring channels. */
public final class ResponseNormOps {
    private ResponseNormOps() {}

    /** Implements {@code torch.nn.functional.rms_norm}. */
    public static Tensor rmsNorm(Tensor x, long[] shape, @Nullable Tensor weight, @Nullable Double eps) {
        String text = Arrays.toString(shape);
        if (shape.length < 1) {
            throw new CotangentException("Expected normalized_shape to be at least 1-dimensional, i.e., containing at"
                    + " least one element, but got normalized_shape = " + text);
        }
        if (weight != null && !Arrays.equals(Internals.layout(weight).sizes(), shape)) {
            throw new CotangentException(
                    "Expected weight to be of same shape as normalized_shape, but got weight of shape "
                            + Arrays.toString(Internals.layout(weight).sizes()) + " and normalized_shape = " + text);
        }
        long[] sizes = Internals.layout(x).sizes();
        int from = sizes.length - shape.length;
        if (from < 0 || !Arrays.equals(Arrays.copyOfRange(sizes, from, sizes.length), shape)) {
            throw new CotangentException("Given normalized_shape=" + text + ", expected input with shape [*"
                    + text.substring(1) + ", but got input of size" + Arrays.toString(sizes));
        }
        Dtype dtype = x.dtype();
        if (!dtype.isDifferentiable()) throw Promotion.notImplemented("rms_norm", dtype);
        Tensor wide = x.to(dtype.computeType());
        double step = dtype.computeType().realType() == Dtype.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
        int[] last = IntStream.range(from, sizes.length).toArray();
        Tensor scale =
                wide.square().mean(last, true).add(eps == null ? step : eps).rsqrt();
        Tensor normal = wide.mul(scale);
        return (weight == null ? normal : normal.mul(weight)).to(dtype);
    }

    /**
     * Implements {@code torch.nn.functional.local_response_norm}: means of squares by average pooling along the
     * channels.
     */
    public static Tensor localResponseNorm(Tensor x, long size, double alpha, double beta, double k) {
        if (x.dim() < 3) {
            throw new ValueException("Expected 3D or higher dimensionality input (got " + x.dim() + " dimensions)");
        }
        if (x.numel() == 0) return x;
        Tensor squares = x.mul(x);
        PoolOptions options = Tensors.poolOptions().stride(1);
        long before = size / 2;
        long after = (size - 1) / 2;
        Tensor means;
        if (x.dim() == 3) {
            Tensor image = squares.unsqueeze(1).pad(0, 0, before, after);
            means = image.avgPool2d(new long[] {size, 1}, options).squeeze(1);
        } else {
            Tensor volume = squares.view(x.size(0), 1, x.size(1), x.size(2), -1).pad(0, 0, 0, 0, before, after);
            means = volume.avgPool3d(new long[] {size, 1, 1}, options)
                    .squeeze(1)
                    .view(Internals.layout(x).sizes());
        }
        return x.div(means.mul(alpha).add(k).pow(beta));
    }
}

package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Normalized;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ArithmeticOps;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.MapReduction;
import dev.cotangent.internal.ops.elementwise.OpRegistry;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import dev.cotangent.internal.ops.reduction.MomentOps;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Normalizations over groups of elements, with scale and shift. */
public final class NormalizationOps {
    // Subtract first: x * scale - mean * scale would cancel for large means.
    private static final TernaryOp NORMALIZE = OpRegistry.ternary(
                    "normalize",
                    ElementwiseOp.TypePromotion.PROMOTE,
                    (x, mean, scale) -> x.sub(mean).mul(scale))
            .done();

    private NormalizationOps() {}

    /**
     * The groups of elements that share statistics.
     *
     * @param view the shape in which each group spans whole dimensions
     * @param dims these dimensions
     * @param scale the shape in which weight and bias are broadcast to the input
     */
    private record Groups(long[] view, int[] dims, long[] scale) {
        /** Returns the dimensions over which weight and bias are broadcast, if the view has the input's own shape. */
        int[] shared() {
            int lead = view.length - scale.length;
            return IntStream.range(0, view.length)
                    .filter(d -> d < lead || scale[d - lead] != view[d])
                    .toArray();
        }
    }

    /** Mean, variance and 1 / deviation of each group, with keepdim in the viewed shape. */
    private record Stats(Tensor mean, Tensor var, Tensor rstd) {
        static Stats of(Tensor x, int[] dims, double eps) {
            MomentOps.Moments m = MomentOps.Moments.of(x, Axes.of(x, dims, true), 0);
            return new Stats(m.mean(), m.var(), m.var().add(eps).rsqrt());
        }

        /** Computes statistics with their history, for double backward. */
        static Stats recorded(Tensor x, int[] dims, double eps) {
            Tensor mean = x.mean(dims, true);
            Tensor var = x.sub(mean).square().mean(dims, true);
            return new Stats(mean, var, var.add(eps).rsqrt());
        }
    }

    private static Tensor scaled(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, long[] shape) {
        Tensor y = weight == null ? x : x.mul(weight.detach().reshape(shape));
        return bias == null ? y : y.add(bias.detach().reshape(shape));
    }

    /** Normalizes by the input's own statistics. */
    private static Tensor normalize(
            String node,
            Tensor x,
            Groups groups,
            Stats stats,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double eps) {
        Tensor viewed = x.detach().to(x.dtype().computeType()).reshape(groups.view);
        Tensor out = NORMALIZE
                .call(viewed, stats.mean, stats.rstd)
                .reshape(Internals.layout(x).sizes());
        Tensor result = Internals.wrap(
                Internals.operand(scaled(out, weight, bias, groups.scale).to(x.dtype())));
        return record(node, result, x, groups, stats, weight, bias, eps);
    }

    private static Tensor record(
            String node,
            Tensor result,
            Tensor x,
            Groups groups,
            Stats stats,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double eps) {
        Tensor mean = stats.mean;
        Tensor rstd = stats.rstd;
        GradientRule grad = GradientRule.of(node, result);
        GradientRule.RuleN ofInput = (g, saved) -> {
            if (g[0] == null) return null;
            Tensor w = saved.length > 3 ? saved[3] : null;
            return inputBackward(g[0], saved[0], saved[1], saved[2], w, groups, eps);
        };
        grad = weight == null ? grad.add(x, ofInput, x, mean, rstd) : grad.add(x, ofInput, x, mean, rstd, weight);
        return scaleAndShift(grad, weight, bias, groups, x, mean, rstd, eps)
                .fusedVjp((g, saved, needs) -> allBackward(g[0], saved, needs, groups))
                .done();
    }

    /**
     * Returns the gradients of input, weight and bias (if any) by one backend call, or null if it cannot compute
     * them.
     */
    private static @Nullable Tensor @Nullable [] allBackward(
            @Nullable Tensor g, Tensor @Nullable [][] saved, boolean[] needs, Groups groups) {
        boolean both = needs.length > 1 && needs[0] && needs[1];
        if (!both || g == null || GradMode.isEnabled() || saved[0] == null || saved[0].length < 4) return null;
        Tensor x = saved[0][0];
        Tensor weight = saved[0][3];
        boolean asItIs = Arrays.equals(groups.view, Internals.layout(x).sizes()) && groups.shared().length > 0;
        if (!asItIs || g.dtype() != x.dtype() || !isWhole(x, weight)) return null;
        Tensor mean = saved[0][1].contiguous();
        Tensor rstd = saved[0][2].contiguous();
        Tensor out = CreationOps.uninitializedLike(x);
        Layout row = Layout.contiguous(Axes.of(x, groups.shared(), true).keepdimSizes());
        Tensor ofWeight = CreationOps.uninitialized(rstd.dtype(), x.device(), row);
        Tensor ofBias = needs.length > 2 && needs[2] ? CreationOps.uninitialized(rstd.dtype(), x.device(), row) : null;
        Internals.backend(x)
                .normalizeBackward(
                        Internals.strided(g),
                        Internals.strided(x),
                        Internals.strided(mean),
                        Internals.strided(rstd),
                        expanded(weight.reshape(groups.scale), x),
                        Internals.strided(out),
                        Internals.strided(ofWeight),
                        ofBias == null ? null : Internals.strided(ofBias));
        Tensor[] all = new Tensor[needs.length];
        all[0] = out;
        all[1] = ofWeight.reshape(Internals.layout(weight).sizes());
        if (ofBias != null) all[2] = ofBias.reshape(Internals.layout(weight).sizes());
        return all;
    }

    private static Tensor inputBackward(
            Tensor g, Tensor x, Tensor mean, Tensor rstd, @Nullable Tensor weight, Groups groups, double eps) {
        if (!GradMode.isEnabled() && g.dtype() == x.dtype() && isWhole(x, weight)) {
            return wholeBackward(g, x, mean, rstd, weight, groups);
        }
        Tensor viewed = x.reshape(groups.view);
        Stats s = GradMode.isEnabled() ? Stats.recorded(viewed, groups.dims, eps) : new Stats(mean, mean, rstd);
        Tensor normal = viewed.sub(s.mean).mul(s.rstd);
        Tensor gw = (weight == null ? g : g.mul(weight.reshape(groups.scale))).reshape(groups.view);
        Tensor along = normal.mul(ArithmeticOps.MUL
                .mapReduce(MapReduction.sum(groups.dims), gw, normal)
                .div(Axes.of(gw, groups.dims, true).count()));
        return gw.sub(gw.mean(groups.dims, true))
                .sub(along)
                .mul(s.rstd)
                .reshape(Internals.layout(x).sizes());
    }

    private static Tensor wholeBackward(
            Tensor g, Tensor x, Tensor mean, Tensor rstd, @Nullable Tensor weight, Groups groups) {
        long[] sizes = Internals.layout(x).sizes();
        boolean asItIs = Arrays.equals(groups.view, sizes);
        Tensor w = weight == null ? null : weight.reshape(groups.scale);
        Tensor in = asItIs ? x : x.reshape(groups.view);
        Tensor gradient = asItIs ? g : (w == null ? g : g.mul(w)).reshape(groups.view);
        Tensor out = CreationOps.uninitializedLike(in);
        Internals.backend(x)
                .normalizeBackward(
                        Internals.strided(gradient),
                        Internals.strided(in),
                        Internals.strided(mean.contiguous()),
                        Internals.strided(rstd.contiguous()),
                        asItIs ? expanded(w, x) : null,
                        Internals.strided(out));
        return asItIs ? out : out.reshape(sizes);
    }

    private static Tensor weightBackward(Tensor g, Tensor in, Tensor mean, Tensor rstd, int[] dims) {
        Layout keepdim = Layout.contiguous(Axes.of(in, dims, true).keepdimSizes());
        Tensor out = CreationOps.uninitialized(rstd.dtype(), in.device(), keepdim);
        Strided means = Internals.strided(mean.contiguous());
        Strided scales = Internals.strided(rstd.contiguous());
        Internals.backend(in)
                .normalizeWeightBackward(
                        Internals.strided(g), Internals.strided(in), means, scales, Internals.strided(out));
        return out;
    }

    /** Records the inputs weight and bias. */
    private static GradientRule scaleAndShift(
            GradientRule grad,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            Groups groups,
            Tensor x,
            Tensor mean,
            Tensor rstd,
            double eps) {
        if (weight != null) {
            long[] sizes = Internals.layout(weight).sizes();
            grad = grad.add(
                    weight,
                    (g, saved) -> {
                        if (g[0] == null) return null;
                        Tensor viewed = saved[0].reshape(groups.view);
                        int[] dims = groups.shared();
                        boolean fused = dims.length > 0
                                && Arrays.equals(
                                        groups.view, Internals.layout(g[0]).sizes());
                        if (!GradMode.isEnabled() && fused) {
                            return weightBackward(g[0], viewed, saved[1], saved[2], dims)
                                    .reshape(sizes);
                        }
                        Stats s = GradMode.isEnabled()
                                ? Stats.recorded(viewed, groups.dims, eps)
                                : new Stats(saved[1], saved[1], saved[2]);
                        Tensor normal = viewed.sub(s.mean).mul(s.rstd);
                        Tensor product = g[0].mul(
                                normal.reshape(Internals.layout(saved[0]).sizes()));
                        return product.sumToSize(groups.scale).reshape(sizes);
                    },
                    x,
                    mean,
                    rstd);
        }
        if (bias != null) {
            long[] sizes = Internals.layout(bias).sizes();
            grad = grad.input(bias, g -> g.sumToSize(groups.scale).reshape(sizes));
        }
        return grad;
    }

    /** Computes {@code torch.native_layer_norm} over the last dimensions, whose shape is given. */
    public static Normalized layerNorm(
            Tensor x, long[] shape, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        checkLayerNorm(x, shape, weight, bias);
        int from = x.dim() - shape.length;
        int[] dims = new int[shape.length];
        for (int i = 0; i < dims.length; i++) dims[i] = from + i;
        Groups groups = new Groups(Internals.layout(x).sizes(), dims, shape);
        Stats stats;
        Tensor out;
        if (isWhole(x, weight) && isWhole(x, bias)) {
            Dtype wide = x.dtype().computeType();
            long[] keepdim = Axes.of(x, dims, true).keepdimSizes();
            Tensor mean = CreationOps.zeros(wide, x.device(), keepdim);
            Tensor rstd = CreationOps.zeros(wide, x.device(), keepdim);
            Tensor result = CreationOps.uninitializedLike(x.detach());
            Internals.backend(x)
                    .normalize(
                            Internals.operand(x),
                            expanded(weight, x),
                            expanded(bias, x),
                            eps,
                            Internals.strided(result),
                            Internals.strided(mean),
                            Internals.strided(rstd));
            stats = new Stats(mean, rstd, rstd);
            out = record("NativeLayerNormBackward0", result, x, groups, stats, weight, bias, eps);
        } else {
            stats = Stats.of(x.detach().to(x.dtype().computeType()), dims, eps);
            out = normalize("NativeLayerNormBackward0", x, groups, stats, weight, bias, eps);
        }
        return new Normalized(out, stats.mean.to(x.dtype()), stats.rstd.to(x.dtype()));
    }

    /** Returns whether the backend can fuse a scale or shift by a parameter into the normalization. */
    private static boolean isWhole(Tensor x, @Nullable Tensor parameter) {
        if (!x.dtype().isFloatingPoint()) return false;
        if (parameter == null) return true;
        boolean narrow =
                parameter.dtype() == x.dtype() || parameter.dtype() == x.dtype().computeType();
        return narrow && parameter.device().equals(x.device());
    }

    private static @Nullable Strided expanded(@Nullable Tensor parameter, Tensor x) {
        if (parameter == null) return null;
        return Internals.operand(parameter)
                .with(Internals.layout(parameter).expand(Internals.layout(x).sizes()));
    }

    private static void checkLayerNorm(Tensor x, long[] shape, @Nullable Tensor weight, @Nullable Tensor bias) {
        String text = Arrays.toString(shape);
        if (shape.length < 1) {
            throw new CotangentException(
                    "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least"
                            + " one element, but got normalized_shape = " + text);
        }
        checkShape("weight", weight, shape, text);
        checkShape("bias", bias, shape, text);
        long[] sizes = Internals.layout(x).sizes();
        int from = sizes.length - shape.length;
        if (from < 0 || !Arrays.equals(Arrays.copyOfRange(sizes, from, sizes.length), shape)) {
            throw new CotangentException("Given normalized_shape=" + text + ", expected input with shape [*, "
                    + text.substring(1) + ", but got input of size" + Arrays.toString(sizes));
        }
    }

    private static void checkShape(String name, @Nullable Tensor t, long[] shape, String text) {
        if (t == null || Arrays.equals(Internals.layout(t).sizes(), shape)) return;
        throw new CotangentException("Expected " + name + " to be of same shape as normalized_shape, but got " + name
                + " of shape " + Arrays.toString(Internals.layout(t).sizes()) + " and normalized_shape = " + text);
    }

    /** Computes {@code torch.nn.functional.group_norm} over groups of channels and all following dimensions. */
    public static Tensor groupNorm(
            Tensor x, long numGroups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
        long[] sizes = Internals.layout(x).sizes();
        if (sizes.length < 2) {
            throw new CotangentException(
                    "Expected at least 2 dimensions for input tensor but received " + sizes.length);
        }
        if (numGroups <= 0 || sizes[1] % numGroups != 0) {
            throw new CotangentException(
                    "Expected number of channels in input to be divisible by num_groups, but got input" + " of shape "
                            + Arrays.toString(sizes) + " and num_groups=" + numGroups);
        }
        long[] batch = sizes.clone();
        batch[0] = sizes[0] * sizes[1] / numGroups;
        batch[1] = numGroups;
        checkBatch(batch);
        checkChannels("weight", weight, sizes);
        checkChannels("bias", bias, sizes);
        long each = sizes[0] * numGroups == 0 ? 0 : x.numel() / (sizes[0] * numGroups);
        Groups groups = new Groups(new long[] {sizes[0], numGroups, each}, new int[] {2}, channelShape(sizes));
        Stats stats = Stats.of(x.detach().to(x.dtype().computeType()).reshape(groups.view), groups.dims, eps);
        return normalize("NativeGroupNormBackward0", x, groups, stats, weight, bias, eps);
    }

    private static void checkChannels(String name, @Nullable Tensor t, long[] sizes) {
        if (t == null || t.dim() == 1 && t.numel() == sizes[1]) return;
        throw new CotangentException("Expected " + name
                + " to be a vector of size equal to the number of channels in input,"
                + " but got " + name + " of shape "
                + Arrays.toString(Internals.layout(t).sizes()) + " and input of shape "
                + Arrays.toString(sizes));
    }

    private static long[] channelShape(long[] sizes) {
        long[] shape = new long[sizes.length];
        Arrays.fill(shape, 1);
        shape[1] = sizes[1];
        return shape;
    }

    private static void checkBatch(long[] sizes) {
        long n = sizes[0];
        for (int i = 2; i < sizes.length; i++) n *= sizes[i];
        if (n == 1) {
            throw new ValueException("Expected more than 1 value per channel when training, got input size "
                    + dev.cotangent.Shape.of(sizes));
        }
    }

    /** Computes {@code torch.nn.functional.batch_norm}. */
    public static Tensor batchNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean training,
            double momentum,
            double eps) {
        if (training) checkBatch(Internals.layout(x).sizes());
        return nativeBatchNorm(x, weight, bias, runningMean, runningVar, training, momentum, eps)
                .output();
    }

    /**
     * Computes {@code torch.native_batch_norm}: per channel, by batch statistics that update the running ones, or by
     * the running ones.
     */
    public static Normalized nativeBatchNorm(
            Tensor x,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            boolean training,
            double momentum,
            double eps) {
        long[] sizes = Internals.layout(x).sizes();
        long channels = sizes.length > 1 ? sizes[1] : x.numel();
        checkCount("running_mean", runningMean, channels, training);
        checkCount("running_var", runningVar, channels, training);
        checkCount("weight", weight, channels, true);
        checkCount("bias", bias, channels, true);
        if (sizes.length < 2) {
            if (x.numel() > 0) {
                throw new CotangentException("batch_norm expects channels in dimension 1, got shape " + x.shape());
            }
            Tensor none = CreationOps.zeros(x.dtype(), x.device(), 0);
            return new Normalized(x.clone(), none, none);
        }
        int[] dims = new int[sizes.length - 1];
        for (int d = 0, n = 0; n < dims.length; d++) if (d != 1) dims[n++] = d;
        Groups groups = new Groups(sizes, dims, channelShape(sizes));
        String node = "NativeBatchNormBackward0";
        if (!training) {
            Tensor out = byRunning(node, x, groups, runningMean, runningVar, weight, bias, eps);
            Tensor none = CreationOps.zeros(x.dtype(), x.device(), 0);
            return new Normalized(out, none, none);
        }
        boolean isWhole = x.numel() > 0 && isWhole(x, weight) && isWhole(x, bias);
        Tensor whole = isWhole ? CreationOps.uninitializedLike(x.detach()) : null;
        Stats stats = whole != null
                ? wholeStats(x, groups, weight, bias, eps, whole)
                : Stats.of(x.detach().to(x.dtype().computeType()), dims, eps);
        long n = x.numel() / Math.max(channels, 1);
        if (runningMean != null && n > 0) move(runningMean, stats.mean.reshape(channels), momentum);
        if (runningVar != null && n > 0) {
            move(runningVar, stats.var.reshape(channels).mul((double) n / (n - 1)), momentum);
        }
        Tensor out = whole != null
                ? record(node, whole, x, groups, stats, weight, bias, eps)
                : normalize(node, x, groups, stats, weight, bias, eps);
        return new Normalized(
                out,
                stats.mean.reshape(channels).to(x.dtype()),
                stats.rstd.reshape(channels).to(x.dtype()));
    }

    /** Normalizes channels by one call of the backend. */
    private static Stats wholeStats(
            Tensor x, Groups groups, @Nullable Tensor weight, @Nullable Tensor bias, double eps, Tensor out) {
        Dtype wide = x.dtype().computeType();
        Layout kept = Layout.contiguous(groups.scale);
        Tensor mean = CreationOps.uninitialized(wide, x.device(), kept);
        Tensor var = CreationOps.uninitialized(wide, x.device(), kept);
        Tensor rstd = CreationOps.uninitialized(wide, x.device(), kept);
        Internals.backend(x)
                .batchNormalize(
                        Internals.strided(x),
                        weight == null ? null : expanded(weight.detach().reshape(groups.scale), x),
                        bias == null ? null : expanded(bias.detach().reshape(groups.scale), x),
                        eps,
                        Internals.strided(out),
                        Internals.strided(mean),
                        Internals.strided(var),
                        Internals.strided(rstd));
        return new Stats(mean, var, rstd);
    }

    private static void move(Tensor running, Tensor value, double momentum) {
        running.detach().copy_(running.detach().mul(1 - momentum).add(value.mul(momentum)));
    }

    private static void checkCount(String name, @Nullable Tensor t, long channels, boolean optional) {
        if (t == null && !optional) throw new CotangentException(name + " must be defined in evaluation mode");
        if (t != null && t.numel() != channels) {
            throw new CotangentException(name + " should contain " + channels + " elements not " + t.numel());
        }
    }

    /** Normalizes by running statistics, which are constants of differentiation. */
    private static Tensor byRunning(
            String node,
            Tensor x,
            Groups groups,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double eps) {
        if (runningMean == null || runningVar == null) throw new IllegalStateException("no running statistics");
        Dtype wide = x.dtype().computeType();
        Tensor mean = runningMean.detach().to(wide).reshape(groups.scale).clone();
        Tensor rstd =
                runningVar.detach().to(wide).reshape(groups.scale).add(eps).rsqrt();
        Tensor out = x.detach().to(wide).sub(mean).mul(rstd);
        Tensor result = Internals.wrap(
                Internals.strided(scaled(out, weight, bias, groups.scale).to(x.dtype())));
        GradientRule grad = GradientRule.of(node, result);
        if (weight == null) {
            grad = grad.input(x, rstd, (g, r) -> g.mul(r));
        } else {
            grad = grad.input(x, rstd, weight, (g, r, w) -> g.mul(r.mul(w.reshape(groups.scale))));
            long[] sizes = Internals.layout(weight).sizes();
            grad = grad.add(
                    weight,
                    (g, saved) -> {
                        if (g[0] == null) return null;
                        Tensor normal = saved[0].sub(saved[1]).mul(saved[2]);
                        return g[0].mul(normal).sumToSize(groups.scale).reshape(sizes);
                    },
                    x,
                    mean,
                    rstd);
        }
        if (bias != null) {
            long[] sizes = Internals.layout(bias).sizes();
            grad = grad.input(bias, g -> g.sumToSize(groups.scale).reshape(sizes));
        }
        return grad.done();
    }

    /** Computes {@code torch.nn.functional.instance_norm}: statistics per channel and batch entry. */
    public static Tensor instanceNorm(
            Tensor x,
            @Nullable Tensor runningMean,
            @Nullable Tensor runningVar,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            boolean useInputStats,
            double momentum,
            double eps) {
        long[] sizes = Internals.layout(x).sizes();
        if (useInputStats) {
            long n = 1;
            for (int i = 2; i < sizes.length; i++) n *= sizes[i];
            if (n == 1) {
                throw new ValueException(
                        "Expected more than 1 spatial element when training, got input size " + x.shape());
            }
        } else if (runningMean == null || runningVar == null) {
            throw new CotangentException(
                    "Expected running_mean and running_var to be defined when use_input_stats is false");
        }
        long batch = sizes[0];
        long channels = sizes[1];
        long[] one = sizes.clone();
        one[0] = 1;
        one[1] = batch * channels;
        Tensor mean = repeated(runningMean, batch);
        Tensor var = repeated(runningVar, batch);
        Tensor out = nativeBatchNorm(
                        x.contiguous().view(one),
                        repeated(weight, batch),
                        repeated(bias, batch),
                        mean,
                        var,
                        useInputStats,
                        momentum,
                        eps)
                .output();
        if (runningMean != null && mean != null) {
            runningMean.detach().copy_(mean.view(batch, channels).mean(0));
        }
        if (runningVar != null && var != null) {
            runningVar.detach().copy_(var.view(batch, channels).mean(0));
        }
        return out.view(sizes);
    }

    private static @Nullable Tensor repeated(@Nullable Tensor t, long batch) {
        if (t == null) return null;
        return t.expand(batch, t.numel()).contiguousCopy().reshape(-1);
    }
}

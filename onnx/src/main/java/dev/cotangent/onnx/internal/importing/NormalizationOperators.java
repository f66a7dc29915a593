package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Normalization, and dropout. */
final class NormalizationOperators {
    private NormalizationOperators() {}

    static void register() {
        add("BatchNormalization", v(7, 9, 14, 15), NormalizationOperators::batchNormalization);
        add("Dropout", v(7, 10, 12, 13, 22), NormalizationOperators::dropout);
        tensor("GroupNormalization", v(18, 21), NormalizationOperators::groupNormalization);
        tensor(
                "InstanceNormalization",
                v(6, 22),
                c -> c.x(0).instanceNorm(null, null, c.x(1), c.x(2), true, 0, c.f("epsilon", 1e-5)));
        add("LayerNormalization", v(17), NormalizationOperators::layerNormalization);
        tensor("LpNormalization", v(1, 22), c -> {
            Tensor x = c.x(0);
            int axis = c.axis(c.i("axis", -1), x.dim());
            Tensor norm = x.norm(c.i("p", 2), axis, true);
            return Tensors.where(norm.eq(0), x.zerosLike(), x.div(norm));
        });
        tensor(
                "LRN",
                v(1, 13),
                c -> c.x(0).localResponseNorm(c.i("size"), c.f("alpha", 1e-4), c.f("beta", 0.75), c.f("bias", 1)));
        tensor("MeanVarianceNormalization", v(9, 13), c -> {
            Tensor x = c.x(0);
            long[] given = c.ints("axes");
            int[] axes = c.axes(given == null ? new long[] {0, 2, 3} : given, x.dim());
            Tensor mean = x.mean(axes, true);
            Tensor std = x.square().mean(axes, true).sub(mean.square()).sqrt();
            return x.sub(mean).div(std.add(1e-9));
        });
        tensor("RMSNormalization", v(23), c -> {
            Tensor x = c.x(0);
            Dtype compute = stash(c);
            Tensor given = x.to(compute);
            int[] dims =
                    IntStream.range(c.axis(c.i("axis", -1), x.dim()), x.dim()).toArray();
            Tensor scale =
                    given.square().mean(dims, true).add(c.f("epsilon", 1e-5)).rsqrt();
            return given.mul(scale).to(x.dtype()).mul(c.x(1));
        });
    }

    private static Dtype stash(Call c) {
        return c.hasAttribute("stash_type") ? ElementwiseOperators.dtype(c, c.i("stash_type")) : Dtype.FLOAT32;
    }

    private static List<Value> batchNormalization(Call c) {
        Tensor x = c.x(0);
        double eps = c.f("epsilon", 1e-5);
        Tensor scale = c.x(1);
        Tensor bias = c.x(2);
        Tensor mean = c.x(3);
        Tensor var = c.x(4);
        if (!c.flag("training_mode", false)) {
            return Value.of(x.batchNorm(
                    mean.to(x.dtype()), var.to(x.dtype()), scale.to(x.dtype()), bias.to(x.dtype()), false, 0, eps));
        }
        double momentum = c.f("momentum", 0.9);
        int[] dims = IntStream.range(0, x.dim()).filter(d -> d != 1).toArray();
        Tensor seenMean = x.mean(dims, false);
        Tensor seenVar = x.var(dims, 0.0, false);
        Tensor y = x.batchNorm(null, null, scale.to(x.dtype()), bias.to(x.dtype()), true, 0, eps);
        return Value.all(List.of(
                y,
                mean.mul(momentum).add(seenMean.to(mean.dtype()).mul(1 - momentum)),
                var.mul(momentum).add(seenVar.to(var.dtype()).mul(1 - momentum))));
    }

    private static List<Value> dropout(Call c) {
        Tensor x = c.x(0);
        double ratio = c.version() < 12 ? c.f("ratio", 0.5) : c.has(1) ? c.number(1) : 0.5;
        boolean training = c.version() >= 12 && c.has(2) && c.x(2).itemBoolean();
        if (!training || ratio == 0) {
            return Value.of(x, x.detach().onesLike(Tensors.dtype(Dtype.BOOL)));
        }
        Tensor kept = Tensors.rand(x.shape()).to(x.device()).ge(ratio);
        return Value.of(x.mul(kept.to(x.dtype())).div(1 - ratio), kept);
    }

    private static Tensor groupNormalization(Call c) {
        Tensor x = c.x(0);
        long groups = c.i("num_groups");
        double eps = c.f("epsilon", 1e-5);
        Tensor scale = c.x(1);
        Tensor bias = c.x(2);
        if (c.version() >= 21 || scale.numel() == x.size(1) && groups == x.size(1)) {
            return x.groupNorm(groups, scale.to(x.dtype()), bias.to(x.dtype()), eps);
        }
        // Before version 21 scale and bias were of groups.
        long each = x.size(1) / groups;
        return x.groupNorm(
                groups,
                scale.repeatInterleave(each).to(x.dtype()),
                bias.repeatInterleave(each).to(x.dtype()),
                eps);
    }

    private static List<Value> layerNormalization(Call c) {
        Tensor x = c.x(0);
        Dtype compute = stash(c);
        int axis = c.axis(c.i("axis", -1), x.dim());
        long[] shape = Arrays.copyOfRange(x.shape().toArray(), axis, x.dim());
        double eps = c.f("epsilon", 1e-5);
        @Nullable Tensor bias = c.opt(2);
        Tensor weight = c.x(1);
        boolean whole = Arrays.equals(weight.shape().toArray(), shape)
                && (bias == null || Arrays.equals(bias.shape().toArray(), shape));
        if (!c.wants(1) && !c.wants(2) && whole) return Value.of(x.layerNorm(shape, weight, bias, eps));
        int[] dims = IntStream.range(axis, x.dim()).toArray();
        Tensor given = x.to(compute);
        Tensor mean = given.mean(dims, true);
        Tensor rstd = given.var(dims, 0.0, true).add(eps).rsqrt();
        Tensor y = given.sub(mean).mul(rstd).to(x.dtype()).mul(weight);
        if (bias != null) y = y.add(bias);
        return Value.all(List.of(y, mean, rstd));
    }
}

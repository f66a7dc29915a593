package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.reduction.SoftmaxOps;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Negative log likelihood and cross entropy. */
public final class NllOps {
    private NllOps() {}

    /** Computes {@code torch.nn.functional.nll_loss}: classes in dimension 1, or the only dimension. */
    public static Tensor nll(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, String reduction) {
        LossOps.checkReduction(reduction);
        check(input, target, weight);
        int dim = input.dim() == 1 ? 0 : 1;
        Weighed p = Weighed.of(input.detach(), target.detach(), weight, ignoreIndex, dim);
        Tensor losses = p.losses;
        Tensor total = p.weights.sum();
        Tensor out = switch (reduction) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            default -> losses.sum().div(total);
        };
        long[] sizes = Internals.layout(input).sizes();
        boolean mean = reduction.equals("mean");
        Tensor result = Internals.wrap(Internals.strided(out));
        GradientRule grad = GradientRule.of(input.dim() > 2 ? "NllLoss2DBackward0" : "NllLossBackward0", result);
        Tensor[] toSave =
                weight == null ? new Tensor[] {input, target, total} : new Tensor[] {input, target, total, weight};
        return grad.add(
                        input,
                        (g, saved) -> {
                            if (g[0] == null) return null;
                            Tensor w = saved.length > 3 ? saved[3] : null;
                            Tensor scale = mean ? g[0].div(saved[2]) : g[0];
                            if (!GradMode.isEnabled()) {
                                return Weighed.backward(scale, sizes, saved[1], w, ignoreIndex, dim);
                            }
                            return Picked.of(sizes, saved[1], w, ignoreIndex, dim, scale.dtype())
                                    .backward(scale, sizes);
                        },
                        toSave)
                .none(target)
                .done();
    }

    /** Losses and weights of the targets, computed by one backend call. */
    private record Weighed(Tensor losses, Tensor weights) {
        static Weighed of(Tensor input, Tensor target, @Nullable Tensor weight, long ignoreIndex, int dim) {
            if (weight == null) Promotion.device("nll_loss", input, target);
            else Promotion.device("nll_loss", input, target, weight);
            Tensor t = classes(Internals.layout(input).sizes(), target, input.device());
            Tensor losses = CreationOps.zeros(
                    input.dtype(), input.device(), Internals.layout(t).sizes());
            Tensor weights = CreationOps.zeros(
                    input.dtype(), input.device(), Internals.layout(t).sizes());
            Tensor w = weight == null ? null : weight.detach().to(input.dtype());
            try {
                Internals.backend(input)
                        .nll(
                                Internals.operand(input),
                                dim,
                                inLine(t, dim),
                                w == null ? null : Internals.operand(w),
                                ignoreIndex,
                                inLine(losses, dim),
                                inLine(weights, dim));
            } catch (IndexException e) {
                throw outOfBounds(t, ignoreIndex, input.size(dim), e);
            }
            return new Weighed(losses, weights);
        }

        static Tensor backward(
                Tensor g, long[] sizes, Tensor target, @Nullable Tensor weight, long ignoreIndex, int dim) {
            Tensor t = classes(sizes, target.detach(), g.device());
            Tensor w = weight == null ? null : weight.detach().to(g.dtype());
            Tensor each = g.detach().expand(Internals.layout(t).sizes());
            Tensor out = CreationOps.zeros(g.dtype(), g.device(), sizes);
            Internals.backend(g)
                    .nllBackward(
                            inLine(each, dim),
                            dim,
                            inLine(t, dim),
                            w == null ? null : Internals.operand(w),
                            ignoreIndex,
                            Internals.strided(out));
            return out;
        }

        private static Tensor classes(long[] sizes, Tensor target, Device device) {
            Tensor t = target.to(device, Dtype.INT64);
            return sizes.length == 1 ? t.reshape() : t;
        }

        /** Returns the operand in the shape of the log probabilities with a single class. */
        private static Strided inLine(Tensor t, int dim) {
            return Internals.operand(t).with(Internals.layout(t).unsqueeze(dim));
        }

        /** Translates a backend failure: PyTorch's error if a target is out of bounds. */
        private static CotangentException outOfBounds(
                Tensor target, long ignoreIndex, long classes, CotangentException failure) {
            for (long i : target.toLongArray()) {
                if (i != ignoreIndex && (i < 0 || i >= classes)) {
                    return new IndexException("Target " + i + " is out of bounds.");
                }
            }
            return failure;
        }
    }

    /**
     * The classes and weights that the targets select.
     *
     * @param index each target's class, 0 if ignored, with a class dimension of size 1
     * @param ignored mask of ignored targets
     * @param weights each target's weight, 0 if ignored
     * @param dim the class dimension
     */
    private record Picked(Tensor index, Tensor ignored, Tensor weights, int dim) {
        static Picked of(long[] sizes, Tensor target, @Nullable Tensor weight, long ignoreIndex, int dim, Dtype type) {
            Tensor t = target.to(Dtype.INT64);
            if (sizes.length == 1) t = t.reshape();
            Tensor ignored = t.eq(ignoreIndex);
            Tensor index = t.maskedFill(ignored, 0);
            Tensor weights;
            try {
                weights = weight == null
                        ? CreationOps.onesLike(t).to(type)
                        : weight.detach()
                                .gather(0, index.reshape(-1))
                                .reshape(Internals.layout(t).sizes());
            } catch (CotangentException e) {
                throw outOfBounds(index, sizes[dim], e);
            }
            return new Picked(index.unsqueeze(dim), ignored, weights.maskedFill(ignored, 0), dim);
        }

        Tensor of(Tensor input) {
            try {
                return input.gather(dim, index).squeeze(dim);
            } catch (CotangentException e) {
                throw outOfBounds(index, input.size(dim), e);
            }
        }

        Tensor backward(Tensor g, long[] sizes) {
            Tensor part = g.mul(weights).neg().maskedFill(ignored, 0).unsqueeze(dim);
            return CreationOps.zeros(g.dtype(), g.device(), sizes).scatterAdd(dim, index, part);
        }

        /** Translates a failed gather: PyTorch's error if a target is out of bounds. */
        private static CotangentException outOfBounds(Tensor index, long classes, CotangentException failure) {
            for (long i : index.toLongArray()) {
                if (i < 0 || i >= classes) return new IndexException("Target " + i + " is out of bounds.");
            }
            return failure;
        }
    }

    private static void check(Tensor input, Tensor target, @Nullable Tensor weight) {
        int rank = input.dim();
        if (rank < 1) throw new ValueException("Expected 1 or more dimensions (got " + rank + ")");
        if (rank != 1 && (target.dim() == 0 || input.size(0) != target.size(0))) {
            throw new ValueException("Expected input batch_size (" + input.size(0) + ") to match target batch_size ("
                    + (target.dim() == 0 ? 1 : target.size(0)) + ").");
        }
        long[] in = Internals.layout(input).sizes();
        long[] of = Internals.layout(target).sizes();
        long classes = in[rank == 1 ? 0 : 1];
        if (rank <= 2) {
            if (of.length > 1) {
                throw new CotangentException("0D or 1D target tensor expected, multi-target not supported");
            }
            if (!(rank == 1 && of.length == 0) && in[0] != of[0]) {
                throw new CotangentException(
                        "size mismatch (got input: " + Arrays.toString(in) + ", target: " + Arrays.toString(of) + ")");
            }
        } else {
            checkSpatial(in, of);
        }
        if (target.dtype() != Dtype.INT64 && target.dtype() != Dtype.INT32 && target.dtype() != Dtype.UINT8) {
            throw new CotangentException("expected target dtype to be Long or Byte, but got "
                    + target.dtype().scalarName()
                    + ". In Java: target.toLong(), or of floats: class probabilities of the"
                    + " input's shape in crossEntropy");
        }
        if (weight != null && (weight.dim() != 1 || weight.numel() != classes)) {
            throw new CotangentException(
                    rank <= 2
                            ? "weight tensor should be defined either for all " + classes
                                    + " classes or no classes but got weight tensor of shape: "
                                    + Arrays.toString(Internals.layout(weight).sizes())
                            : "weight tensor should be defined either for all or no classes");
        }
    }

    private static void checkSpatial(long[] in, long[] of) {
        if (in.length == 4) {
            if (of.length != 3) {
                throw new CotangentException(
                        "only batches of spatial targets supported (3D tensors) but got targets of dimension: "
                                + of.length);
            }
            if (in[2] != of[1] || in[3] != of[2]) {
                throw new CotangentException("input and target batch or spatial sizes don't match: target "
                        + Arrays.toString(of) + ", input " + Arrays.toString(in));
            }
            return;
        }
        long[] want = new long[in.length - 1];
        want[0] = in[0];
        System.arraycopy(in, 2, want, 1, in.length - 2);
        if (!Arrays.equals(want, of)) {
            throw new CotangentException(
                    "Expected target size " + Arrays.toString(want) + ", got " + Arrays.toString(of));
        }
    }

    /**
     * Computes {@code torch.nn.functional.cross_entropy} of class indices, or of probabilities if the shapes are equal.
     */
    public static Tensor crossEntropy(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            String reduction,
            double labelSmoothing) {
        LossOps.checkReduction(reduction);
        int dim = input.dim() == 1 ? 0 : 1;
        if (Arrays.equals(
                Internals.layout(input).sizes(), Internals.layout(target).sizes())) {
            return ofProbabilities(input, target, weight, ignoreIndex, reduction, labelSmoothing, dim);
        }
        if (labelSmoothing <= 0) {
            return nll(logs(input, dim), target, weight, ignoreIndex, reduction);
        }
        checkSmoothing(labelSmoothing);
        Tensor logs = logs(input, dim);
        Tensor nll = nll(logs, target, weight, ignoreIndex, reduction);
        Tensor ignored = target.detach().eq(ignoreIndex);
        Tensor weighted = weight == null ? logs : logs.mul(weight.view(broadcast(input, weight, dim)));
        Tensor smooth = weighted.sum(dim).neg().maskedFill(ignored, 0);
        Tensor reduced = switch (reduction) {
            case "none" -> smooth;
            case "sum" -> smooth.sum();
            default -> {
                Tensor count = ignored.logicalNot();
                Tensor total = weight == null
                        ? count.sum()
                        : Picked.of(
                                        Internals.layout(input).sizes(),
                                        target.detach(),
                                        weight,
                                        ignoreIndex,
                                        dim,
                                        weight.dtype())
                                .weights()
                                .sum();
                yield smooth.sum().div(total);
            }
        };
        return nll.mul(1 - labelSmoothing).add(reduced.mul(labelSmoothing / logs.size(dim)));
    }

    private static Tensor logs(Tensor input, int dim) {
        return SoftmaxOps.logSoftmax(input, dim, null);
    }

    private static void checkSmoothing(double labelSmoothing) {
        if (labelSmoothing > 1) {
            throw new CotangentException("label_smoothing must be between 0.0 and 1.0. Got: " + labelSmoothing);
        }
    }

    private static long[] broadcast(Tensor input, Tensor weight, int dim) {
        long[] shape = new long[input.dim()];
        Arrays.fill(shape, 1);
        shape[dim] = weight.size(0);
        return shape;
    }

    private static Tensor ofProbabilities(
            Tensor input,
            Tensor target,
            @Nullable Tensor weight,
            long ignoreIndex,
            String reduction,
            double labelSmoothing,
            int dim) {
        if (!target.dtype().isFloatingPoint()) {
            throw new CotangentException("Expected floating point type for target with class probabilities, got "
                    + target.dtype().scalarName());
        }
        if (ignoreIndex >= 0) {
            throw new CotangentException("ignore_index is not supported for floating point target");
        }
        long classes = input.size(dim);
        if (weight != null && (weight.dim() != 1 || weight.numel() != classes)) {
            throw new CotangentException("cross_entropy: weight tensor should be defined either for all " + classes
                    + " classes or no classes but got weight tensor of shape: "
                    + Arrays.toString(Internals.layout(weight).sizes()));
        }
        checkSmoothing(labelSmoothing);
        Tensor logs = logs(input, dim);
        Tensor goal = labelSmoothing > 0 ? target.mul(1 - labelSmoothing).add(labelSmoothing / classes) : target;
        Tensor losses = logs.mul(goal);
        if (weight != null) losses = losses.mul(weight.view(broadcast(input, weight, dim)));
        return switch (reduction) {
            case "none" -> losses.sum(dim).neg();
            case "sum" -> losses.sum().neg();
            default -> losses.sum().neg().div((double) input.numel() / classes);
        };
    }
}

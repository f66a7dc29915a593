package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.CtcOptions;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.creation.Sequences;
import dev.cotangent.internal.ops.elementwise.ComparisonOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Connectionist temporal classification: the probability of all alignments of labels with inputs, by sums over paths forwards
 * and backwards (Graves and others, 2006). All sequences of a batch go one step at a time.
 */
public final class CtcOps {
    private static final String WHERE = " (while checking arguments for ctc_loss_allocate_outputs)";
    private static final double NONE = Double.NEGATIVE_INFINITY;

    private CtcOps() {}

    /** Works as {@link #loss(Tensor, Tensor, long[], long[], CtcOptions)} with lengths in tensors. */
    public static Tensor loss(Tensor x, Tensor targets, Tensor inputLengths, Tensor targetLengths, CtcOptions o) {
        return loss(x, targets, lengths("input", inputLengths), lengths("target", targetLengths), o);
    }

    private static long[] lengths(String name, Tensor t) {
        if (t.dtype().isFloatingPoint() || t.dtype() == Dtype.BOOL) {
            throw new CotangentException(name + "_lengths must be integral");
        }
        return t.to(Dtype.INT64).reshape(-1).toLongArray();
    }

    /** Implements {@code torch.nn.functional.ctc_loss}. */
    public static Tensor loss(Tensor x, Tensor targets, long[] inputLengths, long[] targetLengths, CtcOptions o) {
        if (x.dim() != 2 && x.dim() != 3) {
            throw new CotangentException(
                    "ctc_loss: log_probs must be [T, N, C] or [T, C], but have shape " + x.shape());
        }
        boolean isBatch = x.dim() == 3;
        Tensor logs = isBatch ? x : x.unsqueeze(1);
        Paths paths = paths(logs, targets, inputLengths, targetLengths, o.blank());
        Tensor losses = losses(logs, paths, o.zeroInfinity());
        if (o.zeroInfinity()) {
            losses = losses.maskedFill(losses.detach().eq(Double.POSITIVE_INFINITY), 0);
        }
        return switch (o.reduction()) {
            case NONE -> isBatch ? losses : losses.squeeze(0);
            case SUM -> losses.sum();
            case BATCHMEAN -> throw new ValueException("batchmean is not a valid value for reduction");
            case MEAN ->
                losses.div(paths.targetLengths.clampMin(1).to(losses.dtype())).mean();
        };
    }

    /**
     * Labels and lengths as tensors on the device.
     *
     * @param states the class of each state of a path, int64, [N, S]: blanks between labels and around them
     * @param skips whether a state may follow the one before the last, [N, S]
     * @param isState whether a state is one of the target, [N, S]
     * @param inputLengths int64, [N]
     * @param targetLengths int64, [N]
     */
    private record Paths(Tensor states, Tensor skips, Tensor isState, Tensor inputLengths, Tensor targetLengths) {
        Tensor[] all() {
            return new Tensor[] {states, skips, isState, inputLengths, targetLengths};
        }
    }

    private static Paths paths(Tensor logs, Tensor targets, long[] inputLengths, long[] targetLengths, long blank) {
        if (logs.dtype() != Dtype.FLOAT32 && logs.dtype() != Dtype.FLOAT64) {
            throw Promotion.notImplemented("ctc_loss_cpu", logs.dtype());
        }
        int n = Math.toIntExact(logs.size(1));
        check(logs, inputLengths, targetLengths, blank);
        long[] labels = targets.to(Dtype.INT64).contiguous().toLongArray();
        long[] starts = starts(targets, targetLengths, n);
        int longest = Math.toIntExact(Arrays.stream(targetLengths).max().orElse(0));
        int s = 2 * longest + 1;
        long[] states = new long[n * s];
        boolean[] skips = new boolean[n * s];
        boolean[] isState = new boolean[n * s];
        Arrays.fill(states, blank);
        for (int i = 0; i < n; i++) {
            for (int t = 0; t < targetLengths[i]; t++) states[i * s + 2 * t + 1] = labels[(int) starts[i] + t];
            for (int j = 0; j < s; j++) {
                isState[i * s + j] = j <= 2 * targetLengths[i];
                skips[i * s + j] = j > 1 && states[i * s + j] != states[i * s + j - 2];
            }
        }
        return new Paths(
                longs(logs, states, n, s),
                bools(logs, skips, n, s),
                bools(logs, isState, n, s),
                longs(logs, inputLengths, n),
                longs(logs, targetLengths, n));
    }

    private static Tensor longs(Tensor like, long[] values, long... sizes) {
        Tensor out = CreationOps.uninitialized(Dtype.INT64, like.device(), sizes);
        return out.numel() == 0 ? out : Sequences.longs(out, i -> values[(int) i]);
    }

    private static Tensor bools(Tensor like, boolean[] values, long... sizes) {
        long[] numbers = new long[values.length];
        for (int i = 0; i < values.length; i++) numbers[i] = values[i] ? 1 : 0;
        return longs(like, numbers, sizes).to(Dtype.BOOL);
    }

    private static void check(Tensor logs, long[] inputLengths, long[] targetLengths, long blank) {
        if (blank < 0 || blank >= logs.size(2)) throw new CotangentException("blank must be in label range");
        if (inputLengths.length != logs.size(1)) {
            throw new CotangentException("input_lengths must be of size batch_size");
        }
        if (targetLengths.length != logs.size(1)) {
            throw new CotangentException("target_lengths must be of size batch_size");
        }
        checkLeast("target", targetLengths);
        checkLeast("input", inputLengths);
        for (long l : inputLengths) {
            if (l <= logs.size(0)) continue;
            throw new CotangentException(
                    "Expected input_lengths to have value at most " + logs.size(0) + ", but got value " + l + WHERE);
        }
    }

    private static void checkLeast(String name, long[] lengths) {
        for (long l : lengths) {
            if (l >= 0) continue;
            throw new CotangentException(
                    "Expected " + name + "_lengths to have value at least 0, but got value " + l + WHERE);
        }
    }

    /** Returns the offset of each sequence's labels, which are concatenated or in rows. */
    private static long[] starts(Tensor targets, long[] lengths, int n) {
        long[] starts = new long[n];
        String argument = " for argument #2 'targets'" + WHERE;
        if (targets.dim() == 1) {
            long total = 0;
            for (int i = 0; i < n; i++) {
                starts[i] = total;
                total += lengths[i];
            }
            if (targets.size(0) != total) {
                throw new CotangentException("Expected tensor to have size " + total + " at dimension 0, but got size "
                        + targets.size(0) + argument);
            }
            return starts;
        }
        if (targets.dim() != 2) {
            throw new CotangentException(
                    "Expected 1 to 2 dimensions, but got " + targets.dim() + "-dimensional tensor" + argument);
        }
        if (targets.size(0) != n) {
            throw new CotangentException("Expected tensor to have size " + n + " at dimension 0, but got size "
                    + targets.size(0) + argument);
        }
        for (int i = 0; i < n; i++) {
            starts[i] = i * targets.size(1);
            if (lengths[i] <= targets.size(1)) continue;
            throw new CotangentException("Expected tensor to have size at least "
                    + Arrays.stream(lengths).max().orElse(0) + " at dimension 1, but got size " + targets.size(1)
                    + argument);
        }
        return starts;
    }

    /** Implements {@code torch._ctc_loss}, the negative logarithm of the probability of each target. */
    private static Tensor losses(Tensor x, Paths p, boolean zeroInfinity) {
        Tensor logs = x.detach();
        Tensor alpha = forwards(logs, p);
        Tensor last = atLength(alpha, p.inputLengths);
        Tensor end = p.targetLengths.mul(2).unsqueeze(1);
        Tensor label = last.gather(1, end.sub(1).clampMin(0))
                .maskedFill(p.targetLengths.eq(0).unsqueeze(1), NONE);
        Tensor losses = sum(last.gather(1, end), label, none(label)).neg().squeeze(1);
        Tensor empty = p.inputLengths.eq(0);
        losses = losses.maskedFill(empty, Double.POSITIVE_INFINITY)
                .maskedFill(empty.logicalAnd(p.targetLengths.eq(0)), 0);
        Tensor result = Internals.wrap(Internals.strided(losses));
        List<Tensor> keep = new ArrayList<>(List.of(x, result, alpha));
        keep.addAll(List.of(p.all()));
        return GradientRule.of("CtcLossBackward0", result)
                .add(
                        x,
                        (g, saved) -> g[0] == null ? null : backward(g[0], saved, zeroInfinity),
                        keep.toArray(Tensor[]::new))
                .done();
    }

    /** Computes the logarithms of the sums over all paths to each state at each time: [N, T, S]. */
    private static Tensor forwards(Tensor logs, Paths p) {
        Tensor each = each(logs, p);
        Tensor hidden = p.isState.logicalNot();
        long times = logs.size(0);
        List<Tensor> steps = new ArrayList<>();
        Tensor now = null;
        for (long t = 0; t < times; t++) {
            Tensor here = each.select(1, t);
            if (now == null) {
                Tensor later = CreationOps.arange(0, p.states.size(1), 1, Dtype.INT64, logs.device())
                        .gt(1);
                now = here.maskedFill(later, NONE);
            } else {
                Tensor one = shifted(now, 1);
                Tensor two = shifted(now, 2).maskedFill(p.skips.logicalNot(), NONE);
                now = sum(now, one, two).add(here);
            }
            now = now.maskedFill(hidden, NONE);
            steps.add(now);
        }
        if (steps.isEmpty()) return CreationOps.zeros(logs.dtype(), logs.device(), logs.size(1), 0, p.states.size(1));
        return ConcatenationOps.stack(steps, 1);
    }

    /** Computes the logarithms of the sums over all paths from each state at each time on: [N, T, S]. */
    private static Tensor backwards(Tensor logs, Paths p) {
        Tensor each = each(logs, p);
        Tensor hidden = p.isState.logicalNot();
        Tensor states = CreationOps.arange(0, p.states.size(1), 1, Dtype.INT64, logs.device());
        Tensor end = p.targetLengths.mul(2).unsqueeze(1);
        Tensor isEnd = states.eq(end).logicalOr(states.eq(end.sub(1)));
        Tensor skipsOn = shifted(p.skips.to(logs.dtype()), -2).gt(0);
        Tensor next = none(each.select(1, 0));
        Tensor[] steps = new Tensor[Math.toIntExact(logs.size(0))];
        for (int t = steps.length - 1; t >= 0; t--) {
            Tensor here = each.select(1, t);
            Tensor two = shifted(next, -2).maskedFill(skipsOn.logicalNot(), NONE);
            Tensor on = sum(next, shifted(next, -1), two).add(here);
            Tensor isLast = p.inputLengths.eq(t + 1).unsqueeze(1);
            Tensor begin = here.maskedFill(isEnd.logicalNot(), NONE);
            next = ComparisonOps.where(isLast, begin, on).maskedFill(hidden, NONE);
            steps[t] = next;
        }
        return ConcatenationOps.stack(List.of(steps), 1);
    }

    /** Returns the logarithm of the probability of each state's class at each time: [N, T, S]. */
    private static Tensor each(Tensor logs, Paths p) {
        long n = logs.size(1);
        long states = p.states.size(1);
        return logs.transpose(0, 1).gather(2, p.states.unsqueeze(1).expand(n, logs.size(0), states));
    }

    /** Shifts along the states, filling with -infinity. */
    private static Tensor shifted(Tensor x, int by) {
        long n = x.size(1);
        long most = Math.min(Math.abs(by), n);
        Tensor none = CreationOps.full(x.dtype(), x.device(), NONE, x.size(0), most);
        return by > 0
                ? ConcatenationOps.cat(List.of(none, x.narrow(1, 0, n - most)), 1)
                : ConcatenationOps.cat(List.of(x.narrow(1, most, n - most), none), 1);
    }

    private static Tensor none(Tensor like) {
        return CreationOps.full(
                like.dtype(), like.device(), NONE, Internals.layout(like).sizes());
    }

    /** Computes the logarithm of the sum of three exponentials. */
    private static Tensor sum(Tensor a, Tensor b, Tensor c) {
        Tensor max = a.maximum(b).maximum(c);
        max = max.maskedFill(max.eq(NONE), 0);
        return a.sub(max)
                .exp()
                .add(b.sub(max).exp())
                .add(c.sub(max).exp())
                .log()
                .add(max);
    }

    /** Returns the values at the last time of each sequence: [N, S]. */
    private static Tensor atLength(Tensor alpha, Tensor lengths) {
        long n = alpha.size(0);
        long states = alpha.size(2);
        if (alpha.size(1) == 0) return CreationOps.full(alpha.dtype(), alpha.device(), NONE, n, states);
        Tensor last = lengths.sub(1).clampMin(0).reshape(n, 1, 1).expand(n, 1, states);
        return alpha.gather(1, last).squeeze(1);
    }

    /**
     * Computes the gradient, probabilities less posterior probabilities of the classes, as if the input were from a
     * log-softmax.
     */
    private static Tensor backward(Tensor g, Tensor[] saved, boolean zeroInfinity) {
        Tensor logs = saved[0].detach();
        Tensor losses = saved[1].detach();
        Tensor alpha = saved[2];
        Paths p = new Paths(saved[3], saved[4], saved[5], saved[6], saved[7]);
        long times = logs.size(0);
        if (logs.numel() == 0) return logs.zerosLike();
        Tensor beta = backwards(logs, p);
        Tensor loss = losses.reshape(-1, 1, 1);
        Tensor passed = alpha.add(beta).sub(each(logs, p)).add(loss).exp();
        passed = passed.maskedFill(alpha.eq(NONE).logicalOr(beta.eq(NONE)), 0);
        Tensor occupied = CreationOps.zeros(logs.dtype(), logs.device(), logs.size(1), times, logs.size(2))
                .scatterAdd(
                        2, p.states.unsqueeze(1).expand(Internals.layout(passed).sizes()), passed);
        Tensor time =
                CreationOps.arange(0, times, 1, Dtype.INT64, logs.device()).reshape(1, -1, 1);
        Tensor over = time.ge(p.inputLengths.reshape(-1, 1, 1));
        Tensor slope = logs.transpose(0, 1).exp().sub(occupied);
        slope = slope.maskedFill(loss.eq(Double.POSITIVE_INFINITY), zeroInfinity ? 0 : Double.NaN);
        Tensor out = slope.mul(g.detach().reshape(-1, 1, 1)).maskedFill(over, 0).transpose(0, 1);
        if (zeroInfinity) out = out.maskedFill(loss.transpose(0, 1).eq(Double.POSITIVE_INFINITY), 0);
        return GradientRule.of("NotImplemented", Internals.wrap(Internals.strided(out.contiguous())))
                .input(g, ignored -> {
                    throw new CotangentException("derivative for aten::_ctc_loss_backward is not implemented");
                })
                .input(saved[0], ignored -> {
                    throw new CotangentException("derivative for aten::_ctc_loss_backward is not implemented");
                })
                .done();
    }
}

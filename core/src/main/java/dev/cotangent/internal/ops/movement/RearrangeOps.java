package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Copies that rearrange or repeat elements. */
public final class RearrangeOps {
    private RearrangeOps() {}

    /** Implements {@code torch.Tensor.repeat}. */
    public static Tensor repeat(Tensor x, long... repeats) {
        int lead = repeats.length - x.dim();
        if (lead < 0) {
            throw new CotangentException(
                    "Number of dimensions of repeat dims can not be smaller than number of dimensions" + " of tensor");
        }
        int rank = repeats.length;
        long[] sizes = new long[rank];
        long[] pairs = new long[2 * rank];
        long[] once = new long[2 * rank];
        int[] copies = new int[rank];
        for (int d = 0; d < rank; d++) {
            long size = d < lead ? 1 : x.size(d - lead);
            sizes[d] = repeats[d] * size;
            pairs[2 * d] = repeats[d];
            pairs[2 * d + 1] = once[2 * d + 1] = size;
            once[2 * d] = 1;
            copies[d] = 2 * d;
        }
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), sizes);
        if (out.numel() > 0) {
            Tensor from = ViewOps.expand(ViewOps.reshape(x.detach(), once), pairs);
            Transfers.copy(Internals.data(from), Internals.data(out).with(Layout.contiguous(pairs)));
        }
        long[] before = Internals.layout(x).sizes();
        return GradientRule.of("RepeatBackward0", out)
                .input(x, g -> rank == 0 ? g : g.reshape(pairs).sum(copies).reshape(before))
                .done();
    }

    /** Implements {@code torch.tile}: missing leading repeats are 1. */
    public static Tensor tile(Tensor x, long... dims) {
        int missing = Math.max(0, x.dim() - dims.length);
        long[] repeats = new long[missing + dims.length];
        Arrays.fill(repeats, 1);
        System.arraycopy(dims, 0, repeats, missing, dims.length);
        return repeat(x, repeats);
    }

    /**
     * Implements {@code torch.repeat_interleave}: repeats each element (along a dimension, or of all) consecutively.
     */
    public static Tensor repeatInterleave(Tensor x, Tensor repeats, int dim, long outputSize) {
        if (repeats.numel() != 1 && repeats.detach().sum().itemLong() != outputSize) {
            throw new CotangentException("allocated size does not match required size");
        }
        Tensor out = repeatInterleave(x, repeats, dim);
        if (out.size(dim) != outputSize) throw new CotangentException("allocated size does not match required size");
        return out;
    }

    /** Implements {@code torch.repeat_interleave} with a number of repeats for each element. */
    public static Tensor repeatInterleave(Tensor x, Tensor repeats, @Nullable Integer dim) {
        Tensor input = dim == null ? x.flatten() : x;
        int d = Broadcast.dim(dim == null ? 0 : dim, input.dim());
        if (repeats.dtype() != Dtype.INT64 && repeats.dtype() != Dtype.INT32) {
            throw new CotangentException("repeats has to be Long or Int tensor");
        }
        if (repeats.dim() > 1) throw new CotangentException("repeats must be 0-dim or 1-dim tensor");
        long size = input.dim() == 0 ? 1 : input.size(d);
        if (repeats.dim() == 1 && repeats.numel() != 1 && repeats.numel() != size) {
            throw new CotangentException("repeats must have the same size as input along dim");
        }
        long[] counts = repeats.toLongArray();
        int total = 0;
        for (int i = 0; i < size; i++) {
            long n = counts[counts.length == 1 ? 0 : i];
            if (n < 0) throw new CotangentException("repeats can not be negative");
            if (n > Integer.MAX_VALUE - 8 - total) {
                throw new CotangentException(
                        "repeat_interleave makes at most 2147483639 slices, but more were asked for");
            }
            total += (int) n;
        }
        long[] index = new long[total];
        int at = 0;
        for (int i = 0; i < size; i++) {
            int end = at + (int) counts[counts.length == 1 ? 0 : i];
            Arrays.fill(index, at, end, i);
            at = end;
        }
        Tensor places = CreationOps.uninitialized(Dtype.INT64, x.device(), total);
        Internals.backend(places).write(Internals.storage(places), 0, MemorySegment.ofArray(index));
        return input.indexSelect(d, places);
    }

    /** Implements {@code torch.repeat_interleave} with one count for all elements. */
    public static Tensor repeatInterleave(Tensor x, long repeats, @Nullable Integer dim) {
        Tensor input = dim == null ? x.flatten() : x;
        int d = Broadcast.dim(dim == null ? 0 : dim, input.dim());
        if (repeats < 0) throw new CotangentException("Repeats must be non-negative");
        if (input.dim() == 0) input = input.reshape(1);
        long[] sizes = new long[input.dim() + 1];
        Arrays.fill(sizes, -1);
        sizes[d + 1] = repeats;
        return input.unsqueeze(d + 1).expand(sizes).contiguousCopy().flatten(d, d + 1);
    }

    /** Implements {@code torch.flip}. */
    public static Tensor flip(Tensor x, int... dims) {
        boolean[] flipped = new boolean[Math.max(x.dim(), 1)];
        for (int dim : dims) {
            int d = Broadcast.dim(dim, x.dim());
            if (flipped[d]) throw new CotangentException("dim " + d + " appears multiple times in the list of dims");
            flipped[d] = true;
        }
        Layout l = Internals.layout(x);
        long[] strides = l.strides().clone();
        long offset = l.offset();
        for (int d = 0; d < x.dim(); d++) {
            if (!flipped[d] || l.size(d) == 0) continue;
            offset += (l.size(d) - 1) * strides[d];
            strides[d] = -strides[d];
        }
        Tensor out = CreationOps.uninitializedLike(x);
        Transfers.copy(Internals.data(x).with(Layout.of(l.sizes(), strides, offset)), Internals.data(out));
        return GradientRule.of("FlipBackward0", out)
                .input(x, g -> flip(g, dims))
                .done();
    }

    /** Implements {@code torch.fliplr}. */
    public static Tensor fliplr(Tensor x) {
        if (x.dim() < 2) throw new CotangentException("Input must be >= 2-d.");
        return flip(x, 1);
    }

    /** Implements {@code torch.flipud}. */
    public static Tensor flipud(Tensor x) {
        if (x.dim() < 1) throw new CotangentException("Input must be >= 1-d.");
        return flip(x, 0);
    }

    /** Implements {@code torch.rot90}: quarter turns from the first of two dimensions towards the second. */
    public static Tensor rot90(Tensor x, long k, int... dims) {
        int rank = x.dim();
        if (dims.length != 2) {
            throw new CotangentException("expected total rotation dims == 2, but got dims = " + dims.length);
        }
        if (rank < 2) throw new CotangentException("expected total dims >= 2, but got total dims = " + rank);
        if (dims[0] == dims[1] || Math.abs(dims[0] - dims[1]) == rank) {
            throw new CotangentException(
                    "expected rotation dims to be different, but got dim0 = " + dims[0] + " and dim1 = " + dims[1]);
        }
        for (int i = 0; i < 2; i++) {
            if (dims[i] >= rank || dims[i] < -rank) {
                throw new CotangentException("Rotation dim" + i + " out of range, dim" + i + " = " + dims[i]);
            }
        }
        Tensor t = x.detach();
        Tensor out = switch ((int) Math.floorMod(k, 4L)) {
            case 1 -> flip(t, dims[1]).transpose_(dims[0], dims[1]);
            case 2 -> flip(t, dims);
            case 3 -> flip(t, dims[0]).transpose_(dims[0], dims[1]);
            default -> t.clone();
        };
        return GradientRule.of("Rot90Backward0", out)
                .input(x, g -> rot90(g, -k, dims))
                .done();
    }

    /** Implements {@code torch.roll}: elements shifted beyond an end re-enter at the other. */
    public static Tensor roll(Tensor x, long[] shifts, int... dims) {
        if (shifts.length == 0) throw new CotangentException("`shifts` required");
        if (dims.length == 0 && shifts.length == 1) {
            Tensor flat = x.detach().contiguous().view(x.numel());
            Strided rolled = rolled(Internals.data(flat), shifts[0], 0);
            Layout layout = Layout.contiguous(Internals.layout(x).sizes());
            return GradientRule.of("RollBackward0", Internals.wrap(rolled.with(layout)))
                    .input(x, g -> roll(g, new long[] {-shifts[0]}))
                    .done();
        }
        if (shifts.length != dims.length) {
            throw new CotangentException(
                    "shifts and dimensions must align. shifts: " + shifts.length + ", dims:" + dims.length);
        }
        if (x.dim() == 0) {
            throw new IndexException("Dimension specified as " + dims[0] + " but tensor has no dimensions");
        }
        Strided from = Internals.data(x);
        for (int i = 0; i < shifts.length; i++) {
            if (x.numel() == 0) break;
            from = rolled(from, shifts[i], Broadcast.dim(dims[i], x.dim()));
        }
        if (from.storage() == Internals.storage(x))
            from = Internals.data(x.detach().clone());
        long[] back = Arrays.stream(shifts).map(s -> -s).toArray();
        return GradientRule.of("RollBackward0", Internals.wrap(from))
                .input(x, g -> roll(g, back, dims))
                .done();
    }

    private static Strided rolled(Strided x, long shift, int d) {
        Layout l = x.layout();
        Layout flat = Layout.contiguous(l.sizes());
        Strided out = Strided.uninitialized(x.backend(), x.dtype(), flat);
        if (x.numel() == 0) return out;
        if (l.rank() == 0) {
            Transfers.copy(x, out);
            return out;
        }
        long size = l.size(d);
        long moved = Math.floorMod(shift, size);
        Transfers.copy(x.with(l.slice(d, 0, size - moved, 1)), out.with(flat.slice(d, moved, size - moved, 1)));
        if (moved > 0) Transfers.copy(x.with(l.slice(d, size - moved, moved, 1)), out.with(flat.slice(d, 0, moved, 1)));
        return out;
    }

    /** Implements {@code torch.nn.functional.pixel_shuffle}: moves r x r channels into r x r pixels. */
    public static Tensor pixelShuffle(Tensor x, long upscaleFactor) {
        int rank = checkImage("pixel_shuffle", x);
        long r = upscaleFactor;
        if (r <= 0) {
            throw new CotangentException("pixel_shuffle expects a positive upscale_factor, but got " + r);
        }
        long c = x.size(rank - 3);
        if (c % (r * r) != 0) {
            throw new CotangentException(
                    "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square"
                            + " of upscale_factor, but input.size(-3)=" + c + " is not divisible by " + r * r);
        }
        long h = x.size(rank - 2);
        long w = x.size(rank - 1);
        int lead = rank - 3;
        return x.reshape(sizes(x, lead, c / (r * r), r, r, h, w))
                .permute(dims(lead, 0, 3, 1, 4, 2))
                .reshape(sizes(x, lead, c / (r * r), h * r, w * r));
    }

    /** Implements {@code torch.nn.functional.pixel_unshuffle}: the inverse of {@link #pixelShuffle}. */
    public static Tensor pixelUnshuffle(Tensor x, long downscaleFactor) {
        int rank = checkImage("pixel_unshuffle", x);
        long r = downscaleFactor;
        if (r <= 0) {
            throw new CotangentException("pixel_unshuffle expects a positive downscale_factor, but got " + r);
        }
        long c = x.size(rank - 3);
        long h = x.size(rank - 2);
        long w = x.size(rank - 1);
        if (h % r != 0 || w % r != 0) {
            boolean height = h % r != 0;
            throw new CotangentException("pixel_unshuffle expects " + (height ? "height" : "width")
                    + " to be divisible by downscale_factor, but input.size(" + (height ? "-2)=" + h : "-1)=" + w)
                    + " is not divisible by " + r);
        }
        int lead = rank - 3;
        return x.reshape(sizes(x, lead, c, h / r, r, w / r, r))
                .permute(dims(lead, 0, 2, 4, 1, 3))
                .reshape(sizes(x, lead, c * r * r, h / r, w / r));
    }

    /** Implements {@code torch.nn.functional.channel_shuffle}. */
    public static Tensor channelShuffle(Tensor x, long groups) {
        if (x.dim() <= 2) {
            throw new CotangentException("channel_shuffle expects input with > 2 dims, but got input with sizes "
                    + Arrays.toString(Internals.layout(x).sizes()));
        }
        if (groups <= 0) {
            throw new CotangentException(
                    "Number of groups to divide channels in must be positive. Value of groups:" + groups);
        }
        long channels = x.size(1);
        if (channels % groups != 0) {
            throw new CotangentException("Number of channels must be divisible by groups. Got " + channels
                    + " channels and " + groups + " groups.");
        }
        Tensor out = x.detach()
                .unflatten(1, groups, channels / groups)
                .transpose(1, 2)
                .contiguousCopy()
                .reshape(Internals.layout(x).sizes());
        return GradientRule.of("ChannelShuffleBackward0", Internals.wrap(Internals.data(out)))
                .input(x, g -> channelShuffle(g, channels / groups))
                .done();
    }

    private static int checkImage(String op, Tensor x) {
        if (x.dim() < 3) {
            throw new CotangentException(op + " expects input to have at least 3 dimensions, but got input with "
                    + x.dim() + " dimension(s)");
        }
        return x.dim();
    }

    private static long[] sizes(Tensor x, int lead, long... last) {
        long[] out = Arrays.copyOf(Internals.layout(x).sizes(), lead + last.length);
        System.arraycopy(last, 0, out, lead, last.length);
        return out;
    }

    private static int[] dims(int lead, int... last) {
        int[] out = new int[lead + last.length];
        for (int d = 0; d < out.length; d++) out[d] = d < lead ? d : lead + last[d - lead];
        return out;
    }
}

package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Splits of a tensor into views. */
public final class SplitOps {
    private SplitOps() {}

    /** Implements {@code torch.split} into parts of one size; the last may be smaller. */
    public static List<Tensor> split(Tensor x, long splitSize, int dim) {
        if (x.dim() == 0) throw new CotangentException("split expects at least a 1-dimensional tensor");
        if (splitSize < 0) {
            throw new CotangentException("split expects split_size be non-negative, but got split_size=" + splitSize);
        }
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d);
        if (splitSize == 0 && size != 0) {
            throw new CotangentException(
                    "split_size can only be 0 if dimension size is 0, but got dimension size of " + size);
        }
        long parts = splitSize == 0 ? 1 : Math.max((size + splitSize - 1) / splitSize, 1);
        long[] sizes = new long[Math.toIntExact(parts)];
        Arrays.fill(sizes, splitSize);
        sizes[sizes.length - 1] = size - splitSize * (parts - 1);
        return parts(x, sizes, d, "SplitBackward0");
    }

    /** Implements {@code torch.split} into parts of given sizes. */
    public static List<Tensor> split(Tensor x, long[] sizes, int dim) {
        if (x.dim() == 0) throw new CotangentException("split expects at least a 1-dimensional tensor");
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d);
        long sum = 0;
        for (long s : sizes) {
            if (s < 0) {
                throw new CotangentException(
                        "split_with_sizes expects split_sizes have only non-negative entries, but got" + " split_sizes="
                                + Arrays.toString(sizes));
            }
            sum += s;
        }
        if (sum != size) {
            throw new CotangentException("split_with_sizes expects split_sizes to sum exactly to " + size
                    + " (input tensor's size at dimension " + d + "), but got split_sizes=" + Arrays.toString(sizes));
        }
        return parts(x, sizes, d, "SplitWithSizesBackward0");
    }

    private static List<Tensor> parts(Tensor x, long[] sizes, int d, String node) {
        Tensor[] out = new Tensor[sizes.length];
        long[][] shapes = new long[sizes.length][];
        long start = 0;
        for (int i = 0; i < out.length; i++) {
            Layout l = Internals.layout(x).slice(d, start, sizes[i], 1);
            out[i] = Internals.viewOf(x, l);
            shapes[i] = l.sizes();
            start += sizes[i];
        }
        return views(x, out, node, g -> ConcatenationOps.cat(filled(g, shapes), d));
    }

    private interface Backward {
        Tensor of(Tensor[] grads);
    }

    private static List<Tensor> views(Tensor x, Tensor[] out, String node, Backward backward) {
        if (out.length == 0) return List.of();
        return List.of(
                GradientRule.of(node, out).add(x, (g, saved) -> backward.of(g)).views(x));
    }

    /** Returns the gradients, with undefined ones replaced by zeros. */
    private static List<Tensor> filled(Tensor[] grads, long[][] shapes) {
        Tensor like = Arrays.stream(grads).filter(g -> g != null).findFirst().orElseThrow();
        List<Tensor> all = new ArrayList<>(grads.length);
        for (int i = 0; i < grads.length; i++) {
            all.add(grads[i] != null ? grads[i] : CreationOps.zeros(like.dtype(), like.device(), shapes[i]));
        }
        return all;
    }

    /** Implements {@code torch.unbind}. */
    public static List<Tensor> unbind(Tensor x, int dim) {
        int d = Broadcast.dim(dim, x.dim());
        if (x.dim() == 0) throw new IndexException("Dimension specified as " + d + " but tensor has no dimensions");
        Tensor[] out = new Tensor[Math.toIntExact(x.size(d))];
        long[][] shapes = new long[out.length][];
        for (int i = 0; i < out.length; i++) {
            Layout l = Internals.layout(x).select(d, i);
            out[i] = Internals.viewOf(x, l);
            shapes[i] = l.sizes();
        }
        return views(x, out, "UnbindBackward0", g -> ConcatenationOps.stack(filled(g, shapes), d));
    }

    /** Implements {@code torch.chunk}. */
    public static List<Tensor> chunk(Tensor x, long chunks, int dim) {
        if (x.dim() == 0) throw new CotangentException("chunk expects at least a 1-dimensional tensor");
        if (chunks <= 0) {
            throw new CotangentException("chunk expects `chunks` to be greater than 0, got: " + chunks);
        }
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d) / chunks + (x.size(d) % chunks == 0 ? 0 : 1);
        if (size == 0 && chunks > Short.MAX_VALUE) {
            throw new CotangentException("chunk: a dimension of size 0 gives `chunks` tensors, " + chunks
                    + " are more than " + Short.MAX_VALUE);
        }
        // An empty dimension is split into as many empty parts as requested.
        return size == 0 ? split(x, new long[Math.toIntExact(chunks)], d) : split(x, size, d);
    }

    /**
     * Implements {@code torch.tensor_split} into a number of parts; the first ones are larger by one if it does not
     * divide.
     */
    public static List<Tensor> tensorSplit(Tensor x, long sections, int dim) {
        checkRank(x);
        int d = Broadcast.dim(dim, x.dim());
        if (sections <= 0) throw new CotangentException("number of sections must be larger than 0, got " + sections);
        if (sections > Integer.MAX_VALUE - 8) {
            throw new CotangentException(
                    "tensor_split: a list has at most 2147483639 parts, but got " + sections + " sections");
        }
        long least = x.size(d) / sections;
        long larger = x.size(d) % sections;
        List<Tensor> parts = new ArrayList<>();
        long start = 0;
        for (long i = 0; i < sections; i++) {
            long end = start + least + (i < larger ? 1 : 0);
            parts.add(ViewOps.slice(x, d, start, end, 1));
            start = end;
        }
        return List.copyOf(parts);
    }

    /** Implements {@code torch.tensor_split} at indices. */
    public static List<Tensor> tensorSplit(Tensor x, long[] indices, int dim) {
        checkRank(x);
        int d = Broadcast.dim(dim, x.dim());
        List<Tensor> parts = new ArrayList<>();
        long start = 0;
        for (long end : indices) {
            parts.add(ViewOps.slice(x, d, start, end, 1));
            start = end;
        }
        parts.add(ViewOps.slice(x, d, start, x.size(d), 1));
        return List.copyOf(parts);
    }

    /**
     * Implements {@code torch.tensor_split} by a tensor: 0-dimensional, the number of parts; 1-dimensional, the
     * indices.
     */
    public static List<Tensor> tensorSplit(Tensor x, Tensor tensorIndicesOrSections, int dim) {
        checkRank(x);
        Tensor t = tensorIndicesOrSections;
        if (!t.device().isCpu()) {
            throw new CotangentException(
                    "tensor_split expected tensor_indices_or_sections to be on cpu, but it's on " + t.device());
        }
        if (t.dtype() != Dtype.INT64) {
            throw new CotangentException(
                    "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
                            + t.dtype().scalarName());
        }
        if (t.dim() > 1) {
            throw new CotangentException("tensor_split expected tensor_indices_or_sections to be a zero-dimensional or"
                    + " one-dimensional tensor, but got a tensor with " + t.dim() + " dims");
        }
        return t.dim() == 0 ? tensorSplit(x, t.itemLong(), dim) : tensorSplit(x, t.toLongArray(), dim);
    }

    private static void checkRank(Tensor x) {
        if (x.dim() == 0) {
            throw new CotangentException(
                    "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims");
        }
    }

    /**
     * Implements {@code torch.hsplit}, {@code vsplit} and {@code dsplit} into equal parts; throws unless the size is
     * divisible.
     */
    public static List<Tensor> evenly(String name, Tensor x, long sections) {
        int d = direction(name, x);
        if (sections == 0 || x.size(d) % sections != 0) {
            throw new CotangentException("torch." + name + " attempted to split along dimension " + d
                    + ", but the size of the dimension " + x.size(d) + " is not divisible by the split_size " + sections
                    + "!");
        }
        return tensorSplit(x, sections, d);
    }

    /** Implements {@code torch.hsplit}, {@code vsplit} and {@code dsplit} at indices. */
    public static List<Tensor> before(String name, Tensor x, long[] indices) {
        return tensorSplit(x, indices, direction(name, x));
    }

    private static int direction(String name, Tensor x) {
        int least = name.equals("hsplit") ? 1 : name.equals("vsplit") ? 2 : 3;
        if (x.dim() < least) {
            throw new CotangentException("torch." + name + " requires a tensor with at least " + least
                    + " dimension, but got a tensor with " + x.dim() + " dimensions!");
        }
        return least == 1 ? (x.dim() == 1 ? 0 : 1) : least - 2 == 0 ? 0 : 2;
    }
}

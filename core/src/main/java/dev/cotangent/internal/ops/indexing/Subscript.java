package dev.cotangent.internal.ops.indexing;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Index;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code x[...]} and {@code x[...] = v}: integers, slices and new axes are views, then index tensors apply.
 */
public final class Subscript {
    /**
     * A parsed index.
     *
     * @param view the tensor after all parts that are views
     * @param tensors index tensors of its dimensions, null for a whole dimension; empty without advanced indexing
     */
    private record Parts(Tensor view, List<@Nullable Tensor> tensors) {}

    private Subscript() {}

    private static Index named(@Nullable Index part) {
        return Arguments.notNull("index", "index", part);
    }

    /** Returns an index of the first dimension. */
    public static List<Index> list(long index) {
        return List.of(Index.at(index));
    }

    /** Returns an index of the leading dimensions. */
    public static List<Index> list(long first, long second, long... others) {
        List<Index> list = new ArrayList<>(others.length + 2);
        list.add(Index.at(first));
        list.add(Index.at(second));
        for (long i : others) list.add(Index.at(i));
        return list;
    }

    /** Returns an index of parts. */
    public static List<Index> list(Index... parts) {
        for (Index part : Arguments.notNull("index", "index", parts)) named(part);
        return List.of(parts);
    }

    /** Returns an index of a part and integers. */
    public static List<Index> list(Index first, long... others) {
        List<Index> list = new ArrayList<>(others.length + 1);
        list.add(named(first));
        for (long i : others) list.add(Index.at(i));
        return list;
    }

    /** Returns an index of an integer and parts. */
    public static List<Index> list(long first, Index... others) {
        List<Index> list = new ArrayList<>(others.length + 1);
        list.add(Index.at(first));
        for (Index part : others) list.add(named(part));
        return list;
    }

    /** Returns an index of a part and of index tensors or masks. */
    public static List<Index> list(Index first, Tensor... others) {
        List<Index> list = new ArrayList<>(others.length + 1);
        list.add(named(first));
        for (Tensor t : others) list.add(Index.of(t));
        return list;
    }

    /** Returns an index of index tensors or masks. */
    public static List<Index> list(Tensor... index) {
        List<Index> list = new ArrayList<>(Arguments.notNull("index", "index", index).length);
        for (Tensor t : index) list.add(Index.of(t));
        return list;
    }

    /** Implements {@code x[...]}. */
    public static Tensor get(Tensor x, List<Index> index) {
        Parts p = parts(x, index, index.size() == 1);
        if (!p.tensors.isEmpty()) return AdvancedIndex.index(p.view, p.tensors);
        return p.view == x ? ViewOps.alias(x) : p.view;
    }

    /** Implements {@code x[...] = value}. */
    public static void set(Tensor x, Tensor value, List<Index> index) {
        Parts p = parts(x, index, false);
        if (p.tensors.isEmpty()) copy(p.view, value);
        else AdvancedIndex.indexPutInPlace(p.view, p.tensors, trimmed(value), false);
    }

    /** Implements {@code x[...] = number}. */
    public static void set(Tensor x, Number value, List<Index> index) {
        set(x, CreationOps.full(x.dtype(), Device.cpu(), value), index);
    }

    /** Applies an operation in place to {@code x[...]}, as {@code x[...] += 1} does. */
    public static void update(Tensor x, List<Index> index, UnaryOperator<Tensor> inPlace) {
        Parts p = parts(x, index, false);
        if (p.tensors.isEmpty()) {
            inPlace.apply(p.view);
            return;
        }
        Tensor picked = inPlace.apply(AdvancedIndex.index(p.view, p.tensors));
        AdvancedIndex.indexPutInPlace(p.view, p.tensors, picked, false);
    }

    private static void copy(Tensor to, Tensor value) {
        if (Arrays.equals(Internals.layout(to).sizes(), Internals.layout(value).sizes())) to.copy_(value);
        else if (value.dim() == 0 && value.device().isCpu()) to.fill_(value);
        else to.copy_(ViewOps.expand(trimmed(value), Internals.layout(to).sizes()));
    }

    /** Drops leading dimensions of size 1. */
    private static Tensor trimmed(Tensor value) {
        long[] sizes = Internals.layout(value).sizes();
        int lead = 0;
        while (lead < sizes.length && sizes[lead] == 1) lead++;
        return lead == 0 ? value : value.view(Arrays.copyOfRange(sizes, lead, sizes.length));
    }

    /** Parses an index; {@code alone} makes a full slice a view even if it is the only part. */
    private static Parts parts(Tensor x, List<Index> index, boolean alone) {
        int taken = 0;
        for (Index part : index) taken += dimensions(part);
        // For a single part, the view operations have PyTorch's more precise messages.
        if (taken > x.dim() && !(index.size() == 1 && !(index.getFirst() instanceof Index.Of))) {
            throw new IndexException("too many indices for tensor of dimension " + x.dim());
        }
        Tensor view = x;
        List<@Nullable Tensor> tensors = new ArrayList<>();
        int dim = 0;
        // A mask covers several dimensions with one tensor.
        int covered = 0;
        for (int part = 0; part < index.size(); part++) {
            switch (index.get(part)) {
                case Index.At(long at) -> view = pick(view, dim, at, part);
                case Index.Slice s -> {
                    if (x.dim() == 0) throw new IndexException("slice() cannot be applied to a 0-dim tensor.");
                    if (alone || !whole(s, view.size(dim))) {
                        view = ViewOps.slice(view, dim, s.start(), s.stop(), s.step());
                    }
                    dim++;
                }
                case Index.Ellipsis _ -> dim += x.dim() - taken;
                case Index.NewAxis _ -> view = view.unsqueeze(dim++);
                case Index.Of(Tensor t) -> {
                    if (t.dim() > 0 || t.dtype().isFloatingPoint()) {
                        put(tensors, dim - covered, t);
                        int dims = dimensions(index.get(part));
                        dim += dims;
                        covered += dims - 1;
                    } else if (isMask(t)) {
                        view = view.unsqueeze(dim);
                        put(tensors, dim++ - covered, truth(t));
                    } else {
                        view = pick(view, dim, t.itemLong(), part);
                    }
                }
            }
        }
        return new Parts(view, tensors);
    }

    /** Returns the number of dimensions that a part consumes. */
    private static int dimensions(Index part) {
        return switch (part) {
            case Index.At _, Index.Slice _ -> 1;
            case Index.Ellipsis _, Index.NewAxis _ -> 0;
            case Index.Of(Tensor t) -> isMask(t) ? t.dim() : 1;
        };
    }

    private static boolean isMask(Tensor t) {
        return t.dtype() == Dtype.BOOL || t.dtype() == Dtype.UINT8;
    }

    private static boolean whole(Index.Slice s, long size) {
        Long start = s.start();
        Long stop = s.stop();
        return (start == null || start == 0) && (stop == null || stop == size) && s.step() == 1;
    }

    /** Returns a bool scalar as an index into a dimension of size 1: 0, or empty. */
    private static Tensor truth(Tensor t) {
        return CreationOps.zeros(Dtype.INT64, t.device(), t.itemBoolean() ? 1 : 0);
    }

    private static void put(List<@Nullable Tensor> tensors, int dim, Tensor t) {
        while (tensors.size() < dim) tensors.add(null);
        tensors.add(t);
    }

    private static Tensor pick(Tensor view, int dim, long index, int part) {
        if (view.dim() == 0) {
            throw new IndexException("invalid index of a 0-dim tensor. Use `tensor.item()` in Python or"
                    + " `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number");
        }
        long size = view.size(dim);
        if (index < -size || index >= size) {
            throw new IndexException(
                    "index " + index + " is out of bounds for dimension " + part + " with size " + size);
        }
        return view.select(dim, index);
    }
}

package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Views: other layouts of the same memory. */
public final class ViewOps {
    private ViewOps() {}

    /**
     * The definition of a view.
     *
     * @param layout the view's layout
     * @param node the name of the backward node
     * @param rule computes the tensor's gradient from the view's
     */
    record Recipe(Layout layout, String node, GradientRule.Rule rule) {
        /** Returns the view. */
        Tensor of(Tensor x) {
            return GradientRule.of(node, Internals.viewOf(x, layout))
                    .input(x, rule)
                    .view(x);
        }

        /** Changes a tensor's own layout to the view's. */
        Tensor inPlace(Tensor self) {
            GradientRule.checkHistory(self);
            GradientRule grad = GradientRule.of(node.replace("Backward0", "Backward1"), self)
                    .input(self, rule);
            self.setData(Internals.viewOf(self, layout));
            Internals.version(self).bump();
            return grad.reshaped(self);
        }
    }

    /** Defines a view of some elements; the gradient of the others is zero. */
    private static Recipe part(Tensor x, String name, Layout layout, UnaryOperator<Tensor> view) {
        long[] sizes = Internals.layout(x).sizes();
        String node = name + "Backward0";
        return new Recipe(layout, node, g -> embed(g, name + "BackwardBackward0", sizes, view));
    }

    /** Returns zeros of a shape with {@code g} written to the part under {@code view}. */
    static Tensor embed(Tensor g, String node, long[] sizes, UnaryOperator<Tensor> view) {
        Tensor whole = CreationOps.zeros(g.dtype(), g.device(), sizes);
        Transfers.copy(Internals.data(g), Internals.data(view.apply(whole)));
        return GradientRule.of(node, whole).input(g, view::apply).done();
    }

    /** Implements {@code torch.alias}: a view of the whole tensor. */
    public static Tensor alias(Tensor x) {
        return new Recipe(Internals.layout(x), "AliasBackward0", g -> g).of(x);
    }

    /** Implements {@code torch.select}. */
    public static Tensor select(Tensor x, int dim, long index) {
        if (x.dim() == 0) throw new IndexException("select() cannot be applied to a 0-dim tensor.");
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d);
        if (index < -size || index >= size) {
            throw new IndexException("select(): index " + index + " out of range for tensor of size "
                    + Arrays.toString(Internals.layout(x).sizes()) + " at dimension " + d);
        }
        long i = index < 0 ? index + size : index;
        return part(x, "Select", Internals.layout(x).select(d, i), t -> select(t, d, i))
                .of(x);
    }

    /** Implements {@code x[start:end:step]} along a dimension with Python's clamping; null stands for the ends. */
    public static Tensor slice(Tensor x, int dim, @Nullable Long start, @Nullable Long end, long step) {
        if (x.dim() == 0) throw new IndexException("slice() cannot be applied to a 0-dim tensor.");
        int d = Broadcast.dim(dim, x.dim());
        if (step <= 0) throw new CotangentException("slice step must be positive");
        long size = x.size(d);
        long from = start == null ? 0 : bound(start, 0, size);
        long to = end == null ? size : bound(end, from, size);
        long length = (to - from) / step + ((to - from) % step == 0 ? 0 : 1);
        return part(
                        x,
                        "Slice",
                        Internals.layout(x).slice(d, from, length, step),
                        t -> slice(t, d, from, Math.max(from, to), step))
                .of(x);
    }

    private static long bound(long at, long least, long size) {
        return Math.clamp(at < 0 ? at + size : at, Math.min(least, size), size);
    }

    /** Implements {@code torch.narrow}. */
    public static Tensor narrow(Tensor x, int dim, long start, long length) {
        if (x.dim() == 0) throw new CotangentException("narrow() cannot be applied to a 0-dim tensor.");
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d);
        if (start < -size || start > size) {
            throw new IndexException("start out of range (expected to be in range of [" + -size + ", " + size
                    + "], but got " + start + ")");
        }
        long from = start < 0 ? start + size : start;
        if (length < 0) throw new CotangentException("narrow(): length must be non-negative.");
        if (from > size - length) {
            throw new CotangentException(
                    "start (" + from + ") + length (" + length + ") exceeds dimension size (" + size + ").");
        }
        return slice(x, d, from, from + length, 1);
    }

    /** Implements {@code torch.narrow_copy}. */
    public static Tensor narrowCopy(Tensor x, int dim, long start, long length) {
        if (x.dim() > 0 && dim >= x.dim()) {
            throw new CotangentException("Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got"
                    + " false. Dimension out of range (expected to be in range of [" + -x.dim() + ", " + (x.dim() - 1)
                    + "], but got " + dim + ")");
        }
        if (x.dim() > 0 && length < 0) {
            throw new CotangentException("start (" + start + ") + length (" + length + ") exceeds dimension size ("
                    + x.size(Broadcast.dim(dim, x.dim())) + ").");
        }
        return narrow(x, dim, start, length).contiguousCopy();
    }

    /** Implements {@code torch.diagonal}. */
    public static Tensor diagonal(Tensor x, long offset, int dim1, int dim2) {
        int a = Broadcast.dim(dim1, x.dim());
        int b = Broadcast.dim(dim2, x.dim());
        if (a == b) throw new CotangentException("diagonal dimensions cannot be identical " + dim1 + ", " + dim2);
        Layout l = Internals.layout(x);
        long length = Math.max(
                0, offset >= 0 ? Math.min(l.size(a), l.size(b) - offset) : Math.min(l.size(a) + offset, l.size(b)));
        long start = length == 0 ? 0 : offset >= 0 ? offset * l.stride(b) : -offset * l.stride(a);
        int rank = x.dim() - 1;
        long[] sizes = new long[rank];
        long[] strides = new long[rank];
        int n = 0;
        for (int d = 0; d < x.dim(); d++) {
            if (d == a || d == b) continue;
            sizes[n] = l.size(d);
            strides[n++] = l.stride(d);
        }
        sizes[n] = length;
        strides[n] = l.stride(a) + l.stride(b);
        Layout layout = Layout.of(sizes, strides, l.offset() + start);
        return part(x, "Diagonal", layout, t -> diagonal(t, offset, a, b)).of(x);
    }

    /** Implements {@code torch.Tensor.unfold}. */
    public static Tensor unfold(Tensor x, int dimension, long size, long step) {
        int d = Broadcast.dim(dimension, x.dim());
        long most = x.dim() == 0 ? 1 : x.size(d);
        if (size > most) {
            throw new CotangentException(
                    "maximum size for tensor at dimension " + d + " is " + most + " but size is " + size);
        }
        if (step <= 0) throw new CotangentException("step is " + step + " but must be > 0");
        long[] sizes = Internals.layout(x).sizes();
        Layout seen = unfold(Internals.layout(x), d, size, step);
        return new Recipe(seen, "UnfoldBackward0", g -> {
                    Layout flat = Layout.contiguous(sizes);
                    return stridedBackward(g, flat, unfold(flat, d, size, step));
                })
                .of(x);
    }

    private static Layout unfold(Layout l, int d, long size, long step) {
        int rank = l.rank();
        long[] sizes = Arrays.copyOf(l.sizes(), rank + 1);
        long[] strides = Arrays.copyOf(l.strides(), rank + 1);
        sizes[rank] = size;
        strides[rank] = rank == 0 ? 1 : l.stride(d);
        if (rank > 0) {
            sizes[d] = (sizes[d] - size) / step + 1;
            strides[d] *= step;
        }
        return Layout.of(sizes, strides, l.offset());
    }

    /** Implements {@code torch.permute}. */
    public static Tensor permute(Tensor x, int... dims) {
        if (dims.length != x.dim()) {
            throw new CotangentException(
                    "permute(sparse_coo): number of dimensions in the tensor input does not match the"
                            + " length of the desired ordering of dimensions i.e. input.dim() = " + x.dim()
                            + " is not equal to len(dims) = " + dims.length);
        }
        int[] order = new int[dims.length];
        int[] back = new int[dims.length];
        boolean[] seen = new boolean[dims.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = Broadcast.dim(dims[i], x.dim());
            if (seen[order[i]]) throw new CotangentException("permute(): duplicate dims are not allowed.");
            seen[order[i]] = true;
            back[order[i]] = i;
        }
        return new Recipe(Internals.layout(x).permute(order), "PermuteBackward0", g -> permute(g, back)).of(x);
    }

    /** Implements {@code torch.transpose}. */
    static Recipe transposed(Tensor x, int a, int b) {
        int p = Broadcast.dim(a, x.dim());
        int q = Broadcast.dim(b, x.dim());
        Layout l = x.dim() == 0 ? Internals.layout(x) : Internals.layout(x).transpose(p, q);
        return new Recipe(l, "TransposeBackward0", g -> transposed(g, p, q).of(g));
    }

    /** Implements {@code torch.transpose}. */
    public static Tensor transpose(Tensor x, int a, int b) {
        return transposed(x, a, b).of(x);
    }

    /** Implements {@code torch.Tensor.transpose_}. */
    public static Tensor transposeInPlace(Tensor self, int a, int b) {
        return transposed(self, a, b).inPlace(self);
    }

    private static Recipe matrixTransposed(Tensor x) {
        if (x.dim() > 2) {
            throw new CotangentException("t() expects a tensor with <= 2 dimensions, but self is " + x.dim() + "D");
        }
        return new Recipe(
                x.dim() < 2 ? Internals.layout(x) : Internals.layout(x).transpose(0, 1), "TBackward0", ViewOps::t);
    }

    /** Implements {@code torch.t}. */
    public static Tensor t(Tensor x) {
        return matrixTransposed(x).of(x);
    }

    /** Implements {@code torch.Tensor.t_}. */
    public static Tensor tInPlace(Tensor self) {
        return matrixTransposed(self).inPlace(self);
    }

    private static Recipe unsqueezed(Tensor x, int dim) {
        int d = Broadcast.dim(dim, x.dim() + 1);
        return new Recipe(Internals.layout(x).unsqueeze(d), "UnsqueezeBackward0", g -> squeeze(g, d));
    }

    /** Implements {@code torch.unsqueeze}. */
    public static Tensor unsqueeze(Tensor x, int dim) {
        return unsqueezed(x, dim).of(x);
    }

    /** Implements {@code torch.Tensor.unsqueeze_}. */
    public static Tensor unsqueezeInPlace(Tensor self, int dim) {
        return unsqueezed(self, dim).inPlace(self);
    }

    private static Recipe squeezed(Tensor x, int dim, String node) {
        int d = Broadcast.dim(dim, x.dim());
        boolean drops = x.dim() > 0 && x.size(d) == 1;
        Layout l = drops ? Internals.layout(x).squeeze(d) : Internals.layout(x);
        return new Recipe(l, node, g -> drops ? unsqueeze(g, d) : g);
    }

    private static Recipe squeezed(Tensor x, String node) {
        long[] sizes = Internals.layout(x).sizes();
        Layout l = Internals.layout(x);
        for (int d = l.rank() - 1; d >= 0; d--) if (l.size(d) == 1) l = l.squeeze(d);
        return new Recipe(l, node, g -> g.reshape(sizes));
    }

    private static Recipe squeezed(Tensor x, int[] dims, String node) {
        boolean[] named = new boolean[Math.max(x.dim(), 1)];
        for (int dim : dims) {
            int d = Broadcast.dim(dim, x.dim());
            if (named[d]) throw new CotangentException("dim " + d + " appears multiple times in the list of dims");
            named[d] = true;
        }
        long[] sizes = Internals.layout(x).sizes();
        Layout l = Internals.layout(x);
        for (int d = l.rank() - 1; d >= 0; d--) if (named[d] && l.size(d) == 1) l = l.squeeze(d);
        return new Recipe(l, node, g -> g.reshape(sizes));
    }

    /** Implements {@code torch.squeeze} of several dimensions. */
    public static Tensor squeeze(Tensor x, int[] dims) {
        return squeezed(x, dims, "SqueezeBackward2").of(x);
    }

    /** Implements {@code torch.Tensor.squeeze_} of several dimensions. */
    public static Tensor squeezeInPlace(Tensor self, int[] dims) {
        return squeezed(self, dims, "SqueezeBackward5").inPlace(self);
    }

    /** Implements {@code torch.squeeze} of one dimension. */
    public static Tensor squeeze(Tensor x, int dim) {
        return squeezed(x, dim, "SqueezeBackward1").of(x);
    }

    /** Implements {@code torch.squeeze} of all dimensions of size 1. */
    public static Tensor squeeze(Tensor x) {
        return squeezed(x, "SqueezeBackward0").of(x);
    }

    /** Implements {@code torch.Tensor.squeeze_} of one dimension. */
    public static Tensor squeezeInPlace(Tensor self, int dim) {
        return squeezed(self, dim, "SqueezeBackward4").inPlace(self);
    }

    /** Implements {@code torch.Tensor.squeeze_} of all dimensions of size 1. */
    public static Tensor squeezeInPlace(Tensor self) {
        return squeezed(self, "SqueezeBackward3").inPlace(self);
    }

    /** Implements {@code torch.Tensor.expand}; -1 keeps a size. */
    public static Tensor expand(Tensor x, long... sizes) {
        int rank = x.dim();
        if (sizes.length < rank) {
            throw new CotangentException("expand(" + typeText(x) + ", size=" + Arrays.toString(sizes)
                    + "): the number of sizes provided (" + sizes.length + ") must be greater or equal to the number of"
                    + " dimensions in the tensor (" + rank + ")");
        }
        long[] to = sizes.clone();
        for (int i = to.length - 1; i >= 0; i--) {
            int d = i - to.length + rank;
            if (d < 0) {
                if (to[i] < 0) {
                    throw new CotangentException("The expanded size of the tensor (" + to[i]
                            + ") isn't allowed in a leading," + " non-existing dimension " + i);
                }
                continue;
            }
            if (to[i] == -1) to[i] = x.size(d);
            else if (x.size(d) != 1 && x.size(d) != to[i]) {
                throw new CotangentException("The expanded size of the tensor (" + to[i]
                        + ") must match the existing size ("
                        + x.size(d) + ") at non-singleton dimension " + i + ".  Target sizes: " + Arrays.toString(sizes)
                        + ".  Tensor sizes: "
                        + Arrays.toString(Internals.layout(x).sizes()));
            }
        }
        long[] before = Internals.layout(x).sizes();
        return new Recipe(Internals.layout(x).expand(to), "ExpandBackward0", g -> g.sumToSize(before)).of(x);
    }

    private static String typeText(Tensor x) {
        String backend = x.device().type().toUpperCase(java.util.Locale.ROOT);
        return backend + x.dtype().scalarName() + "Type{"
                + Arrays.toString(Internals.layout(x).sizes()) + "}";
    }

    /** Implements {@code torch.Tensor.view}; one size may be -1. */
    public static Tensor view(Tensor x, long... sizes) {
        long[] to = infer(sizes, x.numel());
        Layout l = Internals.layout(x).view(to);
        if (l == null) {
            throw new CotangentException("view size is not compatible with input tensor's size and stride (at least one"
                    + " dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
        }
        long[] before = Internals.layout(x).sizes();
        return new Recipe(l, "ViewBackward0", g -> g.reshape(before)).of(x);
    }

    /** Implements {@code torch.reshape}: a view if the strides allow it, else a copy. */
    public static Tensor reshape(Tensor x, long... sizes) {
        long[] to = infer(sizes, x.numel());
        Layout l = Internals.layout(x).view(to);
        long[] before = Internals.layout(x).sizes();
        if (l != null) return new Recipe(l, "ViewBackward0", g -> g.reshape(before)).of(x);
        Tensor copy = x.contiguousCopy();
        Tensor out = Internals.wrap(Internals.data(copy).with(Layout.contiguous(to)));
        return GradientRule.of("UnsafeViewBackward0", out)
                .input(copy, g -> g.reshape(before))
                .done();
    }

    /** Returns the shape with -1 inferred from {@code numel}; throws PyTorch's errors if no size fits. */
    static long[] infer(long[] sizes, long numel) {
        long[] to = sizes.clone();
        int open = -1;
        long known = 1;
        for (int i = 0; i < to.length; i++) {
            if (to[i] == -1) {
                if (open >= 0) throw new CotangentException("only one dimension can be inferred");
                open = i;
            } else if (to[i] < 0) {
                throw new CotangentException("invalid shape dimension " + to[i]);
            } else {
                known *= to[i];
            }
        }
        boolean fits = open < 0 ? known == numel : known > 0 ? numel % known == 0 : numel == 0;
        if (!fits) {
            throw new CotangentException(
                    "shape '" + Arrays.toString(sizes) + "' is invalid for input of size " + numel);
        }
        if (open >= 0) {
            if (known == 0) {
                throw new CotangentException("cannot reshape tensor of 0 elements into shape " + Arrays.toString(sizes)
                        + " because the unspecified dimension size -1 can be any value and is ambiguous");
            }
            to[open] = numel / known;
        }
        return to;
    }

    /** Implements {@code torch.as_strided} with an offset from the start of the storage; null for the tensor's own. */
    public static Tensor asStrided(Tensor x, long[] sizes, long[] strides, @Nullable Long offset) {
        return strided(x, sizes, strides, offset).of(x);
    }

    /** Implements {@code torch.Tensor.as_strided_}. */
    public static Tensor asStridedInPlace(Tensor self, long[] sizes, long[] strides, @Nullable Long offset) {
        return strided(self, sizes, strides, offset).inPlace(self);
    }

    private static Recipe strided(Tensor x, long[] sizes, long[] strides, @Nullable Long storageOffset) {
        if (sizes.length != strides.length) throw new CotangentException("mismatch in length of strides and shape");
        long offset = storageOffset == null ? Internals.layout(x).offset() : storageOffset;
        for (long s : strides) {
            if (s < 0) {
                throw new CotangentException(
                        "as_strided: Negative strides are not supported at the moment, got strides: "
                                + Arrays.toString(strides));
            }
        }
        if (offset < 0) throw new CotangentException("Tensor: invalid storage offset " + offset);
        Layout l = Layout.of(sizes.clone(), strides.clone(), offset);
        if (l.numel() > 0 && l.storageSpan() > Internals.data(x).capacity()) {
            throw new CotangentException("setStorage: sizes " + Arrays.toString(sizes) + ", strides "
                    + Arrays.toString(strides) + ", storage offset " + offset + ", and itemsize "
                    + x.dtype().bytes()
                    + " requiring a storage size of "
                    + l.storageSpan() * x.dtype().bytes()
                    + " are out of bounds for storage of size "
                    + Internals.data(x).capacity() * x.dtype().bytes());
        }
        Layout from = Internals.layout(x);
        return new Recipe(l, "AsStridedBackward0", g -> stridedBackward(g, from, l));
    }

    /** Returns the gradient of a tensor of layout {@code base} from that of a strided view of its storage. */
    public static Tensor stridedBackward(Tensor g, Layout base, Layout view) {
        long start = Math.min(base.offset(), view.offset());
        long size = Math.max(base.storageSpan(), view.storageSpan()) - start;
        Device device = g.device();
        Tensor flat = CreationOps.zeros(g.dtype(), device, size);
        if (!view.overlaps()) {
            // PyTorch counts two writes here: zeroing and copying.
            Internals.version(flat).bump();
            asStrided(flat, view.sizes(), view.strides(), view.offset() - start).copy_(g);
        } else {
            flat = overlapped(flat, g, view, view.offset() - start);
        }
        if (base.overlaps()) {
            // Aliased elements divide the gradient evenly.
            Tensor ones = ViewOps.expand(CreationOps.ones(g.dtype(), device), base.sizes());
            Tensor count = CreationOps.zeros(g.dtype(), device, size);
            flat = flat.div(overlapped(count, ones, base, base.offset() - start).clampMin(1));
        }
        return asStrided(flat, base.sizes(), base.strides(), base.offset() - start);
    }

    /** Accumulates a gradient into zeros through an overlapping layout. */
    private static Tensor overlapped(Tensor zeros, Tensor g, Layout view, long offset) {
        Layout target = Layout.of(view.sizes(), view.strides(), offset);
        Strided from = Transfers.resolved(Internals.data(g));
        Strided to = Internals.data(zeros).with(target);
        if (g.numel() > 0 && from.form().isComplex()) {
            for (int part = 0; part < 2; part++) to.backend().addOverlapping(from.part(part), to.part(part));
        } else if (g.numel() > 0) {
            to.backend().addOverlapping(from, to);
        }
        return GradientRule.of("ScatterAddBackward0", zeros)
                .input(g, gg -> {
                    Tensor flat = gg.contiguous();
                    return asStrided(
                            flat,
                            target.sizes(),
                            target.strides(),
                            Internals.layout(flat).offset() + offset);
                })
                .done();
    }
}

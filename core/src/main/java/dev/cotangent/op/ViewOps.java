package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Layout;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Views: other layouts of the same memory. */
public final class ViewOps {
    private ViewOps() {}

    /** A view, recorded by the rule that turns the view's gradient into that of {@code x}. */
    static Tensor view(Tensor x, Layout layout, String node, Grad.Rule rule) {
        Tensor out = Tensor.viewOf(x, layout);
        return Grad.of(node, out).input(x, rule).view(x);
    }

    /** A view of some of the elements: its gradient is zero elsewhere. */
    static Tensor part(Tensor x, String node, UnaryOperator<Tensor> again, Layout layout) {
        long[] sizes = x.layout().sizes();
        return view(x, layout, node, g -> embed(g, sizes, again));
    }

    /** Zeros of that shape, but for the part that {@code place} views, where they are {@code g}. */
    static Tensor embed(Tensor g, long[] sizes, UnaryOperator<Tensor> place) {
        Tensor whole = Factories.zeros(g.dtype(), g.device(), sizes);
        place.apply(whole).copy_(g);
        return whole;
    }

    /** {@code torch.select}. */
    public static Tensor select(Tensor x, long dim, long index) {
        if (x.dim() == 0) throw new IndexException("select() cannot be applied to a 0-dim tensor.");
        int d = Broadcast.dim(dim, x.dim());
        long size = x.size(d);
        if (index < -size || index >= size) {
            throw new IndexException("select(): index " + index + " out of range for tensor of size "
                    + x.shape().toString().replace("torch.Size(", "").replace(")", "") + " at dimension " + d);
        }
        long i = index < 0 ? index + size : index;
        return part(x, "SelectBackward0", t -> select(t, d, i), x.layout().select(d, i));
    }

    /** {@code x[start:end:step]} along a dimension, Python's rules for bounds out of range. */
    public static Tensor slice(Tensor x, long dim, long start, long end, long step) {
        if (x.dim() == 0) throw new CotangentException("slice() cannot be applied to a 0-dim tensor.");
        int d = Broadcast.dim(dim, x.dim());
        if (step <= 0) throw new CotangentException("slice step must be positive");
        long size = x.size(d);
        long from = Math.clamp(start < 0 ? start + size : start, 0, size);
        long to = Math.clamp(end < 0 ? end + size : end, from, size);
        long length = (to - from + step - 1) / step;
        return part(
                x,
                "SliceBackward0",
                t -> slice(t, d, from, to, step),
                x.layout().slice(d, from, length, step));
    }

    /** {@code torch.permute}. */
    public static Tensor permute(Tensor x, long... dims) {
        if (dims.length != x.dim()) {
            throw new CotangentException(
                    "permute(sparse_coo): number of dimensions in the tensor input does not match the"
                            + " length of the desired ordering of dimensions i.e. input.dim() = " + x.dim()
                            + " is not equal to len(dims) = " + dims.length);
        }
        int[] order = new int[dims.length];
        long[] back = new long[dims.length];
        boolean[] seen = new boolean[dims.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = Broadcast.dim(dims[i], x.dim());
            if (seen[order[i]]) throw new CotangentException("permute(): duplicate dims are not allowed.");
            seen[order[i]] = true;
            back[order[i]] = i;
        }
        return view(x, x.layout().permute(order), "PermuteBackward0", g -> permute(g, back));
    }

    /** {@code torch.transpose}. */
    public static Tensor transpose(Tensor x, long a, long b, String node) {
        int p = Broadcast.dim(a, x.dim());
        int q = Broadcast.dim(b, x.dim());
        Layout l = x.dim() == 0 ? x.layout() : x.layout().transpose(p, q);
        return view(x, l, node, g -> transpose(g, p, q, node));
    }

    /** {@code torch.t}. */
    public static Tensor t(Tensor x) {
        if (x.dim() > 2) {
            throw new CotangentException("t() expects a tensor with <= 2 dimensions, but self is " + x.dim() + "D");
        }
        Layout l = x.dim() < 2 ? x.layout() : x.layout().transpose(0, 1);
        return view(x, l, "TBackward0", ViewOps::t);
    }

    /** {@code torch.unsqueeze}. */
    public static Tensor unsqueeze(Tensor x, long dim) {
        int d = Broadcast.dim(dim, x.dim() + 1);
        return view(x, x.layout().unsqueeze(d), "UnsqueezeBackward0", g -> squeeze(g, d));
    }

    /** {@code torch.squeeze} of one dimension. */
    public static Tensor squeeze(Tensor x, long dim) {
        int d = Broadcast.dim(dim, x.dim());
        boolean drops = x.dim() > 0 && x.size(d) == 1;
        Layout l = drops ? x.layout().squeeze(d) : x.layout();
        return view(x, l, "SqueezeBackward1", g -> drops ? unsqueeze(g, d) : g);
    }

    /** {@code torch.squeeze} of all dimensions of size 1. */
    public static Tensor squeeze(Tensor x) {
        long[] sizes = x.layout().sizes();
        Layout l = x.layout();
        for (int d = l.rank() - 1; d >= 0; d--) if (l.size(d) == 1) l = l.squeeze(d);
        return view(x, l, "SqueezeBackward0", g -> g.reshape(sizes));
    }

    /** {@code torch.expand}; -1 keeps a size. */
    public static Tensor expand(Tensor x, long... sizes) {
        int rank = x.dim();
        if (sizes.length < rank) {
            throw new CotangentException("expand(" + typeText(x) + ", size=" + Arrays.toString(sizes)
                    + "): the number of sizes provided (" + sizes.length + ") must be greater or equal to the number of"
                    + " dimensions in the tensor (" + rank + ")");
        }
        long[] to = sizes.clone();
        for (int i = 0; i < to.length; i++) {
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
                        + ".  Tensor sizes: " + Arrays.toString(x.layout().sizes()));
            }
        }
        long[] before = x.layout().sizes();
        return view(x, x.layout().expand(to), "ExpandBackward0", g -> g.sumToSize(before));
    }

    private static String typeText(Tensor x) {
        return x.type() + "{" + Arrays.toString(x.layout().sizes()) + "}";
    }

    /** {@code torch.Tensor.view}; one size may be -1. */
    public static Tensor view(Tensor x, long... sizes) {
        long[] to = infer(sizes, x.numel());
        Layout l = x.layout().view(to);
        if (l == null) {
            throw new CotangentException("view size is not compatible with input tensor's size and stride (at least one"
                    + " dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
        }
        long[] before = x.layout().sizes();
        return view(x, l, "ViewBackward0", g -> g.reshape(before));
    }

    /** {@code torch.reshape}: a view where strides allow, else a copy. */
    public static Tensor reshape(Tensor x, long... sizes) {
        long[] to = infer(sizes, x.numel());
        Layout l = x.layout().view(to);
        long[] before = x.layout().sizes();
        if (l != null) return view(x, l, "ReshapeAliasBackward0", g -> g.reshape(before));
        Tensor copy = x.contiguousCopy();
        Tensor out = Tensor.wrap(copy.strided().with(Layout.contiguous(to)));
        return Grad.of("UnsafeViewBackward0", out)
                .input(copy, g -> g.reshape(before))
                .done();
    }

    /** The shape with -1 replaced by what is left of {@code numel}; PyTorch's errors where nothing fits. */
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
        if (open >= 0 && known == 0) {
            throw new CotangentException("cannot reshape tensor of 0 elements into shape " + Arrays.toString(sizes)
                    + " because the unspecified dimension size -1 can be any value and is ambiguous");
        }
        if (open >= 0 && numel % known == 0) {
            to[open] = numel / known;
            known *= to[open];
        }
        if (known != numel || (open >= 0 && to[open] == -1)) {
            throw new CotangentException(
                    "shape '" + Arrays.toString(sizes) + "' is invalid for input of size " + numel);
        }
        return to;
    }

    /** {@code torch.as_strided}, the offset counted from the start of the storage. */
    public static Tensor asStrided(Tensor x, long[] sizes, long[] strides, long offset) {
        Layout l = Layout.of(sizes.clone(), strides.clone(), offset);
        if (offset < 0 || l.extent() > x.storage().size()) {
            throw new CotangentException("setStorage: sizes " + Arrays.toString(sizes) + ", strides "
                    + Arrays.toString(strides) + ", storage offset " + offset + " requiring a storage size of "
                    + l.extent() * x.dtype().bytes() + " are out of bounds for storage of size "
                    + x.storage().size() * x.dtype().bytes());
        }
        Layout from = x.layout();
        return view(x, l, "AsStridedBackward0", g -> stridedBackward(g, from, l));
    }

    /** The gradient of a tensor laid out as {@code base} from that of a strided view of its storage. */
    public static Tensor stridedBackward(Tensor g, Layout base, Layout view) {
        long start = Math.min(base.offset(), view.offset());
        long size = Math.max(base.extent(), view.extent()) - start;
        Device device = g.device();
        Tensor flat = Factories.zeros(g.dtype(), device, size);
        if (!view.overlaps()) {
            asStrided(flat, view.sizes(), view.strides(), view.offset() - start).copy_(g);
        } else {
            Tensor places = places(view, view.offset() - start, device);
            flat = flat.scatterAdd(0, places.reshape(-1), g.reshape(-1));
        }
        if (base.overlaps()) {
            // Elements that share a place share its gradient evenly.
            Tensor places = places(base, base.offset() - start, device).reshape(-1);
            Tensor ones = Factories.ones(g.dtype(), device, places.numel());
            Tensor count = Factories.zeros(g.dtype(), device, size).scatterAdd(0, places, ones);
            flat = flat.div(count.clampMin(1));
        }
        return asStrided(flat, base.sizes(), base.strides(), base.offset() - start);
    }

    private static Tensor places(Layout l, long offset, Device device) {
        Tensor sum = Factories.full(dev.cotangent.Dtype.INT64, device, offset);
        for (int d = 0; d < l.rank(); d++) {
            long[] shape = new long[l.rank() - d];
            Arrays.fill(shape, 1);
            shape[0] = l.size(d);
            sum = sum.add(Factories.arange(0, l.size(d), 1, dev.cotangent.Dtype.INT64, device)
                    .mul(l.stride(d))
                    .view(shape));
        }
        return sum.expand(l.sizes());
    }
}

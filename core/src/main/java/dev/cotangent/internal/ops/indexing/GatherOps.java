package dev.cotangent.internal.ops.indexing;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.ScatterReduction;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gather and scatter along one dimension, with an index per element. */
public final class GatherOps {
    /** Reductions of {@code scatter_reduce}. */
    enum Reduce {
        SUM,
        PROD,
        MEAN,
        AMAX,
        AMIN;

        /** Returns the reduction of PyTorch's name, null if there is none. */
        static @Nullable Reduce named(String name) {
            for (Reduce r : values()) if (r.name().equalsIgnoreCase(name)) return r;
            return null;
        }

        private Scatter kind() {
            return switch (this) {
                case SUM, MEAN -> Scatter.ADD;
                case PROD -> Scatter.MUL;
                case AMAX -> Scatter.MAX;
                case AMIN -> Scatter.MIN;
            };
        }

        /** Returns the identity of the reduction. */
        private Number identity(Dtype dtype) {
            return switch (this) {
                case SUM, MEAN -> 0;
                case PROD -> 1;
                case AMAX -> dtype.isFloatingPoint() ? (Number) Double.NEGATIVE_INFINITY : least(dtype);
                case AMIN -> dtype.isFloatingPoint() ? (Number) Double.POSITIVE_INFINITY : most(dtype);
            };
        }

        private static Number least(Dtype dtype) {
            return switch (dtype) {
                case INT64 -> Long.MIN_VALUE;
                case INT32 -> Integer.MIN_VALUE;
                case INT16 -> Short.MIN_VALUE;
                case INT8 -> Byte.MIN_VALUE;
                default -> 0;
            };
        }

        private static Number most(Dtype dtype) {
            return switch (dtype) {
                case INT64 -> Long.MAX_VALUE;
                case INT32 -> Integer.MAX_VALUE;
                case INT16 -> Short.MAX_VALUE;
                case INT8 -> Byte.MAX_VALUE;
                case UINT8 -> 255;
                default -> 1;
            };
        }
    }

    private GatherOps() {}

    // Without history and checks

    /** Returns the elements in a layout of at least one dimension. */
    private static Strided atLeast1d(Tensor x) {
        return x.dim() > 0
                ? Internals.data(x)
                : Internals.data(x).with(Internals.layout(x).unsqueeze(0));
    }

    /** Gathers elements of any dtype; of complex numbers both parts. */
    static void gather(Strided in, int dim, Strided index, Strided out) {
        Strided from = Transfers.resolved(in);
        Backend backend = from.backend();
        if (from.form().isComplex()) backend.gather(from.pairs(), dim, ofPairs(index), out.pairs());
        else backend.gather(from, dim, index, out);
    }

    /** Scatters elements of any dtype; of complex numbers both parts. */
    static void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        Backend backend = to.backend();
        if (!to.form().isComplex()) {
            backend.scatter(kind, to, dim, index, Transfers.resolved(from));
            return;
        }
        if (kind != Scatter.SET && kind != Scatter.ADD) throw Promotion.notImplemented("scatter_", to.dtype());
        boolean conjugates = to.form() == ElementForm.CONJUGATED;
        Strided values = conjugates ? from.with(from.form().conjugate()) : from;
        backend.scatter(
                kind,
                to.pairs(),
                dim,
                ofPairs(index),
                Transfers.resolved(values).pairs());
    }

    /** Returns an index or a mask expanded to both parts of complex numbers. */
    static Strided ofPairs(Strided index) {
        Layout l = index.layout();
        long[] sizes = Arrays.copyOf(l.sizes(), l.rank() + 1);
        sizes[l.rank()] = 2;
        return index.with(Layout.of(sizes, Arrays.copyOf(l.strides(), l.rank() + 1), l.offset()));
    }

    /** Gathers into {@code out}, which has the index's shape. */
    static Tensor gather(Tensor x, int dim, Tensor index, Tensor out) {
        if (index.numel() > 0) {
            gather(atLeast1d(x), dim, atLeast1d(index), atLeast1d(out));
        }
        return out;
    }

    /** Scatters the leading part of {@code from} that has the index's shape. */
    static void scatter(Scatter kind, Tensor to, int dim, Tensor index, Tensor from) {
        if (index.numel() == 0) return;
        Strided at = atLeast1d(index);
        Strided part = atLeast1d(from);
        Layout l = part.layout();
        for (int d = 0; d < l.rank(); d++) {
            long size = at.layout().size(d);
            if (l.size(d) != size) l = l.slice(d, 0, size, 1);
        }
        Internals.storage(to).materializeReaders();
        scatter(kind, atLeast1d(to), dim, at, part.with(l));
    }

    /** Returns a scalar expanded to the index's shape. */
    static Tensor constant(Tensor like, Number value, Tensor index) {
        return ViewOps.expand(
                CreationOps.full(like.dtype(), like.device(), value),
                Internals.layout(index).sizes());
    }

    /** Expands a vector of indices along a dimension to a given shape. */
    static Tensor along(Tensor index, int dim, long[] sizes) {
        Tensor whole = index.dtype() == Dtype.INT64 ? index : index.detach().to(Dtype.INT64);
        long[] strides = new long[sizes.length];
        if (sizes.length > 0) strides[dim] = whole.dim() == 0 ? 0 : whole.stride(0);
        Layout l = Layout.of(sizes, strides, Internals.layout(whole).offset());
        return Internals.wrap(Internals.strided(whole).with(l), Internals.version(index));
    }

    /** Translates the backend's index error to PyTorch's RuntimeError. */
    private static <T> T inRange(Supplier<T> work) {
        try {
            return work.get();
        } catch (IndexException e) {
            throw new CotangentException(String.valueOf(e.getMessage()), e);
        }
    }

    // Targets of writes: the tensor itself, or a copy

    /** Returns the tensor to write, itself or a copy; throws if another operand overlaps it. */
    static Tensor target(Tensor x, boolean inPlace, Tensor... others) {
        if (!inPlace) return x.detach().clone();
        GradientRule.checkInPlace(x, others);
        Overlap.checkDisjoint(x, others);
        return x;
    }

    /** Ends the recording of a write to the target. */
    static Tensor finish(GradientRule grad, Tensor target, boolean inPlace) {
        if (!inPlace) return grad.done();
        return grad.inPlace(target);
    }

    /** Counts an in-place write, before it is recorded. */
    static void written(Tensor target, boolean inPlace) {
        if (inPlace) Internals.version(target).bump();
    }

    // Checks

    /** Returns an int32 or int64 index as int64. */
    public static Tensor wide(Tensor index) {
        Arguments.notNull("index", "index", index);
        return index.dtype() == Dtype.INT32 ? index.detach().to(Dtype.INT64) : index;
    }

    /** Returns the mode's name in {@code torch.scatter}; throws PyTorch's error if it has none. */
    public static String scatterMode(ScatterReduction reduce) {
        return switch (Arguments.notNull("scatter", "reduce", reduce)) {
            case SUM -> "add";
            case PROD -> "multiply";
            default ->
                throw new CotangentException("reduce argument must be either add or multiply: of " + reduce.text()
                        + " there is scatterReduce.");
        };
    }

    private static void checkIndex(String op, Tensor self, @Nullable Tensor src, Tensor index) {
        if (index.numel() > 0 && index.dtype() != Dtype.INT64) {
            throw new CotangentException(op + "(): Expected dtype int32/int64 for index");
        }
        if (src != null && src.dtype() != self.dtype()) {
            throw new CotangentException(op + "(): Expected self.dtype to be equal to src.dtype");
        }
    }

    private static void checkScatter(Tensor self, int dim, Tensor index, @Nullable Tensor src) {
        if (index.numel() == 0) return;
        int rank = Math.max(1, self.dim());
        if (Math.max(1, index.dim()) != rank) {
            throw new CotangentException("Index tensor must have the same number of dimensions as self tensor");
        }
        boolean wrong = false;
        for (int d = 0; d < rank; d++) wrong |= d != dim && size(index, d) > size(self, d);
        if (src != null) {
            if (Math.max(1, src.dim()) != rank) {
                throw new CotangentException("Index tensor must have the same number of dimensions as src tensor");
            }
            for (int d = 0; d < rank; d++) wrong |= size(index, d) > size(src, d);
        }
        if (wrong) {
            throw new CotangentException("Expected index "
                    + Arrays.toString(Internals.layout(index).sizes())
                    + " to be smaller than self "
                    + Arrays.toString(Internals.layout(self).sizes()) + " apart from dimension "
                    + dim
                    + (src == null
                            ? ""
                            : " and to be smaller size than src "
                                    + Arrays.toString(Internals.layout(src).sizes())));
        }
    }

    private static long size(Tensor t, int d) {
        return t.dim() == 0 ? 1 : t.size(d);
    }

    // Operations

    /** Implements {@code torch.gather}. */
    public static Tensor gather(Tensor x, int dim, Tensor index) {
        int d = Broadcast.dim(dim, x.dim());
        if (index.numel() > 0) {
            checkIndex("gather", x, null, index);
            int rank = Math.max(1, x.dim());
            if (Math.max(1, index.dim()) != rank) {
                throw new CotangentException("Index tensor must have the same number of dimensions as input tensor");
            }
            for (int i = 0; i < rank; i++) {
                if (i != d && size(index, i) > size(x, i)) {
                    throw new CotangentException("Size does not match at dimension " + i + " expected index "
                            + Arrays.toString(Internals.layout(index).sizes()) + " to be smaller than self "
                            + Arrays.toString(Internals.layout(x).sizes()) + " apart from dimension " + d);
                }
            }
        }
        Promotion.device("gather", x, index);
        Tensor out = CreationOps.uninitialized(
                x.dtype(), x.device(), Internals.layout(index).sizes());
        inRange(() -> gather(x, d, index, out));
        long[] sizes = Internals.layout(x).sizes();
        return GradientRule.of("GatherBackward0", out)
                .input(x, index, (g, i) -> sum(sizes, d, i, g))
                .none(index)
                .done();
    }

    /** Implements {@code torch.scatter_add}. */
    public static Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor src, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkIndex("scatter", x, src, index);
        checkScatter(x, d, index, src);
        Promotion.device("scatter_add", x, index, src);
        Tensor from = part(src, index);
        Tensor out = target(x, inPlace, src, index);
        put(Scatter.ADD, out, d, index, from);
        written(out, inPlace);
        GradientRule grad = GradientRule.of("ScatterAddBackward0", out)
                .input(x, g -> g)
                .none(index)
                .input(from, index, (g, i) -> gather(g, d, i));
        return finish(grad, out, inPlace);
    }

    /** Accumulates a gradient into zeros at a valid index. */
    public static Tensor sum(long[] sizes, int d, Tensor index, Tensor g) {
        Tensor out = CreationOps.zeros(g.dtype(), g.device(), sizes);
        scatter(Scatter.ADD, out, d, index, g);
        return GradientRule.of("ScatterAddBackward0", out)
                .none(out)
                .none(index)
                .input(g, index, (gg, i) -> gather(gg, d, i))
                .done();
    }

    private static void put(Scatter kind, Tensor out, int d, Tensor index, Tensor src) {
        inRange(() -> {
            scatter(kind, out, d, index, src);
            return out;
        });
    }

    /** Returns the part of a source that has the index's shape; PyTorch defines no gradient if it is smaller. */
    private static Tensor part(Tensor src, Tensor index) {
        if (index.numel() == 0) return src;
        Tensor part = src;
        for (int d = 0; d < Math.min(src.dim(), index.dim()); d++) {
            if (part.size(d) != index.size(d)) part = ViewOps.narrow(part, d, 0, index.size(d));
        }
        return part;
    }

    /** Implements {@code torch.scatter} of a tensor's elements. */
    public static Tensor scatter(Tensor x, int dim, Tensor index, Tensor src, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkIndex("scatter", x, src, index);
        checkScatter(x, d, index, src);
        Promotion.device("scatter", x, index, src);
        Tensor from = part(src, index);
        Tensor out = target(x, inPlace, src, index);
        put(Scatter.SET, out, d, index, from);
        written(out, inPlace);
        GradientRule grad = GradientRule.of("ScatterBackward0", out)
                .input(x, index, (g, i) -> scatter(g, d, i, 0, false))
                .none(index)
                .input(from, index, (g, i) -> gather(g, d, i));
        return finish(grad, out, inPlace);
    }

    /** Implements {@code torch.scatter} of a scalar. */
    public static Tensor scatter(Tensor x, int dim, Tensor index, Number value, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkIndex("scatter", x, null, index);
        checkScatter(x, d, index, null);
        Promotion.device("scatter", x, index);
        Tensor out = target(x, inPlace, index);
        put(Scatter.SET, out, d, index, constant(x, value, index));
        written(out, inPlace);
        GradientRule grad = GradientRule.of("ScatterBackward1", out)
                .input(x, index, (g, i) -> scatter(g, d, i, 0, false))
                .none(index);
        return finish(grad, out, inPlace);
    }

    /** Implements {@code torch.scatter} with a reduction, {@code add} or {@code multiply}; not differentiable. */
    public static Tensor scatter(Tensor x, int dim, Tensor index, Object value, String reduce, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor src = value instanceof Tensor t ? t : null;
        checkIndex("scatter", x, src, index);
        checkScatter(x, d, index, src);
        if (x.isComplex() && reduce.equals("multiply")) throw Promotion.notImplemented("scatter_", x.dtype());
        Scatter kind = switch (reduce) {
            case "add" -> Scatter.ADD;
            case "multiply" -> Scatter.MUL;
            default -> throw new CotangentException("reduce argument must be either add or multiply.");
        };
        Tensor from = src != null ? src : constant(x, (Number) value, index);
        Promotion.device("scatter", x, index, from);
        Tensor out = target(x, inPlace, from, index);
        put(kind, out, d, index, from);
        written(out, inPlace);
        GradientRule.RuleN none = (g, saved) -> {
            throw new CotangentException("derivative for aten::scatter is not implemented");
        };
        return finish(
                GradientRule.of("torch::autograd::NotImplemented", out)
                        .add(x, none)
                        .add(from, none),
                out,
                inPlace);
    }

    /** Implements {@code torch.scatter_reduce}. */
    public static Tensor scatterReduce(
            Tensor x, int dim, Tensor index, Tensor src, String reduce, boolean includeSelf, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        Reduce kind = Reduce.named(reduce);
        if (kind == null) {
            throw new CotangentException(
                    "reduce argument must be either sum, prod, mean, amax or amin, got " + reduce + ".");
        }
        checkIndex("scatter", x, src, index);
        checkScatter(x, d, index, src);
        return ScatterReduce.run("ScatterReduceBackward0", x, d, index, part(src, index), kind, includeSelf, inPlace);
    }

    /** Reduces values into a target, not recorded. */
    static void reduceInto(Reduce kind, Tensor out, int d, Tensor index, Tensor src, boolean includeSelf) {
        if (index.numel() == 0) return;
        if (!includeSelf) put(Scatter.SET, out, d, index, constant(out, kind.identity(out.dtype()), index));
        put(kind.kind(), out, d, index, src);
    }

    /** Implements {@code torch.take_along_dim}; without a dimension along the flattened tensor. */
    public static Tensor takeAlongDim(Tensor x, Tensor indices, @Nullable Integer dim) {
        if (indices.dtype() != Dtype.INT64) {
            throw new CotangentException("torch.take_along_dim(): dtype of indices should be Long but got "
                    + indices.dtype().scalarName());
        }
        if (dim == null) return gather(x.reshape(-1), 0, indices.reshape(-1));
        if (x.dim() != indices.dim()) {
            throw new CotangentException("torch.take_along_dim(): input and indices should have the same number of"
                    + " dimensions, but got " + x.dim() + " dimensions for input, and " + indices.dim()
                    + " dimensions for indices");
        }
        int d = Broadcast.dim(dim, x.dim());
        long[] one = Internals.layout(x).sizes().clone();
        long[] other = Internals.layout(indices).sizes().clone();
        if (one.length > 0) {
            one[d] = 1;
            other[d] = 1;
        }
        long[] all = Broadcast.shape(one, other).clone();
        long[] to = all.clone();
        if (all.length > 0) {
            all[d] = x.size(d);
            to[d] = indices.size(d);
        }
        Tensor at = all.length == 0 || x.size(d) == 0 ? indices : indices.remainder(x.size(d));
        return gather(x.expand(all), d, at.expand(to));
    }
}

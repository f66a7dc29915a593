package dev.cotangent.internal.ops.indexing;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.Arrays;
import java.util.List;

/** Operations on slices selected by a vector of indices, and on elements selected by flat indices. */
public final class IndexOps {
    private static final Program WRAP = wrap();

    private IndexOps() {}

    /** Returns the program that wraps negative indices by adding a size. */
    private static Program wrap() {
        Exprs e = new Exprs();
        Expr i = e.input(0, Dtype.INT64);
        Expr from = i.lt(0).where(i.add(e.scalar(0, Dtype.INT64)), i);
        return new Program(List.of(Dtype.INT64), List.of(Dtype.INT64), List.of(from));
    }

    private static void checkVector(String op, Tensor index) {
        if (index.dim() > 1) throw new IndexException(op + "(): Index is supposed to be a vector");
        if (index.dtype() != Dtype.INT64 && index.dtype() != Dtype.INT32) {
            throw new CotangentException(op + "(): Expected dtype int32 or int64 for index");
        }
    }

    private static long[] slices(Tensor like, int dim, Tensor index) {
        long[] sizes = Internals.layout(like).sizes().clone();
        if (sizes.length > 0) sizes[dim] = index.numel();
        return sizes;
    }

    /** Implements {@code torch.index_select}. */
    public static Tensor indexSelect(Tensor x, int dim, Tensor index) {
        int d = Broadcast.dim(dim, x.dim());
        checkVector("index_select", index);
        Promotion.device("index_select", x, index);
        long[] to = slices(x, d, index);
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), to);
        try {
            GatherOps.gather(x, d, GatherOps.along(index, d, to), out);
        } catch (IndexException e) {
            throw new IndexException("index out of range in self", e);
        }
        long[] sizes = Internals.layout(x).sizes();
        return GradientRule.of("IndexSelectBackward0", out)
                .input(x, index, (g, i) -> sum(sizes, d, i, g))
                .none(index)
                .done();
    }

    /** Implements {@code torch.index_add}: accumulates the source's slices, scaled by {@code alpha}. */
    public static Tensor indexAdd(Tensor x, int dim, Tensor index, Tensor source, Number alpha, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkSlices("index_add_", x, d, index, source);
        Promotion.device("index_add", x, index, source);
        Promotion.device("index_add", x, source);
        boolean unscaled = Complex.re(alpha) == 1 && Complex.im(alpha) == 0;
        Tensor out = GatherOps.target(x, inPlace, source, index);
        Tensor scaled = unscaled ? source : source.detach().mul(alpha).to(source.dtype());
        inRange(() -> GatherOps.scatter(
                Scatter.ADD,
                out,
                d,
                GatherOps.along(index, d, Internals.layout(source).sizes()),
                scaled));
        GatherOps.written(out, inPlace);
        GradientRule grad = GradientRule.of("IndexAddBackward0", out)
                .input(x, g -> g)
                .none(index)
                .input(source, index, (g, i) -> {
                    Tensor picked = indexSelect(g, d, i);
                    return unscaled ? picked : picked.mul(alpha instanceof Complex c ? c.conj() : alpha);
                });
        return GatherOps.finish(grad, out, inPlace);
    }

    /** Accumulates slices of a gradient into zeros at a valid index. */
    public static Tensor sum(long[] sizes, int d, Tensor index, Tensor g) {
        Tensor out = CreationOps.zeros(g.dtype(), g.device(), sizes);
        GatherOps.scatter(
                Scatter.ADD,
                out,
                d,
                GatherOps.along(index, d, Internals.layout(g).sizes()),
                g);
        return GradientRule.of("IndexAddBackward0", out)
                .none(out)
                .none(index)
                .input(g, index, (gg, i) -> indexSelect(gg, d, i))
                .done();
    }

    private static void inRange(Runnable work) {
        try {
            work.run();
        } catch (IndexException e) {
            throw new IndexException("index out of range in self", e);
        }
    }

    private static void checkSlices(String op, Tensor x, int d, Tensor index, Tensor source) {
        if (index.dim() > 1) {
            throw new IndexException(op + "(): Index is supposed to be a vector, but got dim: " + index.dim()
                    + " with type: " + index.dtype().scalarName() + " and size: "
                    + Arrays.toString(Internals.layout(index).sizes()));
        }
        if (index.dtype() != Dtype.INT64 && index.dtype() != Dtype.INT32) {
            throw new CotangentException(op + "(): Expected dtype int32/int64 for index but got: "
                    + index.dtype().scalarName());
        }
        if (x.dtype() != source.dtype()) {
            throw new CotangentException(op + "(): self (" + x.dtype().scalarName() + ") and source ("
                    + source.dtype().scalarName() + ") must have the same scalar type");
        }
        if (d > 0 && d >= source.dim()) {
            throw new CotangentException(
                    op + "(): Indexing dim " + d + " is out of bounds of the source tensor with dim " + source.dim());
        }
        long there = source.dim() == 0 ? 1 : source.size(d);
        if (index.numel() != there) {
            throw new CotangentException(op + "(): Number of indices (" + index.numel()
                    + ") should be equal to source.size(dim): (" + there + "), for dim: " + d);
        }
        if (!Arrays.equals(without(x, d), without(source, d))) {
            throw new CotangentException("source tensor shape must match self tensor shape, excluding the specified"
                    + " dimension. Got self.shape = "
                    + Arrays.toString(Internals.layout(x).sizes()) + " source.shape = "
                    + Arrays.toString(Internals.layout(source).sizes()));
        }
    }

    private static long[] without(Tensor t, int d) {
        return t.dim() == 0 ? new long[0] : Internals.layout(t).squeeze(d).sizes();
    }

    /** Implements {@code torch.index_copy}. */
    public static Tensor indexCopy(Tensor x, int dim, Tensor index, Tensor source, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkCopy(x, d, index, source);
        Promotion.device("index_copy", x, index, source);
        Tensor out = GatherOps.target(x, inPlace, source, index);
        long[] sizes = slices(x, d, index);
        Tensor from = source.dim() == x.dim() ? source : source.detach().reshape(sizes);
        try {
            GatherOps.scatter(Scatter.SET, out, d, GatherOps.along(index, d, sizes), from);
        } catch (IndexException e) {
            throw new IndexException("index_copy_(): " + e.getMessage(), e);
        }
        GatherOps.written(out, inPlace);
        long[] shape = Internals.layout(source).sizes();
        GradientRule grad = GradientRule.of("IndexCopyBackward0", out)
                .input(x, index, (g, i) -> indexFill(g, d, i, 0, false))
                .none(index)
                .input(source, index, (g, i) -> indexSelect(g, d, i).reshape(shape));
        return GatherOps.finish(grad, out, inPlace);
    }

    private static void checkCopy(Tensor x, int d, Tensor index, Tensor source) {
        if (index.dim() >= 2) {
            throw new IndexException("index_copy_(): Index should have dimension 1 or 0 (got " + index.dim() + ")");
        }
        if (source.dim() == 0 && index.numel() != 1) {
            throw new IndexException(
                    "index_copy_(): When source is scalar, index should have one element (got " + index.numel() + ")");
        }
        if (source.dim() != x.dim() && source.dim() != 0 && x.dim() != 0) {
            throw new IndexException(
                    "index_copy_(): When source and destination are not scalars, their dimensionality must"
                            + " match. Source dimensionality (" + source.dim() + "), destination dimensionality ("
                            + x.dim()
                            + ")");
        }
        if (index.dtype() != Dtype.INT64) {
            throw new CotangentException("index_copy_(): Expected a long tensor for index, but got "
                    + index.dtype().scalarName());
        }
        if (x.dtype() != source.dtype()) {
            throw new CotangentException(
                    "index_copy_(): self and source expected to have the same dtype, but got (self) "
                            + x.dtype().scalarName() + " and (source) "
                            + source.dtype().scalarName());
        }
        if (!Arrays.equals(without(x, d), without(source, d))) {
            throw new CotangentException(
                    "index_copy_(): Source/destination tensor must have same slice shapes. Destination"
                            + " slice shape: " + listed(without(x, d)) + " at dimension " + d
                            + " and source slice shape: "
                            + listed(without(source, d)) + " at dimension 0.");
        }
        if (source.dim() > 0 && index.numel() != source.size(d)) {
            throw new IndexException("index_copy_(): Number of indices (" + index.numel()
                    + ") should be equal to source.size(dim) (" + source.size(d) + ")");
        }
    }

    private static String listed(long[] sizes) {
        return Arrays.toString(sizes).replaceAll("[\\[\\],]", "");
    }

    /** Implements {@code torch.index_fill} with a scalar. */
    public static Tensor indexFill(Tensor x, int dim, Tensor index, Number value, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        checkFill(index);
        Promotion.device("index_fill", x, index);
        Tensor out = GatherOps.target(x, inPlace, index);
        fill(out, d, index, CreationOps.full(x.dtype(), x.device(), value));
        GatherOps.written(out, inPlace);
        GradientRule grad = GradientRule.of("IndexFillBackward0", out)
                .input(x, index, (g, i) -> indexFill(g, d, i, 0, false))
                .none(index);
        return GatherOps.finish(grad, out, inPlace);
    }

    /** Implements {@code torch.index_fill} with a 0-dimensional tensor. */
    public static Tensor indexFill(Tensor x, int dim, Tensor index, Tensor value, boolean inPlace) {
        if (value.dim() != 0) {
            throw new CotangentException("index_fill_ only supports a 0-dimensional value tensor, but got tensor with "
                    + value.dim() + " dimension(s).");
        }
        int d = Broadcast.dim(dim, x.dim());
        checkFill(index);
        if (inPlace) GradientRule.checkHistory(x, value);
        Tensor filler = Internals.storage(x) == Internals.storage(value)
                ? value.detach().clone()
                : value.detach();
        Tensor out = GatherOps.target(x, inPlace, index);
        fill(out, d, index, filler.to(x.device(), x.dtype()));
        GatherOps.written(out, inPlace);
        GradientRule grad = GradientRule.of("IndexFillBackward1", out)
                .input(x, index, (g, i) -> indexFill(g, d, i, 0, false))
                .none(index)
                .input(
                        value,
                        index,
                        (g, i) -> indexSelect(g, d, wrapped(i, g, d).unique()).sum());
        return GatherOps.finish(grad, out, inPlace);
    }

    private static void checkFill(Tensor index) {
        if (index.dtype() != Dtype.INT64) {
            throw new IndexException("index_fill_(): Expected dtype int64 for index.");
        }
        if (index.dim() > 1) throw new CotangentException("Index has to be a vector/scalar");
    }

    private static void fill(Tensor out, int d, Tensor index, Tensor value) {
        Tensor at = GatherOps.along(wrapped(index, out, d), d, slices(out, d, index));
        GatherOps.scatter(
                Scatter.SET,
                out,
                d,
                at,
                ViewOps.expand(value, Internals.layout(at).sizes()));
    }

    private static Tensor wrapped(Tensor index, Tensor x, int d) {
        return wrapped(index, x.dim() == 0 ? 1 : x.size(d));
    }

    /** Wraps negative indices. */
    private static Tensor wrapped(Tensor index, long size) {
        Tensor out = CreationOps.uninitialized(
                Dtype.INT64, index.device(), Internals.layout(index).sizes());
        if (index.numel() == 0) return out;
        Strided[] in = {Internals.strided(index)};
        Internals.backend(out).pointwise(WRAP, new Strided[] {Internals.strided(out)}, in, new long[] {size});
        return out;
    }

    /** Implements {@code torch.index_reduce}. */
    public static Tensor indexReduce(
            Tensor x, int dim, Tensor index, Tensor source, String reduce, boolean includeSelf, boolean inPlace) {
        int d = Broadcast.dim(dim, x.dim());
        GatherOps.Reduce kind = GatherOps.Reduce.named(reduce);
        if (kind == null || kind == GatherOps.Reduce.SUM) {
            throw new CotangentException(
                    "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got " + reduce + ".");
        }
        checkSlices("index_reduce", x, d, index, source);
        return ScatterReduce.run("IndexReduceBackward0", x, d, index, source, kind, includeSelf, inPlace);
    }

    /** Implements {@code torch.take} by row-major indices, negative ones counted from the end. */
    public static Tensor take(Tensor x, Tensor index) {
        if (index.dtype() != Dtype.INT64) {
            throw new CotangentException("take(): Expected a long tensor for index, but got "
                    + index.dtype().scalarName());
        }
        Promotion.device("take", x, index);
        if (x.numel() == 0 && index.numel() > 0) {
            throw new IndexException("take(): tried to take from an empty tensor");
        }
        Tensor out = CreationOps.uninitialized(
                x.dtype(), x.device(), Internals.layout(index).sizes());
        Tensor flat = x.detach().reshape(-1);
        flatly(index, x.numel(), () -> GatherOps.gather(flat, 0, flattened(counted(index, x.numel())), flattened(out)));
        long[] sizes = Internals.layout(x).sizes();
        return GradientRule.of("TakeBackward0", out)
                .input(x, index, (g, i) -> put(CreationOps.zeros(g.dtype(), g.device(), sizes), i, g, true, false))
                .none(index)
                .done();
    }

    /** Wraps negative indices; -1 where out of range. */
    private static Tensor counted(Tensor index, long size) {
        Tensor out = CreationOps.uninitialized(
                Dtype.INT64, index.device(), Internals.layout(index).sizes());
        if (index.numel() > 0) {
            Internals.backend(out)
                    .linearIndex(new Strided[] {Internals.strided(index)}, new long[] {size}, Internals.strided(out));
        }
        return out;
    }

    private static Tensor flattened(Tensor t) {
        return Internals.wrap(Internals.data(t).with(Layout.contiguous(t.numel())));
    }

    private static void flatly(Tensor index, long size, Runnable work) {
        try {
            work.run();
        } catch (IndexException e) {
            for (long i : index.toLongArray()) {
                if (i < -size || i >= size) {
                    throw new IndexException(
                            "out of range: tried to access index " + i + " on a tensor of " + size + " elements.");
                }
            }
            throw e;
        }
    }

    /** Implements {@code torch.put} by row-major indices, negative ones counted from the end. */
    public static Tensor put(Tensor x, Tensor index, Tensor source, boolean accumulate, boolean inPlace) {
        if (index.dtype() != Dtype.INT64) {
            throw new CotangentException("put_(): Expected a long tensor for index, but got "
                    + index.dtype().scalarName());
        }
        if (x.dtype() != source.dtype()) {
            throw new CotangentException(
                    "put_(): self and source expected to have the same dtype, but got self.dtype = " + name(x.dtype())
                            + " and source.dtype = " + name(source.dtype()));
        }
        Promotion.device("put_", x, index, source);
        if (index.numel() != source.numel()) {
            throw new CotangentException(
                    "put_(): Expected source and index to have the same number of elements, but got"
                            + " source.numel() = " + source.numel() + ", index.numel() = " + index.numel());
        }
        if (x.numel() == 0 && index.numel() > 0) {
            throw new IndexException("put_(): Tried to put elements into an empty tensor");
        }
        Tensor out = GatherOps.target(x, inPlace, source, index);
        Tensor dense = out.isContiguous() ? out : out.detach().contiguousCopy();
        Layout line = Layout.of(
                new long[] {x.numel()}, new long[] {1}, Internals.layout(dense).offset());
        Tensor flat = Internals.wrap(Internals.data(dense).with(line));
        flatly(
                index,
                x.numel(),
                () -> GatherOps.scatter(
                        accumulate ? Scatter.ADD : Scatter.SET,
                        flat,
                        0,
                        flattened(counted(index, x.numel())),
                        source.detach().reshape(-1)));
        if (dense != out) Transfers.copy(Internals.data(dense), Internals.data(out));
        GatherOps.written(out, inPlace);
        long[] shape = Internals.layout(source).sizes();
        GradientRule grad = GradientRule.of("PutBackward0", out)
                .input(
                        x,
                        index,
                        (g, i) -> accumulate
                                ? g
                                : put(
                                        g,
                                        i,
                                        CreationOps.zeros(
                                                g.dtype(),
                                                g.device(),
                                                Internals.layout(i).sizes()),
                                        false,
                                        false))
                .none(index)
                .input(source, index, (g, i) -> take(g, i).reshape(shape));
        return GatherOps.finish(grad, out, inPlace);
    }

    private static String name(Dtype dtype) {
        return dtype.scalarName();
    }
}

package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.ArrayList;
import java.util.List;

/** Elements told by a mask, and where a tensor is not zero: by running counts, without a loop on the host. */
public final class Selection {
    private static final long[] NONE = {};

    private Selection() {}

    /** For each element, row-major, whether it is not zero (as 0 and 1), and how many of them there were up to it. */
    private record Count(Tensor truth, Tensor running, long total) {
        static Count of(Tensor x) {
            Tensor truth = Factories.unset(Dtype.INT64, x.device(), x.numel());
            Tensor running = Factories.unset(Dtype.INT64, x.device(), x.numel());
            if (x.numel() == 0) return new Count(truth, running, 0);
            Strided row = truth.strided().with(Layout.contiguous(x.layout().sizes()));
            Exprs e = new Exprs();
            Expr set = e.input(0, x.dtype()).cast(Dtype.BOOL).cast(Dtype.INT64);
            Program p = new Program(List.of(x.dtype()), List.of(), List.of(set));
            x.backend().pointwise(p, new Strided[] {row}, new Strided[] {x.strided()}, NONE);
            x.backend().scan(Scan.SUM, truth.strided(), running.strided(), 0);
            return new Count(truth, running, ViewOps.select(running, 0, -1).itemLong());
        }
    }

    /** The row-major positions of the elements that are not zero. */
    static Tensor flatPositions(Tensor x) {
        Count count = Count.of(x);
        // What is zero goes to a place behind the others.
        Tensor out = Factories.zeros(Dtype.INT64, x.device(), count.total + 1);
        if (count.total > 0) {
            Exprs e = new Exprs();
            Expr set = e.input(0, Dtype.INT64).ne(0);
            Expr to = set.where(e.input(1, Dtype.INT64).sub(1), e.scalar(0, Dtype.INT64));
            Program p = new Program(List.of(Dtype.INT64, Dtype.INT64), List.of(Dtype.INT64), List.of(to));
            Tensor target = Factories.unset(Dtype.INT64, x.device(), x.numel());
            x.backend()
                    .pointwise(
                            p,
                            new Strided[] {target.strided()},
                            new Strided[] {count.truth.strided(), count.running.strided()},
                            new long[] {count.total});
            Tensor places = Factories.arange(0, x.numel(), 1, Dtype.INT64, x.device());
            x.backend().scatter(Scatter.SET, out.strided(), 0, target.strided(), places.strided());
        }
        return ViewOps.slice(out, 0, 0L, count.total, 1).detach();
    }

    /** Where a tensor is not zero: one tensor of indices for each dimension. {@code nonzero(as_tuple=True)}. */
    public static List<Tensor> positions(Tensor x) {
        if (x.dim() == 0) return positions(x.reshape(1));
        Tensor flat = flatPositions(x);
        List<Tensor> out = new ArrayList<>();
        long[] strides = Layout.rowMajor(x.layout().sizes());
        for (int d = 0; d < x.dim(); d++) {
            Tensor column = Factories.unset(Dtype.INT64, x.device(), flat.numel());
            coordinate(flat, column.strided(), strides[d], x.size(d));
            out.add(column);
        }
        return List.copyOf(out);
    }

    private static void coordinate(Tensor flat, Strided to, long stride, long size) {
        if (flat.numel() == 0) return;
        Exprs e = new Exprs();
        Expr at = e.input(0, Dtype.INT64).div(e.scalar(0, Dtype.INT64));
        at = at.sub(at.div(e.scalar(1, Dtype.INT64)).mul(e.scalar(1, Dtype.INT64)));
        Program p = new Program(List.of(Dtype.INT64), List.of(Dtype.INT64, Dtype.INT64), List.of(at));
        flat.backend().pointwise(p, new Strided[] {to}, new Strided[] {flat.strided()}, new long[] {stride, size});
    }

    /** {@code torch.nonzero}: one row for each element that is not zero, with its indices. */
    public static Tensor nonzero(Tensor x) {
        Tensor flat = flatPositions(x);
        Tensor out = Factories.unset(Dtype.INT64, x.device(), flat.numel(), x.dim());
        long[] strides = Layout.rowMajor(x.layout().sizes());
        for (int d = 0; d < x.dim(); d++) {
            coordinate(flat, out.strided().with(out.layout().select(1, d)), strides[d], x.size(d));
        }
        return out;
    }

    private static void checkMask(String op, Tensor mask) {
        if (mask.dtype() == Dtype.BOOL) return;
        throw new CotangentException(
                op.equals("masked_select")
                        ? "masked_select: expected BoolTensor for mask"
                        : op + " only supports boolean masks, but got mask with dtype "
                                + mask.dtype().scalarName());
    }

    /** {@code torch.masked_select}: the elements where the mask is set, row-major, both broadcast. */
    public static Tensor maskedSelect(Tensor x, Tensor mask) {
        checkMask("masked_select", mask);
        Promotion.device("masked_select", x, mask);
        long[] sizes = Broadcast.shape(x.layout().sizes(), mask.layout().sizes());
        Tensor positions = flatPositions(ViewOps.expand(mask.detach(), sizes));
        Tensor all = ViewOps.expand(x.detach(), sizes).reshape(-1);
        Tensor out = Factories.unset(x.dtype(), x.device(), positions.numel());
        if (out.numel() > 0) x.backend().gather(all.strided(), 0, positions.strided(), out.strided());
        return Grad.of("MaskedSelectBackward0", out)
                .input(
                        x,
                        mask,
                        (g, m) -> Factories.zeros(g.dtype(), g.device(), sizes).maskedScatter(m, g))
                .none(mask)
                .done();
    }

    /** {@code torch.masked_scatter}: the source's elements, row-major, one after the other where the mask is set. */
    public static Tensor maskedScatter(Tensor x, Tensor mask, Tensor source) {
        long[] sizes = Broadcast.shape(x.layout().sizes(), mask.layout().sizes());
        Tensor out = ViewOps.expand(x.detach(), sizes).clone();
        if (out.layout().overlaps()) out = out.contiguousCopy();
        scatter(out, mask, source);
        return record(x, out, mask, source).done();
    }

    /** {@link #maskedScatter} in place. */
    public static Tensor maskedScatterInPlace(Tensor self, Tensor mask, Tensor source) {
        Grad.checkHistory(self, source);
        ViewOps.expand(mask.detach(), self.layout().sizes());
        Grad.checkInPlace(self, source, mask);
        scatter(self, mask, source);
        self.version().bump();
        return record(self, self, mask, source).inPlace(self);
    }

    private static void scatter(Tensor to, Tensor mask, Tensor source) {
        if (to.dtype() != source.dtype()) {
            throw new CotangentException("masked_scatter: expected self and source to have same dtypes but got"
                    + to.dtype().scalarName() + " and " + source.dtype().scalarName());
        }
        checkMask("masked_scatter_", mask);
        Promotion.device("masked_scatter", to, mask, source);
        Tensor set = ViewOps.expand(mask.detach(), to.layout().sizes());
        Count count = Count.of(set);
        if (count.total > source.numel()) {
            throw new CotangentException("Number of elements of source < number of ones in mask");
        }
        if (count.total == 0) return;
        Tensor from = source.detach().reshape(-1);
        Exprs e = new Exprs();
        Expr at = e.input(0, Dtype.INT64).ne(0).where(e.input(1, Dtype.INT64).sub(1), e.constant(Dtype.INT64, 0));
        Program p = new Program(List.of(Dtype.INT64, Dtype.INT64), List.of(), List.of(at));
        Tensor places = Factories.unset(Dtype.INT64, to.device(), to.numel());
        Strided[] counted = {count.truth.strided(), count.running.strided()};
        to.backend().pointwise(p, new Strided[] {places.strided()}, counted, NONE);
        Tensor values = Factories.unset(to.dtype(), to.device(), to.layout().sizes());
        to.backend()
                .gather(from.strided(), 0, places.strided(), values.strided().with(Layout.contiguous(to.numel())));
        Exprs w = new Exprs();
        Dtype type = to.dtype();
        Expr chosen = w.input(0, mask.dtype()).cast(Dtype.BOOL).where(w.input(1, type), w.input(2, type));
        Program where = new Program(List.of(mask.dtype(), type, type), List.of(), List.of(chosen));
        to.backend()
                .pointwise(
                        where,
                        new Strided[] {to.strided()},
                        new Strided[] {set.strided(), values.strided(), to.strided()},
                        NONE);
    }

    private static Grad record(Tensor x, Tensor out, Tensor mask, Tensor source) {
        long[] sizes = source.layout().sizes();
        return Grad.of("MaskedScatterBackward0", out)
                .input(x, mask, (g, m) -> maskedScatter(g, m, g.zerosLike()))
                .none(mask)
                .input(source, mask, (g, m) -> {
                    Tensor taken = maskedSelect(g, m);
                    long n = taken.numel();
                    Layout all = Layout.contiguous(sizes);
                    Tensor rest = Factories.zeros(g.dtype(), g.device(), all.numel() - n);
                    return JoinOps.cat(List.of(taken, rest), 0).view(sizes);
                });
    }
}

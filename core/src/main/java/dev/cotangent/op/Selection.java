package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.util.ArrayList;
import java.util.List;

/** Elements told by a mask, and where a tensor is not zero. */
public final class Selection {
    private Selection() {}

    /** The row-major positions of the elements that are not zero. */
    static Tensor flatPositions(Tensor x) {
        return Tensor.wrap(x.backend().nonzero(x.strided()));
    }

    /** Where a tensor is not zero: one tensor of indices for each dimension. {@code nonzero(as_tuple=True)}. */
    public static List<Tensor> positions(Tensor x) {
        if (x.dim() == 0) return positions(x.reshape(1));
        Tensor flat = flatPositions(x);
        if (x.dim() == 1) return List.of(flat);
        // Each column is contiguous.
        Tensor all = Factories.unset(Dtype.INT64, x.device(), x.dim(), flat.numel());
        Strided columns = all.strided();
        x.backend()
                .coordinates(
                        flat.strided(),
                        x.layout().sizes(),
                        columns.with(columns.layout().transpose(0, 1)));
        List<Tensor> out = new ArrayList<>();
        for (int d = 0; d < x.dim(); d++) {
            out.add(Tensor.wrap(columns.with(columns.layout().select(0, d))));
        }
        return List.copyOf(out);
    }

    /** {@code torch.nonzero}: one row for each element that is not zero, with its indices. */
    public static Tensor nonzero(Tensor x) {
        Tensor flat = flatPositions(x);
        if (x.dim() == 1) return Tensor.wrap(flat.strided().with(flat.layout().unsqueeze(1)));
        Tensor out = Factories.unset(Dtype.INT64, x.device(), flat.numel(), x.dim());
        x.backend().coordinates(flat.strided(), x.layout().sizes(), out.strided());
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
        Strided in = x.strided().with(x.layout().expand(sizes));
        Strided selected = mask.strided().with(mask.layout().expand(sizes));
        Tensor out = Tensor.wrap(x.backend().maskedSelect(in, selected));
        return Grad.of("MaskedSelectBackward0", out)
                .input(x, mask, (g, m) -> place(Factories.zeros(g.dtype(), g.device(), sizes), m, g))
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
        // A backend may write while it reads.
        Tensor condition = mask.storage() == to.storage() ? mask.detach().clone() : mask;
        Strided set =
                condition.strided().with(condition.layout().expand(to.layout().sizes()));
        to.storage().settle();
        Tensor given = source.storage() == to.storage() ? source.detach().clone() : source.detach();
        Tensor from = given.reshape(-1);
        if (to.backend().maskedScatter(to.strided(), set, from.strided()) > source.numel()) {
            throw new CotangentException("Number of elements of source < number of ones in mask");
        }
    }

    /** {@link #maskedScatter} into fresh memory, which needs no copy. */
    private static Tensor place(Tensor fresh, Tensor mask, Tensor source) {
        scatter(fresh, mask, source);
        return record(fresh, fresh, mask, source).done();
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

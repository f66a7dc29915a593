package dev.cotangent.internal.ops.indexing;

import dev.cotangent.CotangentException;
import dev.cotangent.DivRounding;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ConcatenationOps;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Selection by masks, and positions of nonzero elements. */
public final class Selection {
    private Selection() {}

    /** Returns the row-major positions of the nonzero elements. */
    public static Tensor flatPositions(Tensor x) {
        Tensor real = x.dtype().isComplex() ? x.detach().ne(0) : x;
        return Internals.wrap(Internals.backend(x).nonzero(Internals.strided(real)));
    }

    /** Implements {@code nonzero(as_tuple=True)}: returns one index tensor per dimension. */
    public static List<Tensor> positions(Tensor x) {
        if (x.dim() == 0) return positions(x.reshape(1));
        Tensor flat = flatPositions(x);
        if (x.dim() == 1) return List.of(flat);
        // Each column is contiguous.
        Tensor all = CreationOps.uninitialized(Dtype.INT64, x.device(), x.dim(), flat.numel());
        Strided columns = Internals.strided(all);
        Internals.backend(x)
                .coordinates(
                        Internals.strided(flat),
                        Internals.layout(x).sizes(),
                        columns.with(columns.layout().transpose(0, 1)));
        List<Tensor> out = new ArrayList<>();
        for (int d = 0; d < x.dim(); d++) {
            out.add(Internals.wrap(columns.with(columns.layout().select(0, d))));
        }
        return List.copyOf(out);
    }

    /** Implements {@code torch.nonzero}: one row of indices per nonzero element. */
    public static Tensor nonzero(Tensor x) {
        Tensor flat = flatPositions(x);
        if (x.dim() == 1)
            return Internals.wrap(
                    Internals.strided(flat).with(Internals.layout(flat).unsqueeze(1)));
        Tensor out = CreationOps.uninitialized(Dtype.INT64, x.device(), flat.numel(), x.dim());
        Internals.backend(x)
                .coordinates(Internals.strided(flat), Internals.layout(x).sizes(), Internals.strided(out));
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

    /** Implements {@code torch.masked_select}: the elements under the mask in row-major order, both broadcast. */
    public static Tensor maskedSelect(Tensor x, Tensor mask) {
        checkMask("masked_select", mask);
        Promotion.device("masked_select", x, mask);
        long[] sizes = Broadcast.shape(
                Internals.layout(x).sizes(), Internals.layout(mask).sizes());
        Strided in = Internals.data(x).with(Internals.layout(x).expand(sizes));
        Strided selected = Internals.strided(mask).with(Internals.layout(mask).expand(sizes));
        Tensor out = Internals.wrap(select(in, selected));
        return GradientRule.of("MaskedSelectBackward0", out)
                .input(x, mask, (g, m) -> scatterInto(CreationOps.zeros(g.dtype(), g.device(), sizes), m, g))
                .none(mask)
                .done();
    }

    private static Strided select(Strided in, Strided mask) {
        Strided from = Transfers.resolved(in);
        if (!from.form().isComplex()) return from.backend().maskedSelect(from, mask);
        Strided pairs = from.backend().maskedSelect(from.pairs(), GatherOps.ofPairs(mask));
        return new Strided(pairs.storage(), Layout.contiguous(pairs.numel() / 2), ElementForm.COMPLEX);
    }

    /** Implements {@code torch.masked_scatter}: writes the source's elements in row-major order under the mask. */
    public static Tensor maskedScatter(Tensor x, Tensor mask, Tensor source) {
        long[] sizes = Broadcast.shape(
                Internals.layout(x).sizes(), Internals.layout(mask).sizes());
        Tensor out = ViewOps.expand(x.detach(), sizes).clone();
        if (Internals.layout(out).overlaps()) out = out.contiguousCopy();
        scatter(out, mask, source);
        return record(x, out, mask, source).done();
    }

    /** Works as {@link #maskedScatter}, in place. */
    public static Tensor maskedScatterInPlace(Tensor self, Tensor mask, Tensor source) {
        GradientRule.checkHistory(self, source);
        ViewOps.expand(mask.detach(), Internals.layout(self).sizes());
        GradientRule.checkInPlace(self, source, mask);
        scatter(self, mask, source);
        Internals.version(self).bump();
        return record(self, self, mask, source).inPlace(self);
    }

    private static void scatter(Tensor to, Tensor mask, Tensor source) {
        if (to.dtype() != source.dtype()) {
            throw new CotangentException("masked_scatter: expected self and source to have same dtypes but got"
                    + to.dtype().scalarName() + " and " + source.dtype().scalarName());
        }
        checkMask("masked_scatter_", mask);
        Promotion.device("masked_scatter", to, mask, source);
        // The backend may write before it has read everything.
        Tensor condition =
                Internals.storage(mask) == Internals.storage(to) ? mask.detach().clone() : mask;
        Strided set = Internals.strided(condition)
                .with(Internals.layout(condition).expand(Internals.layout(to).sizes()));
        Internals.storage(to).materializeReaders();
        Tensor given = Internals.storage(source) == Internals.storage(to)
                ? source.detach().clone()
                : source.detach();
        Tensor from = given.reshape(-1);
        if (write(Internals.data(to), set, Internals.data(from)) > source.numel()) {
            throw new CotangentException("Number of elements of source < number of ones in mask");
        }
    }

    private static long write(Strided to, Strided mask, Strided from) {
        if (!to.form().isComplex()) return to.backend().maskedScatter(to, mask, Transfers.resolved(from));
        boolean conjugates = to.form() == ElementForm.CONJUGATED;
        Strided values = Transfers.resolved(conjugates ? from.with(from.form().conjugate()) : from);
        return to.backend().maskedScatter(to.pairs(), GatherOps.ofPairs(mask), flat(values.pairs())) / 2;
    }

    /** Returns row-major elements as a vector. */
    private static Strided flat(Strided x) {
        Layout l = x.layout().view(x.numel());
        if (l != null) return x.with(l);
        Strided dense = Strided.uninitialized(
                x.backend(), x.dtype(), Layout.contiguous(x.layout().sizes()));
        Transfers.copy(x, dense);
        return dense.with(Layout.contiguous(x.numel()));
    }

    /** Works as {@link #maskedScatter} into new memory, without a copy. */
    private static Tensor scatterInto(Tensor fresh, Tensor mask, Tensor source) {
        scatter(fresh, mask, source);
        return record(fresh, fresh, mask, source).done();
    }

    private static GradientRule record(Tensor x, Tensor out, Tensor mask, Tensor source) {
        long[] sizes = Internals.layout(source).sizes();
        return GradientRule.of("MaskedScatterBackward0", out)
                .input(x, mask, (g, m) -> maskedScatter(g, m, g.zerosLike()))
                .none(mask)
                .input(source, mask, (g, m) -> {
                    Tensor taken = maskedSelect(g, m);
                    long n = taken.numel();
                    Layout all = Layout.contiguous(sizes);
                    Tensor rest = CreationOps.zeros(g.dtype(), g.device(), all.numel() - n);
                    return ConcatenationOps.cat(List.of(taken, rest), 0).view(sizes);
                });
    }

    /** Implements {@code torch.nonzero_static}. */
    public static Tensor nonzeroStatic(Tensor x, long size, long fill) {
        if (size < 0) throw new CotangentException("nonzero_static: 'size' must be an non-negative integer");
        Tensor found = nonzero(x);
        long n = Math.min(size, found.size(0));
        Tensor out = CreationOps.full(Dtype.INT64, x.device(), fill, size, found.size(1));
        if (n > 0) out.narrow(0, 0, n).copy_(found.narrow(0, 0, n));
        return out;
    }

    /** Implements {@code torch.unravel_index}. */
    public static List<Tensor> unravelIndex(Tensor indices, long... shape) {
        if (indices.dtype().isFloatingPoint() || indices.dtype() == Dtype.BOOL) {
            throw new TypeException("expected 'indices' to be integer dtype, but got " + indices.dtype());
        }
        Tensor rest = indices;
        Tensor[] out = new Tensor[shape.length];
        for (long size : shape) {
            if (size >= 0) continue;
            String all = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
            throw new ValueException("'shape' cannot have negative values, but got (" + all + ")");
        }
        for (int d = shape.length - 1; d >= 0; d--) {
            out[d] = rest.remainder(shape[d]);
            rest = rest.div(shape[d], DivRounding.FLOOR);
        }
        return List.of(out);
    }
}

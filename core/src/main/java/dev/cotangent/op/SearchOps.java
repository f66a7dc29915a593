package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finding values: in sorted rows, among others, and one-hot rows of classes. None of it has a derivative. */
public final class SearchOps {
    private SearchOps() {}

    /** {@code torch.searchsorted}. */
    public static Tensor searchsorted(
            Tensor sorted,
            Tensor values,
            boolean outInt32,
            boolean right,
            @Nullable String side,
            @Nullable Tensor sorter) {
        if (side != null && !side.equals("left") && !side.equals("right")) {
            throw new CotangentException("torch.searchsorted(): side can only be 'left' or 'right' but got " + side);
        }
        if (right && "left".equals(side)) {
            throw new CotangentException(
                    "torch.searchsorted(): side and right can't be set to opposites, got side of left"
                            + " while right was True");
        }
        boolean above = right || "right".equals(side);
        Promotion.device("searchsorted", sorted, values);
        if (sorter != null) {
            if (!sorter.shape().equals(sorted.shape())) {
                throw new CotangentException(
                        "torch.searchsorted(): boundary and sorter must have the same size, but got"
                                + " boundary tensor "
                                + Arrays.toString(sorted.layout().sizes()) + "and got sorter tensor "
                                + Arrays.toString(sorter.layout().sizes()));
            }
            sorted = GatherOps.gather(sorted.detach(), -1, sorter);
        }
        int rank = sorted.dim();
        if (rank == 0) {
            throw new CotangentException("torch.searchsorted(): input value can be a scalar only when boundary tensor"
                    + " dimension is 1, but we got boundary tensor dim(" + rank + ") and input value's dim("
                    + values.dim() + ") numel(" + values.numel() + ")");
        }
        if (values.dim() == 0 && rank != 1) {
            throw new CotangentException("torch.searchsorted(): input value can be a scalar only when boundary tensor"
                    + " dimension is 1, but we got boundary tensor dim(" + rank
                    + ") and input value's dim(0) numel(1)");
        }
        if (rank != 1 && !sameButLast(sorted, values)) {
            throw new CotangentException(
                    "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of"
                            + " boundaries tensor and input value tensor must match, but we got boundaries tensor "
                            + Arrays.toString(sorted.layout().sizes()) + " and input value tensor "
                            + Arrays.toString(values.layout().sizes()));
        }
        long n = sorted.size(-1);
        long rows = rank == 1 || n == 0 ? 1 : sorted.numel() / n;
        if (rank > 1) {
            rows = 1;
            for (int d = 0; d < rank - 1; d++) rows *= sorted.size(d);
        }
        long each = rows == 0 ? 0 : values.numel() / rows;
        Dtype type = Promotion.resultType(sorted, values);
        Tensor line = sorted.detach().to(type).reshape(rows, n);
        Tensor wanted = values.detach().to(type).reshape(rows, each);
        Tensor found = bounds(line, wanted, above).view(values.layout().sizes());
        return outInt32 ? found.to(Dtype.INT32) : found;
    }

    private static boolean sameButLast(Tensor a, Tensor b) {
        if (a.dim() != b.dim()) return false;
        for (int d = 0; d < a.dim() - 1; d++) if (a.size(d) != b.size(d)) return false;
        return true;
    }

    /** By bisection, all at once: the number of elements of the row that are less (or not greater). */
    private static Tensor bounds(Tensor sorted, Tensor values, boolean right) {
        long n = sorted.size(1);
        long[] shape = values.layout().sizes();
        Tensor low = Factories.zeros(Dtype.INT64, values.device(), shape);
        if (values.numel() == 0 || n == 0) return low;
        Tensor high = Factories.full(Dtype.INT64, values.device(), n, shape);
        Tensor middle = Factories.unset(Dtype.INT64, values.device(), shape);
        Tensor there = Factories.unset(values.dtype(), values.device(), shape);
        Program halve = halve();
        Program narrow = narrow(values.dtype(), right);
        for (long left = n; left > 0; left /= 2) {
            Strided[] interval = {low.strided(), high.strided()};
            low.backend().pointwise(halve, new Strided[] {middle.strided()}, interval, new long[] {n - 1});
            low.backend().gather(sorted.strided(), 1, middle.strided(), there.strided());
            Strided[] in = {low.strided(), high.strided(), there.strided(), values.strided()};
            Tensor newLow = Factories.unsetLike(low);
            Tensor newHigh = Factories.unsetLike(high);
            low.backend().pointwise(narrow, new Strided[] {newLow.strided(), newHigh.strided()}, in, new long[0]);
            low = newLow;
            high = newHigh;
        }
        return low;
    }

    private static Expr middle(Expr low, Expr high) {
        return low.add(high).div(2);
    }

    private static Program halve() {
        Exprs e = new Exprs();
        Expr middle = middle(e.input(0, Dtype.INT64), e.input(1, Dtype.INT64));
        return new Program(
                List.of(Dtype.INT64, Dtype.INT64), List.of(Dtype.INT64), List.of(middle.min(e.scalar(0, Dtype.INT64))));
    }

    private static Program narrow(Dtype type, boolean right) {
        Exprs e = new Exprs();
        Expr low = e.input(0, Dtype.INT64);
        Expr high = e.input(1, Dtype.INT64);
        Expr middle = middle(low, high);
        Dtype compute = type.computeType();
        Expr there = e.input(2, type).cast(compute);
        Expr value = e.input(3, type).cast(compute);
        Expr up = (right ? there.gt(value) : there.ge(value)).not().and(low.lt(high));
        return new Program(
                List.of(Dtype.INT64, Dtype.INT64, type, type),
                List.of(),
                List.of(
                        up.where(middle.add(1), low),
                        up.where(high, low.lt(high).where(middle, high))));
    }

    /** {@code torch.bucketize}. */
    public static Tensor bucketize(Tensor values, Tensor boundaries, boolean outInt32, boolean right) {
        if (boundaries.dim() != 1) {
            throw new CotangentException(
                    "boundaries tensor must be 1 dimension, but got dim(" + boundaries.dim() + ")");
        }
        return searchsorted(boundaries, values, outInt32, right, null, null);
    }

    /** {@code torch.isin}. */
    public static Tensor isin(Tensor elements, Tensor testElements, boolean invert) {
        Dtype type = Promotion.resultType(elements, testElements);
        Tensor values = elements.detach().to(type).reshape(1, elements.numel());
        Tensor out = Factories.full(
                Dtype.BOOL, elements.device(), invert, elements.layout().sizes());
        if (testElements.numel() == 0 || values.numel() == 0) return out;
        Tensor tests = testElements.detach().to(type).reshape(-1).contiguous();
        // NaN equals nothing, and has no place among what is searched.
        if (type.isFloatingPoint()) tests = tests.maskedSelect(tests.eq(tests));
        long n = tests.numel();
        if (n == 0) return out;
        Tensor sorted = Factories.unset(type, tests.device(), n);
        Tensor order = Factories.unset(Dtype.INT64, tests.device(), n);
        tests.backend().sort(tests.strided(), 0, false, sorted.strided(), order.strided());
        Tensor row = sorted.view(1, n);
        Tensor at = bounds(row, values, false).clampMax(n - 1);
        Tensor there = Factories.unset(type, tests.device(), 1, values.numel());
        tests.backend().gather(row.strided(), 1, at.strided(), there.strided());
        Tensor equal = invert ? there.ne(values) : there.eq(values);
        return equal.view(elements.layout().sizes());
    }

    /** {@code torch.nn.functional.one_hot}; -1 for as many classes as the largest one says. */
    public static Tensor oneHot(Tensor x, long numClasses) {
        if (x.dtype() != Dtype.INT64) throw new CotangentException("one_hot is only applicable to index tensor.");
        long[] sizes = Arrays.copyOf(x.layout().sizes(), x.dim() + 1);
        if (x.numel() == 0) {
            if (numClasses <= 0) {
                throw new CotangentException("Can not infer total number of classes from empty tensor.");
            }
            sizes[x.dim()] = numClasses;
            return Factories.zeros(Dtype.INT64, x.device(), sizes);
        }
        if (x.lt(0).any().itemBoolean()) throw new CotangentException("Class values must be non-negative.");
        long largest = x.max().itemLong();
        if (numClasses == -1) {
            numClasses = largest + 1;
        } else {
            if (numClasses < 1) throw new CotangentException("num_classes should be positive");
            if (largest >= numClasses) {
                throw new CotangentException("Class values must be smaller than num_classes.");
            }
        }
        sizes[x.dim()] = numClasses;
        Tensor out = Factories.zeros(Dtype.INT64, x.device(), sizes);
        Tensor index = x.unsqueeze(-1);
        GatherOps.scatter(Scatter.SET, out, x.dim(), index, GatherOps.constant(out, 1, index));
        return out;
    }
}

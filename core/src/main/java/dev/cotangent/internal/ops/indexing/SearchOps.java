package dev.cotangent.internal.ops.indexing;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Binary search, membership and one-hot encoding. None is differentiable. */
public final class SearchOps {
    /** Returns the input, or a scalar if the input is negative. */
    private static final Program CLASSES = classes();

    private SearchOps() {}

    /** Implements {@code torch.searchsorted}. */
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
                                + Arrays.toString(Internals.layout(sorted).sizes()) + "and got sorter tensor "
                                + Arrays.toString(Internals.layout(sorter).sizes()));
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
                            + Arrays.toString(Internals.layout(sorted).sizes()) + " and input value tensor "
                            + Arrays.toString(Internals.layout(values).sizes()));
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
        Tensor found = bounds(line, wanted, above).view(Internals.layout(values).sizes());
        return outInt32 ? found.to(Dtype.INT32) : found;
    }

    private static boolean sameButLast(Tensor a, Tensor b) {
        if (a.dim() != b.dim()) return false;
        for (int d = 0; d < a.dim() - 1; d++) if (a.size(d) != b.size(d)) return false;
        return true;
    }

    /** Returns for each value the number of elements of its row that are less (or not greater). */
    private static Tensor bounds(Tensor sorted, Tensor values, boolean right) {
        Tensor out = CreationOps.uninitialized(
                Dtype.INT64, values.device(), Internals.layout(values).sizes());
        if (values.numel() > 0) {
            Internals.backend(values)
                    .searchsorted(Internals.strided(sorted), Internals.strided(values), right, Internals.strided(out));
        }
        return out;
    }

    /** Implements {@code torch.bucketize}. */
    public static Tensor bucketize(Tensor values, Tensor boundaries, boolean outInt32, boolean right) {
        if (boundaries.dim() != 1) {
            throw new CotangentException(
                    "boundaries tensor must be 1 dimension, but got dim(" + boundaries.dim() + ")");
        }
        return searchsorted(boundaries, values, outInt32, right, null, null);
    }

    /** Implements {@code torch.isin}. */
    public static Tensor isin(Tensor elements, Tensor testElements, boolean invert) {
        Dtype type = Promotion.resultType(elements, testElements);
        Tensor values = elements.detach().to(type).reshape(1, elements.numel());
        Tensor out = CreationOps.full(
                Dtype.BOOL,
                elements.device(),
                invert,
                Internals.layout(elements).sizes());
        if (testElements.numel() == 0 || values.numel() == 0) return out;
        Tensor tests = testElements.detach().to(type).reshape(-1).contiguous();
        // NaN equals nothing and would break the order of the searched values.
        if (type.isFloatingPoint()) tests = tests.maskedSelect(tests.eq(tests));
        long n = tests.numel();
        if (n == 0) return out;
        Tensor sorted = CreationOps.uninitialized(type, tests.device(), n);
        Tensor order = CreationOps.uninitialized(Dtype.INT64, tests.device(), n);
        Internals.backend(tests)
                .sort(Internals.strided(tests), 0, false, Internals.strided(sorted), Internals.strided(order));
        Tensor row = sorted.view(1, n);
        Tensor at = bounds(row, values, false).clampMax(n - 1);
        Tensor there = CreationOps.uninitialized(type, tests.device(), 1, values.numel());
        Internals.backend(tests).gather(Internals.strided(row), 1, Internals.strided(at), Internals.strided(there));
        Tensor equal = invert ? there.ne(values) : there.eq(values);
        return equal.view(Internals.layout(elements).sizes());
    }

    /** Implements {@code torch.nn.functional.one_hot}; -1 infers the number of classes from the largest. */
    public static Tensor oneHot(Tensor x, long numClasses) {
        if (x.dtype() != Dtype.INT64) throw new CotangentException("one_hot is only applicable to index tensor.");
        long[] sizes = Arrays.copyOf(Internals.layout(x).sizes(), x.dim() + 1);
        if (x.numel() == 0) {
            if (numClasses <= 0) {
                throw new CotangentException("Can not infer total number of classes from empty tensor.");
            }
            sizes[x.dim()] = numClasses;
            return CreationOps.zeros(Dtype.INT64, x.device(), sizes);
        }
        long largest = largest(x);
        if (largest == Long.MAX_VALUE) throw new CotangentException("Class values must be non-negative.");
        if (numClasses == -1) {
            numClasses = largest + 1;
        } else {
            if (numClasses < 1) throw new CotangentException("num_classes should be positive");
            if (largest >= numClasses) {
                throw new CotangentException("Class values must be smaller than num_classes.");
            }
        }
        sizes[x.dim()] = numClasses;
        Tensor out = CreationOps.zeros(Dtype.INT64, x.device(), sizes);
        Tensor index = x.unsqueeze(-1);
        GatherOps.scatter(Scatter.SET, out, x.dim(), index, GatherOps.constant(out, 1, index));
        return out;
    }

    /** Returns the largest class, or {@code Long.MAX_VALUE} if one is negative. */
    private static long largest(Tensor x) {
        Strided in = Internals.strided(x);
        long[] one = new long[x.dim()];
        Arrays.fill(one, 1);
        Strided out = new Strided(Internals.backend(x).allocateUnset(Dtype.INT64, 1), Layout.contiguous(one));
        Internals.backend(x).reduce(Reduction.MAX, CLASSES, out, new Strided[] {in}, new long[] {Long.MAX_VALUE});
        long[] largest = new long[1];
        Internals.backend(x).read(out.storage(), 0, MemorySegment.ofArray(largest));
        return largest[0];
    }

    private static Program classes() {
        Exprs e = new Exprs();
        Expr x = e.input(0, Dtype.INT64);
        return new Program(
                List.of(Dtype.INT64), List.of(Dtype.INT64), List.of(x.lt(0).where(e.scalar(0, Dtype.INT64), x)));
    }
}

package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Scan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Running results along a dimension. */
public final class ScanOps {
    private ScanOps() {}

    private static Tensor scan(Scan kind, Tensor x, int dim, Dtype type) {
        Tensor in = x.detach().to(type);
        if (x.dim() == 0) return in == x || in.storage() == x.storage() ? in.clone() : in;
        Tensor out = Factories.emptyLike(x, type, x.device());
        if (x.numel() > 0) x.backend().scan(kind, in.strided(), out.strided(), dim);
        return out;
    }

    /** {@code torch.cumsum}; integers and bool as int64 unless a type is given. */
    public static Tensor cumsum(Tensor x, long dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        Tensor out = scan(Scan.SUM, x, d, dtype == null ? x.dtype().sumType() : dtype);
        return Grad.of("CumsumBackward0", out).input(x, g -> reversed(g, d)).done();
    }

    /** {@code torch.Tensor.cumsum_}: computed in this tensor's type. */
    public static Tensor cumsumInPlace(Tensor x, long dim, @Nullable Dtype dtype) {
        int d = Broadcast.dim(dim, x.dim());
        checkType("cumsum_", x, dtype);
        Grad.checkInPlace(x);
        write(x, scan(Scan.SUM, x, d, x.dtype()));
        return Grad.of("CumsumBackward0", x).input(x, g -> reversed(g, d)).inPlace(x);
    }

    private static void checkType(String op, Tensor x, @Nullable Dtype dtype) {
        if (dtype != null && dtype != x.dtype()) {
            throw new CotangentException(op + "(): provided dtype must match the dtype of self tensor. Got: "
                    + x.dtype().scalarName() + " and " + dtype.scalarName() + ".");
        }
    }

    private static void write(Tensor self, Tensor result) {
        CopyOps.transfer(result.strided(), self.strided());
        self.version().bump();
    }

    /** The sum of what is at and behind each place. */
    static Tensor reversed(Tensor g, int dim) {
        if (g.numel() <= 1 || g.size(dim) == 1) return g;
        return flip(flip(g, dim).cumsum(dim), dim);
    }

    private static Tensor flip(Tensor g, int dim) {
        long n = g.size(dim);
        long[] shape = new long[g.dim()];
        Arrays.fill(shape, 1);
        shape[dim] = n;
        Tensor from = Factories.arange(n - 1, -1, -1, Dtype.INT64, g.device());
        return g.gather(dim, from.view(shape).expand(g.layout().sizes()));
    }
}

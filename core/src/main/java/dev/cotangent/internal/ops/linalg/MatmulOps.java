package dev.cotangent.internal.ops.linalg;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Matrix and vector products, all by the backend's batched GEMM. */
public final class MatmulOps {
    private MatmulOps() {}

    private static void sameType(String op, Tensor... x) {
        Promotion.device(op, x);
        for (Tensor t : x) {
            if (t.dtype() != x[0].dtype()) {
                throw new CotangentException("expected scalar type "
                        + x[0].dtype().scalarName() + " but found " + t.dtype().scalarName());
            }
        }
        if (x[0].dtype() == Dtype.BOOL) {
            throw Promotion.notImplemented(op, Dtype.BOOL);
        }
    }

    /** Computes {@code alpha * a @ b + beta * c} into new memory, not recorded; all three [n, ., .]. */
    private static Tensor product(Tensor a, Tensor b, @Nullable Tensor c, Number beta, Number alpha) {
        long[] sizes = {a.size(0), a.size(1), b.size(2)};
        Layout layout = Layout.contiguous(sizes);
        Tensor out = Internals.wrap(Strided.uninitialized(Internals.backend(a), a.dtype(), layout));
        if (out.numel() > 0 && a.dtype().isComplex()) {
            complexProduct(a, b, c, beta, alpha, Internals.data(out));
        } else if (out.numel() > 0) {
            Strided to = Internals.strided(out);
            Strided summand = c == null
                    ? to
                    : Internals.strided(c).with(Internals.layout(c).expand(sizes));
            Internals.backend(out)
                    .matmul(
                            Internals.strided(a),
                            Internals.strided(b),
                            summand,
                            to,
                            alpha.doubleValue(),
                            c == null ? 0 : beta.doubleValue());
        }
        return out;
    }

    /** Computes the parts of a complex product by four real ones of dense operands; complex factors are applied afterwards. */
    private static void complexProduct(Tensor a, Tensor b, @Nullable Tensor c, Number beta, Number alpha, Strided out) {
        Strided x = Internals.data(a);
        Strided y = Internals.data(b);
        double xSign = x.form() == ElementForm.CONJUGATED ? -1 : 1;
        double ySign = y.form() == ElementForm.CONJUGATED ? -1 : 1;
        Strided xRe = dense(x.part(0));
        Strided xIm = dense(x.part(1));
        Strided yRe = dense(y.part(0));
        Strided yIm = dense(y.part(1));
        Backend backend = out.backend();
        Strided part = Strided.uninitialized(
                backend, xRe.dtype(), Layout.contiguous(out.layout().sizes()));
        backend.matmul(xRe, yRe, part, part, 1, 0);
        backend.matmul(xIm, yIm, part, part, -xSign * ySign, 1);
        backend.copy(part, out.part(0));
        backend.matmul(xRe, yIm, part, part, ySign, 0);
        backend.matmul(xIm, yRe, part, part, xSign, 1);
        backend.copy(part, out.part(1));
        Tensor product = Internals.wrap(out);
        if (!isOne(alpha)) product.mul_(alpha);
        boolean summand = c != null && (Complex.re(beta) != 0 || Complex.im(beta) != 0);
        if (summand) product.add_(c.detach(), beta);
    }

    private static Strided dense(Strided part) {
        Strided out = Strided.uninitialized(
                part.backend(), part.dtype(), Layout.contiguous(part.layout().sizes()));
        if (part.numel() > 0) part.backend().copy(part, out);
        return out;
    }

    static boolean isOne(Number n) {
        return Complex.re(n) == 1 && Complex.im(n) == 0;
    }

    /** Returns the matrix as a batch of one, not recorded. */
    private static Tensor batch(Tensor x) {
        return Internals.wrap(Internals.data(x).with(Internals.layout(x).unsqueeze(0)));
    }

    private static Tensor unbatch(Tensor x, long... sizes) {
        return Internals.wrap(Internals.data(x).with(Layout.contiguous(sizes)));
    }

    /** Computes {@code torch.mm}. */
    public static Tensor mm(Tensor a, Tensor b) {
        if (a.dim() != 2) throw new CotangentException("self must be a matrix");
        if (b.dim() != 2) throw new CotangentException("mat2 must be a matrix");
        checkInner(a, b);
        sameType("addmm_impl_cpu_", a, b);
        Tensor out = unbatch(product(batch(a), batch(b), null, 0, 1), a.size(0), b.size(1));
        boolean columnMajorA = isColumnMajor(a);
        boolean columnMajorB = isColumnMajor(b);
        return GradientRule.of("MmBackward0", out)
                .input(a, b, (g, saved) -> gradientA(g, saved, columnMajorA))
                .input(b, a, (g, saved) -> gradientB(g, saved, columnMajorB))
                .done();
    }

    /** Returns whether a matrix is column-major, as the transposed weight of a linear layer. */
    private static boolean isColumnMajor(Tensor x) {
        return Internals.layout(x).stride(0) == 1 && Internals.layout(x).stride(1) == x.size(0);
    }

    /**
     * Returns the left operand's gradient, column-major if the operand is, so that accumulating it needs no
     * transpose.
     */
    private static Tensor gradientA(Tensor g, Tensor b, boolean columnMajor) {
        return columnMajor ? b.conj().mm(g.t()).t() : g.mm(b.t().conj());
    }

    /** Returns the right operand's gradient, column-major if the operand is. */
    private static Tensor gradientB(Tensor g, Tensor a, boolean columnMajor) {
        return columnMajor ? g.t().mm(a.conj()).t() : a.t().conj().mm(g);
    }

    private static void checkInner(Tensor a, Tensor b) {
        if (a.size(1) != b.size(0)) {
            throw new CotangentException("mat1 and mat2 shapes cannot be multiplied (" + a.size(0) + "x" + a.size(1)
                    + " and " + b.size(0) + "x" + b.size(1) + ")");
        }
    }

    /** Computes {@code torch.bmm}. */
    public static Tensor bmm(Tensor a, Tensor b) {
        checkBatches(a, b, "batch1", "batch2");
        sameType("bmm", a, b);
        Tensor out = product(a, b, null, 0, 1);
        return GradientRule.of("BmmBackward0", out)
                .input(a, b, (g, saved) -> g.bmm(saved.transpose(1, 2).conj()))
                .input(b, a, (g, saved) -> saved.transpose(1, 2).conj().bmm(g))
                .done();
    }

    static void checkBatches(Tensor a, Tensor b, String first, String second) {
        if (a.dim() != 3) throw new CotangentException(first + " must be a 3D tensor");
        if (b.dim() != 3) throw new CotangentException(second + " must be a 3D tensor");
        if (a.size(0) != b.size(0) || a.size(2) != b.size(1)) {
            throw new CotangentException("Expected size for first two dimensions of batch2 tensor to be: [" + a.size(0)
                    + ", " + a.size(2) + "] but got: [" + b.size(0) + ", " + b.size(1) + "].");
        }
    }

    /** Computes {@code torch.mv}. */
    public static Tensor mv(Tensor a, Tensor v) {
        if (a.dim() != 2 || v.dim() != 1) {
            throw new CotangentException("vector + matrix @ vector expected, got 1, " + a.dim() + ", " + v.dim());
        }
        if (a.size(1) != v.size(0)) {
            throw new CotangentException(
                    "size mismatch, got " + a.size(0) + ", " + a.size(0) + "x" + a.size(1) + "," + v.size(0));
        }
        sameType("addmv_impl_cpu", a, v);
        Tensor out = unbatch(product(batch(a), batch(column(v)), null, 0, 1), a.size(0));
        return GradientRule.of("MvBackward0", out)
                .input(a, v, (g, saved) -> g.outer(saved.conj()))
                .input(v, a, (g, saved) -> saved.t().conj().mv(g))
                .readsLastFirst()
                .done();
    }

    /** Multiplies a matrix by a vector, checked but not recorded. */
    static Tensor product(Tensor a, Tensor v) {
        return mv(a.detach(), v.detach());
    }

    private static Tensor column(Tensor v) {
        return Internals.wrap(Internals.data(v).with(Internals.layout(v).unsqueeze(1)));
    }

    /** Computes {@code torch.dot}. */
    public static Tensor dot(Tensor a, Tensor b) {
        if (a.dim() != 1 || b.dim() != 1) {
            throw new CotangentException("1D tensors expected, but got " + a.dim() + "D and " + b.dim() + "D tensors");
        }
        if (a.dtype() != b.dtype()) {
            throw new CotangentException("dot : expected both vectors to have same dtype, but found "
                    + a.dtype().scalarName() + " and " + b.dtype().scalarName());
        }
        if (a.numel() != b.numel()) {
            throw new CotangentException("inconsistent tensor size, expected tensor [" + a.numel() + "] and src ["
                    + b.numel() + "] to have the same number of elements, but got " + a.numel() + " and " + b.numel()
                    + " elements respectively");
        }
        sameType("dot", a, b);
        Tensor row = Internals.wrap(Internals.data(a).with(Internals.layout(a).unsqueeze(0)));
        Tensor out = unbatch(product(batch(row), batch(column(b)), null, 0, 1));
        return GradientRule.of("DotBackward0", out)
                .input(a, b, (g, saved) -> g.mul(saved.conj()))
                .input(b, a, (g, saved) -> g.mul(saved.conj()))
                .readsLastFirst()
                .done();
    }

    /** Computes {@code torch.outer}. */
    public static Tensor outer(Tensor a, Tensor b) {
        if (a.dim() != 1) throw new CotangentException("outer: Expected 1-D argument self, but got " + a.dim() + "-D");
        if (b.dim() != 1) throw new CotangentException("outer: Expected 1-D argument vec2, but got " + b.dim() + "-D");
        return a.view(-1, 1).mul(b);
    }

    /** Computes {@code torch.matmul}. */
    public static Tensor matmul(Tensor a, Tensor b) {
        if (a.dim() == 0 || b.dim() == 0) {
            throw new CotangentException("both arguments to matmul need to be at least 1D, but they are " + a.dim()
                    + "D and " + b.dim() + "D");
        }
        if (a.dim() == 1 && b.dim() == 1) return a.dot(b);
        if (a.dim() == 2 && b.dim() == 1) return a.mv(b);
        if (a.dim() == 1 && b.dim() == 2) return a.unsqueeze(0).mm(b).squeeze_(0);
        if (a.dim() == 2 && b.dim() == 2) return a.mm(b);
        return batched(a, b);
    }

    private static Tensor batched(Tensor a, Tensor b) {
        Tensor x = a.dim() == 1 ? a.unsqueeze(0) : a;
        Tensor y = b.dim() == 1 ? b.unsqueeze(1) : b;
        long m = x.size(-2);
        long k = x.size(-1);
        long n = y.size(-1);
        long[] xb = Arrays.copyOf(Internals.layout(x).sizes(), x.dim() - 2);
        long[] yb = Arrays.copyOf(Internals.layout(y).sizes(), y.dim() - 2);
        long[] lead = Broadcast.shape(xb, yb);
        Tensor product;
        if (y.dim() == 2) {
            // One matrix for the whole batch: fold the batch into the rows of one large GEMM.
            long rows = m;
            for (long size : xb) rows *= size;
            product = x.reshape(rows, k).mm(y);
        } else {
            product = flat(x, lead, m, k).bmm(flat(y, lead, y.size(-2), n));
        }
        int rank = lead.length;
        long[] sizes = Arrays.copyOf(lead, rank + (a.dim() == 1 ? 0 : 1) + (b.dim() == 1 ? 0 : 1));
        if (a.dim() > 1) sizes[rank++] = m;
        if (b.dim() > 1) sizes[rank] = n;
        return product.reshape(sizes);
    }

    private static Tensor flat(Tensor x, long[] lead, long rows, long columns) {
        long[] sizes = Arrays.copyOf(lead, lead.length + 2);
        sizes[lead.length] = rows;
        sizes[lead.length + 1] = columns;
        long n = 1;
        for (long s : lead) n *= s;
        return x.expand(sizes).reshape(n, rows, columns);
    }

    /** Computes {@code torch.addmm}. */
    public static Tensor addmm(Tensor c, Tensor a, Tensor b, Number beta, Number alpha) {
        if (a.dim() != 2) throw new CotangentException("mat1 must be a matrix, got " + a.dim() + "-D tensor");
        if (b.dim() != 2) throw new CotangentException("mat2 must be a matrix, got " + b.dim() + "-D tensor");
        checkInner(a, b);
        sameType("addmm_impl_cpu_", a, b, c);
        long[] sizes = {a.size(0), b.size(1)};
        Tensor wide = expandTo(c, sizes);
        Tensor out = unbatch(product(batch(a), batch(b), wide, factor(beta, a), factor(alpha, a)), sizes);
        boolean columnMajorA = isColumnMajor(a);
        boolean columnMajorB = isColumnMajor(b);
        return GradientRule.of("AddmmBackward0", out)
                .input(c, g -> scaled(g, beta))
                .input(a, b, (g, saved) -> scaled(gradientA(g, saved, columnMajorA), alpha))
                .input(b, a, (g, saved) -> scaled(gradientB(g, saved, columnMajorB), alpha))
                .readsLastFirst()
                .done();
    }

    /** Computes {@code torch.baddbmm}. */
    public static Tensor baddbmm(Tensor c, Tensor a, Tensor b, Number beta, Number alpha) {
        checkBatches(a, b, "batch1", "batch2");
        if (c.dtype() != a.dtype()) {
            throw new CotangentException(
                    "Input dtypes must be the same, got: input " + c.dtype().scalarName() + ", batch1: "
                            + a.dtype().scalarName() + ", batch2: " + b.dtype().scalarName());
        }
        sameType("baddbmm", a, b, c);
        Tensor wide = expandTo(c, new long[] {a.size(0), a.size(1), b.size(2)});
        Tensor out = product(a, b, wide, factor(beta, a), factor(alpha, a));
        return GradientRule.of("BaddbmmBackward0", out)
                .input(c, g -> scaled(g, beta))
                .input(a, b, (g, saved) -> scaled(g.bmm(saved.transpose(1, 2).conj()), alpha))
                .input(b, a, (g, saved) -> scaled(saved.transpose(1, 2).conj().bmm(g), alpha))
                .readsLastFirst()
                .done();
    }

    /** Returns a scalar factor in the compute type; for integers truncated, as in PyTorch. */
    static Number factor(Number by, Tensor x) {
        if (x.dtype().isComplex()) return by;
        return x.dtype().isFloatingPoint() ? (Number) by.doubleValue() : (Number) by.longValue();
    }

    /** Expands the summand to the product's shape; the engine reduces its gradient. */
    private static Tensor expandTo(Tensor c, long[] sizes) {
        return ViewOps.expand(c.detach(), sizes);
    }

    static Tensor scaled(Tensor g, Number by) {
        return isOne(by) ? g : g.mul(by instanceof Complex c ? c.conj() : by);
    }

    /** Computes {@code torch.nn.functional.linear}. */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (x.dim() == 2 && bias != null && bias.dim() <= 1) return bias.addmm(x, weight.t());
        Tensor product = x.matmul(weight.t());
        return bias == null ? product : product.add(bias);
    }
}

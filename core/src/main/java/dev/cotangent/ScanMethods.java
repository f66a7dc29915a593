package dev.cotangent;

import dev.cotangent.backend.Scan;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.ProductOps;
import dev.cotangent.internal.ops.reduction.ScanOps;
import dev.cotangent.internal.ops.reduction.TrapezoidOps;
import org.jspecify.annotations.Nullable;

/**
 * Running results along a dimension, of this tensor's shape, and what neighbours give. A dimension may count from the
 * end; one out of range raises an {@link IndexException}. All have gradients of every order.
 */
sealed interface ScanMethods permits Tensor {
    /** Running sums, integers and bool as int64; {@code torch.cumsum}. */
    default Tensor cumsum(int dim) {
        return ScanOps.cumsum((Tensor) this, dim, null);
    }

    /** Running sums of the elements converted to a type; {@code torch.cumsum}. */
    default Tensor cumsum(int dim, @Nullable Dtype dtype) {
        return ScanOps.cumsum((Tensor) this, dim, dtype);
    }

    /** {@link #cumsum(int)} in place, in this tensor's type; {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(int dim) {
        return ScanOps.cumsumInPlace((Tensor) this, dim, null);
    }

    /** {@link #cumsum_(int)}; a type other than this tensor's is an error. {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(int dim, @Nullable Dtype dtype) {
        return ScanOps.cumsumInPlace((Tensor) this, dim, dtype);
    }

    /** Running products, integers and bool as int64; {@code torch.cumprod}. */
    default Tensor cumprod(int dim) {
        return ProductOps.cumprod((Tensor) this, dim, null);
    }

    /** Running products of the elements converted to a type; {@code torch.cumprod}. */
    default Tensor cumprod(int dim, @Nullable Dtype dtype) {
        return ProductOps.cumprod((Tensor) this, dim, dtype);
    }

    /** {@link #cumprod(int)} in place, in this tensor's type; {@code torch.Tensor.cumprod_}. */
    default Tensor cumprod_(int dim) {
        return ProductOps.cumprodInPlace((Tensor) this, dim, null);
    }

    /** {@link #cumprod_(int)}; a type other than this tensor's is an error. {@code torch.Tensor.cumprod_}. */
    default Tensor cumprod_(int dim, @Nullable Dtype dtype) {
        return ProductOps.cumprodInPlace((Tensor) this, dim, dtype);
    }

    /** Running maxima, and where the last of each was (int64); {@code torch.cummax}. */
    default ValuesIndices cummax(int dim) {
        return ScanOps.cummax(Scan.MAX, (Tensor) this, dim);
    }

    /** Running minima, and where the last of each was (int64); {@code torch.cummin}. */
    default ValuesIndices cummin(int dim) {
        return ScanOps.cummax(Scan.MIN, (Tensor) this, dim);
    }

    /** The logarithm of running sums of exponentials, floating point; {@code torch.logcumsumexp}. */
    default Tensor logcumsumexp(int dim) {
        return ScanOps.logcumsumexp((Tensor) this, dim);
    }

    /** The differences of neighbours along the last dimension; {@code torch.diff}. */
    default Tensor diff() {
        return diff(1, -1, null, null);
    }

    /** Returns the differences of neighbours along a dimension, {@code n} times over; {@code torch.diff}. */
    default Tensor diff(long n, int dim) {
        return diff(n, dim, null, null);
    }

    /**
     * The differences of neighbours along a dimension, {@code n} times over, of bool whether they differ; {@code
     * torch.diff}.
     *
     * @param n how often
     * @param dim the dimension
     * @param prepend what to put before this tensor, if anything
     * @param append what to put behind it
     */
    default Tensor diff(long n, int dim, @Nullable Tensor prepend, @Nullable Tensor append) {
        return ScanOps.diff((Tensor) this, n, dim, prepend, append);
    }

    /** The integral over the last dimension of samples 1 apart; {@code torch.trapezoid}. */
    default Tensor trapezoid() {
        return TrapezoidOps.trapezoid((Tensor) this, 1, -1);
    }

    /** The integral of samples {@code dx} apart by the trapezoidal rule; {@code torch.trapezoid}. */
    default Tensor trapezoid(Number dx, int dim) {
        return TrapezoidOps.trapezoid((Tensor) this, dx, dim);
    }

    /** The integral over the last dimension of samples at places; {@code torch.trapezoid}. */
    default Tensor trapezoid(Tensor x) {
        Arguments.notNull("trapezoid", "x", x);
        return TrapezoidOps.trapezoid((Tensor) this, x, -1);
    }

    /** The integral of samples at places by the trapezoidal rule; {@code torch.trapezoid}. */
    default Tensor trapezoid(Tensor x, int dim) {
        Arguments.notNull("trapezoid", "x", x);
        return TrapezoidOps.trapezoid((Tensor) this, x, dim);
    }

    /** {@link #trapezoid()}; {@code torch.trapz}. */
    default Tensor trapz() {
        return trapezoid();
    }

    /** {@link #trapezoid(Number, int)}; {@code torch.trapz}. */
    default Tensor trapz(Number dx, int dim) {
        return trapezoid(dx, dim);
    }

    /** {@link #trapezoid(Tensor, int)}; {@code torch.trapz}. */
    default Tensor trapz(Tensor x, int dim) {
        Arguments.notNull("trapz", "x", x);
        return trapezoid(x, dim);
    }

    /** Running integrals over the last dimension of samples 1 apart, one fewer; {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid() {
        return TrapezoidOps.cumulative((Tensor) this, 1, -1);
    }

    /** Running integrals of samples {@code dx} apart, one fewer; {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid(Number dx, int dim) {
        return TrapezoidOps.cumulative((Tensor) this, dx, dim);
    }

    /** Running integrals of samples at places, one fewer; {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid(Tensor x, int dim) {
        Arguments.notNull("cumulative_trapezoid", "x", x);
        return TrapezoidOps.cumulative((Tensor) this, x, dim);
    }
}

package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.backend.Scan;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.engine.AutocastMode;
import dev.cotangent.internal.ops.reduction.ProdOps;
import dev.cotangent.internal.ops.reduction.ScanOps;
import dev.cotangent.internal.ops.reduction.TrapezoidOps;
import org.jspecify.annotations.Nullable;

/**
 * Scans (cumulative reductions), differences and integrals along a dimension. Negative dimensions count from the end;
 * one out of range throws an {@link IndexException}. All have gradients of every order.
 */
sealed interface ScanMethods permits Tensor {
    /** Returns cumulative sums, for integers and bool as int64; {@code torch.cumsum}. */
    default Tensor cumsum(int dim) {
        return end(
                start("cumsum", this),
                ScanOps.cumsum((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns cumulative sums of the elements converted to a type; {@code torch.cumsum}. */
    default Tensor cumsum(int dim, @Nullable Dtype dtype) {
        return end(
                start("cumsum", this),
                ScanOps.cumsum((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Works as {@link #cumsum(int)}, in place, in this tensor's type; {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(int dim) {
        return end(start("cumsum_", this), ScanOps.cumsumInPlace((Tensor) this, dim, null));
    }

    /** Works as {@link #cumsum_(int)}; throws for a type other than this tensor's. {@code torch.Tensor.cumsum_}. */
    default Tensor cumsum_(int dim, @Nullable Dtype dtype) {
        return end(start("cumsum_", this), ScanOps.cumsumInPlace((Tensor) this, dim, dtype));
    }

    /** Returns cumulative products, for integers and bool as int64; {@code torch.cumprod}. */
    default Tensor cumprod(int dim) {
        return end(
                start("cumprod", this),
                ProdOps.cumprod((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, null)));
    }

    /** Returns cumulative products of the elements converted to a type; {@code torch.cumprod}. */
    default Tensor cumprod(int dim, @Nullable Dtype dtype) {
        return end(
                start("cumprod", this),
                ProdOps.cumprod((Tensor) this, dim, AutocastMode.singleOnCuda((Tensor) this, dtype)));
    }

    /** Works as {@link #cumprod(int)}, in place, in this tensor's type; {@code torch.Tensor.cumprod_}. */
    default Tensor cumprod_(int dim) {
        return end(start("cumprod_", this), ProdOps.cumprodInPlace((Tensor) this, dim, null));
    }

    /** Works as {@link #cumprod_(int)}; throws for a type other than this tensor's. {@code torch.Tensor.cumprod_}. */
    default Tensor cumprod_(int dim, @Nullable Dtype dtype) {
        return end(start("cumprod_", this), ProdOps.cumprodInPlace((Tensor) this, dim, dtype));
    }

    /** Returns cumulative maxima and their last indices (int64); {@code torch.cummax}. */
    default ValuesIndices cummax(int dim) {
        return end(start("cummax", this), ScanOps.cummax(Scan.MAX, (Tensor) this, dim));
    }

    /** Returns cumulative minima and their last indices (int64); {@code torch.cummin}. */
    default ValuesIndices cummin(int dim) {
        return end(start("cummin", this), ScanOps.cummax(Scan.MIN, (Tensor) this, dim));
    }

    /** Returns the logarithm of cumulative sums of exponentials, floating point; {@code torch.logcumsumexp}. */
    default Tensor logcumsumexp(int dim) {
        return end(start("logcumsumexp", this), ScanOps.logcumsumexp((Tensor) this, dim));
    }

    /** Returns the differences of adjacent elements along the last dimension; {@code torch.diff}. */
    default Tensor diff() {
        return diff(1, -1, null, null);
    }

    /** Returns the {@code n}-th differences of adjacent elements along a dimension; {@code torch.diff}. */
    default Tensor diff(long n, int dim) {
        return diff(n, dim, null, null);
    }

    /**
     * Returns the {@code n}-th differences of adjacent elements along a dimension, for bool whether they differ; {@code
     * torch.diff}.
     *
     * @param n the order
     * @param dim the dimension
     * @param prepend values before this tensor, or null
     * @param append values after this tensor, or null
     */
    default Tensor diff(long n, int dim, @Nullable Tensor prepend, @Nullable Tensor append) {
        return end(start("diff", this, prepend, append), ScanOps.diff((Tensor) this, n, dim, prepend, append));
    }

    /** Returns the integral over the last dimension of samples with spacing 1; {@code torch.trapezoid}. */
    default Tensor trapezoid() {
        return end(start("trapezoid", this), TrapezoidOps.trapezoid((Tensor) this, 1, -1));
    }

    /** Returns the integral of samples with spacing {@code dx} by the trapezoidal rule; {@code torch.trapezoid}. */
    default Tensor trapezoid(Number dx, int dim) {
        return end(start("trapezoid", this), TrapezoidOps.trapezoid((Tensor) this, dx, dim));
    }

    /** Returns the integral over the last dimension of samples at points {@code x}; {@code torch.trapezoid}. */
    default Tensor trapezoid(Tensor x) {
        Arguments.notNull("trapezoid", "x", x);
        return end(start("trapezoid", this, x), TrapezoidOps.trapezoid((Tensor) this, x, -1));
    }

    /** Returns the integral of samples at points {@code x} by the trapezoidal rule; {@code torch.trapezoid}. */
    default Tensor trapezoid(Tensor x, int dim) {
        Arguments.notNull("trapezoid", "x", x);
        return end(start("trapezoid", this, x), TrapezoidOps.trapezoid((Tensor) this, x, dim));
    }

    /** Works as {@link #trapezoid()}; {@code torch.trapz}. */
    default Tensor trapz() {
        return trapezoid();
    }

    /** Works as {@link #trapezoid(Number, int)}; {@code torch.trapz}. */
    default Tensor trapz(Number dx, int dim) {
        return trapezoid(dx, dim);
    }

    /** Works as {@link #trapezoid(Tensor, int)}; {@code torch.trapz}. */
    default Tensor trapz(Tensor x, int dim) {
        Arguments.notNull("trapz", "x", x);
        return trapezoid(x, dim);
    }

    /**
     * Returns cumulative integrals over the last dimension of samples with spacing 1, one fewer; {@code
     * torch.cumulative_trapezoid}.
     */
    default Tensor cumulativeTrapezoid() {
        return end(start("cumulative_trapezoid", this), TrapezoidOps.cumulative((Tensor) this, 1, -1));
    }

    /**
     * Returns cumulative integrals of samples with spacing {@code dx}, one fewer; {@code torch.cumulative_trapezoid}.
     */
    default Tensor cumulativeTrapezoid(Number dx, int dim) {
        return end(start("cumulative_trapezoid", this), TrapezoidOps.cumulative((Tensor) this, dx, dim));
    }

    /** Returns cumulative integrals of samples at points {@code x}, one fewer; {@code torch.cumulative_trapezoid}. */
    default Tensor cumulativeTrapezoid(Tensor x, int dim) {
        Arguments.notNull("cumulative_trapezoid", "x", x);
        return end(start("cumulative_trapezoid", this, x), TrapezoidOps.cumulative((Tensor) this, x, dim));
    }
}

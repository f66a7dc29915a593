package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.reduction.FiniteDifferenceOps;
import dev.cotangent.internal.ops.reduction.HistogramOps;
import dev.cotangent.internal.ops.reduction.StatisticsOps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Covariances, histograms, and derivatives of samples. */
sealed interface StatisticsMethods permits Tensor {
    /** Works as {@link #cov(CovarianceOptions)} with a correction of 1. */
    default Tensor cov() {
        return end(start("cov", this), StatisticsOps.cov((Tensor) this, CovarianceOptions.DEFAULT));
    }

    /**
     * Computes the covariance matrix of variables, the rows, over observations, the columns; a tensor of one dimension
     * is one variable. Throws PyTorch's error of more dimensions, of bool, and of weights that do not fit.
     * {@code torch.cov}.
     */
    default Tensor cov(CovarianceOptions options) {
        return end(start("cov", this), StatisticsOps.cov((Tensor) this, Arguments.notNull("cov", "options", options)));
    }

    /** Computes the correlation coefficients of variables, laid out as in {@link #cov()}; {@code torch.corrcoef}. */
    default Tensor corrcoef() {
        return end(start("corrcoef", this), StatisticsOps.corrcoef((Tensor) this));
    }

    /**
     * Counts how often each number from 0 on occurs, int64; {@code torch.bincount}. Throws unless this has one
     * dimension and an integer dtype.
     */
    default Tensor bincount() {
        return end(start("bincount", this), StatisticsOps.bincount((Tensor) this, null, 0));
    }

    /** Works as {@link #bincount()} with a smallest size of the result; {@code torch.bincount}. */
    default Tensor bincount(long minlength) {
        return end(start("bincount", this), StatisticsOps.bincount((Tensor) this, null, minlength));
    }

    /** Works as {@link #bincount()}, adding up each element's weight, or 1 without weights; {@code torch.bincount}. */
    default Tensor bincount(@Nullable Tensor weights, long minlength) {
        return end(start("bincount", this, weights), StatisticsOps.bincount((Tensor) this, weights, minlength));
    }

    /** Works as {@link #histc(long, double, double)} over the range of the data; {@code torch.histc}. */
    default Tensor histc(long bins) {
        return end(start("histc", this), HistogramOps.histc((Tensor) this, bins, 0, 0));
    }

    /**
     * Counts the elements that fall into bins of equal width from {@code min} to {@code max}, or, where these are
     * equal, over the range of the data. Floating point only, and so is the result; {@code torch.histc}.
     */
    default Tensor histc(long bins, double min, double max) {
        return end(start("histc", this), HistogramOps.histc((Tensor) this, bins, min, max));
    }

    /** Works as {@link #histogram(long, HistogramOptions)} of the range of the data; {@code torch.histogram}. */
    default Histogram histogram(long bins) {
        return end(start("histogram", this), HistogramOps.histogram((Tensor) this, bins, HistogramOptions.DEFAULT));
    }

    /**
     * Counts the elements in bins of equal width and returns the bins' edges, too. Float32 and float64 only;
     * {@code torch.histogram}.
     */
    default Histogram histogram(long bins, HistogramOptions options) {
        return end(
                start("histogram", this),
                HistogramOps.histogram((Tensor) this, bins, Arguments.notNull("histogram", "options", options)));
    }

    /** Works as {@link #histogram(Tensor, HistogramOptions)} without weights or density; {@code torch.histogram}. */
    default Histogram histogram(Tensor bins) {
        return histogram(bins, HistogramOptions.DEFAULT);
    }

    /** Counts the elements between edges in ascending order, the last edge included; {@code torch.histogram}. */
    default Histogram histogram(Tensor bins, HistogramOptions options) {
        return end(
                start("histogram", this, bins),
                HistogramOps.histogram(
                        (Tensor) this,
                        Arguments.notNull("histogram", "bins", bins),
                        Arguments.notNull("histogram", "options", options)));
    }

    /** Works as {@link #histogramdd(long[], HistogramOptions)} of the range of the data; {@code torch.histogramdd}. */
    default HistogramDd histogramdd(long[] bins) {
        return histogramdd(bins, HistogramOptions.DEFAULT);
    }

    /**
     * Counts the points in boxes of equal size, the last dimension holding the coordinates of a point;
     * {@code torch.histogramdd}.
     *
     * @param bins how many bins each coordinate has
     */
    default HistogramDd histogramdd(long[] bins, HistogramOptions options) {
        return end(
                start("histogramdd", this),
                HistogramOps.histogramdd(
                        (Tensor) this,
                        Arguments.notNull("histogramdd", "bins", bins),
                        Arguments.notNull("histogramdd", "options", options)));
    }

    /**
     * Works as {@link #histogramdd(long[], HistogramOptions)} between edges of each coordinate;
     * {@code torch.histogramdd}.
     */
    default HistogramDd histogramdd(List<Tensor> bins, HistogramOptions options) {
        return end(
                start("histogramdd", this, bins),
                HistogramOps.histogramdd(
                        (Tensor) this,
                        Arguments.noNulls("histogramdd", "bins", bins),
                        Arguments.notNull("histogramdd", "options", options)));
    }

    /** Works as {@link #gradient(GradientOptions)} in all dimensions, with a spacing of 1; {@code torch.gradient}. */
    default List<Tensor> gradient() {
        return end(start("gradient", this), FiniteDifferenceOps.gradient((Tensor) this, GradientOptions.DEFAULT));
    }

    /**
     * Computes the derivatives of a sampled function by central differences, a tensor of this shape for each dimension;
     * {@code torch.gradient}. Throws PyTorch's error of dimensions that are too small.
     */
    default List<Tensor> gradient(GradientOptions options) {
        return end(
                start("gradient", this),
                FiniteDifferenceOps.gradient((Tensor) this, Arguments.notNull("gradient", "options", options)));
    }
}

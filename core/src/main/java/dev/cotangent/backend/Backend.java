package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a device, without autograd, broadcasting and checks of users' arguments: callers ensure shapes,
 * dtypes and devices. Operands are storages with layouts of any strides (0 included), offset and rank, and may be
 * empty. Outputs never overlap themselves; in {@link #pointwise} an output may equal an input (same storage and
 * layout), otherwise it shares no element with one.
 *
 * <p>Work may be asynchronous, in the order of the calls; {@link #read} waits for the data it reads.
 */
public interface Backend {
    /** Returns the device. */
    Device device();

    /** Allocates that many elements, zeroed. */
    Storage allocate(Dtype dtype, long size);

    /** Allocates that many uninitialized elements, for results that are fully overwritten. */
    default Storage allocateUnset(Dtype dtype, long size) {
        return allocate(dtype, size);
    }

    /**
     * Returns a storage that shares a Java array, or null if the device cannot: {@code float[]}, {@code double[]},
     * {@code long[]}, {@code int[]}, {@code short[]} (int16, or the bits of a half type) or {@code byte[]} (int8,
     * uint8, or bool as 0 and 1).
     */
    default @Nullable Storage share(Dtype dtype, Object array) {
        return null;
    }

    /** Returns the Java array that a storage shares, or null if its memory is not an array. */
    default @Nullable Object array(Storage storage) {
        return null;
    }

    /** Frees the memory of a closed storage; work submitted before may still use it. */
    default void free(Object memory) {}

    /** Copies raw elements in native byte order into a storage, from element {@code start} on. */
    void write(Storage to, long start, MemorySegment from);

    /** Copies raw elements from a storage, from element {@code start} on, until the target is full. */
    void read(Storage from, long start, MemorySegment to);

    /**
     * Copies elements directly from another device, if possible: both contiguous, of one dtype and shape.
     *
     * @return false if it is not possible; then nothing was done
     */
    default boolean receive(Strided from, Strided to) {
        return false;
    }

    /**
     * Copies elements of equal shape, converting dtype and layout. Floating point to integer truncates; to bool tests
     * for nonzero; to a half type rounds to nearest even, through float32.
     */
    void copy(Strided from, Strided to);

    /** Sets all elements; {@code bits} as in {@link Program}: of a double for floating-point dtypes. */
    void fill(Strided to, long bits);

    /**
     * Computes a program for every element. Inputs are expanded to the shape of the outputs; each has the dtype that
     * the program declares.
     */
    void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars);

    /**
     * Reduces the program's only output over the dimensions in which {@code out} has size 1 and the inputs do not. All
     * have the same rank. The result has {@code out}'s dtype: int64 for ARGMAX and ARGMIN, bool for ANY and ALL,
     * otherwise the dtype of the program's output (accumulated in a wider type where needed).
     */
    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars);

    /** Computes a scan along a dimension; same shape and dtype. */
    void scan(Scan kind, Strided in, Strided out, int dim);

    /**
     * Computes {@code out = alpha * a @ b + beta * c} for a batch: a is [n, m, k], b [n, k, p], c and out [n, m, p], of
     * one dtype (any but bool). c may be out, or broadcast by strides of 0; if beta is 0, c is not read. Half types
     * accumulate in float32.
     */
    void matmul(Strided a, Strided b, Strided c, Strided out, double alpha, double beta);

    /**
     * Computes {@code out[.., i, ..] = in[.., index[.., i, ..], ..]} along a dimension. The index (int64) has out's
     * shape; in is at least as large in all other dimensions.
     *
     * @throws dev.cotangent.IndexException if an index is out of range
     */
    void gather(Strided in, int dim, Strided index, Strided out);

    /**
     * Computes {@code to[.., index[.., i, ..], ..] = from[.., i, ..]} (or accumulates) along a dimension. The index
     * (int64) has from's shape; to is at least as large in all other dimensions.
     *
     * @throws dev.cotangent.IndexException if an index is out of range, before anything is written
     */
    void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from);

    /**
     * Computes {@code to[toIndex[i], :] += from[fromIndex[i], :]} for all i in order, for matrices with rows of equal
     * length and int64 vectors of equal length.
     *
     * @throws dev.cotangent.IndexException if an index is out of range, before anything is written
     */
    default void addRows(Strided from, Strided fromIndex, Strided to, Strided toIndex) {
        MovementDecompositions.addRows(this, from, fromIndex, to, toIndex);
    }

    /** Sorts stably along a dimension; NaN sorts as largest. Writes sorted values and original indices (int64). */
    void sort(Strided in, int dim, boolean descending, Strided values, Strided indices);

    /**
     * Writes the largest or smallest elements along a dimension, sorted, and their indices (int64), as many as the
     * outputs hold. NaN counts as largest; of equal elements, those with lower indices come first.
     */
    default void topk(Strided in, int dim, boolean largest, Strided values, Strided indices) {
        SortingDecompositions.topk(this, in, dim, largest, values, indices);
    }

    /**
     * Writes for each row along a dimension, which has size 1 in {@code indices} (int64), the index of the element at
     * {@code rank} (from 0) of the stable ascending order.
     */
    default void kth(Strided in, int dim, long rank, Strided indices) {
        SortingDecompositions.kth(this, in, dim, rank, indices);
    }

    /**
     * Writes for each row along a dimension, which has size 1 in {@code indices} (int64), the index of the lower
     * median, or of the first NaN if there is one. With {@code ignoreNan}, NaNs count only if there is nothing else.
     */
    default void median(Strided in, int dim, boolean ignoreNan, Strided indices) {
        SortingDecompositions.median(this, in, dim, ignoreNan, indices);
    }

    /**
     * Writes for each row along a dimension, which has size 1 in {@code indices} (int64), the last index of the most
     * frequent value, the smallest if several are. NaNs are all different.
     */
    default void mode(Strided in, int dim, Strided indices) {
        SortingDecompositions.mode(this, in, dim, indices);
    }

    /**
     * Writes for each value the number of elements in its row that are less or, with {@code right}, not greater.
     *
     * @param sorted rows in ascending order, [n, k]
     * @param values of the same dtype, [n, m]
     * @param out int64, [n, m]
     */
    default void searchsorted(Strided sorted, Strided values, boolean right, Strided out) {
        SortingDecompositions.searchsorted(this, sorted, values, right, out);
    }

    /**
     * Writes cumulative extremes along a dimension, {@link Scan#MAX} or {@link Scan#MIN}, and their last indices
     * (int64): of the last NaN, once there is one.
     */
    default void scanExtreme(Scan kind, Strided in, int dim, Strided values, Strided indices) {
        ScanDecompositions.extreme(this, kind, in, dim, values, indices);
    }

    /** Computes log-cumulative-sum-exp; floating point, same dtype and shape, accumulated in float64. */
    default void logcumsumexp(Strided in, int dim, Strided out) {
        ScanDecompositions.logcumsumexp(this, in, dim, out);
    }

    /**
     * Copies matrices with zeros below or above a diagonal, {@code column - row == diagonal}, which is kept. {@code
     * out} may be {@code in}.
     */
    default void triangle(Strided in, boolean upper, long diagonal, Strided out) {
        MovementDecompositions.triangle(this, in, upper, diagonal, out);
    }

    /** Accumulates elements in row-major order into a layout of the same dtype and shape that may overlap itself. */
    default void addOverlapping(Strided from, Strided to) {
        MovementDecompositions.addOverlapping(this, from, to);
    }

    /** Returns the row-major positions of the nonzero elements in a new int64 vector. */
    default Strided nonzero(Strided in) {
        return MovementDecompositions.nonzero(this, in);
    }

    /**
     * Converts row-major positions in a shape to indices.
     *
     * @param positions row-major positions in ascending order (int64), [n]
     * @param out int64, [n, rank of the shape]
     */
    default void coordinates(Strided positions, long[] sizes, Strided out) {
        MovementDecompositions.coordinates(this, positions, sizes, out);
    }

    /**
     * Converts an index per dimension to a row-major linear index; -1 if one is out of range. Negative indices count
     * from the end.
     *
     * @param indices one per size, int64, of the shape of {@code out}
     */
    default void linearIndex(Strided[] indices, long[] sizes, Strided out) {
        MovementDecompositions.linearIndex(this, indices, sizes, out);
    }

    /** Returns the elements under a mask (bool or uint8) of the same shape, in row-major order, in a new vector. */
    default Strided maskedSelect(Strided in, Strided mask) {
        return MovementDecompositions.maskedSelect(this, in, mask);
    }

    /**
     * Writes the elements of a vector in row-major order under a mask (bool or uint8); writes nothing if the source has
     * fewer elements than the mask selects.
     *
     * @return the number of selected elements
     */
    default long maskedScatter(Strided to, Strided mask, Strided source) {
        return MovementDecompositions.maskedScatter(this, to, mask, source);
    }

    /** Draws random numbers as {@link Philox} defines them, in row-major order of {@code out}. */
    void random(Distribution kind, Strided out, long seed, long position);

    /**
     * Returns a key of the calling thread's current stream; null during graph capture, where deferral is not allowed.
     */
    default @Nullable Object streamKey() {
        return this;
    }

    /**
     * Runs deferred work on the stream of a {@link #streamKey}; later calls of this thread and readers of the filled
     * storages wait for it.
     */
    default void runOnStream(Object key, Supplier<Storage[]> work) {
        work.get();
    }

    /** Blocks until all submitted work has finished. */
    void synchronize();

    /** Returns statistics of the device's memory. */
    MemoryStats memoryStats();

    /** Computes softmax or log-softmax along a dimension; floating point, same dtype and shape. */
    default void softmax(Strided in, Strided out, int dim, boolean log) {
        Decompositions.softmax(this, in, out, dim, log);
    }

    /**
     * Computes the gradient of {@link #softmax}: {@code (g - sum(g * y)) * y}, or for log-softmax {@code g - exp(y) *
     * sum(g)}, with sums along the dimension; all of one dtype and shape.
     *
     * @param g gradient of the result
     * @param result y
     */
    default void softmaxBackward(Strided g, Strided result, Strided out, int dim, boolean log) {
        Decompositions.softmaxBackward(this, g, result, out, dim, log);
    }

    /**
     * Normalizes over the dimensions in which {@code mean} has size 1 and {@code in} does not: {@code (in - mean) *
     * rstd * weight + bias}. {@code mean} and {@code rstd}, 1 / sqrt(biased variance + eps), are written contiguously
     * in the compute type of {@code in}'s dtype.
     *
     * @param weight floating point, no wider than the compute type, expanded to the shape; null for none
     * @param bias like the weight
     */
    default void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        Decompositions.normalize(this, in, weight, bias, eps, out, mean, rstd);
    }

    /**
     * Works as {@link #normalize} and writes the variance as well, which has {@code mean}'s shape and dtype and is
     * contiguous.
     */
    default void batchNormalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided var,
            Strided rstd) {
        normalize(in, weight, bias, eps, out, mean, rstd);
        Decompositions.variance(this, in, mean, var);
    }

    /**
     * Computes the gradient of {@link #normalize}'s input: {@code (h - mean(h) - n * mean(h * n)) * rstd} with {@code h
     * = g * weight}, {@code n = (in - mean) * rstd}, and means over the dimensions in which {@code mean} has size 1.
     *
     * @param g gradient of the result, in {@code in}'s dtype and shape
     * @param mean as written by {@link #normalize}
     * @param rstd like the mean
     * @param weight as passed to {@link #normalize}
     */
    default void normalizeBackward(
            Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        Decompositions.normalizeBackward(this, g, in, mean, rstd, weight, out);
    }

    /**
     * Computes the gradient of {@link #normalize}'s weight: the sum of {@code g * (in - mean) * rstd} over the
     * dimensions in which {@code out} has size 1 and {@code in} does not.
     *
     * @param g gradient of the result, in {@code in}'s shape
     * @param mean as written by {@link #normalize}
     * @param rstd like the mean
     * @param out of the mean's dtype, written contiguously
     */
    default void normalizeWeightBackward(Strided g, Strided in, Strided mean, Strided rstd, Strided out) {
        Decompositions.normalizeWeightBackward(this, g, in, mean, rstd, out);
    }

    /**
     * Computes {@link #normalizeBackward(Strided, Strided, Strided, Strided, Strided, Strided)}, {@link
     * #normalizeWeightBackward} and the gradient of the bias, the sum of {@code g}, fused.
     *
     * @param ofBias like {@code ofWeight}; null if not needed
     */
    default void normalizeBackward(
            Strided g,
            Strided in,
            Strided mean,
            Strided rstd,
            @Nullable Strided weight,
            Strided out,
            Strided ofWeight,
            @Nullable Strided ofBias) {
        normalizeBackward(g, in, mean, rstd, weight, out);
        normalizeWeightBackward(g, in, mean, rstd, ofWeight);
        if (ofBias != null) Decompositions.sum(this, g, ofBias);
    }

    /**
     * Computes for each target (int64) its class's negative log likelihood times the class's weight, and that weight;
     * both 0 for {@code ignored} targets. {@code target}, {@code losses} and {@code weights} have the shape of {@code
     * logs} with size 1 in the class dimension {@code dim}.
     *
     * @param weight per class, in the dtype of {@code logs}, of any stride; null for 1
     * @throws dev.cotangent.IndexException if a target is not a class
     */
    default void nll(
            Strided logs,
            int dim,
            Strided target,
            @Nullable Strided weight,
            long ignored,
            Strided losses,
            Strided weights) {
        Decompositions.nll(this, logs, dim, target, weight, ignored, losses, weights);
    }

    /**
     * Computes the gradient of {@link #nll}: in each target's class {@code -g * weight}, elsewhere 0.
     *
     * @param g gradient of the losses, in their shape
     * @param weight as passed to {@link #nll}, in {@code g}'s dtype
     */
    default void nllBackward(Strided g, int dim, Strided target, @Nullable Strided weight, long ignored, Strided out) {
        Decompositions.nllBackward(this, g, dim, target, weight, ignored, out);
    }

    /**
     * Writes the convolution of images: {@code out[n, o, i] = bias[o] + sum over c and k of in[n, c, j] * weight[o, c, k]},
     * j being where {@code conv} has i and k meet, and c the channels of o's group.
     *
     * @param in [images, channels, spatial sizes], of any dtype but bool, as all operands
     * @param weight [filters, channels / groups, kernel sizes]
     * @param bias [filters]; null for none
     * @param out [images, filters, spatial sizes], which may be fewer than there is room for
     */
    default void convolution(Strided in, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        ConvolutionDecompositions.forward(this, in, weight, bias, conv, out);
    }

    /**
     * Writes the gradient of {@link #convolution}'s input, which is the transposed convolution, and adds a bias.
     *
     * @param g of the result, [images, filters, spatial sizes]
     * @param weight as {@link #convolution} had it
     * @param bias [channels]; null for none
     * @param out [images, channels, spatial sizes]
     */
    default void convolutionInputBackward(
            Strided g, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        ConvolutionDecompositions.inputBackward(this, g, weight, bias, conv, out);
    }

    /**
     * Writes the gradient of {@link #convolution}'s weight.
     *
     * @param in as {@link #convolution} had it
     * @param g of the result, [images, filters, spatial sizes]
     * @param out [filters, channels / groups, kernel sizes]
     */
    default void convolutionWeightBackward(Strided in, Strided g, Convolution conv, Strided out) {
        ConvolutionDecompositions.weightBackward(this, in, g, conv, out);
    }

    /**
     * Writes sums over windows of the last dimensions: {@code out[p, o..] = sum of weight * in[p, i..] / divisor}, the weight
     * of an element being the product of those along each dimension. Average pooling, interpolation and their gradients are
     * such sums. What has a weight of 0 is not read; integers are accumulated in int64, the quotient is truncated, and all
     * their weights are 1.
     *
     * @param in planes, then as many dimensions as there are windows
     * @param windows of each of the last dimensions
     * @param out with the windows' numbers in place of these sizes, of the same dtype or its compute type
     */
    default void windowSum(Strided in, Windows[] windows, double divisor, Strided out) {
        WindowDecompositions.sum(this, in, windows, divisor, out);
    }

    /**
     * Writes the largest element of each window of the last dimensions, of equal ones the first, of NaN the last; and where it
     * was, as the row-major index (int64) in these dimensions. Windows have no weights, and at least one element.
     *
     * @param in planes, then as many dimensions as there are windows
     * @param out with the windows' numbers in place of these sizes, of the same dtype
     * @param indices of {@code out}'s shape; null where they are not asked for
     */
    default void windowMax(Strided in, Windows[] windows, Strided out, @Nullable Strided indices) {
        WindowDecompositions.max(this, in, windows, out, indices);
    }

    /**
     * Computes {@code to[p, index[p, i]] += from[p, i]} for all i in order: the gradient of {@link #windowMax}. An
     * index out of range raises an IndexException before anything is written.
     *
     * @param from [n, m], of {@code to}'s dtype
     * @param index int64, [n, m]
     * @param to [n, k]
     */
    default void addInPlanes(Strided from, Strided index, Strided to) {
        scatter(Scatter.ADD, to, 1, index, from);
    }

    /**
     * Writes means of values, weighted by the softmax of scaled products of queries and keys:
     * {@code softmax(scale * q @ k^T + mask) @ v}. All operands have the same leading sizes, and strides of 0 where
     * they are broadcast. A query that sees no key gets zeros. Half types are computed in float32.
     *
     * @param q queries, [.., l, e], of floating point
     * @param k keys, [.., s, e], of the same dtype
     * @param v values, [.., s, f], of the same dtype
     * @param mask [.., l, s]: added to the scores, of floating point no wider than the compute type; or bools, true for
     *     keys to attend to; null for none
     * @param causal whether query {@code i} sees only keys up to {@code i}
     * @param out [.., l, f], of the compute type
     * @param logs logarithms of the sums of exponentials of scores, [.., l], of the compute type; -infinity where none
     *     is seen
     */
    default void attention(
            Strided q,
            Strided k,
            Strided v,
            @Nullable Strided mask,
            boolean causal,
            double scale,
            Strided out,
            Strided logs) {
        new AttentionDecompositions(this, q, k, v, mask, causal, scale).forward(out, logs);
    }

    /**
     * Writes the gradients of {@link #attention}'s queries, keys and values, of the expanded sizes.
     *
     * @param g of the result
     * @param out as {@link #attention} wrote it
     * @param logs as {@link #attention} wrote them
     */
    default void attentionBackward(
            Strided g,
            Strided q,
            Strided k,
            Strided v,
            @Nullable Strided mask,
            boolean causal,
            double scale,
            Strided out,
            Strided logs,
            Strided ofQ,
            Strided ofK,
            Strided ofV) {
        new AttentionDecompositions(this, q, k, v, mask, causal, scale).backward(g, out, logs, ofQ, ofK, ofV);
    }

    /**
     * Runs a routine of LAPACK on each matrix of a batch, of any layouts. Computed in float64 whatever the dtype. The default
     * passes through the host.
     *
     * @param operands as the routine lists them
     * @param flags as the routine lists them
     */
    default void lapack(LapackRoutine routine, Strided[] operands, boolean... flags) {
        HostLapack.run(this, routine, operands, flags);
    }

    /**
     * Computes discrete Fourier transforms of all lines along a dimension; float32 or float64. Complex operands have a last
     * dimension of size 2. Elements that {@code in} lacks in that dimension are zeros; it has no more than the transform reads. The
     * default computes on the host.
     *
     * @param in of the other sizes of {@code out}
     * @param out as many elements along the dimension as the transform has results
     */
    default void fourier(FourierTransform transform, Strided in, Strided out, int dim) {
        HostFourier.run(this, transform, in, out, dim);
    }
}

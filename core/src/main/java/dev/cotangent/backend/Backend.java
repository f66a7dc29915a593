package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device must be able to do. No autograd, no broadcasting rules and no checks of a user's arguments here: callers
 * have seen to shapes, dtypes and devices. Operands are storages with layouts; any strides (0 included), any offset and
 * any number of dimensions may come, and numel may be 0. Outputs never overlap themselves; an output may be exactly one
 * of the inputs (same storage and layout) in {@link #pointwise}, and otherwise shares no place with an input.
 *
 * <p>Work may be done later, in the order of the calls; {@link #read} waits for what it reads.
 */
public interface Backend {
    /** The device this computes on. */
    Device device();

    /** Fresh memory of so many elements, all zero bits. */
    Storage allocate(Dtype dtype, long size);

    /** Fresh memory of so many elements, which may be anything: for a result of which every element is written. */
    default Storage allocateUnset(Dtype dtype, long size) {
        return allocate(dtype, size);
    }

    /**
     * A storage on a Java array, sharing it, or null where the device cannot: {@code float[]}, {@code double[]},
     * {@code long[]}, {@code int[]}, {@code short[]} (int16, or the bits of a half type) or {@code byte[]} (int8, uint8,
     * or bool as 0 and 1).
     */
    default @Nullable Storage share(Dtype dtype, Object array) {
        return null;
    }

    /** The Java array that a storage shares, or null where its memory is none. */
    default @Nullable Object array(Storage storage) {
        return null;
    }

    /** Takes back the memory of a storage that was closed; whatever was asked for before may still use it. */
    default void free(Object memory) {}

    /** Copies raw elements into a storage from its element {@code start} on; the bytes are in native order. */
    void write(Storage to, long start, MemorySegment from);

    /** Copies raw elements out of a storage from its element {@code start} on, as many as fit. */
    void read(Storage from, long start, MemorySegment to);

    /**
     * Copies elements of another device to this one without a way through the host, where it can: both contiguous, of one
     * dtype and shape.
     *
     * @return whether it can; where not, nothing was done
     */
    default boolean receive(Strided from, Strided to) {
        return false;
    }

    /**
     * Copies elements, converting dtype and layout; shapes are equal. Floating point to integer truncates; to bool is
     * "not zero"; to a half type rounds to nearest even, by way of float32.
     */
    void copy(Strided from, Strided to);

    /** Sets all elements; {@code bits} as in {@link Program}: of a double where the dtype is floating point. */
    void fill(Strided to, long bits);

    /**
     * Computes a program for every element. Inputs are already expanded to the shape of the outputs; each has the dtype
     * that the program says.
     */
    void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars);

    /**
     * Joins the program's only output over the dimensions in which {@code out} has size 1 and the inputs have not. All
     * have the same rank. The result has {@code out}'s dtype: int64 for ARGMAX and ARGMIN, bool for ANY and ALL,
     * otherwise the dtype that the program gives (computed wider where that is needed).
     */
    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars);

    /** Running results along a dimension; same shape and dtype. */
    void scan(Scan kind, Strided in, Strided out, int dim);

    /**
     * {@code out = alpha * a @ b + beta * c} for each of a batch: a is [n, m, k], b [n, k, p], c and out [n, m, p], of one
     * dtype (any but bool). c may be out, or broadcast by strides of 0; where beta is 0, it is not read. Half types are
     * accumulated in float32.
     */
    void matmul(Strided a, Strided b, Strided c, Strided out, double alpha, double beta);

    /**
     * {@code out[.., i, ..] = in[.., index[.., i, ..], ..]} along a dimension, the index (int64) having out's shape, in
     * being at least as large in all other dimensions. An index out of range raises an IndexException.
     */
    void gather(Strided in, int dim, Strided index, Strided out);

    /**
     * {@code to[.., index[.., i, ..], ..] = from[.., i, ..]} (or added, and so on) along a dimension, the index (int64)
     * having from's shape, to being at least as large in all other dimensions. An index out of range raises an
     * IndexException before anything is written.
     */
    void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from);

    /**
     * {@code to[toIndex[i], :] += from[fromIndex[i], :]} for all i in order, of matrices with rows of equal length and vectors
     * of indices (int64) of equal length. An index out of range raises an IndexException before anything is written.
     */
    default void addRows(Strided from, Strided fromIndex, Strided to, Strided toIndex) {
        MovementDecompositions.addRows(this, from, fromIndex, to, toIndex);
    }

    /**
     * Sorts along a dimension, stably; NaN counts as largest. Writes the sorted values and where they came from (int64).
     */
    void sort(Strided in, int dim, boolean descending, Strided values, Strided indices);

    /**
     * Writes the largest or smallest elements along a dimension, in order, and where they came from (int64): as many as the
     * outputs have indices there. NaN counts as largest; of equal elements those that come first are taken, and come first.
     */
    default void topk(Strided in, int dim, boolean largest, Strided values, Strided indices) {
        SortingDecompositions.topk(this, in, dim, largest, values, indices);
    }

    /**
     * Writes for each line along a dimension, which has size 1 in {@code indices} (int64), where the element is that would
     * come at place {@code rank} of the stable ascending order, counted from 0.
     */
    default void kth(Strided in, int dim, long rank, Strided indices) {
        SortingDecompositions.kth(this, in, dim, rank, indices);
    }

    /**
     * Writes for each line along a dimension, which has size 1 in {@code indices} (int64), where its lower median is: the
     * first NaN where there is one. Ignoring NaN it is that of the other elements, and the first NaN where there is no other.
     */
    default void median(Strided in, int dim, boolean ignoreNan, Strided indices) {
        SortingDecompositions.median(this, in, dim, ignoreNan, indices);
    }

    /**
     * Writes for each line along a dimension, which has size 1 in {@code indices} (int64), where its most frequent value is:
     * of several the smallest, and of its places the last. A NaN equals no other.
     */
    default void mode(Strided in, int dim, Strided indices) {
        SortingDecompositions.mode(this, in, dim, indices);
    }

    /**
     * Writes for each value how many elements of its row are less, or with {@code right} not greater.
     *
     * @param sorted rows in ascending order, [n, k]
     * @param values of the same dtype, [n, m]
     * @param out int64, [n, m]
     */
    default void searchsorted(Strided sorted, Strided values, boolean right, Strided out) {
        SortingDecompositions.searchsorted(this, sorted, values, right, out);
    }

    /**
     * Writes running extremes along a dimension, {@link Scan#MAX} or {@link Scan#MIN}, and where each was last reached
     * (int64): at the last NaN, once there was one.
     */
    default void scanExtreme(Scan kind, Strided in, int dim, Strided values, Strided indices) {
        ScanDecompositions.extreme(this, kind, in, dim, values, indices);
    }

    /** Writes logarithms of running sums of exponentials; floating point, same dtype and shape, accumulated in float64. */
    default void logcumsumexp(Strided in, int dim, Strided out) {
        ScanDecompositions.logcumsumexp(this, in, dim, out);
    }

    /**
     * Copies matrices, with zeros below or above a diagonal of them, which is kept: {@code column - row == diagonal}.
     * {@code out} may be {@code in}.
     */
    default void triangle(Strided in, boolean upper, long diagonal, Strided out) {
        MovementDecompositions.triangle(this, in, upper, diagonal, out);
    }

    /** Adds elements, in row-major order, to a layout of the same dtype and shape that may overlap itself. */
    default void addOverlapping(Strided from, Strided to) {
        MovementDecompositions.addOverlapping(this, from, to);
    }

    /** Returns the row-major positions of the elements that are not zero: fresh int64 memory, one-dimensional. */
    default Strided nonzero(Strided in) {
        return MovementDecompositions.nonzero(this, in);
    }

    /**
     * Writes the indices that positions stand for in a shape.
     *
     * @param positions row-major positions in ascending order (int64), [n]
     * @param out int64, [n, rank of the shape]
     */
    default void coordinates(Strided positions, long[] sizes, Strided out) {
        MovementDecompositions.coordinates(this, positions, sizes, out);
    }

    /**
     * Writes the row-major index into dimensions of these sizes that an index into each of them makes; -1 where one is out of
     * range. An index may count from the end.
     *
     * @param indices one for each size, int64, of the shape of {@code out}
     */
    default void linearIndex(Strided[] indices, long[] sizes, Strided out) {
        MovementDecompositions.linearIndex(this, indices, sizes, out);
    }

    /** Returns the elements where a mask (bool or uint8) of the same shape is set, row-major: fresh memory, one-dimensional. */
    default Strided maskedSelect(Strided in, Strided mask) {
        return MovementDecompositions.maskedSelect(this, in, mask);
    }

    /**
     * Writes the elements of a one-dimensional source, one after the other, where a mask (bool or uint8) is set, row-major;
     * or nothing, if the source has fewer than are set.
     *
     * @return how many are set
     */
    default long maskedScatter(Strided to, Strided mask, Strided source) {
        return MovementDecompositions.maskedScatter(this, to, mask, source);
    }

    /** Draws numbers as {@link Philox} defines them, element by element in row-major order of {@code out}. */
    void random(Distribution kind, Strided out, long seed, long position);

    /**
     * The order of work that the calling thread's calls belong to; null while work is only taken down, so that none may be
     * put off.
     */
    default @Nullable Object streamKey() {
        return this;
    }

    /**
     * Does in a {@link #streamKey} what was put off there; what the calling thread asks for afterwards, and whoever reads the
     * storages that were filled, waits for it.
     */
    default void runOnStream(Object place, Supplier<Storage[]> work) {
        work.get();
    }

    /** Waits until everything asked for is done. */
    void synchronize();

    /** What is known of the device's memory. */
    MemoryStats memoryStats();

    /** Softmax along a dimension, or its logarithm; floating point, same dtype and shape. */
    default void softmax(Strided in, Strided out, int dim, boolean log) {
        Decompositions.softmax(this, in, out, dim, log);
    }

    /**
     * The gradient of {@link #softmax}: {@code (g - sum(g * y)) * y}, or of its logarithm {@code g - exp(y) * sum(g)},
     * sums along the dimension; all of one dtype and shape.
     *
     * @param g of the result
     * @param result y
     */
    default void softmaxBackward(Strided g, Strided result, Strided out, int dim, boolean log) {
        Decompositions.softmaxBackward(this, g, result, out, dim, log);
    }

    /**
     * Normalizes over the dimensions in which {@code mean} has size 1 and {@code in} has not: less the mean, divided by the
     * deviation, then times the weight plus the bias. {@code mean} and {@code rstd}, which is 1 / sqrt(variance + eps),
     * are written contiguously and have the compute type of {@code in}'s dtype; the variance is that of all elements, by
     * their number.
     *
     * @param weight of floating point, no wider than the compute type, expanded to the shape; null for none
     * @param bias as the weight
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
     * {@link #normalize} that writes the variance as well, which has {@code mean}'s shape and dtype and is contiguous.
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
     * The gradient of {@link #normalize}'s input: {@code (h - mean(h) - n * mean(h * n)) * rstd}, h being g times the weight
     * and n what is normalized, {@code (in - mean) * rstd}; means over the dimensions in which {@code mean} has size 1.
     *
     * @param g of the result, in {@code in}'s dtype and shape
     * @param mean as {@link #normalize} wrote it
     * @param rstd as the mean
     * @param weight as {@link #normalize} had it
     */
    default void normalizeBackward(
            Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        Decompositions.normalizeBackward(this, g, in, mean, rstd, weight, out);
    }

    /**
     * The gradient of {@link #normalize}'s weight: the sum of {@code g * (in - mean) * rstd} over the dimensions in which
     * {@code out} has size 1 and {@code in} has not.
     *
     * @param g of the result, in {@code in}'s shape
     * @param mean as {@link #normalize} wrote it
     * @param rstd as the mean
     * @param out of the mean's dtype, written contiguously
     */
    default void normalizeWeightBackward(Strided g, Strided in, Strided mean, Strided rstd, Strided out) {
        Decompositions.normalizeWeightBackward(this, g, in, mean, rstd, out);
    }

    /**
     * {@link #normalizeBackward(Strided, Strided, Strided, Strided, Strided, Strided)} and
     * {@link #normalizeWeightBackward} in one, and the gradient of the bias, which is the sum of {@code g}.
     *
     * @param ofBias as {@code ofWeight}; null where it is not asked for
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
     * For each target (int64) the logarithm of its class's probability, times the class's weight and negative; 0 for both
     * where the target is {@code ignored}. {@code target}, {@code losses} and {@code weights} have the shape of {@code logs}
     * with size 1 in {@code dim}, the dimension of the classes. A target that is no class raises an IndexException.
     *
     * @param weight of each class, in the dtype of {@code logs}, one after the other or in steps; null for 1
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
     * The gradient of {@link #nll}'s losses: 0, but in each target's class that of its loss, times its weight and negative.
     *
     * @param g of the losses, in their shape
     * @param weight as {@link #nll} had it, in {@code g}'s dtype
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
     * {@code to[p, index[p, i]] += from[p, i]} for all i in order: the gradient of {@link #windowMax}. An index out of range
     * raises an IndexException before anything is written.
     *
     * @param from [n, m], of {@code to}'s dtype
     * @param index int64, [n, m]
     * @param to [n, k]
     */
    default void addInPlanes(Strided from, Strided index, Strided to) {
        scatter(Scatter.ADD, to, 1, index, from);
    }

    /**
     * Writes means of values, weighted by the softmax of scaled products of queries and keys: {@code softmax(scale * q @ k^T +
     * mask) @ v}. All operands have the same leading sizes, and strides of 0 where they are broadcast. A query that sees no key
     * gets zeros. Half types are computed in float32.
     *
     * @param q queries, [.., l, e], of floating point
     * @param k keys, [.., s, e], of the same dtype
     * @param v values, [.., s, f], of the same dtype
     * @param mask [.., l, s]: what is added to the scores, of floating point no wider than the compute type; or bools that say
     *     what is seen; null where all is
     * @param causal whether query {@code i} sees only keys up to {@code i}
     * @param out [.., l, f], of the compute type
     * @param logs logarithms of the sums of exponentials of scores, [.., l], of the compute type; -infinity where none is seen
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
        AttentionDecompositions.forward(this, q, k, v, mask, causal, scale, out, logs);
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
        AttentionDecompositions.backward(this, g, q, k, v, mask, causal, scale, out, logs, ofQ, ofK, ofV);
    }

    /**
     * Runs a routine of LAPACK on each matrix of a batch, of any layouts. Computed in float64 whatever the dtype. The default
     * goes by way of the host.
     *
     * @param operands as the routine lists them
     * @param flags as the routine lists them
     */
    default void lapack(LapackRoutine routine, Strided[] operands, boolean... flags) {
        HostLapack.run(this, routine, operands, flags);
    }
}

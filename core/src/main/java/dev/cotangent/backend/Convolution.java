package dev.cotangent.backend;

/**
 * The geometry of a convolution: along spatial dimension {@code d} output {@code i} and
 * kernel element {@code k} meet input {@code i * stride(d) - padding(d) + k * dilation(d)}, which is 0 outside the input.
 * Channels are divided into groups, each convolved with one group of the output's. Immutable.
 */
public final class Convolution {
    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;
    private final long groups;

    /**
     * Creates one of as many spatial dimensions as the arrays have elements. The arrays are kept: do not change them.
     *
     * @param stride positive
     * @param padding not negative
     * @param dilation positive
     * @param groups positive
     */
    public Convolution(long[] stride, long[] padding, long[] dilation, long groups) {
        this.stride = stride;
        this.padding = padding;
        this.dilation = dilation;
        this.groups = groups;
    }

    /** Returns the number of spatial dimensions. */
    public int dims() {
        return stride.length;
    }

    /** Returns the stride of output elements in the input. */
    public long stride(int dim) {
        return stride[dim];
    }

    /** Returns how many zeros there are before and after the input. */
    public long padding(int dim) {
        return padding[dim];
    }

    /** Returns the stride between elements of the kernel. */
    public long dilation(int dim) {
        return dilation[dim];
    }

    /** Returns the number of groups of channels. */
    public long groups() {
        return groups;
    }

    /** Returns the padded input elements that a kernel of that size spans. */
    public long span(int dim, long kernel) {
        return dilation[dim] * (kernel - 1) + 1;
    }

    /** Returns the size of the output for an input and a kernel of these sizes. */
    public long outputSize(int dim, long input, long kernel) {
        return Math.floorDiv(input + 2 * padding[dim] - span(dim, kernel), stride[dim]) + 1;
    }

    /** Returns the size of the output of the transposed convolution, that of the smallest input that has this output. */
    public long transposedSize(int dim, long output, long kernel) {
        return (output - 1) * stride[dim] - 2 * padding[dim] + span(dim, kernel);
    }
}

package dev.cotangent.autograd;

import dev.cotangent.ValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which dimensions {@link Func#vmap(java.util.function.Function, VmapOptions)} maps over. Immutable; each method returns
 * changed options.
 *
 * @param inDims for each input the dimension to map over, null for an input that every call gets whole; empty: 0 for all
 * @param outDims for each output where the mapped dimension appears; one for all; empty: 0 for all
 * @param randomness what random operations inside do
 * @param chunkSize how many calls are computed together at most; 0: all
 */
public record VmapOptions(List<@Nullable Integer> inDims, List<Integer> outDims, Randomness randomness, int chunkSize) {
    /** What random operations inside of a mapped function do; PyTorch's {@code randomness}. */
    public enum Randomness {
        /** They are an error. */
        ERROR,
        /** Every call draws numbers of its own. */
        DIFFERENT,
        /** Every call draws the same numbers. */
        SAME
    }

    static final VmapOptions DEFAULT = new VmapOptions(List.of(), List.of(), Randomness.ERROR, 0);

    /** Copies the lists. */
    public VmapOptions {
        inDims = java.util.Collections.unmodifiableList(new ArrayList<>(inDims));
        outDims = List.copyOf(outDims);
    }

    /** PyTorch's {@code in_dims}: one for each input; null for an input that is not mapped over. */
    public VmapOptions inDims(@Nullable Integer... dims) {
        return new VmapOptions(Arrays.asList(dims), outDims, randomness, chunkSize);
    }

    /** PyTorch's {@code out_dims}: one for each output, or one for all. */
    public VmapOptions outDims(int... dims) {
        return new VmapOptions(inDims, Arrays.stream(dims).boxed().toList(), randomness, chunkSize);
    }

    /** PyTorch's {@code randomness}. */
    public VmapOptions randomness(Randomness value) {
        return new VmapOptions(inDims, outDims, value, chunkSize);
    }

    /** PyTorch's {@code chunk_size}; the results are the same. */
    public VmapOptions chunkSize(int value) {
        if (value <= 0) {
            throw new ValueException("vmap: chunk_size should be None or greater than 0. (got " + value + ")");
        }
        return new VmapOptions(inDims, outDims, randomness, value);
    }
}

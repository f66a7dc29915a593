package dev.cotangent.autograd;

import dev.cotangent.ValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link Func#vmap(java.util.function.Function, VmapOptions)}. Immutable; each method returns changed
 * options.
 *
 * @param inDims the mapped dimension of each input, null for an input that is not mapped; empty: 0 for all
 * @param outDims the mapped dimension of each output, or one for all; empty: 0 for all
 * @param randomness behavior of random operations
 * @param chunkSize maximum number of calls computed together; 0: all
 */
public record VmapOptions(List<@Nullable Integer> inDims, List<Integer> outDims, Randomness randomness, int chunkSize) {
    /** Behavior of random operations inside a mapped function; PyTorch's {@code randomness}. */
    public enum Randomness {
        /** Random operations throw. */
        ERROR,
        /** Each call draws its own numbers. */
        DIFFERENT,
        /** All calls draw the same numbers. */
        SAME
    }

    static final VmapOptions DEFAULT = new VmapOptions(List.of(), List.of(), Randomness.ERROR, 0);

    /** Copies the lists. */
    public VmapOptions {
        inDims = java.util.Collections.unmodifiableList(new ArrayList<>(inDims));
        outDims = List.copyOf(outDims);
    }

    /** Sets PyTorch's {@code in_dims}: one per input; null for an input that is not mapped. */
    public VmapOptions inDims(@Nullable Integer... dims) {
        return new VmapOptions(Arrays.asList(dims), outDims, randomness, chunkSize);
    }

    /** Sets PyTorch's {@code out_dims}: one per output, or one for all. */
    public VmapOptions outDims(int... dims) {
        return new VmapOptions(inDims, Arrays.stream(dims).boxed().toList(), randomness, chunkSize);
    }

    /** Sets PyTorch's {@code randomness}. */
    public VmapOptions randomness(Randomness value) {
        return new VmapOptions(inDims, outDims, value, chunkSize);
    }

    /** Sets PyTorch's {@code chunk_size}; the results are the same. */
    public VmapOptions chunkSize(int value) {
        if (value <= 0) {
            throw new ValueException("vmap: chunk_size should be None or greater than 0. (got " + value + ")");
        }
        return new VmapOptions(inDims, outDims, randomness, value);
    }
}

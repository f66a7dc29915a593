package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One part of an index, what Python has between the brackets and commas of {@code x[0:3, ..., None, mask]}. {@code
 * x.get(range(0, 3), ellipsis(), newAxis(), of(mask))} is the same as {@code x.get("0:3, ..., None")} indexed by the mask.
 */
public sealed interface Index {
    /**
     * One index of a dimension, which then is gone: Python's {@code x[2]}.
     *
     * @param index counted from the end where negative
     */
    record At(long index) implements Index {
        /** Python's text. */
        @Override
        public String toString() {
            return Long.toString(index);
        }
    }

    /**
     * A range of indices of a dimension: Python's {@code x[start:stop:step]}. Bounds beyond the dimension end at it.
     *
     * @param start the first index, counted from the end where negative; null for the beginning
     * @param stop the index before which to stop, counted from the end where negative; null for the end
     * @param step the distance of one index to the next; PyTorch has none below 1
     */
    record Slice(@Nullable Long start, @Nullable Long stop, long step) implements Index {
        /** Checks the step; PyTorch's ValueErrors. */
        public Slice {
            if (step == 0) throw new ValueException("slice step cannot be zero");
            if (step < 0) throw new ValueException("step must be greater than zero");
        }

        /** The first index in a dimension of that size; at most the size. */
        public long first(long size) {
            return bound(start, 0, size);
        }

        /** The number of indices in a dimension of that size. */
        public long length(long size) {
            long span = bound(stop, size, size) - first(size);
            return span <= 0 ? 0 : (span - 1) / step + 1;
        }

        private static long bound(@Nullable Long bound, long open, long size) {
            if (bound == null) return open;
            return Math.clamp(bound < 0 ? bound + size : bound, 0, size);
        }

        /** Python's text. */
        @Override
        public String toString() {
            return (start == null ? "" : start) + ":" + (stop == null ? "" : stop) + (step == 1 ? "" : ":" + step);
        }
    }

    /** All dimensions that the other parts leave: Python's {@code ...}. */
    record Ellipsis() implements Index {
        /** Python's text. */
        @Override
        public String toString() {
            return "...";
        }
    }

    /** A new dimension of size 1: Python's {@code None}. */
    record NewAxis() implements Index {
        /** Python's text. */
        @Override
        public String toString() {
            return "None";
        }
    }

    /**
     * The elements that a tensor tells: a mask (bool or uint8) over as many dimensions as it has, or indices (int64 or int32)
     * into one dimension.
     *
     * @param tensor the mask or the indices
     */
    record Of(Tensor tensor) implements Index {
        /** Throws a TypeException if the tensor is null. */
        public Of {
            Arguments.notNull("Index.of", "tensor", tensor);
        }
    }

    /** One index of a dimension, counted from the end where negative. */
    static Index at(long index) {
        return new At(index);
    }

    /** From an index up to, but without, another; both counted from the end where negative. */
    static Index range(long start, long stop) {
        return new Slice(start, stop, 1);
    }

    /** Every so many indices from one up to, but without, another; a ValueException where the step is not positive. */
    static Index range(long start, long stop, long step) {
        return new Slice(start, stop, step);
    }

    /** From an index to the end: Python's {@code start:}. */
    static Index from(long start) {
        return new Slice(start, null, 1);
    }

    /** From the beginning up to, but without, an index: Python's {@code :stop}. */
    static Index until(long stop) {
        return new Slice(null, stop, 1);
    }

    /** Every so many indices: Python's {@code ::step}. */
    static Index every(long step) {
        return new Slice(null, null, step);
    }

    /** A whole dimension: Python's {@code :}. */
    static Index all() {
        return new Slice(null, null, 1);
    }

    /** All dimensions that the other parts leave: Python's {@code ...}. */
    static Index ellipsis() {
        return new Ellipsis();
    }

    /** A new dimension of size 1: Python's {@code None}. */
    static Index newAxis() {
        return new NewAxis();
    }

    /** Returns the elements where a mask (bool or uint8) is set, or at indices (int64 or int32). */
    static Index of(Tensor maskOrIndices) {
        return new Of(maskOrIndices);
    }

    /** Returns several indices of a dimension: Python's {@code [0, 2]} in {@code x[[0, 2]]}. */
    static Index of(int... indices) {
        return new Of(Tensors.tensor(Arguments.notNull("Index.of", "indices", indices)));
    }

    /** Returns several indices of a dimension: Python's {@code [0, 2]} in {@code x[[0, 2]]}. */
    static Index of(long... indices) {
        return new Of(Tensors.tensor(Arguments.notNull("Index.of", "indices", indices)));
    }

    /** Returns the indices of a dimension at which a mask is set. */
    static Index of(boolean... mask) {
        return new Of(Tensors.tensor(Arguments.notNull("Index.of", "mask", mask)));
    }

    /**
     * Reads what Python has between the brackets: integers, slices, {@code ...} and {@code None} with commas between, such
     * as {@code 0:3, ..., None, ::2, -1}. An IndexException shows the text and the place in it that is wrong; a step that
     * is not positive is PyTorch's ValueError, with the place too.
     */
    static List<Index> parse(String text) {
        return new IndexParser(text).parse();
    }
}

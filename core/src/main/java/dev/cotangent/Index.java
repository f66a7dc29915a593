package dev.cotangent;

import dev.cotangent.internal.Arguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of an index, an item in the brackets of Python's {@code x[0:3, ..., None, mask]}. {@code x.get(range(0, 3),
 * ellipsis(), newAxis(), of(mask))} equals {@code x.get("0:3, ..., None")} indexed by the mask.
 */
public sealed interface Index {
    /**
     * One index of a dimension, which is dropped: Python's {@code x[2]}.
     *
     * @param index counted from the end if negative
     */
    record At(long index) implements Index {
        /** Returns Python's text. */
        @Override
        public String toString() {
            return Long.toString(index);
        }
    }

    /**
     * A slice of a dimension: Python's {@code x[start:stop:step]}. Bounds are clamped to the dimension.
     *
     * @param start the first index, counted from the end if negative; null for the beginning
     * @param stop the exclusive end, counted from the end if negative; null for the end
     * @param step the distance between indices; PyTorch requires at least 1
     */
    record Slice(@Nullable Long start, @Nullable Long stop, long step) implements Index {
        /** Checks the step; throws PyTorch's ValueErrors. */
        public Slice {
            if (step == 0) throw new ValueException("slice step cannot be zero");
            if (step < 0) throw new ValueException("step must be greater than zero");
        }

        /** Returns the first index in a dimension of a given size; at most the size. */
        public long first(long size) {
            return bound(start, 0, size);
        }

        /** Returns the number of indices in a dimension of a given size. */
        public long length(long size) {
            long span = bound(stop, size, size) - first(size);
            return span <= 0 ? 0 : (span - 1) / step + 1;
        }

        private static long bound(@Nullable Long bound, long open, long size) {
            if (bound == null) return open;
            return Math.clamp(bound < 0 ? bound + size : bound, 0, size);
        }

        /** Returns Python's text. */
        @Override
        public String toString() {
            return (start == null ? "" : start) + ":" + (stop == null ? "" : stop) + (step == 1 ? "" : ":" + step);
        }
    }

    /** All remaining dimensions: Python's {@code ...}. */
    record Ellipsis() implements Index {
        /** Returns Python's text. */
        @Override
        public String toString() {
            return "...";
        }
    }

    /** A new dimension of size 1: Python's {@code None}. */
    record NewAxis() implements Index {
        /** Returns Python's text. */
        @Override
        public String toString() {
            return "None";
        }
    }

    /**
     * Advanced indexing by a tensor: a mask (bool or uint8) over as many dimensions as it has, or indices (int64 or
     * int32) into one dimension.
     *
     * @param tensor the mask or the indices
     */
    record Of(Tensor tensor) implements Index {
        /** Throws a TypeException if the tensor is null. */
        public Of {
            Arguments.notNull("Index.of", "tensor", tensor);
        }
    }

    /** Returns one index of a dimension, counted from the end if negative. */
    static Index at(long index) {
        return new At(index);
    }

    /** Returns the slice [start, stop); negative bounds count from the end. */
    static Index range(long start, long stop) {
        return new Slice(start, stop, 1);
    }

    /** Returns the slice [start, stop) with a step; throws a ValueException if the step is not positive. */
    static Index range(long start, long stop, long step) {
        return new Slice(start, stop, step);
    }

    /** Returns the slice from an index to the end: Python's {@code start:}. */
    static Index from(long start) {
        return new Slice(start, null, 1);
    }

    /** Returns the slice up to an index, exclusive: Python's {@code :stop}. */
    static Index until(long stop) {
        return new Slice(null, stop, 1);
    }

    /** Returns the slice of a whole dimension with a step: Python's {@code ::step}. */
    static Index every(long step) {
        return new Slice(null, null, step);
    }

    /** Returns the slice of a whole dimension: Python's {@code :}. */
    static Index all() {
        return new Slice(null, null, 1);
    }

    /** Returns all remaining dimensions: Python's {@code ...}. */
    static Index ellipsis() {
        return new Ellipsis();
    }

    /** Returns a new dimension of size 1: Python's {@code None}. */
    static Index newAxis() {
        return new NewAxis();
    }

    /** Returns an index by a mask (bool or uint8) or by indices (int64 or int32). */
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

    /** Returns the indices of a dimension at which a mask is true. */
    static Index of(boolean... mask) {
        return new Of(Tensors.tensor(Arguments.notNull("Index.of", "mask", mask)));
    }

    /**
     * Parses the text between Python's brackets: integers, slices, {@code ...} and {@code None} separated by commas,
     * such as {@code 0:3, ..., None, ::2, -1}. Throws an IndexException that shows the text and the position of the
     * error; PyTorch's ValueError for a step that is not positive.
     */
    static List<Index> parse(String text) {
        return new IndexParser(text).parse();
    }
}

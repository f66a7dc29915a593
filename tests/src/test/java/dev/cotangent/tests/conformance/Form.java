package dev.cotangent.tests.conformance;

import dev.cotangent.backend.Layout;
import java.util.random.RandomGenerator;

/** Forms of layouts; for any sizes there is a layout of each form. */
public enum Form {
    /** Row-major from the start. */
    CONTIGUOUS,
    /** Row-major from somewhere else. */
    OFFSET,
    /** Rows with a gap between them, and odd strides in the dimensions of size 1. */
    PADDED,
    /** Every second or third element of each dimension. */
    STEPPED,
    /** The last two dimensions swapped. */
    TRANSPOSED,
    /** All dimensions in some other order, with an offset. */
    PERMUTED,
    /** One dimension with a stride of 0; for inputs alone. */
    EXPANDED,
    /** One element for all; for inputs alone. */
    SCALAR;

    /** Shapes that have caught backends out: none, one and zero elements, and ranks up to 5. */
    static final long[][] SHAPES = {{}, {1}, {7}, {0}, {3, 0, 2}, {4, 5}, {2, 1, 3}, {3, 4, 5}, {2, 3, 1, 2, 2}};

    /** Shapes longer than a vector, with a rest; and than a block. */
    static final long[][] LONGER = {{67}, {9, 33}, {1031}, {40, 7, 9}};

    /** Returns whether no two elements share an address. */
    boolean writable() {
        return compareTo(EXPANDED) < 0;
    }

    static Form any(RandomGenerator random) {
        return values()[random.nextInt(values().length)];
    }

    static Form anyWritable(RandomGenerator random) {
        return values()[random.nextInt(EXPANDED.ordinal())];
    }

    /** Creates a layout of this form. */
    Layout of(long[] sizes, RandomGenerator random) {
        int rank = sizes.length;
        long offset = random.nextInt(1, 9);
        return switch (this) {
            case CONTIGUOUS -> Layout.contiguous(sizes.clone());
            case OFFSET -> Layout.of(sizes.clone(), Layout.rowMajor(sizes), offset);
            case PADDED -> {
                long[] strides = new long[rank];
                long step = 1;
                for (int d = rank - 1; d >= 0; d--) {
                    strides[d] = sizes[d] == 1 ? 7 : step;
                    step *= Math.max(sizes[d], 1);
                    if (d == rank - 1) step += random.nextInt(1, 4);
                }
                yield Layout.of(sizes.clone(), strides, offset);
            }
            case STEPPED -> {
                long[] strides = new long[rank];
                long step = 1;
                for (int d = rank - 1; d >= 0; d--) {
                    strides[d] = step * random.nextInt(2, 4);
                    step = strides[d] * Math.max(sizes[d], 1);
                }
                yield Layout.of(sizes.clone(), strides, offset);
            }
            case TRANSPOSED -> {
                if (rank < 2) yield Layout.contiguous(sizes.clone());
                long[] swapped = sizes.clone();
                swapped[rank - 1] = sizes[rank - 2];
                swapped[rank - 2] = sizes[rank - 1];
                yield Layout.contiguous(swapped).transpose(rank - 2, rank - 1);
            }
            case PERMUTED -> {
                long[] strides = new long[rank];
                boolean[] done = new boolean[rank];
                long step = 1;
                for (int k = 0; k < rank; k++) {
                    int d = random.nextInt(rank);
                    while (done[d]) d = (d + 1) % rank;
                    done[d] = true;
                    strides[d] = step;
                    step *= Math.max(sizes[d], 1);
                }
                yield Layout.of(sizes.clone(), strides, offset);
            }
            case EXPANDED -> {
                long[] kept = sizes.clone();
                if (rank > 0) kept[random.nextInt(rank)] = 1;
                yield Layout.contiguous(kept).expand(sizes);
            }
            case SCALAR -> Layout.of(sizes.clone(), new long[rank], offset);
        };
    }
}

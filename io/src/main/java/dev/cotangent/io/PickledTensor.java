package dev.cotangent.io;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A tensor in a pickle, before its elements are read.
 *
 * @param storage the elements that it is a view of
 * @param type of the elements
 * @param offset of the first element in the storage
 * @param isParameter whether it is a {@code torch.nn.Parameter}
 */
record PickledTensor(
        Storage storage,
        ElementType type,
        long offset,
        long[] sizes,
        long[] strides,
        boolean requiresGrad,
        boolean isParameter) {
    private static final int HIGHEST_RANK = 64;

    /**
     * A storage in a pickle.
     *
     * @param key its name in the file
     * @param type of the elements; null if they are bytes of whatever their tensors say
     * @param start of the part of it that is meant, in elements
     * @param count the elements of that part
     * @param whole the elements of all of it
     */
    record Storage(String key, @Nullable ElementType type, long start, long count, long whole) {
        /** Returns the number of bytes of all of it. */
        long bytes() {
            return whole * (type == null ? 1 : type.bytes());
        }
    }

    /** Checks that the tensor is within its storage. */
    void check() {
        if (sizes.length != strides.length) {
            throw new Malformed("a tensor has " + sizes.length + " sizes and " + strides.length + " strides");
        }
        if (sizes.length > HIGHEST_RANK) throw new Malformed("a tensor has " + sizes.length + " dimensions");
        long count = storage.type == null ? storage.count / type.bytes() : storage.count;
        boolean empty = false;
        boolean sane = offset >= 0 && offset <= count;
        long last = offset;
        long numel = 1;
        try {
            for (int d = 0; d < sizes.length; d++) {
                sane &= sizes[d] >= 0 && strides[d] >= 0;
                empty |= sizes[d] == 0;
                if (sane && !empty) {
                    last = Math.addExact(last, Math.multiplyExact(sizes[d] - 1, strides[d]));
                    numel = Math.multiplyExact(numel, sizes[d]);
                }
            }
        } catch (ArithmeticException e) {
            sane = false;
        }
        if (sane && (empty || last < count)) return;
        throw new Malformed("a tensor with sizes " + Arrays.toString(sizes) + ", strides "
                + Arrays.toString(strides) + " and offset " + offset
                + " does not lie within its storage \"" + storage.key + "\" of " + count + " elements");
    }

    PickledTensor with(boolean gradient, boolean parameter) {
        return new PickledTensor(storage, type, offset, sizes, strides, gradient, parameter);
    }
}

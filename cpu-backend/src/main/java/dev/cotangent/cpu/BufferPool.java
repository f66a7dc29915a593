package dev.cotangent.cpu;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Large arrays that nobody uses any more, for the next tensor of their length; small ones the collector is quick with. */
final class BufferPool {
    private static final int SMALLEST = 1024;

    private record Kind(Class<?> type, int length) {}

    private final long limit = Runtime.getRuntime().maxMemory() / 4;
    private final Map<Kind, ArrayDeque<Object>> arrays = new HashMap<>();
    private long bytes;

    /** Returns an uninitialized array of that length, or null. */
    @Nullable
    Object take(RegisterCodec elements, int length) {
        if (length < SMALLEST) return null;
        synchronized (this) {
            if (bytes == 0) return null;
            ArrayDeque<Object> pile = arrays.get(new Kind(elements.arrayType(), length));
            Object array = pile == null ? null : pile.poll();
            if (array != null) bytes -= size(array);
            return array;
        }
    }

    /** Takes in an array that nobody refers to any more. */
    void give(Object array) {
        int length = Array.getLength(array);
        if (length < SMALLEST) return;
        long size = size(array);
        synchronized (this) {
            // What is left of other sizes is not asked for any more.
            if (bytes + size > limit) clear();
            if (size > limit) return;
            arrays.computeIfAbsent(new Kind(array.getClass(), length), k -> new ArrayDeque<>())
                    .push(array);
            bytes += size;
        }
    }

    synchronized void clear() {
        arrays.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }

    private static long size(Object array) {
        int width = switch (array) {
            case byte[] _ -> Byte.BYTES;
            case short[] _ -> Short.BYTES;
            case int[] _ -> Integer.BYTES;
            case float[] _ -> Float.BYTES;
            default -> Long.BYTES;
        };
        return (long) width * Array.getLength(array);
    }
}

package dev.cotangent.jcuda;

import dev.cotangent.UnsupportedException;
import dev.cotangent.kernels.CollapsedDimensions;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arguments of a kernel launch in an off-heap buffer: the values, followed by their addresses. */
final class LaunchArguments {
    private static final int VALUE_BYTES = 4096;
    private static final int MAX_ARGUMENTS = 32;
    private static final ThreadLocal<LaunchArguments> BUFFER = ThreadLocal.withInitial(LaunchArguments::new);

    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(VALUE_BYTES + 8 * MAX_ARGUMENTS).order(ByteOrder.nativeOrder());
    private final long base = MemorySegment.ofBuffer(buffer).address();
    private boolean wide;
    private int count;

    private LaunchArguments() {}

    /** Returns this thread's buffer, emptied; indices have 8 bytes if {@code wide}, else 4. */
    static LaunchArguments start(boolean wide) {
        LaunchArguments a = BUFFER.get();
        a.buffer.clear();
        a.count = 0;
        a.wide = wide;
        return a;
    }

    private void next(int bytes) {
        int at = (buffer.position() + 7) & -8;
        if (at + bytes > VALUE_BYTES) {
            throw new UnsupportedException("a CUDA kernel takes at most " + VALUE_BYTES
                    + " bytes of arguments: too many operands of too many dimensions in one program");
        }
        buffer.position(at);
        buffer.putLong(VALUE_BYTES + 8 * count++, base + at);
    }

    LaunchArguments number(int value) {
        next(4);
        buffer.putInt(value);
        return this;
    }

    LaunchArguments number(long value) {
        next(8);
        buffer.putLong(value);
        return this;
    }

    LaunchArguments number(double value) {
        next(8);
        buffer.putDouble(value);
        return this;
    }

    LaunchArguments index(long value) {
        return wide ? number(value) : number((int) value);
    }

    LaunchArguments dims(CollapsedDimensions dims, int operands) {
        next(CollapsedDimensions.bytes(operands, wide));
        dims.put(buffer, wide);
        return this;
    }

    /** Adds a struct of 64-bit values, of at least one. */
    LaunchArguments longs(long... values) {
        next(8 * Math.max(1, values.length));
        for (long v : values) buffer.putLong(v);
        if (values.length == 0) buffer.putLong(0);
        return this;
    }

    /** Adds a struct of indices. */
    LaunchArguments indices(long... values) {
        next((wide ? 8 : 4) * values.length);
        for (long v : values) {
            if (wide) buffer.putLong(v);
            else buffer.putInt((int) v);
        }
        return this;
    }

    /** Returns the address of the array of argument pointers. */
    long pointers() {
        return base + VALUE_BYTES;
    }
}

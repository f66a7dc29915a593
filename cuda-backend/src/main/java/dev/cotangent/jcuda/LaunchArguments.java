package dev.cotangent.jcuda;

import dev.cotangent.UnsupportedException;
import dev.cotangent.kernels.CollapsedDimensions;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The arguments of a launch in one buffer outside of Java's heap: first the values, then the addresses of them. */
final class LaunchArguments {
    private static final int VALUES = 4096;
    private static final int MOST = 32;
    private static final ThreadLocal<LaunchArguments> OWN = ThreadLocal.withInitial(LaunchArguments::new);

    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(VALUES + 8 * MOST).order(ByteOrder.nativeOrder());
    private final long base = MemorySegment.ofBuffer(buffer).address();
    private boolean wide;
    private int count;

    private LaunchArguments() {}

    /** This thread's, empty; indices take 8 bytes where {@code wide}, else 4. */
    static LaunchArguments start(boolean wide) {
        LaunchArguments a = OWN.get();
        a.buffer.clear();
        a.count = 0;
        a.wide = wide;
        return a;
    }

    private void next(int bytes) {
        int at = (buffer.position() + 7) & -8;
        if (at + bytes > VALUES) {
            throw new UnsupportedException("a CUDA kernel takes at most " + VALUES
                    + " bytes of arguments: too many operands of too many dimensions in one program");
        }
        buffer.position(at);
        buffer.putLong(VALUES + 8 * count++, base + at);
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

    LaunchArguments walk(CollapsedDimensions walk, int operands) {
        next(CollapsedDimensions.bytes(operands, wide));
        walk.put(buffer, wide);
        return this;
    }

    /** A struct of that many 64-bit values, of one where there are none. */
    LaunchArguments longs(long... values) {
        next(8 * Math.max(1, values.length));
        for (long v : values) buffer.putLong(v);
        if (values.length == 0) buffer.putLong(0);
        return this;
    }

    /** A struct of indices. */
    LaunchArguments indices(long... values) {
        next((wide ? 8 : 4) * values.length);
        for (long v : values) {
            if (wide) buffer.putLong(v);
            else buffer.putInt((int) v);
        }
        return this;
    }

    /** The address of what a launch is given. */
    long table() {
        return base + VALUES;
    }
}

package dev.cotangent.io;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/** Moves elements between the bytes of files and the storages of devices. */
final class RawElements {
    private static final int CHUNK = 1 << 20;
    /** A multiple of every element's size. */
    private static final long LARGE_CHUNK = 1 << 26;

    private RawElements() {}

    /**
     * Reads elements into fresh memory of a device; complex ones as pairs of real numbers.
     *
     * @param from the elements' bytes, no more
     */
    static Storage read(MemorySegment from, ByteOrder order, Dtype elements, Device device) {
        Dtype dtype = elements.realType();
        long count = from.byteSize() / dtype.bytes();
        Storage storage = Backends.of(device).allocateUnset(dtype, count);
        boolean asIs = (order == ByteOrder.nativeOrder() || dtype.bytes() == 1) && dtype != Dtype.BOOL;
        for (long done = 0; done < from.byteSize(); ) {
            long part = Math.min(asIs ? LARGE_CHUNK : CHUNK, from.byteSize() - done);
            MemorySegment bytes = from.asSlice(done, part);
            storage.backend().write(storage, done / dtype.bytes(), asIs ? bytes : converted(bytes, order, dtype));
            done += part;
        }
        return storage;
    }

    /** Returns a copy in native byte order, and of bool with 1 for everything that is not 0. */
    private static MemorySegment converted(MemorySegment bytes, ByteOrder order, Dtype dtype) {
        MemorySegment copy = MemorySegment.ofArray(new byte[(int) bytes.byteSize()]);
        copy(bytes, order, copy, ByteOrder.nativeOrder(), dtype.bytes());
        if (dtype == Dtype.BOOL) {
            for (long i = 0; i < copy.byteSize(); i++) {
                if (copy.get(ValueLayout.JAVA_BYTE, i) != 0) copy.set(ValueLayout.JAVA_BYTE, i, (byte) 1);
            }
        }
        return copy;
    }

    private static void copy(MemorySegment from, ByteOrder fromOrder, MemorySegment to, ByteOrder toOrder, int size) {
        ValueLayout layout = switch (size) {
            case 8 -> ValueLayout.JAVA_LONG_UNALIGNED;
            case 4 -> ValueLayout.JAVA_INT_UNALIGNED;
            case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED;
            default -> ValueLayout.JAVA_BYTE;
        };
        long count = from.byteSize() / size;
        MemorySegment.copy(from, layout.withOrder(fromOrder), 0, to, layout.withOrder(toOrder), 0, count);
    }

    /** Writes elements of a storage, little-endian. */
    static void write(Storage from, long start, long count, WritableByteChannel to) throws IOException {
        int size = from.dtype().bytes();
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count * size));
        MemorySegment memory = MemorySegment.ofArray(chunk.array());
        for (long done = 0; done < count; ) {
            long part = Math.min(chunk.capacity() / size, count - done);
            MemorySegment bytes = memory.asSlice(0, part * size);
            from.backend().read(from, start + done, bytes);
            if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
                copy(bytes, ByteOrder.BIG_ENDIAN, bytes, ByteOrder.LITTLE_ENDIAN, size);
            }
            chunk.clear().limit((int) (part * size));
            while (chunk.hasRemaining()) to.write(chunk);
            done += part;
        }
    }
}

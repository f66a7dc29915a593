package dev.cotangent.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads numbers and text in order; missing bytes are {@link Malformed}. Little-endian. */
final class Bytes {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment memory;
    private final String what;
    private long position;

    /**
     * Reads memory from its beginning.
     *
     * @param what the memory's name in messages
     */
    Bytes(MemorySegment memory, String what) {
        this.memory = memory;
        this.what = what;
    }

    long position() {
        return position;
    }

    /** Goes to a position, which may be anything. */
    Bytes at(long place) {
        if (place < 0 || place > memory.byteSize()) throw shorter(place);
        position = place;
        return this;
    }

    long size() {
        return memory.byteSize();
    }

    long remaining() {
        return memory.byteSize() - position;
    }

    private Malformed shorter(long needed) {
        return new Malformed(what + " ends after " + memory.byteSize() + " bytes, but byte " + needed + " is needed");
    }

    /** Takes a number of bytes, which may be anything; returns where they begin. */
    private long take(long count) {
        if (count < 0 || count > remaining()) {
            throw new Malformed(what + " ends too early: " + Long.toUnsignedString(count) + " bytes are needed at byte "
                    + position + ", " + remaining() + " are there");
        }
        long at = position;
        position += count;
        return at;
    }

    Bytes skip(long count) {
        take(count);
        return this;
    }

    int u8() {
        return memory.get(ValueLayout.JAVA_BYTE, take(1)) & 0xFF;
    }

    int u16() {
        return memory.get(SHORT, take(2)) & 0xFFFF;
    }

    int i32() {
        return memory.get(INT, take(4));
    }

    long u32() {
        return i32() & 0xFFFFFFFFL;
    }

    long i64() {
        return memory.get(LONG, take(8));
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(memory.get(BIG_ENDIAN_LONG, take(8)));
    }

    MemorySegment slice(long count) {
        return memory.asSlice(take(count), count);
    }

    byte[] bytes(long count) {
        MemorySegment slice = slice(count);
        if (count > Integer.MAX_VALUE - 8) throw new Malformed(what + " has " + count + " bytes in one piece");
        return slice.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Reads text in UTF-8. */
    String text(long count) {
        byte[] bytes = bytes(count);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("a text of " + what + " is not in UTF-8", e);
        }
    }

    /** Reads text up to the end of the line, in ASCII. */
    String line(int longest) {
        StringBuilder text = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (text.length() == longest || c > 0x7e || c < ' ') throw new Malformed(what + " has no line of text");
            text.append((char) c);
        }
        return text.toString();
    }
}

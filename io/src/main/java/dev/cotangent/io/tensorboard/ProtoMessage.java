package dev.cotangent.io.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message of Protocol Buffers (protobuf.dev/programming-guides/encoding). TensorBoard's events are five messages of a
 * few fields each, which do not make up for a library and its generated classes.
 */
final class ProtoMessage {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] toByteArray() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private void key(int field, int type) {
        varint((long) field << 3 | type);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes a field of type int32, int64 or an enum. */
    ProtoMessage integer(int field, long value) {
        key(field, VARINT);
        varint(value);
        return this;
    }

    /** Writes a field of type double. */
    ProtoMessage float64(int field, double value) {
        key(field, FIXED64);
        out.writeBytes(buffer(8).putDouble(value).array());
        return this;
    }

    /** Writes a field of type float. */
    ProtoMessage float32(int field, float value) {
        key(field, FIXED32);
        out.writeBytes(buffer(4).putFloat(value).array());
        return this;
    }

    /** Writes a packed field of several doubles. */
    ProtoMessage float64s(int field, double... values) {
        ByteBuffer bytes = buffer(8 * values.length);
        for (double v : values) bytes.putDouble(v);
        return bytes(field, bytes.array());
    }

    /** Writes a field of type string. */
    ProtoMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a field of type bytes. */
    ProtoMessage bytes(int field, byte[] value) {
        key(field, BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** Writes a field that is a message itself. */
    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.toByteArray());
    }
}

package dev.cotangent.onnx.internal.proto;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named constant of a node.
 *
 * @param reference the attribute of the enclosing function that gives the value; empty if it is here
 */
public record AttributeProto(
        String name,
        Kind kind,
        float f,
        long i,
        byte[] s,
        @Nullable TensorProto tensor,
        @Nullable GraphProto graph,
        float[] floats,
        long[] ints,
        List<byte[]> strings,
        String reference) {
    private static final byte[] NO_BYTES = {};
    private static final float[] NO_FLOATS = {};
    private static final long[] NO_LONGS = {};

    /** The types, numbered as in the format. */
    public enum Kind {
        /** Not given. */
        UNDEFINED,
        /** A float. */
        FLOAT,
        /** An int64. */
        INT,
        /** Bytes, nearly always UTF-8. */
        STRING,
        /** A tensor. */
        TENSOR,
        /** A graph. */
        GRAPH,
        /** Floats. */
        FLOATS,
        /** Int64s. */
        INTS,
        /** Strings. */
        STRINGS,
        /** Any other type, which no supported operator takes. */
        OTHER
    }

    /** Creates an integer. */
    public static AttributeProto of(String name, long value) {
        return new AttributeProto(name, Kind.INT, 0, value, NO_BYTES, null, null, NO_FLOATS, NO_LONGS, List.of(), "");
    }

    /** Creates a float. */
    public static AttributeProto of(String name, double value) {
        return new AttributeProto(
                name, Kind.FLOAT, (float) value, 0, NO_BYTES, null, null, NO_FLOATS, NO_LONGS, List.of(), "");
    }

    /** Creates a string. */
    public static AttributeProto of(String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new AttributeProto(name, Kind.STRING, 0, 0, bytes, null, null, NO_FLOATS, NO_LONGS, List.of(), "");
    }

    /** Creates a list of integers. */
    public static AttributeProto of(String name, long[] values) {
        return new AttributeProto(name, Kind.INTS, 0, 0, NO_BYTES, null, null, NO_FLOATS, values, List.of(), "");
    }

    /** Creates a tensor. */
    public static AttributeProto of(String name, TensorProto value) {
        return new AttributeProto(name, Kind.TENSOR, 0, 0, NO_BYTES, value, null, NO_FLOATS, NO_LONGS, List.of(), "");
    }

    /** Returns the same value under another name. */
    public AttributeProto named(String other) {
        return new AttributeProto(other, kind, f, i, s, tensor, graph, floats, ints, strings, "");
    }

    /** Returns the string. */
    public String text() {
        return new String(s, StandardCharsets.UTF_8);
    }
}

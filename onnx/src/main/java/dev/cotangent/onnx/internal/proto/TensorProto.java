package dev.cotangent.onnx.internal.proto;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A constant tensor. Its elements are raw bytes (little-endian), or in a typed list, or in another file.
 *
 * @param type the number of the dtype
 * @param raw the elements' bytes; null if they are in a list or in another file
 * @param floats of float32
 * @param ints of types up to 32 bits; half types as bits
 * @param longs of int64
 * @param doubles of float64
 * @param external where they are in another file; empty if they are not
 */
public record TensorProto(
        String name,
        int type,
        long[] dims,
        @Nullable ByteBuffer raw,
        float[] floats,
        int[] ints,
        long[] longs,
        double[] doubles,
        Map<String, String> external) {}

package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Numbers beyond a dtype are PyTorch's error wherever one is written, and leave everything as it was. */
class ScalarsTest {
    private static final Map<String, BiConsumer<Tensor, Number>> WRITERS = Map.of(
            "fill_", (x, v) -> x.fill_(v),
            "full", (x, v) -> full(x.shape(), v, x.dtype()),
            "fullLike", (x, v) -> x.fullLike(v),
            "newFull", (x, v) -> x.newFull(x.shape(), v),
            "set", (x, v) -> x.at(0).set(v),
            "maskedFill", (x, v) -> x.maskedFill(x.eq(1), v),
            "maskedFill_", (x, v) -> x.maskedFill_(x.eq(1), v),
            "indexFill", (x, v) -> x.indexFill(0, tensor(new long[] {0}), v),
            "scatter", (x, v) -> x.scatter(0, tensor(new long[] {0}), v),
            "pad", (x, v) -> x.pad(new long[] {1, 0}, "constant", v));

    private static final Map<Dtype, List<? extends Number>> BEYOND = Map.of(
            UINT8, List.of(300, 256, -300, 1e6, Double.NaN, Double.POSITIVE_INFINITY),
            INT8, List.of(128, -129, 1e6, Double.NaN),
            INT16, List.of(1 << 15, 1e6, Double.NEGATIVE_INFINITY),
            INT32, List.of(1L << 31, 1e39, Double.NaN),
            INT64, List.of(1e19, Double.NaN, Double.POSITIVE_INFINITY),
            FLOAT16, List.of(70000, -1e9, 1e39),
            BFLOAT16, List.of(1e39, -1e300),
            FLOAT32, List.of(1e39, -1e300));

    private static final Map<Dtype, String> NAMES = Map.of(
            UINT8, "uint8_t",
            INT8, "int8_t",
            INT16, "int16_t",
            INT32, "int",
            INT64, "int64_t",
            FLOAT16, "c10::Half",
            BFLOAT16, "c10::BFloat16",
            FLOAT32, "float");

    @TestFactory
    Stream<DynamicTest> refusesWhatDoesNotFit() {
        return WRITERS.entrySet().stream()
                .flatMap(writer -> BEYOND.entrySet().stream()
                        .map(beyond -> DynamicTest.dynamicTest(
                                writer.getKey() + " " + beyond.getKey(),
                                () -> beyond.getValue().forEach(v -> refuses(writer.getValue(), beyond.getKey(), v)))));
    }

    private static void refuses(BiConsumer<Tensor, Number> writer, Dtype dtype, Number value) {
        Tensor x = ones(dtype, 2);
        CotangentException e =
                assertThrows(CotangentException.class, () -> writer.accept(x, value), () -> dtype + " took " + value);
        assertEquals("value cannot be converted to type " + NAMES.get(dtype) + " without overflow", e.getMessage());
        assertArrayEquals(new double[] {1, 1}, x.toDoubleArray());
        assertEquals(0, Internals.version(x).current());
    }

    @Test
    void bounds() {
        for (Dtype dtype : List.of(UINT8, INT8, FLOAT16)) {
            Tensor x = ones(dtype, 2);
            long beyond = dtype == FLOAT16 ? 70000 : 300;
            assertThrows(CotangentException.class, () -> x.clampMin(beyond));
            assertThrows(CotangentException.class, () -> x.clampMax(beyond));
            assertThrows(CotangentException.class, () -> x.clamp(0, beyond));
            assertThrows(CotangentException.class, () -> x.clamp_(0, beyond));
            assertThrows(CotangentException.class, () -> x.add(x, beyond));
        }
        assertEquals(FLOAT32, ones(UINT8, 2).clampMax(300.0).dtype());
    }

    @Test
    void takesWhatFits() {
        assertEquals(255, zeros(UINT8, 1).fill_(-1).itemLong());
        assertEquals(1, zeros(UINT8, 1).fill_(1.9).itemLong());
        assertEquals(-128, zeros(INT8, 1).fill_(-128.9).itemLong());
        assertEquals(Long.MIN_VALUE, zeros(INT64, 1).fill_(Long.MIN_VALUE).itemLong());
        assertEquals(
                Double.POSITIVE_INFINITY,
                zeros(FLOAT16, 1).fill_(Double.POSITIVE_INFINITY).itemDouble());
        assertEquals(Double.NaN, zeros(FLOAT32, 1).fill_(Double.NaN).itemDouble());
        assertEquals(65504, zeros(FLOAT16, 1).fill_(65504).itemDouble());
        assertEquals(1, zeros(BOOL, 1).fill_(1e300).itemBoolean() ? 1 : 0);
        // Arithmetic wraps around, as integers do.
        assertEquals(45, ones(UINT8, 1).add(300).itemLong());
    }
}

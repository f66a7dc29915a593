package dev.cotangent.tests.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What NdArray prints is what NumPy printed, see numpy_golden.py. */
class NumpyTextTest {
    static Stream<JsonNode> records() throws IOException {
        try (var in = Objects.requireNonNull(NumpyTextTest.class.getResourceAsStream("/format/numpy-text.jsonl"))) {
            JsonMapper json = JsonMapper.shared();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(json::readTree).toList().stream();
        }
    }

    @ParameterizedTest(name = "{index}", quoteTextArguments = false)
    @MethodSource("records")
    void printsAsNumpy(JsonNode record) {
        NdArray array = array(record);
        assertEquals(record.get("text").asString(), array.toString());
        assertEquals(record.get("text").asString(), backwards(array).toString(), "in another layout");
    }

    @Test
    void printsOnlyTheEdgesOfHugeArrays() {
        NdArray one = NdArray.of(new float[] {2.5f});
        NdArray huge = NdArray.wrap(
                Dtype.FLOAT32, one.memory(), Layout.of(new long[] {1L << 40, 1L << 20}, new long[] {0, 0}, 0));
        String row = "[2.5 2.5 2.5 ... 2.5 2.5 2.5]";
        String rows = row + "\n " + row + "\n " + row;
        assertEquals("[" + rows + "\n ...\n " + rows + "]", huge.toString());
    }

    private static NdArray array(JsonNode record) {
        Dtype dtype = Objects.requireNonNull(Dtype.named(record.get("dtype").asString()));
        long[] sizes =
                record.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
        NdArray array = NdArray.zeros(dtype, sizes);
        JsonNode rule = record.get("arange");
        for (int i = 0; i < array.size(); i++) {
            if (rule != null) {
                double value = rule.get(0).asDouble() + i * rule.get(1).asDouble();
                ElementCodec.setDouble(dtype, array.memory(), i, value);
            } else {
                put(array, i, record.get("data").get(i));
            }
        }
        return array;
    }

    private static void put(NdArray array, int i, JsonNode value) {
        Dtype dtype = array.dtype();
        if (value.isString()) {
            double number = Double.parseDouble(
                    value.asString().replace("inf", "Infinity").replace("nan", "NaN"));
            ElementCodec.setDouble(dtype, array.memory(), i, number);
        } else if (dtype.isFloatingPoint()) {
            ElementCodec.setDouble(dtype, array.memory(), i, value.asDouble());
        } else {
            ElementCodec.setLong(
                    dtype, array.memory(), i, value.isBoolean() ? value.asBoolean() ? 1 : 0 : value.asLong());
        }
    }

    /** Copies an array to the opposite memory order. */
    private static NdArray backwards(NdArray array) {
        long last = Math.max(array.size() - 1, 0);
        NdArray to = NdArray.zeros(array.dtype(), Math.max(array.size(), 1));
        for (long i = 0; i < array.size(); i++) {
            if (array.dtype().isFloatingPoint()) {
                ElementCodec.setDouble(
                        array.dtype(), to.memory(), last - i, ElementCodec.getDouble(array.dtype(), array.memory(), i));
            } else {
                ElementCodec.setLong(
                        array.dtype(), to.memory(), last - i, ElementCodec.getLong(array.dtype(), array.memory(), i));
            }
        }
        long[] strides = array.layout().strides().clone();
        for (int d = 0; d < strides.length; d++) strides[d] = -strides[d];
        return NdArray.wrap(array.dtype(), to.memory(), Layout.of(array.layout().sizes(), strides, last));
    }
}

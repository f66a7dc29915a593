package dev.cotangent.tests.format;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.fromNumpy;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.PrintOptions;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.format.TensorText;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a tensor prints is what PyTorch printed, from whatever layout and device. */
class TensorTextTest {
    @AfterEach
    void restore() {
        PrintOptions.set(PrintOptions.DEFAULT);
    }

    static Stream<JsonNode> records() throws IOException {
        JsonMapper json = JsonMapper.shared();
        return Files.readAllLines(Path.of("src/test/resources/golden/printing.jsonl")).stream()
                .map(json::readTree);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("records")
    void printsAsPyTorch(JsonNode record) {
        Dtype dtype = Objects.requireNonNull(Dtype.named(record.get("dtype").asString()));
        long[] sizes =
                record.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
        Layout packed = Layout.contiguous(sizes);
        assertEquals(record.get("repr").asString(), text(record, dtype, packed));

        long[] strides = packed.strides().clone();
        for (int d = 0; d < strides.length; d++) strides[d] *= 3;
        Layout spread = Layout.of(sizes, strides, 2);
        assertEquals(record.get("repr").asString(), text(record, dtype, spread), "laid out with gaps");
    }

    private static String text(JsonNode record, Dtype dtype, Layout layout) {
        MemorySegment memory = MemorySegment.ofArray(new byte[(int) layout.storageSpan() * dtype.bytes()]);
        JsonNode data = record.get("data");
        int step = layout.isContiguous() && layout.offset() == 0 ? 1 : 3;
        for (int i = 0; i < data.size(); i++) put(dtype, memory, layout.offset() + (long) i * step, data.get(i));

        Backend backend = Backends.of(Device.cpu());
        Storage storage = backend.allocate(dtype, layout.storageSpan());
        backend.write(storage, 0, memory);
        List<String> history = record.has("grad_fn")
                ? List.of("grad_fn=<" + record.get("grad_fn").asString() + ">")
                : record.get("requires_grad").asBoolean() ? List.of("requires_grad=True") : List.of();
        return TensorText.of(new Strided(storage, layout), history, options(record.path("options")));
    }

    private static void put(Dtype dtype, MemorySegment memory, long place, JsonNode value) {
        if (value.isString()) {
            double number = Double.parseDouble(
                    value.asString().replace("inf", "Infinity").replace("nan", "NaN"));
            ElementCodec.setDouble(dtype, memory, place, number);
        } else if (value.isBoolean()) {
            ElementCodec.setLong(dtype, memory, place, value.asBoolean() ? 1 : 0);
        } else if (dtype.isFloatingPoint()) {
            ElementCodec.setDouble(dtype, memory, place, value.asDouble());
        } else {
            ElementCodec.setLong(dtype, memory, place, value.asLong());
        }
    }

    private static PrintOptions options(JsonNode given) {
        PrintOptions options = switch (given.path("profile").asString("default")) {
            case "short" -> PrintOptions.SHORT;
            case "full" -> PrintOptions.FULL;
            default -> PrintOptions.DEFAULT;
        };
        if (given.has("precision")) {
            options = options.withPrecision(given.get("precision").asInt());
        }
        if (given.has("threshold")) {
            options = options.withThreshold(given.get("threshold").asLong());
        }
        if (given.has("edgeitems")) {
            options = options.withEdgeItems(given.get("edgeitems").asInt());
        }
        if (given.has("linewidth")) {
            options = options.withLineWidth(given.get("linewidth").asInt());
        }
        if (given.has("sci_mode")) {
            options = options.withSciMode(given.get("sci_mode").asBoolean());
        }
        return options;
    }

    @Test
    void showsHistory() {
        Tensor x = floatTensor(1, 2).requiresGrad_(true);
        assertEquals("tensor([1., 2.], requires_grad=True)", x.toString());
        assertEquals("tensor([3., 6.], grad_fn=<MulBackward0>)", x.mul(3).toString());
        assertEquals("tensor([1., 2.])", x.detach().toString());
    }

    @Test
    void showsTensorsOfAnyRank() {
        long[] sizes = new long[5000];
        Arrays.fill(sizes, 1);
        String text = ones(1).view(sizes).toString();
        assertEquals("tensor(" + "[".repeat(5000) + "1." + "]".repeat(5000) + ")", text);
    }

    @Test
    void showsTheDeviceWhereItIsNotTheCpu() {
        Tensor x = floatTensor(1, 2.5f).to(new Device("reference", 1));
        assertEquals("tensor([1.0000, 2.5000], device='reference:1')", x.toString());
        assertEquals(
                "tensor([1, 2], device='reference:1', dtype=torch.int32)",
                x.to(Dtype.INT32).toString());
    }

    @Test
    void readsOnlyTheEdgesOfHugeTensors() {
        String row = "[2., 2., 2.,  ..., 2., 2., 2.]";
        String rows = row + ",\n        " + row + ",\n        " + row;
        Tensor huge = floatTensor(2).expand(1L << 40, 1L << 20);
        assertEquals("tensor([" + rows + ",\n        ...,\n        " + rows + "])", huge.toString());
        PrintOptions.set(PrintOptions.DEFAULT.withEdgeItems(0));
        assertEquals("tensor([...], size=(1099511627776, 1048576))", huge.toString());
    }

    @Test
    void obeysTheOptionsInForce() {
        Tensor third = floatTensor(1).div(3);
        PrintOptions.set(PrintOptions.SHORT);
        assertEquals("tensor([0.33])", third.toString());
        PrintOptions.set(PrintOptions.DEFAULT.withPrecision(2).withSciMode(true));
        assertEquals("tensor([3.33e-01])", third.toString());
        PrintOptions.set(PrintOptions.DEFAULT);
        assertEquals("tensor([0.3333])", third.toString());
        assertThrows(ValueException.class, () -> PrintOptions.DEFAULT.withPrecision(-1));
    }

    @Test
    void sharesMemoryWithArrays() {
        Tensor x = zeros(2, 3);
        NdArray view = x.t().numpy();
        view.at(2, 1).set(5);
        assertEquals("tensor([[0., 0., 0.],\n        [0., 0., 5.]])", x.toString());
        Tensor back = fromNumpy(view);
        back.fill_(1);
        assertEquals("[[1. 1.]\n [1. 1.]\n [1. 1.]]", view.toString());
        assertEquals("tensor([[1., 1., 1.],\n        [1., 1., 1.]])", x.toString());
        double[] memory = {1, 2};
        Tensor shared = fromNumpy(NdArray.wrap(Dtype.FLOAT64, memory, 2));
        memory[0] = 7;
        assertEquals("tensor([7., 2.], dtype=torch.float64)", shared.toString());
    }

    @Test
    void refusesArraysAsPyTorch() {
        Tensor x = floatTensor(1, 2).requiresGrad_(true);
        assertEquals(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
                assertThrows(CotangentException.class, x::numpy).getMessage());
        try (var _ = Autograd.noGrad()) {
            assertEquals("[1. 2.]", x.numpy().toString());
        }
        Tensor away = floatTensor(1).to(new Device("reference", 0));
        assertEquals(
                "can't convert reference:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host"
                        + " memory first.",
                assertThrows(TypeException.class, away::numpy).getMessage());
        assertEquals(
                "Got unsupported ScalarType BFloat16",
                assertThrows(
                                TypeException.class,
                                () -> floatTensor(1).to(Dtype.BFLOAT16).numpy())
                        .getMessage());
        NdArray row = NdArray.of(new float[] {1, 2});
        NdArray reversed = NdArray.wrap(row.dtype(), row.memory(), Layout.of(new long[] {2}, new long[] {-1}, 1));
        assertEquals("[2. 1.]", reversed.toString());
        assertThrows(ValueException.class, () -> fromNumpy(reversed));
        assertEquals("tensor([2., 1.])", fromNumpy(reversed.copy()).toString());
    }
}

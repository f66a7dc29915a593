package dev.cotangent.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Sequential;
import dev.cotangent.nn.Tanh;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that PyTorch 2.13 wrote, gradients, and broken files. */
class OnnxImportTest {
    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = OnnxImportTest.class.getResourceAsStream("/onnx/" + name)) {
            return in.readAllBytes();
        }
    }

    private static Tensor array(String name) throws IOException {
        Path file = Files.createTempFile("array", ".npy");
        try {
            Files.write(file, resource(name + ".npy"));
            return Tensors.fromNumpy(NdArray.load(file)).clone();
        } finally {
            Files.delete(file);
        }
    }

    /** The files were made by src/test/resources/onnx/make.py. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "conv_dynamo",
                "conv_script",
                "encoder_dynamo",
                "encoder_script",
                "recurrent_dynamo",
                "recurrent_script"
            })
    void modelsOfPyTorchHaveItsValues(String name) throws IOException {
        String data = name.substring(0, name.indexOf('_'));
        OnnxModule model = Onnx.load(resource(name + ".onnx"));
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < model.inputs().size(); i++) inputs.add(array(data + "_input" + i));
        OnnxExportTest.assertClose(array(data + "_output"), model.run(inputs).getFirst(), name);
        assertFalse(model.parameters().isEmpty());
    }

    @Test
    void parametersHavePyTorchsNames() throws IOException {
        OnnxModule model = Onnx.load(resource("conv_dynamo.onnx"));
        assertTrue(
                model.namedParameters().keySet().containsAll(List.of("fc.weight", "fc.bias")),
                () -> model.namedParameters().keySet().toString());
    }

    @Test
    void gradientsAreTheModulesOwn() {
        Tensors.manualSeed(3);
        var net = new Sequential(new Linear(4, 5), new Tanh(), new Linear(5, 2));
        Path file = folder.resolve("net.onnx");
        Tensor x = Tensors.randn(3, 4);
        Onnx.export(net, file, x);
        OnnxModule model = Onnx.load(file);
        net.call(x).square().sum().backward();
        model.call(x).square().sum().backward();
        assertEquals(
                List.copyOf(net.stateDict().keySet()),
                List.copyOf(model.stateDict().keySet()));
        for (String name : net.namedParameters().keySet()) {
            Tensor mine = net.getParameter(name).grad();
            Tensor its = model.getParameter(name).grad();
            assertNotNull(mine);
            assertNotNull(its);
            assertTrue(mine.allclose(its, 1e-5, 1e-6, false), name);
        }
    }

    @Test
    void inputsAreChecked() {
        Path file = folder.resolve("net.onnx");
        Onnx.export(new Linear(4, 2), file, Tensors.randn(3, 4));
        OnnxModule model = Onnx.load(file);
        assertMessage("missing", () -> model.run(Map.of()));
        assertMessage("has no input 'y'", () -> model.run(Map.of("input", Tensors.randn(3, 4), "y", Tensors.randn(1))));
        assertMessage("takes 1 inputs", () -> model.run(List.of()));
        assertMessage("shape [3, 5]", () -> model.call(Tensors.randn(3, 5)));
        assertMessage("torch.int64", () -> model.call(Tensors.zeros(3, 4).toLong()));
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
        OnnxException e = assertThrows(OnnxException.class, call);
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void brokenFilesGiveOneError() throws IOException {
        assertMessage("no ONNX file", () -> Onnx.load(new byte[] {1, 2, 3, 4}));
        assertMessage("there is no graph", () -> Onnx.load(new byte[0]));
        byte[] whole = resource("conv_script.onnx");
        Random random = new Random(5);
        Tensor x = array("conv_input0");
        int loaded = 0;
        for (int round = 0; round < 400; round++) {
            byte[] broken = whole.clone();
            if (round % 3 == 0) broken = Arrays.copyOf(broken, random.nextInt(broken.length));
            else
                for (int k = 0; k <= random.nextInt(4); k++)
                    broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            try {
                OnnxModule model = Onnx.load(broken);
                loaded++;
                model.run(List.of(x));
            } catch (CotangentException e) {
                assertNotNull(e.getMessage());
            }
        }
        assertTrue(loaded > 0, "changes of elements alone should load");
    }

    @Test
    void otherFilesAreInTheFolderAlone() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path file = inner.resolve("net.onnx");
        Onnx.export(new Linear(4, 2), file, Onnx.exportOptions().externalData(true), Tensors.randn(3, 4));
        Onnx.load(file);
        byte[] model = Files.readAllBytes(file);
        assertMessage("is in another file", () -> Onnx.load(model));
        // A name of the same length, outside of the folder.
        Files.move(inner.resolve("net.onnx.data"), folder.resolve(".onnx.data"));
        Files.write(file, replaced(model, "net.onnx.data", "../.onnx.data"));
        assertMessage("not in the folder", () -> Onnx.load(file));
        Files.write(file, replaced(model, "net.onnx.data", "abc.onnx.data"));
        assertMessage("cannot be read", () -> Onnx.load(file));
        Files.write(inner.resolve("abc.onnx.data"), new byte[3]);
        assertMessage("the file has 3 bytes", () -> Onnx.load(file));
    }

    private static byte[] replaced(byte[] bytes, String from, String to) {
        var latin = java.nio.charset.StandardCharsets.ISO_8859_1;
        return new String(bytes, latin).replace(from, to).getBytes(latin);
    }

    @Test
    void namesThatAreNoPathsAreKept() {
        // Whatever the names of initializers are, each is a parameter.
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (String name : List.of("a", "a.b", "a.b.c", "..", "x.", "onnx::MatMul_3")) given.put(name, Tensors.ones(2));
        OnnxModule model = Onnx.load(Models.sumOf(given.keySet().stream().toList()));
        assertEquals(given.size(), model.parameters().size());
        assertEquals(
                6.0, model.run(Map.of()).values().iterator().next().select(0, 0).itemDouble());
    }
}

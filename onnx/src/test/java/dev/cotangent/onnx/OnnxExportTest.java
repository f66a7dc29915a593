package dev.cotangent.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.GeluApproximation;
import dev.cotangent.InterpolateMode;
import dev.cotangent.PadMode;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.*;
import dev.cotangent.nn.Module;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Exported models have the module's values in onnxruntime, and read again here. */
class OnnxExportTest {
    @TempDir
    Path folder;

    /** Returns a module of a function. */
    private static Module of(UnaryOperator<Tensor> function) {
        return new Module() {
            @Override
            public Tensor forward(Tensor x) {
                return function.apply(x);
            }
        };
    }

    private static Tensor x(long... sizes) {
        Tensors.manualSeed(sizes.length * 31L + sizes[0]);
        return Tensors.randn(sizes);
    }

    private record Case(Module module, Tensor... inputs) {}

    private static Map<String, Case> cases() {
        Tensors.manualSeed(0);
        Map<String, Case> all = new LinkedHashMap<>();
        all.put("linear", new Case(new Linear(4, 3), x(5, 4)));
        all.put("linear of three dimensions", new Case(new Linear(4, 3, false), x(2, 5, 4)));
        all.put("conv1d", new Case(new Conv1d(3, 6, 3), x(2, 3, 9)));
        all.put(
                "conv2d",
                new Case(
                        new Conv2d(
                                4, 6, 3, Conv2d.options().stride(2).padding(1).groups(2)),
                        x(2, 4, 9, 8)));
        all.put("conv3d", new Case(new Conv3d(2, 3, 2), x(1, 2, 4, 5, 6)));
        all.put(
                "transposed conv",
                new Case(
                        new ConvTranspose2d(
                                3,
                                4,
                                3,
                                ConvTranspose2d.options().stride(2).padding(1).outputPadding(1)),
                        x(2, 3, 5, 4)));
        all.put("max pool", new Case(new MaxPool2d(3), x(2, 3, 9, 7)));
        all.put(
                "padded max pool",
                new Case(of(t -> t.maxPool2d(3, Tensors.poolOptions().stride(2).padding(1))), x(2, 3, 9, 8)));
        all.put(
                "ceil max pool",
                new Case(of(t -> t.maxPool2d(2, Tensors.poolOptions().ceilMode(true))), x(2, 3, 7, 7)));
        all.put(
                "dilated max pool",
                new Case(of(t -> t.maxPool2d(2, Tensors.poolOptions().stride(1).dilation(2))), x(2, 3, 7, 7)));
        all.put("average pool", new Case(new AvgPool2d(2), x(2, 3, 8, 6)));
        all.put(
                "padded average pool",
                new Case(of(t -> t.avgPool2d(3, Tensors.poolOptions().stride(2).padding(1))), x(2, 3, 9, 8)));
        all.put(
                "average pool without padding",
                new Case(
                        of(t -> t.avgPool2d(
                                3, Tensors.poolOptions().stride(2).padding(1).countIncludePad(false))),
                        x(2, 3, 9, 8)));
        all.put("adaptive pool", new Case(of(t -> t.adaptiveAvgPool2d(1, 1)), x(2, 3, 5, 7)));
        all.put("irregular adaptive pool", new Case(of(t -> t.adaptiveAvgPool2d(3, 2)), x(2, 3, 5, 7)));
        all.put("batch norm", new Case(new BatchNorm2d(3), x(2, 3, 4, 5)));
        all.put("layer norm", new Case(new LayerNorm(6), x(2, 5, 6)));
        all.put("group norm", new Case(new GroupNorm(2, 4), x(2, 4, 3, 3)));
        all.put("instance norm", new Case(new InstanceNorm2d(3), x(2, 3, 4, 5)));
        all.put("rms norm", new Case(of(t -> t.rmsNorm(6)), x(2, 5, 6)));
        all.put("local response norm", new Case(new LocalResponseNorm(3), x(2, 5, 4, 4)));
        Map<String, UnaryOperator<Tensor>> activations = new LinkedHashMap<>();
        activations.put("relu", Tensor::relu);
        activations.put("gelu", Tensor::gelu);
        activations.put("tanh gelu", t -> t.gelu(GeluApproximation.TANH));
        activations.put("silu", Tensor::silu);
        activations.put("mish", Tensor::mish);
        activations.put("elu", t -> t.elu(0.7));
        activations.put("selu", Tensor::selu);
        activations.put("celu", Tensor::celu);
        activations.put("leaky relu", t -> t.leakyRelu(0.1));
        activations.put("softplus", Tensor::softplus);
        activations.put("hardswish", Tensor::hardswish);
        activations.put("hardsigmoid", Tensor::hardsigmoid);
        activations.put("sigmoid", Tensor::sigmoid);
        activations.put("tanh", Tensor::tanh);
        activations.put("softmax", t -> t.softmax(1));
        activations.put("log softmax", t -> t.logSoftmax(0));
        activations.put("glu", t -> t.glu(-1));
        activations.put("sum", t -> t.sum(0, false));
        activations.put("mean of two dimensions", t -> t.mean(new int[] {0, 2}, true));
        activations.put("variance", t -> t.var(1, true));
        activations.put("max", t -> t.amax(1));
        activations.put("argmax", t -> t.argmax(2));
        activations.put("argmax of all", t -> t.argmax());
        activations.put("norm", t -> t.norm(2, 1));
        activations.put("logsumexp", t -> t.logsumexp(1));
        activations.put("cumsum", t -> t.cumsum(1));
        activations.put("any", t -> t.gt(1.5).any(1, false));
        activations.put("permute", t -> t.permute(2, 0, 1));
        activations.put("transposed reshape", t -> t.transpose(0, 1).reshape(4, -1));
        activations.put("view and permute", t -> t.view(2, 2, 2, 3, 2).permute(3, 0, 4, 1, 2));
        activations.put("slice", t -> t.get("1:, ::2, 1:5:2"));
        activations.put("select", t -> t.select(1, 2).add(t.select(1, -1)));
        activations.put("chunk", t -> t.chunk(3, -1).get(1).mul(2));
        activations.put("expand", t -> t.narrow(1, 0, 1).expand(2, 5, 6).add(1));
        activations.put("flip", t -> t.flip(1));
        activations.put("roll", t -> t.roll(1, 2));
        activations.put("diagonal", t -> t.diagonal(0, 1, 2));
        activations.put("unfold", t -> t.unfold(2, 3, 1));
        activations.put("cat", t -> Tensors.cat(List.of(t, t.mul(2), t.narrow(1, 0, 1)), 1));
        activations.put("stack", t -> Tensors.stack(List.of(t, t.neg()), -1));
        activations.put("pad", t -> t.pad(new long[] {1, 2, 0, 1}, 0.5));
        activations.put("reflect", t -> t.pad(new long[] {2, 1}, PadMode.REFLECT));
        activations.put("circular", t -> t.pad(new long[] {2, 1}, PadMode.CIRCULAR));
        activations.put("tile", t -> t.repeat(1, 2, 1));
        activations.put("where", t -> Tensors.where(t.gt(0), t, t.mul(0.1)));
        activations.put("masked fill", t -> t.maskedFill(t.lt(-1), -1));
        activations.put("clamp", t -> t.clamp(-0.5, 0.5));
        activations.put("cast", t -> t.mul(3).toLong().toFloat());
        activations.put("bools", t -> t.gt(0).logicalAnd(t.lt(1)).logicalNot());
        activations.put("triu", t -> t.triu(1));
        activations.put("sort", t -> t.sort(1, true).values());
        activations.put("topk", t -> t.topk(2, 2).values());
        activations.put("index select", t -> t.indexSelect(1, Tensors.tensor(2, 0, 3)));
        activations.put(
                "gather",
                t -> t.gather(1, Tensors.tensor(new long[][][] {{{1, 0, 2, 3, 1, 0}}, {{0, 1, 1, 2, 3, 3}}})));
        activations.put("indexing", t -> t.get(Tensors.tensor(1, 0, 1), Tensors.tensor(2, 3, 0)));
        activations.put(
                "scatter",
                t -> t.scatter(1, Tensors.tensor(new long[][][] {{{1, 0, 2, 3, 1, 0}}, {{0, 1, 1, 2, 3, 3}}}), 7));
        activations.put("write to a part", t -> {
            Tensor copy = t.clone();
            copy.select(1, 1).fill_(3);
            copy.narrow(2, 1, 2).mul_(2);
            return copy;
        });
        activations.put("matmul", t -> t.matmul(t.transpose(1, 2)));
        activations.put("einsum", t -> Tensors.einsum("bij,bkj->bik", t, t));
        activations.put("pow", t -> t.abs().pow(1.5));
        activations.put("remainder", t -> t.remainder(0.7).add(t.fmod(0.7)));
        activations.put("rounding", t -> t.round().add(t.trunc()).add(t.floor()));
        activations.put(
                "trigonometry", t -> t.sin().add(t.clamp(-0.9, 0.9).asin()).add(t.cosh()));
        activations.put(
                "logarithms", t -> t.abs().add(1).log2().add(t.abs().log1p()).add(t.expm1()));
        activations.put("attention", t -> t.scaledDotProductAttention(t.mul(2), t.neg()));
        activations.put(
                "causal attention",
                t -> t.scaledDotProductAttention(
                        t.mul(2), t.neg(), Tensors.attentionOptions().causal()));
        activations.forEach((name, f) -> all.put(name, new Case(of(f), x(2, 4, 6))));
        for (InterpolateMode mode :
                List.of(InterpolateMode.NEAREST, InterpolateMode.BILINEAR, InterpolateMode.BICUBIC)) {
            all.put(
                    mode + " interpolation",
                    new Case(
                            of(t -> t.interpolate(
                                    Tensors.interpolateOptions().scaleFactor(2).mode(mode))),
                            x(1, 2, 4, 5)));
        }
        all.put("embedding", new Case(new Embedding(10, 4), Tensors.tensor(new long[][] {{1, 2, 9}, {0, 3, 3}})));
        all.put("rnn", new Case(new RNN(3, 4), x(5, 2, 3)));
        all.put("lstm", new Case(new LSTM(3, 4, LSTM.options().numLayers(2).bidirectional(true)), x(4, 2, 3)));
        all.put("gru", new Case(new GRU(3, 4), x(5, 2, 3)));
        all.put("encoder layer", new Case(new TransformerEncoderLayer(8, 2), x(5, 2, 8)));
        all.put("two inputs", new Case(new Bilinear(3, 4, 2), x(5, 3), x(5, 4)));
        all.put(
                "sequential",
                new Case(
                        new Sequential(
                                new Conv2d(1, 4, 3),
                                new ReLU(),
                                new MaxPool2d(2),
                                new Flatten(),
                                new Linear(36, 5),
                                new LogSoftmax(1)),
                        x(2, 1, 8, 8)));
        return all;
    }

    @TestFactory
    Stream<DynamicTest> modelsHaveTheModulesValues() {
        return cases().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue())));
    }

    private void check(String name, Case c) throws Exception {
        c.module.eval();
        Tensor expected = switch (c.inputs.length) {
            case 1 -> c.module.call(c.inputs[0]);
            default -> c.module.call(c.inputs[0], c.inputs[1]);
        };
        Path file = folder.resolve(name.replace(' ', '_') + ".onnx");
        Onnx.export(c.module, file, c.inputs);
        OnnxModule read = Onnx.load(file);
        Tensor again = read.run(List.of(c.inputs)).getFirst();
        assertClose(expected, again, "read again");
        assertClose(expected, Runtime.run(file, c.inputs).getFirst(), "onnxruntime");
        for (Map.Entry<String, Tensor> p : c.module.namedParameters().entrySet()) {
            assertTrue(read.stateDict().containsKey(p.getKey()), p.getKey());
        }
    }

    static void assertClose(Tensor expected, Tensor actual, String where) {
        assertEquals(expected.dtype(), actual.dtype(), where);
        assertEquals(expected.shape(), actual.shape(), where);
        if (expected.dtype() == Dtype.BOOL || !expected.dtype().isFloatingPoint()) {
            assertTrue(expected.equal(actual), () -> where + ": " + actual + " instead of " + expected);
        } else {
            assertTrue(
                    expected.detach().allclose(actual.detach(), 1e-4, 1e-5, true),
                    () -> where + ": " + actual + " instead of " + expected);
        }
    }

    @Test
    void sizesMayVary() throws Exception {
        Tensors.manualSeed(1);
        Module net = new Sequential(new Conv2d(1, 4, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(36, 5))
                .eval();
        Path file = folder.resolve("batch.onnx");
        Onnx.export(net, file, Onnx.exportOptions().dynamicAxis("input", 0, "batch"), x(1, 1, 8, 8));
        assertEquals(
                "[input: float32[batch, 1, 8, 8]]", Onnx.load(file).inputs().toString());
        for (int n : new int[] {1, 2, 7}) {
            Tensor in = x(n, 1, 8, 8);
            assertClose(net.call(in), Runtime.run(file, in).getFirst(), "batch of " + n);
            assertClose(net.call(in), Onnx.load(file).call(in), "batch of " + n + " read again");
        }
    }

    @Test
    void severalSizesMayVary() throws Exception {
        Tensors.manualSeed(2);
        Module net = new TransformerEncoder(() -> new TransformerEncoderLayer(8, 2), 2).eval();
        Path file = folder.resolve("encoder.onnx");
        Onnx.export(
                net,
                file,
                Onnx.exportOptions()
                        .inputNames("x")
                        .outputNames("y")
                        .dynamicAxis("x", 0, "length")
                        .dynamicAxis("x", 1, "batch"),
                x(5, 3, 8));
        for (long[] sizes : new long[][] {{5, 3, 8}, {1, 1, 8}, {9, 4, 8}}) {
            Tensor in = x(sizes);
            assertClose(
                    net.call(in), Runtime.run(file, in).getFirst(), in.shape().toString());
        }
    }

    @Test
    void unrolledLoopsDoNotVary() {
        OnnxException e = assertThrows(
                OnnxException.class,
                () -> Onnx.export(
                        new GRU(3, 4),
                        folder.resolve("gru.onnx"),
                        Onnx.exportOptions().dynamicAxis("input", 0, "time"),
                        x(5, 2, 3)));
        assertTrue(e.getMessage().contains("unrolled"), e.getMessage());
    }

    @Test
    void whatHasNoFormIsNamed() {
        for (var c : Map.<String, UnaryOperator<Tensor>>of(
                        "nonzero", t -> t.nonzero(),
                        "linear algebra", t -> t.matmul(t.t()).det(),
                        "random", t -> t.add(t.randnLike()),
                        "gamma", t -> t.lgamma())
                .entrySet()) {
            OnnxException e = assertThrows(
                    OnnxException.class, () -> Onnx.export(of(c.getValue()), folder.resolve("none.onnx"), x(3, 4)));
            assertTrue(e.getMessage().contains(c.getKey()), e.getMessage());
            assertTrue(e.getMessage().contains("has no ONNX form"), e.getMessage());
            assertTrue(Files.notExists(folder.resolve("none.onnx")));
        }
    }

    @Test
    void elementsMayBeInAnotherFile() throws Exception {
        Module net = new Linear(40, 30);
        Path file = folder.resolve("external.onnx");
        Onnx.export(net, file, Onnx.exportOptions().externalData(true), x(2, 40));
        assertTrue(Files.size(file) < 1000);
        assertClose(net.call(x(2, 40)), Runtime.run(file, x(2, 40)).getFirst(), "external");
        assertClose(net.call(x(2, 40)), Onnx.load(file).call(x(2, 40)), "external");
    }

    @Test
    void functionsHaveSeveralOutputs() throws Exception {
        LSTM net = new LSTM(3, 4);
        Path file = folder.resolve("states.onnx");
        Function<List<Tensor>, List<Tensor>> f = in -> {
            Tensor y = net.call(in.get(0));
            return List.of(y, y.select(0, -1));
        };
        Onnx.export(net, file, Onnx.exportOptions().outputNames("all", "last"), f, x(5, 2, 3));
        List<Tensor> out = Runtime.run(file, x(5, 2, 3));
        List<Tensor> expected = f.apply(List.of(x(5, 2, 3)));
        for (int i = 0; i < 2; i++) assertClose(expected.get(i), out.get(i), "output " + i);
    }

    @Test
    void modulesKeepTheirModes() {
        Sequential net = new Sequential(new Linear(3, 3), new Dropout(0.5));
        net.children().iterator().next().eval();
        Onnx.export(net, folder.resolve("modes.onnx"), x(2, 3));
        assertTrue(net.isTraining());
        assertEquals(
                List.of(true, false, true),
                net.modules().stream().map(Module::isTraining).toList());
    }
}

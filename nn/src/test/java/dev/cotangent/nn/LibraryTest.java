package dev.cotangent.nn;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What the golden data do not show of modules: containers, initial values, utilities, errors; values are PyTorch 2.13's. */
class LibraryTest {
    private static <T> T seeded(Supplier<T> work) {
        try (var _ = Generator.pytorch(0).use()) {
            return work.get();
        }
    }

    private static float[] drawn(Supplier<Tensor> work) {
        return seeded(() -> work.get().detach().flatten().toFloatArray());
    }

    @Test
    void containersPrintAsPyTorchDoes() {
        var list = new ModuleList(new Linear(2, 2), new Linear(2, 2), new ReLU(), new Sequential(new Tanh()));
        assertEquals("""
            ModuleList(
              (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)
              (2): ReLU()
              (3): Sequential(
                (0): Tanh()
              )
            )\
            """, list.toString());
        assertEquals("ModuleList()", new ModuleList().toString());
        assertEquals("""
            ParameterList(
                (0): Parameter containing: [torch.float32 of size 2x3]
                (1): Parameter containing: [torch.float32 of size 1]
            )\
            """, new ParameterList(zeros(2, 3), zeros(1)).toString());
        assertEquals(
                "ParameterList(  (0): Parameter containing: [torch.float32 of size 2x3])",
                new ParameterList(zeros(2, 3)).toString());
        assertEquals(
                """
                ParameterDict(
                    (a): Parameter containing: [torch.FloatTensor of size 2x3]
                    (b): Parameter containing: [torch.FloatTensor of size 1]
                )\
                """,
                new ParameterDict().put("a", zeros(2, 3)).put("b", zeros(1)).toString());
        assertEquals(
                """
                ModuleDict(
                  (x): ReLU(inplace=True)
                  (y): Identity()
                )\
                """,
                new ModuleDict()
                        .put("x", new ReLU(true))
                        .put("y", new Identity())
                        .toString());
    }

    @Test
    void containersAreChanged() {
        var list = new ModuleList(new ReLU(), new Tanh());
        list.set(-1, new Linear(1, 1));
        assertEquals(List.of("1.weight", "1.bias"), List.copyOf(list.stateDict().keySet()));
        assertSame(list.get(1), list.get(-1));
        message("index 2 is out of range: there are 2", () -> list.get(2));
        Map<String, Module> named = new LinkedHashMap<>();
        named.put("first", new ReLU());
        named.put("second", new Linear(1, 2));
        var chain = new Sequential(named).append(new Tanh());
        assertEquals(
                List.of("first", "second", "2"),
                List.copyOf(chain.namedChildren().keySet()));
        var dict = new ModuleDict(named);
        assertSame(named.get("first"), dict.pop("first"));
        message("'first': no module of this name, only [second]", () -> dict.get("first"));
        var parameters = new ParameterDict().put("a", zeros(1)).put("a", ones(2));
        assertEquals(1, parameters.size());
        assertEquals(2, parameters.parameters().getFirst().numel());
        message("'b': no parameter of this name, only [a]", () -> parameters.get("b"));
        int count = 0;
        for (Tensor p : new ParameterList(zeros(1), zeros(1))) if (Parameter.is(p)) count++;
        assertEquals(2, count);
    }

    private static void message(String expected, Runnable what) {
        assertEquals(expected, assertThrows(CotangentException.class, what::run).getMessage());
    }

    @Test
    void initialValuesArePyTorchs() {
        assertArrayEquals(
                new float[] {
                    0.49625658988952637f, 0.7682217955589294f, 0.9527381062507629f, 0.9970665574073792f,
                    0.9703746438026428f, 0.9946193695068359f, 0.8614903092384338f, 0.8964447379112244f,
                    0.6593821048736572f, 0.944246232509613f, 0.8801798820495605f, 0.9624148011207581f
                },
                drawn(() -> Init.truncNormal_(zeros(3, 4), 2, 0.5, 0, 1)),
                1e-6f);
        assertArrayEquals(
                new float[] {
                    0,
                    -0.002934289164841175f,
                    0,
                    0,
                    -0.010845223441720009f,
                    -0.013985954225063324f,
                    0.004033468663692474f,
                    0
                },
                drawn(() -> Init.sparse_(zeros(4, 2), 0.5, 0.01)),
                1e-7f);
        assertArrayEquals(
                new float[] {
                    0.5739809274673462f,
                    -0.10929460823535919f,
                    -0.8115421533584595f,
                    -0.3454151153564453f,
                    -0.9308826923370361f,
                    -0.11893554031848907f
                },
                drawn(() -> Init.orthogonal_(zeros(2, 3))),
                1e-5f);
        assertArrayEquals(
                new float[] {
                    1.0699050426483154f,
                    -0.3398601710796356f,
                    -1.5127216577529907f,
                    0.680367648601532f,
                    -0.7529779672622681f,
                    -1.8497554063796997f
                },
                drawn(() -> Init.orthogonal_(zeros(3, 2), 2)),
                1e-5f);
        assertArrayEquals(
                new float[] {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0},
                drawn(() -> Init.dirac_(zeros(4, 2, 3), 2)));
        assertArrayEquals(new float[] {1, 0, 0, 0, 1, 0}, drawn(() -> Init.eye_(ones(2, 3))));
    }

    @Test
    void initialValuesAreNotRecordedAndKeepTheirErrors() {
        Tensor p = Parameter.of(zeros(2, 2));
        Init.uniform_(Init.ones_(Init.constant_(p, 2)), 3, 4);
        assertTrue(p.isLeaf() && p.detach().min().itemDouble() >= 3);
        assertEquals(5.0 / 3, Init.calculateGain(Init.Nonlinearity.TANH));
        assertEquals(Math.sqrt(2 / 1.0001), Init.calculateGain(Init.Nonlinearity.LEAKY_RELU));
        message(
                "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
                () -> Init.kaimingNormal_(zeros(3)));
        message("Only tensors with 2 dimensions are supported", () -> Init.eye_(zeros(3)));
        message("dim 0 must be divisible by groups", () -> Init.dirac_(zeros(3, 2, 2), 2));
        message("Only tensors with 3, 4, or 5 dimensions are supported", () -> Init.dirac_(zeros(3, 2), 1));
        message("Only tensors with 2 or more dimensions are supported", () -> Init.orthogonal_(zeros(2)));
        double bound = Math.sqrt(6.0 / (4 * 9));
        Tensor conv = Init.kaimingUniform_(
                zeros(8, 4, 3, 3), Init.kaiming().mode(Init.FanMode.FAN_OUT).nonlinearity(Init.Nonlinearity.RELU));
        assertTrue(conv.abs().max().itemDouble() <= bound / Math.sqrt(2));
    }

    private static List<Tensor> withGradients() {
        Tensor p = Parameter.of(zeros(2));
        Tensor q = Parameter.of(zeros(1));
        p.setGrad(tensor(new float[] {3, 4}));
        q.setGrad(tensor(new float[] {12}));
        return List.of(p, q);
    }

    @Test
    void gradientsAreClipped() {
        List<Tensor> all = withGradients();
        assertEquals(13, Utils.clipGradNorm_(all, 1).itemDouble());
        assertArrayEquals(new float[] {3f / 13, 4f / 13}, all.get(0).grad().toFloatArray(), 1e-6f);
        all = withGradients();
        assertEquals(
                12, Utils.clipGradNorm_(all, 1, Double.POSITIVE_INFINITY, false).itemDouble());
        assertArrayEquals(new float[] {0.25f, 1f / 3}, all.get(0).grad().toFloatArray(), 1e-6f);
        all = withGradients();
        Utils.clipGradNorm_(all, 20);
        assertArrayEquals(new float[] {3, 4}, all.get(0).grad().toFloatArray());
        Utils.clipGradValue_(all, 3.5);
        assertArrayEquals(new float[] {3, 3.5f}, all.get(0).grad().toFloatArray());
        all.get(0).setGrad(full(shape(2), Float.NaN));
        List<Tensor> broken = all;
        message(
                "The total norm of order 2.0 for gradients from `parameters` is non-finite, so it cannot be clipped. To"
                        + " disable this error and scale the gradients by the non-finite norm anyway, set"
                        + " `error_if_nonfinite=False`",
                () -> Utils.clipGradNorm_(broken, 1, 2, true));
        assertEquals(0, Utils.clipGradNorm_(List.of(Parameter.of(ones(1))), 1).itemDouble());
    }

    @Test
    void parametersBecomeAVectorAndBack() {
        var linear = new Linear(2, 2);
        Tensor vector = Utils.parametersToVector(linear.parameters());
        assertEquals(6, vector.numel());
        assertTrue(vector.requiresGrad());
        Utils.vectorToParameters(arange(6.0), linear.parameters());
        assertArrayEquals(
                new float[] {0, 1, 2, 3}, linear.weight().detach().flatten().toFloatArray());
        message(
                "vectorToParameters needs a vector of 6 elements, but got torch.Size([5])",
                () -> Utils.vectorToParameters(zeros(5), linear.parameters()));
    }

    @Test
    void sequencesArePaddedAndBack() {
        List<Tensor> all = List.of(ones(2, 1), full(shape(3, 1), 2f));
        Tensor padded = Utils.padSequence(all, true, -1);
        assertArrayEquals(new float[] {1, 1, -1, 2, 2, 2}, padded.flatten().toFloatArray());
        assertEquals(
                "torch.Size([3, 2, 1])",
                Utils.padSequence(all, false, 0).shape().toString());
        List<Tensor> back = Utils.unpadSequence(padded, List.of(2, 3), true);
        assertArrayEquals(new float[] {1, 1}, back.getFirst().flatten().toFloatArray());
        assertThrows(CotangentException.class, () -> Utils.unpadSequence(padded, List.of(2), true));
        assertThrows(CotangentException.class, () -> Utils.padSequence(List.of(), true, 0));
    }

    @Test
    void randomModulesDrawWhileTraining() {
        assertArrayEquals(
                new float[] {
                    -0.7791939377784729f,
                    -0.7791939377784729f,
                    1.6655988693237305f,
                    -0.7791939377784729f,
                    -0.7791939377784729f,
                    -0.7791939377784729f
                },
                drawn(() -> new AlphaDropout(0.5).call(ones(6))),
                1e-6f);
        assertArrayEquals(new float[] {0, 0, 1}, drawn(() -> Functional.gumbelSoftmax(zeros(3), 1, true, -1)), 1e-6f);
        Tensor x = tensor(new float[] {-1, -1, 1, -1});
        var rrelu = new RReLU();
        for (float v : rrelu.call(x).toFloatArray()) assertTrue(v == 1 || v <= -0.125 && v >= -1f / 3, v + "");
        assertArrayEquals(
                new float[] {-0.3270943760871887f, -0.27246248722076416f, 1, -0.22070477902889252f},
                drawn(() -> rrelu.call(x)),
                1e-6f);
        rrelu.eval();
        assertEquals(-(1.0 / 8 + 1.0 / 3) / 2, rrelu.call(x).toFloatArray()[0], 1e-6);
        Tensor channels = new Dropout2d(0.5).call(ones(2, 8, 3, 3));
        for (float v : channels.mean(2, 3).flatten().toFloatArray()) assertTrue(v == 0 || v == 2, v + "");
        assertSame(x, new FeatureAlphaDropout(0.5).eval().call(x.unsqueeze(0)).numel() == 4 ? x : null);
        Tensor mixed = new ChannelShuffle(2).call(arange(8.0).view(1, 4, 2));
        assertArrayEquals(new float[] {0, 1, 4, 5, 2, 3, 6, 7}, mixed.flatten().toFloatArray());
    }

    @Test
    void wrongInputsAreRefused() {
        message("expected 4D input (got 1D input)", () -> new BatchNorm2d(3).call(zeros(3)));
        message("expected 2D or 3D input (got 1D input)", () -> new BatchNorm1d(3).call(zeros(3)));
        message("LSTM: Expected input to be 2D or 3D, got 4D instead", () -> new LSTM(3, 4).call(zeros(2, 2, 2, 2)));
        message(
                "input.size(-1) must be equal to input_size. Expected 3, got 5",
                () -> new LSTM(3, 4).call(zeros(2, 2, 5)));
        message(
                "Expected hidden size (1, 2, 4), got [1, 3, 4]",
                () -> new GRU(3, 4).run(zeros(2, 2, 3), zeros(1, 3, 4)));
        message(
                "For batched 3-D input, hx should also be 3-D but got 2-D tensor",
                () -> new GRU(3, 4).run(zeros(2, 2, 3), zeros(1, 4)));
        message(
                "Expected hidden[0] size (1, 2, 4), got [1, 3, 4]",
                () -> new LSTM(3, 4).run(zeros(2, 2, 3), zeros(1, 3, 4), zeros(1, 2, 4)));
        message(
                "expected input's size at dim=1 to match num_features (3), but got: 4.",
                () -> new InstanceNorm1d(3, InstanceNorm1d.options().affine(true)).call(zeros(2, 4, 5)));
        message(
                "Given normalized_shape=[3], expected input with shape [*3], but got input of size[2, 4]",
                () -> new RMSNorm(3).call(zeros(2, 4)));
        message("num_channels (3) must be divisible by num_groups (2)", () -> new GroupNorm(2, 3));
        message(
                "proj_size argument is only supported for LSTM, not RNN or GRU",
                () -> new GRU(3, 4, GRU.options().projSize(2)));
        message(
                "proj_size has to be smaller than hidden_size",
                () -> new LSTM(3, 4, LSTM.options().projSize(4)));
        message(
                "Padding_idx must be within num_embeddings",
                () -> new Embedding(3, 2, Embedding.options().paddingIdx(3)));
        message("input has inconsistent input_size: got 5 expected 3", () -> new GRUCell(3, 4).call(zeros(2, 5)));
        message("ReflectionPad1d takes one padding or 2, but got 3: (1, 2, 3)", () -> new ReflectionPad1d(1, 2, 3));
        message("Softmax2d: expected input to be 3D or 4D, got 2D instead", () -> new Softmax2d().call(zeros(2, 2)));
    }

    @Test
    void recurrentModulesAreLayersOfAChain() {
        var net =
                new Sequential(new LSTM(3, 4, LSTM.options().bidirectional(true).batchFirst(true)), new Linear(8, 1));
        assertEquals("torch.Size([2, 5, 1])", net.call(ones(2, 5, 3)).shape().toString());
        var cell = new LSTMCell(3, 4);
        LSTMCell.State first = cell.run(ones(2, 3));
        LSTMCell.State second = cell.run(ones(2, 3), first.hidden(), first.cell());
        assertFalse(first.hidden().eq(second.hidden()).all().itemBoolean());
    }

    @Test
    void runningStatisticsFollowTheBatches() {
        var norm = new BatchNorm1d(1, BatchNorm1d.options().momentum(null));
        norm.to(Dtype.FLOAT64);
        norm.call(tensor(new double[][] {{1}, {3}}));
        norm.call(tensor(new double[][] {{5}, {7}}));
        assertEquals(4, norm.runningMean().itemDouble());
        assertEquals(2, norm.stateDict().get("num_batches_tracked").itemLong());
        norm.eval();
        norm.call(tensor(new double[][] {{100}, {200}}));
        assertEquals(4, norm.runningMean().itemDouble());
        norm.train();
        norm.call(zeros(shape(0, 1), Dtype.FLOAT64));
        assertEquals(4, norm.runningMean().itemDouble());
    }
}

package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Graph;
import dev.cotangent.autograd.Node;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node shows of itself; the names are PyTorch 2.13's. */
final class NodeAttributesTest {
    private final Tensor m = tensor(new float[][] {{1, 2}, {3, 4}}).requiresGrad_();
    private final Tensor k = tensor(new float[][] {{5, 6}, {7, 8}}).requiresGrad_();

    private static List<String> sorted(Tensor y) {
        return y.gradFn().savedNames().stream().sorted().toList();
    }

    @Test
    void savedTensorsHaveNames() {
        assertEquals(List.of("mat2", "self"), sorted(m.mm(k)));
        assertSame(m, m.mm(k).gradFn().saved("self"));
        assertSame(k, m.mm(k).gradFn().saved("mat2"));
        assertSame(k, m.mm(k).gradFn().saved("_saved_mat2"));
        assertEquals(List.of("other", "self"), sorted(m.mul(k)));
        assertSame(k, m.mul(k).gradFn().saved("other"));
        assertEquals(List.of("result"), sorted(m.exp()));
        assertArrayEquals(
                m.detach().exp().toDoubleArray(),
                m.exp().gradFn().saved("result").detach().toDoubleArray());
        assertEquals(List.of("self"), sorted(m.log()));
        assertEquals(List.of("result"), sorted(m.tanh()));
        assertEquals(List.of("self"), sorted(m.pow(2)));
        assertEquals(List.of("exponent", "result", "self"), sorted(m.pow(k)));
        assertEquals(List.of("mat1", "mat2"), sorted(ones(2, 2).addmm(m, k)));
        assertEquals(List.of("result"), sorted(m.softmax(1)));
        assertEquals(List.of(), sorted(m.sum()));
        // Of constants, too.
        Tensor c = k.detach();
        assertSame(c, m.mm(c).gradFn().saved("mat2"));
        assertEquals(List.of("mat2"), sorted(m.mm(c)));
    }

    @Test
    void otherNamesAreErrors() {
        Node node = m.mul(k).gradFn();
        assertThrowsSaying("'MulBackward0' object has no attribute '_saved_x'", () -> node.saved("x"));
        Tensor y = m.mul(k);
        Node freed = y.gradFn();
        y.sum().backward();
        assertThrowsSaying(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have"
                        + " already been freed).",
                () -> freed.saved("self"));
    }

    @Test
    void metadataBelongsToUsers() {
        Node node = m.mul(k).gradFn();
        assertTrue(node.metadata().isEmpty());
        node.metadata().put("layer", 3);
        assertEquals(3, node.metadata().get("layer"));
        assertTrue(m.mul(k).gradFn().sequenceNumber() > node.sequenceNumber());
    }

    @Test
    void graphsAsText() {
        Tensor y = m.mul(k).add(m).sum();
        assertEquals("""
            0 SumBackward0 -> 1
            1 AddBackward0 -> 2 3
            2 MulBackward0 -> 3 4
            3 AccumulateGrad torch.FloatTensor [2, 2]
            4 AccumulateGrad torch.FloatTensor [2, 2]
            """, Graph.toText(y));
        assertEquals("0 MulBackward0 -> 1 -\n1 AccumulateGrad torch.FloatTensor [2, 2]\n", Graph.toText(m.mul(2)));
        assertEquals("0 torch.FloatTensor [3]\n", Graph.toText(ones(3)));
    }

    private static UnaryOperator<Tensor> operation(String name) {
        return switch (name) {
            case "squeeze_" -> t -> t.squeeze_();
            case "squeeze_(0)" -> t -> t.squeeze_(0);
            case "squeeze" -> t -> t.squeeze();
            case "squeeze(0)" -> t -> t.squeeze(0);
            case "t_" -> t -> t.t_();
            case "t" -> t -> t.t();
            case "transpose_" -> t -> t.transpose_(0, 1);
            case "swapaxes_" -> t -> t.swapaxes_(0, 1);
            case "unsqueeze_" -> t -> t.unsqueeze_(0);
            case "as_strided" -> t -> t.asStrided(new long[] {2}, new long[] {1});
            default -> t -> t.asStrided_(new long[] {2}, new long[] {1});
        };
    }

    @ParameterizedTest
    @CsvSource({
        "squeeze_, SqueezeBackward3",
        "squeeze_(0), SqueezeBackward4",
        "squeeze, SqueezeBackward0",
        "squeeze(0), SqueezeBackward1",
        "t_, TBackward1",
        "t, TBackward0",
        "transpose_, TransposeBackward1",
        "swapaxes_, TransposeBackward1",
        "unsqueeze_, UnsqueezeBackward1",
        "as_strided, AsStridedBackward0",
        "as_strided_, AsStridedBackward1"
    })
    void nodesOfViewsAndOfFormsInPlace(String operation, String node) {
        Tensor x = ones(2, 1).requiresGrad_();
        assertEquals(node, operation(operation).apply(x.mul(1)).gradFn().name());
        assertEquals(
                node, operation(operation).apply(x.mul(1).view(2, 1)).gradFn().name());
        operation(operation).apply(x.mul(3)).sum().backward();
        assertArrayEquals(new double[] {3, 3}, x.grad().toDoubleArray());
    }

    @Test
    void wholeComparisons() {
        Tensor a = tensor(new float[] {1, 2});
        assertTrue(a.equal(tensor(new double[] {1, 2})));
        assertTrue(a.equal(a) && a.allclose(a) && tensor(new float[] {0}).equal(tensor(new float[] {-0f})));
        assertTrue(!a.equal(ones(3)) && !a.equal(ones(2)));
        assertTrue(a.get("0:0").equal(ones(0)));
        Tensor nan = tensor(new float[] {Float.NaN});
        assertTrue(!nan.equal(nan) && !nan.allclose(nan) && nan.allclose(nan, 0, 0, true));
        Tensor inf = tensor(new float[] {Float.POSITIVE_INFINITY});
        assertTrue(inf.allclose(inf) && !inf.allclose(inf.neg()));
        assertTrue(a.allclose(a.mul(1.000001)) && !a.allclose(a.mul(1.001)));
        assertThrowsSaying("Float did not match Double", () -> a.allclose(tensor(new double[] {1, 2})));
        assertThrowsSaying(
                "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
                () -> a.allclose(ones(3)));
    }

    @Test
    void sharedMemory() {
        Tensor z = ones(2);
        Tensor s = ones(4);
        z.set_(s);
        z.get(0).fill_(5);
        assertArrayEquals(new double[] {5, 1, 1, 1}, s.toDoubleArray());
        assertArrayEquals(new double[] {5, 1, 1, 1}, z.toDoubleArray());
        assertThrowsSaying(
                "Could not set tensor of type double to a tensor of type float",
                () -> z.set_(tensor(new double[] {1})));
        assertThrowsSaying(
                "a leaf Variable that requires grad is being used in an in-place operation.",
                () -> ones(2).requiresGrad_().set_(ones(3)));
    }
}

package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.NodeHook;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What hooks may return; the messages are PyTorch 2.13's. */
final class HooksTest {
    private static String messageOf(Runnable work) {
        return assertThrows(CotangentException.class, work::run).getMessage();
    }

    private static void throughLeaf(UnaryOperator<@Nullable Tensor> hook) {
        Tensor x = ones(2).requiresGrad_();
        x.registerHook(hook);
        x.mul(2).sum().backward();
    }

    private static Tensor throughNode(NodeHook hook) {
        Tensor x = ones(2).requiresGrad_();
        Tensor y = x.mul(2);
        y.gradFn().registerHook(hook);
        y.sum().backward();
        return x.grad();
    }

    private static final class Widening implements UnaryOperator<@Nullable Tensor> {
        @Override
        public Tensor apply(@Nullable Tensor g) {
            return ones(3);
        }
    }

    @Test
    void ofTensorsKeepShapeAndType() {
        String size = "hook '<lambda>' has changed the size of value";
        assertEquals(size, messageOf(() -> throughLeaf(g -> ones(3))));
        assertEquals(size, messageOf(() -> throughLeaf(g -> ones(1))));
        assertEquals(size.replace("<lambda>", "Widening"), messageOf(() -> throughLeaf(new Widening())));
        String type = "hook '<lambda>' has changed the type of value (was torch.FloatTensor got torch.%sTensor)";
        assertEquals(type.formatted("Double"), messageOf(() -> throughLeaf(g -> g.to(Dtype.FLOAT64))));
        assertEquals(type.formatted("Double"), messageOf(() -> throughLeaf(g -> ones(3).to(Dtype.FLOAT64))));
        assertEquals(type.formatted("Long"), messageOf(() -> throughLeaf(g -> g.to(Dtype.INT64))));
        assertEquals(type.formatted("Half"), messageOf(() -> throughLeaf(g -> g.to(Dtype.FLOAT16))));
        Tensor x = ones(2).requiresGrad_();
        Tensor y = x.mul(2);
        y.registerHook(g -> ones(3));
        assertEquals(size, messageOf(y.sum()::backward));
        Tensor z = ones(2).requiresGrad_();
        z.registerHook(g -> ones(3));
        assertEquals(size, messageOf(() -> Autograd.grad(z.mul(2).sum(), z).run()));
    }

    @Test
    void ofNodesKeepNumberShapeAndType() {
        String count = "hook '<lambda>' has returned an incorrect number of values (got %d, but expected 2)";
        assertEquals(count.formatted(1), messageOf(() -> throughNode((in, out) -> in.subList(0, 1))));
        assertEquals(
                count.formatted(4),
                messageOf(() -> throughNode((in, out) -> Arrays.asList(in.get(0), null, null, null))));
        assertEquals(
                "hook '<lambda>' has changed the size of value",
                messageOf(() -> throughNode((in, out) -> Arrays.asList(ones(3), null))));
        assertEquals(
                "hook '<lambda>' has changed the type of value (was torch.FloatTensor got torch.DoubleTensor)",
                messageOf(() -> throughNode((in, out) -> Arrays.asList(in.get(0).to(Dtype.FLOAT64), null))));
        assertEquals(
                "can't replace a None gradient with a non-None value",
                messageOf(() -> throughNode((in, out) -> List.of(in.get(0), in.get(0)))));
        assertNull(throughNode((in, out) -> Arrays.asList(null, null)));
        assertArrayEquals(
                new double[] {6, 6},
                throughNode((in, out) -> Arrays.asList(in.get(0).mul(3), null)).toDoubleArray());
    }

    @Test
    void ofALeafStayWithItsNextNode() {
        Tensor x = tensor(new float[] {1, 2}).requiresGrad_();
        x.registerHook(g -> g.mul(10));
        x.mul(3).sum().backward();
        assertArrayEquals(new double[] {30, 30}, x.grad().toDoubleArray());
        x.setData(ones(3).to(Dtype.FLOAT64));
        x.setGrad(null);
        x.mul(3).sum().backward();
        assertArrayEquals(new double[] {30, 30, 30}, x.grad().toDoubleArray());
    }
}

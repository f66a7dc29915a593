package dev.cotangent.nn;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import dev.cotangent.optim.Adam;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModulesTest {
    private static Sequential network() {
        return new Sequential(
                new Linear(2, 3),
                new ReLU(),
                new Dropout(0.25),
                new Sequential(new GELU(), new Linear(3, 1, false)),
                new Tanh(),
                new Sigmoid());
    }

    /** Two names of one layer, as in autoencoders with tied weights. */
    private static final class Tied extends Module {
        private final Linear first = registerModule("first", new Linear(2, 2));
        private final Tensor count = registerBuffer("count", zeros(1));

        Tied() {
            registerModule("second", first);
            registerParameter("scale", ones(1));
        }

        void wrong(String name) {
            registerParameter(name, ones(1));
        }
    }

    @Test
    void printsAsPyTorchDoes() {
        assertEquals("""
            Sequential(
              (0): Linear(in_features=2, out_features=3, bias=True)
              (1): ReLU()
              (2): Dropout(p=0.25, inplace=False)
              (3): Sequential(
                (0): GELU(approximate='none')
                (1): Linear(in_features=3, out_features=1, bias=False)
              )
              (4): Tanh()
              (5): Sigmoid()
            )\
            """, network().toString());
        assertEquals(
                "Parameter containing:\ntensor([1., 1.], requires_grad=True)",
                Parameter.of(ones(2)).toString());
    }

    @Test
    void aParameterSharesMemoryAndIsALeaf() {
        Tensor data = ones(2);
        Tensor p = Parameter.of(data.requiresGrad_().mul(2));
        assertTrue(p.isLeaf() && p.requiresGrad() && Parameter.is(p));
        assertFalse(Parameter.is(p.mul(2)) || Parameter.is(p.detach()) || Parameter.is(data));
        assertThrows(CotangentException.class, () -> Parameter.of(tensor(new long[] {1})));
        assertFalse(Parameter.of(tensor(new long[] {1}), false).requiresGrad());
    }

    @Test
    void namesAreDotted() {
        assertEquals(
                List.of("0.weight", "0.bias", "3.1.weight"),
                List.copyOf(network().stateDict().keySet()));
        var tied = new Tied();
        assertEquals(
                List.of("scale", "first.weight", "first.bias"),
                List.copyOf(tied.namedParameters().keySet()));
        assertEquals(
                List.of("scale", "count", "first.weight", "first.bias", "second.weight", "second.bias"),
                List.copyOf(tied.stateDict().keySet()));
        assertEquals(3, tied.parameters().size());
        assertEquals(Map.of("count", tied.count), tied.namedBuffers());
        assertThrows(UnsupportedException.class, () -> tied.forward(ones(2)));
    }

    @Test
    void badNamesAreRefused() {
        var tied = new Tied();
        assertMessage("parameter name can't be empty string \"\"", () -> tied.wrong(""));
        assertMessage("parameter name can't contain \".\", got: a.b", () -> tied.wrong("a.b"));
        assertMessage("attribute 'scale' already exists", () -> tied.wrong("scale"));
        assertThrows(ValueException.class, () -> new Dropout(2));
        assertThrows(CotangentException.class, () -> new Linear(-1, 2));
    }

    private static void assertMessage(String message, Runnable what) {
        assertEquals(message, assertThrows(CotangentException.class, what::run).getMessage());
    }

    @Test
    void stateIsCopiedWholeOrNotAtAll() {
        var from = network();
        var to = network();
        to.loadStateDict(from.stateDict());
        assertArrayEquals(
                from.stateDict().get("3.1.weight").toFloatArray(),
                to.stateDict().get("3.1.weight").toFloatArray());
        float[] before = to.stateDict().get("0.bias").clone().toFloatArray();
        assertMessage(
                "Error(s) in loading state_dict for Sequential:\n"
                        + "\tMissing key(s) in state_dict: \"3.1.weight\". \n"
                        + "\tUnexpected key(s) in state_dict: \"x\". \n"
                        + "\tsize mismatch for 0.weight: copying a param with shape torch.Size([3, 3]) from checkpoint,"
                        + " the shape in current model is torch.Size([3, 2]).",
                () -> to.loadStateDict(Map.of("0.weight", zeros(3, 3), "0.bias", zeros(3), "x", zeros(1))));
        assertArrayEquals(before, to.stateDict().get("0.bias").toFloatArray());
    }

    @Test
    void conversionKeepsParametersAndGradients() {
        var linear = new Linear(2, 1);
        Tensor weight = linear.weight();
        linear.forward(ones(1, 2)).sum().backward();
        linear.to(Dtype.FLOAT64);
        assertSame(weight, linear.weight());
        assertEquals(Dtype.FLOAT64, weight.dtype());
        assertEquals(Dtype.FLOAT64, weight.grad().dtype());
        assertTrue(weight.isLeaf() && weight.requiresGrad());
        linear.forward(ones(1, 2).to(Dtype.FLOAT64)).sum().backward();
        assertArrayEquals(new double[] {2, 2}, weight.grad().flatten().toDoubleArray());
        linear.zeroGrad();
        assertNull(weight.grad());
        assertThrows(CotangentException.class, () -> linear.to(Dtype.INT64));
    }

    @Test
    void dropoutOnlyWhileTraining() {
        var network = network();
        Tensor x = ones(4, 2);
        assertTrue(network.isTraining());
        assertFalse(network.eval().namedChildren().get("2").isTraining());
        assertEquals(network.forward(x).toString(), network.forward(x).toString());
    }

    @Test
    void linearStartsWithinPyTorchsBound() {
        manualSeed(3);
        Tensor weight = new Linear(16, 1000).weight().detach();
        assertTrue(weight.abs().max().itemDouble() <= 0.25);
        assertTrue(weight.abs().max().itemDouble() > 0.249);
        assertEquals(0.25 / Math.sqrt(3), weight.std().itemDouble(), 2e-3);
    }

    @Test
    void learnsExclusiveOr() {
        manualSeed(1);
        var network = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 1), new Sigmoid());
        Tensor x = tensor(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Tensor y = tensor(new float[][] {{0}, {1}, {1}, {0}});
        var adam = new Adam(network.parameters(), 0.05);
        Tensor loss = network.forward(x).mseLoss(y);
        double first = loss.itemDouble();
        for (int i = 0; i < 400; i++) {
            adam.zeroGrad();
            loss = network.forward(x).mseLoss(y);
            loss.backward();
            adam.step();
        }
        assertNotNull(network.parameters().getFirst().grad());
        assertTrue(loss.itemDouble() < 0.01, first + " became " + loss.itemDouble());
    }
}

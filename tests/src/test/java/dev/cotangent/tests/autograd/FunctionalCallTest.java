package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Func;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.optim.SGD;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Modules with given tensors in the place of their own; the numbers are PyTorch 2.13's. */
class FunctionalCallTest {
    private static final Tensor X = tensor(new double[][] {{1, 2}, {3, -1}, {0.5, 0.25}});
    private static final Tensor Y = tensor(new double[][] {{1}, {0}, {2}});

    private final Module linear = new Linear(2, 1).to(Dtype.FLOAT64);
    private final Tensor weight = tensor(new double[][] {{0.5, -1.0}});
    private final Tensor bias = tensor(new double[] {0.25});

    private Tensor loss(Tensor w, Tensor b, Tensor x, Tensor y) {
        return linear.functionalCall(Map.of("weight", w, "bias", b), x)
                .sub(y)
                .tanh()
                .square()
                .sum();
    }

    private static void assertNear(double[] expected, Tensor actual) {
        assertArrayEquals(expected, actual.toDoubleArray(), 1e-12);
    }

    @Test
    void perSampleGradients() {
        var gradients = Func.vmap(
                        Func.grad(in -> loss(in.get(0), in.get(1), in.get(2), in.get(3)), 0, 1),
                        Func.vmapOptions().inDims(null, null, 0, 0))
                .apply(List.of(weight, bias, X, Y));
        assertNear(
                new double[] {
                    -0.08501965149669898,
                    -0.17003930299339795,
                    0.09649378811498477,
                    -0.032164596038328254,
                    -0.1071399227066489,
                    -0.05356996135332445
                },
                gradients.get(0));
        assertNear(new double[] {-0.08501965149669898, 0.032164596038328254, -0.2142798454132978}, gradients.get(1));
        for (Tensor p : linear.parameters()) assertNull(p.grad());
    }

    @Test
    void forwardMode() {
        var product = Func.jvp(
                in -> List.of(loss(in.get(0), in.get(1), X, Y)),
                List.of(weight, bias),
                List.of(tensor(new double[][] {{1, 2}}), tensor(new double[] {-1})));
        assertArrayEquals(new double[] {2.8265}, product.output().getFirst().toDoubleArray(), 5e-5);
        assertArrayEquals(new double[] {-0.3401}, product.product().getFirst().toDoubleArray(), 5e-5);
    }

    @Test
    void gradientsReachTheGivenTensorsAfterTheModuleChanged() {
        Tensor w = weight.clone().requiresGrad_();
        Tensor doubled = w.mul(2);
        Tensor before = linear.getParameter("weight").detach().clone();
        Tensor out =
                linear.functionalCall(Map.of("weight", doubled), X).square().sum();
        // A step on the module's own parameters is no write to the given ones.
        for (Tensor p : linear.parameters()) p.setGrad(p.detach().onesLike());
        new SGD(linear.parameters(), 0.5).step();
        out.backward();
        Tensor own = linear.getParameter("bias").detach().add(0.5);
        Tensor again = weight.clone().requiresGrad_();
        X.linear(again.mul(2), own).square().sum().backward();
        assertNear(again.grad().toDoubleArray(), w.grad());
        assertNear(
                before.sub(0.5).toDoubleArray(), linear.getParameter("weight").detach());
    }

    @Test
    void buffersAreWrittenWhereTheyAreGiven() {
        var norm = new BatchNorm1d(2);
        norm.to(Dtype.FLOAT64);
        Tensor mean = zeros(2).to(Dtype.FLOAT64);
        norm.functionalCall(Map.of("running_mean", mean), X);
        assertNear(new double[] {0.15, 0.125 / 3}, mean);
        assertNear(new double[] {0, 0}, norm.getBuffer("running_mean"));
    }

    /** Two layers with one weight, and a parameter that is returned as it is. */
    private static final class Tied extends Module {
        private final Linear a = registerModule("a", new Linear(2, 2, false));
        private final Tensor b = registerParameter("b", a.weight());

        @Override
        public Tensor forward(Tensor x) {
            return x.dim() == 1 ? b : a.call(x).mm(b);
        }
    }

    @Test
    void tiedTensorsAndNames() {
        var tied = new Tied();
        Tensor two = ones(2, 2).mul(2);
        assertEquals(
                "tensor([[16., 16.]])",
                tied.functionalCall(Map.of("a.weight", two), ones(1, 2)).toString());
        assertSame(two, tied.functionalCall(Map.of("b", two), ones(2)));
        String message = assertThrows(
                        ValueException.class,
                        () -> tied.functionalCall(Map.of("a.weight", two, "b", ones(2, 2)), ones(1, 2)))
                .getMessage();
        assertEquals("functional_call got multiple values for keys [", message.substring(0, 46));
        assertEquals(
                "'Linear' object has no attribute 'wight'. Its parameters and buffers are [weight, bias] and []",
                assertThrows(CotangentException.class, () -> linear.functionalCall(Map.of("wight", weight), X))
                        .getMessage());
        // The module has its own again after an error.
        Tensor own = linear.getParameter("weight").detach().clone();
        assertThrows(CotangentException.class, () -> linear.functionalCall(Map.of("weight", ones(3, 3)), X));
        assertNear(own.toDoubleArray(), linear.getParameter("weight").detach());
    }
}

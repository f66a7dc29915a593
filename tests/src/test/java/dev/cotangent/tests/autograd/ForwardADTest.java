package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.tests.autograd.Waves.assertClose;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static dev.cotangent.tests.autograd.Waves.wave;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.ForwardAD;
import dev.cotangent.autograd.Functional;
import org.junit.jupiter.api.Test;

/** Dual tensors; the numbers are PyTorch 2.13's. */
final class ForwardADTest {
    private final Tensor x = tensor(new double[] {0.5, -1, 2});
    private final Tensor t = tensor(new double[] {1, 2, 3});

    @Test
    void carryTangents() {
        try (var _ = ForwardAD.dualLevel()) {
            Tensor d = ForwardAD.makeDual(x, t);
            var y = ForwardAD.unpackDual(d.sin().mul(d).cumsum(0));
            assertClose(new double[] {0.2397127693021015, 1.081183754109998, 2.8997786077613616}, y.primal());
            assertClose(new double[] {0.9182168195493894, -1.8453297618026832, -1.6143185006084928}, y.tangent());
            assertFalse(y.primal().requiresGrad() || y.tangent().requiresGrad());
            assertArrayEquals(
                    t.toDoubleArray(), ForwardAD.unpackDual(d).tangent().toDoubleArray());
            // A constant has none.
            assertNull(ForwardAD.unpackDual(ones(2)).tangent());
            assertNull(ForwardAD.unpackDual(ones(2).requiresGrad_().mul(2)).tangent());
        }
        assertFalse(x.requiresGrad());
    }

    @Test
    void ofSeveralTensorsAddUp() {
        Tensor mlpInput = wave(0.7, 3);
        Tensor u = wave(1.7, 3);
        try (var _ = ForwardAD.dualLevel()) {
            var y = ForwardAD.unpackDual(FunctionalTest.mlp(ForwardAD.makeDual(mlpInput, u)));
            assertClose(
                    Functional.jvp(FunctionalTest::mlp, mlpInput, u).product().toDoubleArray(), y.tangent());
            Tensor a = ForwardAD.makeDual(x, t);
            Tensor b = ForwardAD.makeDual(t, x);
            // (x t)' = x' t + x t' = t t + x x
            assertClose(
                    t.square().add(x.square()).toDoubleArray(),
                    ForwardAD.unpackDual(a.mul(b)).tangent());
        }
    }

    @Test
    void haveGradients() {
        Tensor w = t.clone().requiresGrad_();
        try (var _ = ForwardAD.dualLevel()) {
            Tensor d = ForwardAD.makeDual(x, t);
            var y = ForwardAD.unpackDual(d.exp().mul(w).mul(w));
            assertTrue(y.primal().requiresGrad());
            y.tangent().sum().backward();
            assertClose(new double[] {3.2974425414002564, 2.9430355293715387, 133.0030097807517}, w.grad());
        }
    }

    @Test
    void refuseWhatDoesNotFit() {
        assertThrowsSaying(
                "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level()"
                        + " first.",
                () -> ForwardAD.makeDual(x, t));
        try (var _ = ForwardAD.dualLevel()) {
            assertThrowsSaying(
                    "Trying to set a forward gradient that has a different size than that of the original Tensor, this"
                            + " is not supported. Tensor is of size [3] while the given forward gradient is of size"
                            + " [2].",
                    () -> ForwardAD.makeDual(x, ones(2).to(Dtype.FLOAT64)));
            assertThrowsSaying(
                    "Expected primal to be floating point or complex, but got: torch.int64",
                    () -> ForwardAD.makeDual(x.to(Dtype.INT64), t));
            assertThrowsSaying("Nested forward mode AD is not supported at the moment", ForwardAD::dualLevel);
        }
        ForwardAD.dualLevel().close();
    }
}

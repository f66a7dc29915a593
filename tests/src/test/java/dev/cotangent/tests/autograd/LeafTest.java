package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Internals;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaves whose memory is replaced. */
final class LeafTest {
    @ParameterizedTest
    @EnumSource(
            value = Dtype.class,
            names = {"FLOAT64", "FLOAT16", "BFLOAT16"})
    void getsGradientsOfItsNewDtype(Dtype dtype) {
        Tensor x = ones(3).requiresGrad_();
        x.mul(2).sum().backward();
        x.setGrad(null);
        x.setData(x.detach().to(dtype));
        x.mul(2).sum().backward();
        assertEquals(dtype, x.grad().dtype());
        assertEquals(dtype, Autograd.grad(x.mul(2).sum(), x).get().dtype());
    }

    @Test
    void getsGradientsOfItsNewShape() {
        Tensor x = ones(3).requiresGrad_();
        x.mul(2).sum().backward();
        x.setGrad(null);
        x.setData(ones(2, 2));
        x.mul(3).sum().backward();
        assertEquals(shape(2, 2), x.grad().shape());
        x.setGrad(null);
        Autograd.noGrad(() -> {
            x.unsqueeze_(0);
        });
        x.mul(4).sum().backward();
        assertEquals(shape(1, 2, 2), x.grad().shape());
        assertArrayEquals(new double[] {4, 4, 4, 4}, x.grad().flatten().toDoubleArray());
    }

    @Test
    void refusesAGradientFromBeforeItsShapeChanged() {
        Tensor x = ones(1, 3).requiresGrad_();
        Tensor y = x.mul(2).sum();
        x.setData(ones(2, 3));
        String message = assertThrows(CotangentException.class, y::backward).getMessage();
        assertTrue(message.contains("compute the forward pass again after setData"), message);
    }

    @Test
    void ofRandomNumbersWasNeverWritten() {
        Tensor x = ones(2);
        for (Tensor t : List.of(
                rand(2),
                randn(2),
                randint(3, shape(2)),
                randperm(3),
                normal(0, 1, shape(2)),
                normal(x, x),
                x.randLike(),
                x.randnLike(),
                x.bernoulli(),
                x.dropout(0.5))) {
            assertEquals(0, Internals.version(t).current());
        }
        assertEquals(1, Internals.version(zeros(2).uniform_()).current());
    }

    @Test
    void isNotKeptAliveForItsRetainedGradient() {
        Tensor x = ones(2).requiresGrad_();
        Tensor y = x.mul(2);
        y.retainGrad();
        WeakReference<Tensor> weak = new WeakReference<>(y);
        Tensor z = y.sum();
        y = null;
        // Waits for the collector however long that takes: a tensor that the graph keeps is never freed.
        while (weak.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
        z.backward();
        assertArrayEquals(new double[] {2, 2}, x.grad().toDoubleArray());
    }
}

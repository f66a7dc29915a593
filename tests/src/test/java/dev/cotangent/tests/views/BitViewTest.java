package dev.cotangent.tests.views;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import org.junit.jupiter.api.Test;

/** {@code view(dtype)}; values and messages are PyTorch 2.13's. */
class BitViewTest {
    private static void refuses(String message, Tensor x, Dtype dtype) {
        String got = assertThrows(CotangentException.class, () -> x.view(dtype)).getMessage();
        assertTrue(got.startsWith(message), got);
    }

    @Test
    void readsTheBits() {
        Tensor x = tensor(1.0, -2.5, 3.0);
        assertEquals(
                "tensor([ 1065353216, -1071644672,  1077936128], dtype=torch.int32)",
                x.view(Dtype.INT32).toString());
        assertArrayEquals(
                new double[] {0, 0, 128, 63, 0, 0, 32, 192, 0, 0, 64, 64},
                x.view(Dtype.UINT8).toDoubleArray());
        assertArrayEquals(
                new double[] {0, 1, 0, -2.5, 0, 3}, x.view(Dtype.BFLOAT16).toDoubleArray());
        assertArrayEquals(
                new double[] {1, 3},
                tensor(new float[][] {{1, 2}, {3, 4}})
                        .t()
                        .select(0, 0)
                        .view(Dtype.INT32)
                        .view(Dtype.FLOAT32)
                        .toDoubleArray());
        Tensor shorts = tensor(new long[][] {{1, 2, 3, 4}}).to(Dtype.INT16);
        assertEquals(
                "tensor([[1125912791875585]])",
                shorts.view(Dtype.FLOAT64).view(Dtype.INT64).toString());
        assertEquals(
                "tensor([False,  True,  True])",
                tensor(0, 1, 2).to(Dtype.UINT8).view(Dtype.BOOL).toString());
        assertEquals(
                "tensor([], size=(2, 0), dtype=torch.int16)",
                zeros(2, 0).view(Dtype.INT16).toString());
        assertEquals(
                "tensor([], dtype=torch.float64)", zeros(0).view(Dtype.FLOAT64).toString());
        assertEquals(
                "tensor(1073741824, dtype=torch.int32)",
                tensor(2.0).view(Dtype.INT32).toString());
        assertFalse(ones(2).requiresGrad_().view(Dtype.FLOAT64).requiresGrad());
        assertTrue(ones(2).requiresGrad_().view(Dtype.FLOAT32).requiresGrad());
    }

    @Test
    void refusesWhatDoesNotFit() {
        String asDouble = " to view Float as Double (different element sizes), but got ";
        refuses("self.dim() cannot be 0 to view Float as Short (different element sizes)", tensor(1.0), Dtype.INT16);
        refuses("self.size(-1) must be divisible by 2" + asDouble + 3, ones(2, 3), Dtype.FLOAT64);
        refuses("self.size(-1) must be divisible by 2" + asDouble + 3, ones(0, 3), Dtype.FLOAT64);
        refuses(
                "self.stride(-1) must be 1 to view Float as Short (different element sizes), but got 4",
                ones(2, 4).t(),
                Dtype.INT16);
        refuses("self.storage_offset() must be divisible by 2" + asDouble + 1, ones(5).narrow(0, 1, 4), Dtype.FLOAT64);
        refuses(
                "self.stride(0) must be divisible by 2" + asDouble + 3,
                ones(2, 3).narrow(1, 0, 2),
                Dtype.FLOAT64);
    }
}

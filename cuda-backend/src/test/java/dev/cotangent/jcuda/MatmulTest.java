package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.cuda.Cuda;
import org.junit.jupiter.api.Test;

/** Tests the TF32 switch, which rounds only the factors of float32 products, to 10 bits. */
class MatmulTest extends OnEmulator {
    @Test
    void onlyFloat32IsRoundedAndOnlyIfAllowed() {
        assertFalse(Cuda.Matmul.allowsTf32());
        float fine = 1 + 0x1p-12f;
        Tensor a = tensor(fine, 1 + 0x1p-9f).cuda().reshape(1, 2);
        Tensor b = ones(2, 1).cuda();
        float exact = fine + 1 + 0x1p-9f;
        assertArrayEquals(new float[] {exact}, floats(a.matmul(b)));
        Cuda.Matmul.allowTf32(true);
        try {
            assertArrayEquals(new float[] {2 + 0x1p-9f}, floats(a.matmul(b)));
            Tensor wide = a.to(Dtype.FLOAT64).matmul(b.to(Dtype.FLOAT64));
            assertArrayEquals(new float[] {exact}, floats(wide));
        } finally {
            Cuda.Matmul.allowTf32(false);
        }
        assertArrayEquals(new float[] {exact}, floats(a.matmul(b)));
    }
}

package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.cuda.Cuda;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tests the TF32 switch, which rounds only the factors of float32 products, to 10 bits. */
class MatmulTest extends OnEmulator {
    /** The emulated cuBLAS splits an inner dimension above 256, and two halves of 1.5 added to 2048 one by one are lost. */
    @Test
    void halvesAreReducedInFloat32WhereAsked() {
        assertEquals(2048, sum(Dtype.FLOAT16, 8));
        assertEquals(256, sum(Dtype.BFLOAT16, 1));
        Cuda.Matmul.allowFp16ReducedPrecisionReduction(false);
        Cuda.Matmul.allowBf16ReducedPrecisionReduction(false);
        try {
            assertEquals(2050, sum(Dtype.FLOAT16, 8));
            assertEquals(258, sum(Dtype.BFLOAT16, 1));
        } finally {
            Cuda.Matmul.allowFp16ReducedPrecisionReduction(true);
            Cuda.Matmul.allowBf16ReducedPrecisionReduction(true);
        }
    }

    private static double sum(Dtype dtype, double first) {
        float[] values = new float[768];
        Arrays.fill(values, 0.75f / 256);
        Arrays.fill(values, 0, 256, (float) first);
        Tensor row = tensor(values).cuda().to(dtype).reshape(1, 768);
        return row.matmul(ones(768, 1).cuda().to(dtype)).itemDouble();
    }

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

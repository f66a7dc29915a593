package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.binary;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.unary;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matrix products, quantization, and attention. */
final class LinearAlgebraOperators {
    private LinearAlgebraOperators() {}

    static void register() {
        unary("Det", v(11, 22), Tensor::det);
        tensor(
                "Einsum",
                v(12),
                c -> Tensors.einsum(
                        c.s("equation", "").replace(" ", ""), c.from(0).toArray(Tensor[]::new)));
        tensor("Gemm", v(7, 9, 11, 13), LinearAlgebraOperators::gemm);
        binary("MatMul", v(1, 9, 13), Tensor::matmul);
        tensor(
                "MatMulInteger",
                v(10),
                c -> centered(c, 0, 2, -1).matmul(centered(c, 1, 3, -2)).to(Dtype.INT32));
        tensor("DequantizeLinear", v(10, 13, 19, 21, 23, 24, 25), LinearAlgebraOperators::dequantize);
        tensor("QuantizeLinear", v(10, 13, 19, 21, 23, 24, 25), LinearAlgebraOperators::quantize);
        add("DynamicQuantizeLinear", v(11), LinearAlgebraOperators::dynamicQuantize);
        tensor("QLinearMatMul", v(10, 21), c -> {
            Tensor a = c.x(0).toDouble().sub(c.x(2).toDouble()).mul(c.x(1).toDouble());
            Tensor b = c.x(3).toDouble().sub(c.x(5).toDouble()).mul(c.x(4).toDouble());
            return saturated(a.matmul(b).div(c.x(6).toDouble()).round().add(c.x(7).toDouble()), c.x(7).dtype());
        });
    }

    private static Tensor gemm(Call c) {
        Tensor a = c.flag("transA", false) ? c.x(0).t() : c.x(0);
        Tensor b = c.flag("transB", false) ? c.x(1).t() : c.x(1);
        double alpha = c.f("alpha", 1);
        double beta = c.f("beta", 1);
        @Nullable Tensor bias = c.opt(2);
        if (bias == null || !a.dtype().isFloatingPoint()) {
            Tensor y = a.mm(b);
            if (alpha != 1) y = y.mul(alpha).to(a.dtype());
            if (bias == null) return y;
            return y.add(beta == 1 ? bias : bias.mul(beta).to(a.dtype()));
        }
        return bias.addmm(a, b, beta, alpha);
    }

    /** Returns the integers of an input without its zero points, of the whole or of rows or columns. */
    private static Tensor centered(Call c, int x, int zero, int dim) {
        Tensor value = c.x(x).toDouble();
        if (!c.has(zero)) return value;
        Tensor z = c.x(zero).toDouble();
        if (z.dim() != 1 || z.numel() == 1) return value.sub(z);
        return value.sub(z.unsqueeze(dim == -1 ? 1 : 0));
    }

    /** Returns scale or zero point with the shape of the input, or one that broadcasts to it. */
    private static Tensor along(Call c, Tensor given, Tensor x) {
        long block = c.i("block_size", 0);
        if (given.numel() == 1) return given.reshape();
        int axis = c.axis(c.i("axis", 1), x.dim());
        if (block > 0) return given.repeatInterleave(block, axis).narrow(axis, 0, x.size(axis));
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[axis] = given.numel();
        return given.reshape(shape);
    }

    private static Tensor dequantize(Call c) {
        Tensor x = c.x(0);
        Tensor scale = along(c, c.x(1), x);
        Tensor value = x.to(Dtype.FLOAT32);
        if (c.has(2)) value = value.sub(along(c, c.x(2), x).to(Dtype.FLOAT32));
        return value.mul(scale.to(Dtype.FLOAT32)).to(scale.dtype());
    }

    private static Tensor quantize(Call c) {
        Tensor x = c.x(0);
        Dtype to = c.has(2) ? c.x(2).dtype() : Dtype.UINT8;
        if (!c.has(2) && c.i("output_dtype", 0) != 0) to = ElementwiseOperators.dtype(c, c.i("output_dtype", 0));
        Tensor y =
                x.to(Dtype.FLOAT32).div(along(c, c.x(1), x).to(Dtype.FLOAT32)).round();
        if (c.has(2)) y = y.add(along(c, c.x(2), x).to(Dtype.FLOAT32));
        return saturated(y, to);
    }

    private static Tensor saturated(Tensor x, Dtype to) {
        return switch (to) {
            case UINT8 -> x.clamp(0, 255).to(to);
            case INT8 -> x.clamp(-128, 127).to(to);
            case INT16 -> x.clamp(Short.MIN_VALUE, Short.MAX_VALUE).to(to);
            default -> x.to(to);
        };
    }

    private static List<Value> dynamicQuantize(Call c) {
        Tensor x = c.x(0);
        Tensor low = x.amin().clamp(null, (Number) 0);
        Tensor high = x.amax().clamp((Number) 0, null);
        Tensor scale = high.sub(low).div(255);
        Tensor zero = low.neg().div(scale).clamp(0, 255).round();
        Tensor y = x.div(scale).round().add(zero).clamp(0, 255).toByte();
        return Value.all(List.of(y, scale, zero.toByte()));
    }
}

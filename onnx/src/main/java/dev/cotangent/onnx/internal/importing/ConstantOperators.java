package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.onnx.internal.proto.TensorProto;
import java.util.function.Supplier;

/** Constants, ranges, random numbers and windows. */
final class ConstantOperators {
    private ConstantOperators() {}

    static void register() {
        tensor("Constant", v(1, 9, 11, 12, 13, 19, 21, 23, 24, 25), ConstantOperators::constant);
        tensor("ConstantOfShape", v(9, 20, 21, 23, 24, 25), c -> {
            TensorProto value = c.tensor("value");
            long[] shape = c.longs(0);
            return value == null
                    ? Tensors.zeros(shape)
                    : c.constant(value).reshape(-1).select(0, 0).expand(shape).clone();
        });
        tensor("EyeLike", v(9, 22), ConstantOperators::eyeLike);
        tensor("Range", v(11), ConstantOperators::range);
        tensor("RandomNormal", v(1, 22), c -> normal(c, shape(c), attribute(c, Dtype.FLOAT32)));
        tensor("RandomNormalLike", v(1, 22), c -> normal(c, like(c), attribute(c, c.x(0).dtype())));
        tensor("RandomUniform", v(1, 22), c -> uniform(c, shape(c), attribute(c, Dtype.FLOAT32)));
        tensor("RandomUniformLike", v(1, 22), c -> uniform(c, like(c), attribute(c, c.x(0).dtype())));
        tensor("Bernoulli", v(15, 22), c -> {
            Tensor p = c.x(0);
            Tensor drawn = draw(c, () -> Tensors.rand(p.shape())).to(p.device(), p.dtype());
            return drawn.lt(p).to(attribute(c, p.dtype()));
        });
        tensor("Multinomial", v(7, 22), c -> {
            int count = c.integer("sample_size", 1);
            return draw(c, () -> c.x(0).softmax(1).multinomial(count, true)).to(attribute(c, Dtype.INT32));
        });
        tensor("HannWindow", v(17), c -> window(c, 0.5, 0.5, 0));
        tensor("HammingWindow", v(17), c -> window(c, 25.0 / 46, 21.0 / 46, 0));
        tensor("BlackmanWindow", v(17), c -> window(c, 0.42, 0.5, 0.08));
    }

    private static Tensor constant(Call c) {
        TensorProto value = c.tensor("value");
        if (value != null) return c.constant(value);
        if (c.hasAttribute("value_float")) return Tensors.scalar((float) c.f("value_float", 0));
        if (c.hasAttribute("value_int")) return Tensors.tensor(c.i("value_int"));
        long[] ints = c.ints("value_ints");
        if (ints != null) return Tensors.tensor(ints);
        if (c.hasAttribute("value_floats"))
            return Tensors.tensor(c.floats("value_floats")).toFloat();
        throw c.error("has no value of a supported type: a tensor or numbers");
    }

    private static Dtype attribute(Call c, Dtype other) {
        return c.hasAttribute("dtype") ? ElementwiseOperators.dtype(c, c.i("dtype")) : other;
    }

    private static long[] shape(Call c) {
        long[] shape = c.ints("shape");
        if (shape == null) throw c.error("lacks its shape");
        return shape;
    }

    private static long[] like(Call c) {
        return c.x(0).shape().toArray();
    }

    /** Draws with the seed of the node, if it has one, else with the thread's generator. */
    private static Tensor draw(Call c, Supplier<Tensor> body) {
        if (!c.hasAttribute("seed")) return body.get();
        try (var _ = new Generator((long) c.f("seed", 0)).use()) {
            return body.get();
        }
    }

    private static Tensor normal(Call c, long[] shape, Dtype dtype) {
        return draw(c, () -> Tensors.randn(shape))
                .mul(c.f("scale", 1))
                .add(c.f("mean", 0))
                .to(dtype);
    }

    private static Tensor uniform(Call c, long[] shape, Dtype dtype) {
        double low = c.f("low", 0);
        return draw(c, () -> Tensors.rand(shape))
                .mul(c.f("high", 1) - low)
                .add(low)
                .to(dtype);
    }

    private static Tensor eyeLike(Call c) {
        Tensor x = c.x(0);
        if (x.dim() != 2) throw c.error("has an input of shape " + x.shape() + ", which is no matrix");
        long k = c.i("k", 0);
        Tensor rows = Tensors.arange(x.size(0)).reshape(-1, 1).add(k);
        return rows.eq(Tensors.arange(x.size(1))).to(x.device(), attribute(c, x.dtype()));
    }

    private static Tensor range(Call c) {
        Dtype dtype = c.x(0).dtype();
        if (dtype.isFloatingPoint()) {
            double start = c.number(0);
            double step = c.number(2);
            if (step == 0) throw c.error("has a step of 0");
            long count = (long) Math.max(0, Math.ceil((c.number(1) - start) / step));
            return Tensors.arange(count).toDouble().mul(step).add(start).to(dtype);
        }
        long start = c.integer(0);
        long step = c.integer(2);
        if (step == 0) throw c.error("has a step of 0");
        long count = Math.max(0, Math.ceilDiv(c.integer(1) - start, step));
        return Tensors.arange(count).mul(step).add(start).to(dtype);
    }

    private static Tensor window(Call c, double a0, double a1, double a2) {
        long size = c.integer(0);
        long n = c.flag("periodic", true) ? size : size - 1;
        double[] values = new double[Math.toIntExact(size)];
        for (int k = 0; k < size; k++) {
            double angle = 2 * Math.PI * k / n;
            values[k] = a0 - a1 * Math.cos(angle) + a2 * Math.cos(2 * angle);
        }
        Dtype dtype = c.hasAttribute("output_datatype")
                ? ElementwiseOperators.dtype(c, c.i("output_datatype"))
                : Dtype.FLOAT32;
        return Tensors.tensor(values).to(dtype);
    }
}

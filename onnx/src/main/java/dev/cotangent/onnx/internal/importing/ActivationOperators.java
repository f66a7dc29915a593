package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.unary;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.GeluApproximation;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** Activation functions. */
final class ActivationOperators {
    private ActivationOperators() {}

    static void register() {
        tensor("Celu", v(12), c -> celu(c.x(0), c.f("alpha", 1)));
        tensor("Elu", v(6, 22), c -> c.x(0).elu(c.f("alpha", 1)));
        tensor(
                "Gelu",
                v(20),
                c -> c.x(0).gelu(
                                c.s("approximate", "none").equals("tanh")
                                        ? GeluApproximation.TANH
                                        : GeluApproximation.NONE));
        tensor("HardSigmoid", v(6, 22), c -> hardSigmoid(c.x(0), c.f("alpha", 0.2), c.f("beta", 0.5)));
        unary("HardSwish", v(14, 22), Tensor::hardswish);
        tensor("Hardmax", v(11, 13), ActivationOperators::hardmax);
        tensor("LeakyRelu", v(6, 16), c -> c.x(0).leakyRelu(c.f("alpha", 0.01)));
        tensor("LogSoftmax", v(1, 11, 13), c -> softmax(c, true));
        unary("Mish", v(18, 22), Tensor::mish);
        tensor("PRelu", v(7, 9, 16), c -> {
            Tensor x = c.x(0);
            return Tensors.where(x.lt(0), x.mul(c.x(1)), x);
        });
        unary("Relu", v(6, 13, 14), Tensor::relu);
        tensor("Selu", v(6, 22), ActivationOperators::selu);
        tensor("Shrink", v(9), ActivationOperators::shrink);
        unary("Sigmoid", v(6, 13), Tensor::sigmoid);
        tensor("Softmax", v(1, 11, 13), c -> softmax(c, false));
        unary("Softplus", v(1, 22), Tensor::softplus);
        unary("Softsign", v(1, 22), Tensor::softsign);
        tensor("Swish", v(24), c -> {
            Tensor x = c.x(0);
            return x.mul(x.mul(c.f("alpha", 1)).sigmoid());
        });
        tensor("ThresholdedRelu", v(10, 22), c -> {
            Tensor x = c.x(0);
            return Tensors.where(x.gt(c.f("alpha", 1)), x, x.zerosLike());
        });
    }

    static Tensor celu(Tensor x, double alpha) {
        return x.celu(alpha);
    }

    static Tensor hardSigmoid(Tensor x, double alpha, double beta) {
        return x.mul(alpha).add(beta).clamp(0, 1);
    }

    private static Tensor selu(Call c) {
        double alpha = c.f("alpha", 1.67326319217681884765625);
        double gamma = c.f("gamma", 1.05070102214813232421875);
        Tensor x = c.x(0);
        return Tensors.where(x.gt(0), x, x.clamp(null, (Number) 0).expm1().mul(alpha))
                .mul(gamma);
    }

    private static Tensor shrink(Call c) {
        Tensor x = c.x(0);
        double bias = c.f("bias", 0);
        double lambd = c.f("lambd", 0.5);
        return Tensors.where(x.lt(-lambd), x.add(bias), Tensors.where(x.gt(lambd), x.sub(bias), x.zerosLike()))
                .to(x.dtype());
    }

    /** Computes a softmax; before version 13 the input was a matrix of rows from the axis on. */
    private static Tensor softmax(Call c, boolean log) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", c.version() < 13 ? 1 : -1), x.dim());
        if (c.version() >= 13) return log ? x.logSoftmax(axis) : x.softmax(axis);
        Tensor rows = MovementOperators.matrix(x, axis);
        return (log ? rows.logSoftmax(1) : rows.softmax(1)).reshape(x.shape().toArray());
    }

    private static Tensor hardmax(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", c.version() < 13 ? 1 : -1), x.dim());
        Tensor rows = c.version() < 13 ? MovementOperators.matrix(x, axis) : x;
        int dim = c.version() < 13 ? 1 : axis;
        Tensor largest = rows.argmax(dim, true);
        return rows.zerosLike().scatter(dim, largest, 1).reshape(x.shape().toArray());
    }
}

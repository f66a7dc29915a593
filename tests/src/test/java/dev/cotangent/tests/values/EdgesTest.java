package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Dtype;
import dev.cotangent.GeluApproximation;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.special.Special;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients exactly at the edges of functions, and values far out; the numbers are those of PyTorch 2.13 in float64. */
class EdgesTest {
    /** A function, its arguments, and the gradients there of first and, if not empty, second order. */
    record Edge(String name, UnaryOperator<Tensor> f, double[] x, double[] first, double... second) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static double[] at(double... values) {
        return values;
    }

    static Stream<Edge> edges() {
        Tensor two = zeros(2).to(Dtype.FLOAT64);
        double inf = Double.POSITIVE_INFINITY;
        return Stream.of(
                new Edge("hardswish", Tensor::hardswish, at(-3, 3, 0), at(0, 1, 0.5), 0, 0, 1 / 3.0),
                new Edge("hardtanh", Tensor::hardtanh, at(-1, 1, 0), at(0, 0, 1), 0, 0, 0),
                new Edge("relu6", Tensor::relu6, at(0, 6), at(0, 0), 0, 0),
                new Edge("elu", Tensor::elu, at(0, -0.0, 1), at(1, 1, 1), 0, 0, 0),
                new Edge("celu", Tensor::celu, at(0), at(1), 0),
                new Edge("selu", Tensor::selu, at(0), at(1.7580993408473766), 0),
                new Edge("leaky_relu", Tensor::leakyRelu, at(0), at(0.01), 0),
                new Edge("softshrink", Tensor::softshrink, at(-0.5, 0.5), at(0, 0), 0, 0),
                new Edge("hardshrink", Tensor::hardshrink, at(-0.5, 0.5), at(0, 0), 0, 0),
                new Edge("threshold", t -> t.threshold(1, 0), at(1), at(0), 0),
                new Edge("abs", Tensor::abs, at(0, -0.0), at(0, 0)),
                new Edge("clamp", t -> t.clamp(-1, 1), at(-1, 1), at(1, 1)),
                new Edge("sqrt", Tensor::sqrt, at(0), at(inf), -inf),
                new Edge("rsqrt", Tensor::rsqrt, at(0), at(-inf), inf),
                new Edge("asin", Tensor::asin, at(1), at(inf), inf),
                new Edge("acosh", Tensor::acosh, at(1), at(inf), -inf),
                new Edge("logsigmoid", Tensor::logsigmoid, at(0), at(0.5), -0.25),
                new Edge("softsign", Tensor::softsign, at(0), at(1), 0),
                new Edge("sinc", Tensor::sinc, at(0), at(0)),
                new Edge("huber_loss", t -> t.huberLoss(two, "sum", 1), at(1, -1), at(1, -1), 0, 0),
                new Edge("smooth_l1_loss", t -> t.smoothL1Loss(two, "sum", 1), at(1, -1), at(1, -1), 0, 0),
                new Edge(
                        "multi_margin_loss",
                        t -> t.view(1, 3).multiMarginLoss(tensor(0).view(1)),
                        at(2, 1, 3),
                        at(-1 / 3.0, 0, 1 / 3.0)),
                new Edge("norm", Tensor::norm, at(0, 0), at(0, 0)),
                new Edge("xlogy", t -> t.xlogy(zeros(1).to(Dtype.FLOAT64)), at(0), at(0)),
                new Edge("max", Tensor::max, at(1, 1), at(0.5, 0.5)),
                new Edge("maximum", t -> t.maximum(zeros(1).to(Dtype.FLOAT64).add(1)), at(1), at(0.5)),
                new Edge("prod", Tensor::prod, at(0, 0, 2), at(0, 0, 0), 2, 2, 0),
                new Edge("pow", t -> t.pow(0.0), at(0), at(0)),
                new Edge("atan2", t -> t.select(0, 0).atan2(t.select(0, 1)), at(0, 0), at(0, 0)));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void gradients(Edge edge) {
        Tensor x = tensor(edge.x).requiresGrad_();
        Tensor out = edge.f.apply(x).sum();
        if (edge.second.length == 0) {
            assertArrayEquals(edge.first, Autograd.grad(out, x).get().toDoubleArray(), 1e-7);
            return;
        }
        Tensor first = Autograd.grad(out, x).createGraph().get();
        assertArrayEquals(edge.first, first.detach().toDoubleArray(), 1e-7);
        Tensor second = Autograd.grad(first.sum(), x).materializeGrads().get();
        assertArrayEquals(edge.second, second.toDoubleArray(), 1e-7);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16"})
    void farOutFunctionsReachTheirLimits(Dtype dtype) {
        double far = dtype == Dtype.FLOAT16 ? 6e4 : 1e6;
        // 64 elements for vectors, and a remainder.
        Tensor x = tensor(far).expand(67).to(dtype);
        for (Tensor zero : new Tensor[] {
            x.neg().gelu(),
            x.neg().gelu(GeluApproximation.TANH),
            x.neg().silu(),
            x.neg().mish(),
            x.erfc(),
            Special.ndtr(x.neg()),
            x.neg().sigmoid(),
            x.neg().softplus()
        }) {
            assertEquals(0, zero.abs().max().itemDouble());
        }
        for (Tensor one : new Tensor[] {x.erf(), x.neg().erf().neg(), x.tanh(), x.sigmoid(), Special.ndtr(x)}) {
            assertEquals(1, one.min().itemDouble());
            assertEquals(1, one.max().itemDouble());
        }
        for (Tensor same : new Tensor[] {x.gelu(), x.silu(), x.mish(), x.softplus()}) {
            assertEquals(x.get(0).itemDouble(), same.min().itemDouble());
        }
    }
}

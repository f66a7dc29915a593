package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.NUMBERS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithScalar;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithThreeScalars;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithTwoScalars;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** The registry of activation functions. */
public final class ActivationOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    /** SELU's constants, from Klambauer et al., Self-Normalizing Neural Networks (2017). */
    private static final double SELU_ALPHA = 1.6732632423543772848170429916717;

    private static final double SELU_SCALE = 1.0507009873554804934193349852946;

    private ActivationOps() {}

    private static final ElementwiseOp.TypeCheck NO_BOOL_RELU = types -> {
        if (types.common() == Dtype.BOOL) throw new CotangentException("Boolean inputs not supported for relu");
    };

    private static final ElementwiseOp.TypeCheck NO_BOOL_HARDTANH = types -> {
        if (types.common() == Dtype.BOOL) throw new CotangentException("Bool inputs not supported for hardtanh");
    };

    private static final ElementwiseOp.TypeCheck NO_BOOL_SOFTSIGN = types -> {
        if (types.operands()[0] == Dtype.BOOL) throw Promotion.notImplemented("abs_cpu", Dtype.BOOL);
    };

    private static ElementwiseOp.Definition<UnaryOp> activation(String name, String kernel, UnaryOperator<Expr> body) {
        return unary(name, PROMOTE, body).check(takes(kernel, FLOATS));
    }

    private static ElementwiseOp.Definition<UnaryOp.WithScalar> activation(String name, BinaryOperator<Expr> body) {
        return unaryWithScalar(name, PROMOTE, body).check(takes(name + "_cpu", FLOATS));
    }

    /** Returns the sigmoid by an exponential that cannot overflow, for gradients. */
    public static Expr logistic(Expr x) {
        Expr e = x.exp();
        return x.ge(0).where(x.sigmoid(), e.div(e.add(1)));
    }

    /** Sigmoid. */
    public static final UnaryOp SIGMOID = REGISTRY.add(unary("sigmoid", FLOAT, Expr::sigmoid)
            .check(takes("sigmoid_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(y.rsub(1)).mul(y)})
            .complex());

    /** Logarithm of the sigmoid. */
    public static final UnaryOp LOGSIGMOID = REGISTRY.add(activation(
                    "log_sigmoid",
                    "log_sigmoid_cpu",
                    x -> x.min(x.like(0)).sub(x.abs().neg().exp().log1p()))
            .grad((g, x, p, y) -> new Expr[] {g.mul(logistic(x[0].neg()))}));

    /** max(x, 0). */
    public static final UnaryOp RELU = REGISTRY.add(unary("relu", PROMOTE, x -> x.max(x.like(0)))
            .check(NO_BOOL_RELU)
            .check(takes("clamp_min_scalar_cpu", NUMBERS))
            .ownBackward()
            .grad((g, x, p, y) -> new Expr[] {y.le(0).where(g.like(0), g)})
            .refusesComplex("clamp is not supported for complex types"));

    /** Clamped to two bounds. */
    public static final UnaryOp.WithTwoScalars HARDTANH = REGISTRY.add(unaryWithTwoScalars(
                    "hardtanh", PROMOTE, (x, low, high) -> x.max(low).min(high))
            .check(NO_BOOL_HARDTANH)
            .holdsParameters()
            .check(takes("clamp_scalar_cpu", NUMBERS))
            .ownBackward()
            .grad((g, x, p, y) -> {
                Expr outside = x[0].le(p[0]).or(x[0].ge(p[1]));
                return new Expr[] {outside.where(g.like(0), g)};
            })
            .refusesComplex("clamp is not supported for complex types"));

    /** Clamps to two bounds, in place if {@code inPlace}. */
    public static Tensor hardtanh(Tensor self, Number low, Number high, boolean inPlace) {
        double min = low.doubleValue();
        double max = high.doubleValue();
        if (min > max && self.dtype() != Dtype.BOOL) {
            throw new ValueException("min_val cannot be greater than max_val");
        }
        if (self.dtype() == Dtype.UINT8 && (min < 0 || max < 0)) {
            throw new CotangentException("cannot do hardtanh on an unsigned type with negative limits");
        }
        return inPlace ? HARDTANH.callInPlace(self, low, high) : HARDTANH.call(self, low, high);
    }

    /** Clamps to [0, 6]. */
    public static Tensor relu6(Tensor self, boolean inPlace) {
        return inPlace ? HARDTANH.callInPlace(self, 0, 6) : HARDTANH.call(self, 0, 6);
    }

    private static final UnaryOp GELU = REGISTRY.add(activation(
            "gelu",
            "GeluKernelImpl",
            x -> x.mul(0.5).mul(x.mul(Math.sqrt(0.5)).call(ScalarOp.ERF).add(1))));

    private static final UnaryOp GELU_TANH = REGISTRY.add(activation("gelu", "GeluKernelImpl", x -> {
        Expr inner = x.add(x.square().mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inner.tanh().add(1));
    }));

    /** Returns the definition of GELU, exact or by the tanh approximation. */
    public static UnaryOp gelu(String approximate) {
        return switch (approximate) {
            case "none" -> GELU;
            case "tanh" -> GELU_TANH;
            default -> throw new CotangentException("approximate argument must be either none or tanh.");
        };
    }

    /** x * sigmoid(x). */
    public static final UnaryOp SILU =
            REGISTRY.add(activation("silu", "silu_cpu", x -> x.div(x.neg().exp().add(1)))
                    .grad((g, x, p, y) -> {
                        Expr s = logistic(x[0]);
                        return new Expr[] {g.mul(s.mul(x[0].mul(s.rsub(1)).add(1)))};
                    })
                    .complex());

    /** x * tanh(softplus(x)). */
    public static final UnaryOp MISH = REGISTRY.add(activation(
                    "mish", "mish_cpu", x -> x.mul(x.exp().log1p().tanh()))
            .grad((g, x, p, y) -> {
                Expr e = x[0].exp();
                Expr t = x[0].gt(20).where(x[0], e.log1p()).tanh();
                Expr slope = x[0].mul(logistic(x[0])).mul(t.square().rsub(1));
                return new Expr[] {g.mul(t.add(slope))};
            }));

    /** log(1 + exp(beta x)) / beta, linear above a threshold. */
    public static final UnaryOp.WithTwoScalars SOFTPLUS =
            REGISTRY.add(unaryWithTwoScalars("softplus", PROMOTE, (x, beta, threshold) -> {
                        Expr scaled = x.mul(beta);
                        return scaled.gt(threshold)
                                .where(x, scaled.exp().log1p().div(beta));
                    })
                    .check(takes("softplus_cpu", FLOATS))
                    .grad((g, x, p, y) -> {
                        Expr scaled = x[0].mul(p[0]);
                        // As in PyTorch, exactly at the threshold the slope is the sigmoid's and the second derivative
                        // that of the line.
                        Expr slope = scaled.eq(p[1]).where(logistic(p[1]), logistic(scaled));
                        return new Expr[] {scaled.gt(p[1]).where(g, g.mul(slope))};
                    }));

    /** x / (1 + |x|). */
    public static final UnaryOp SOFTSIGN =
            REGISTRY.add(unary("softsign", FLOAT, x -> x.div(x.abs().add(1)))
                    .check(NO_BOOL_SOFTSIGN)
                    .node("DivBackward0"));

    /** Selects the slope at zero, as a constant whose derivative is 0, or the slope above. */
    private static Expr flatAtZero(Expr x, Expr edge, Expr above) {
        return x.eq(0).where(edge, above);
    }

    private static final UnaryOp.WithThreeScalars ELU =
            REGISTRY.add(unaryWithThreeScalars("elu", PROMOTE, (x, alpha, scale, inputScale) -> {
                        Expr below = x.mul(inputScale).call(ScalarOp.EXPM1).mul(alpha.mul(scale));
                        return x.le(0).where(below, x.mul(scale));
                    })
                    .check(takes("elu_cpu", FLOATS))
                    .grad((g, x, p, y) -> {
                        Expr edge = p[0].mul(p[1]).mul(p[2]);
                        Expr slope = x[0].lt(0).where(edge.mul(x[0].mul(p[2]).exp()), flatAtZero(x[0], edge, p[1]));
                        return new Expr[] {g.mul(slope)};
                    })
                    .ownBackward());

    // As in PyTorch's gradient, alpha is rounded to float32.
    private static final UnaryOp.WithScalar CELU = REGISTRY.add(unaryWithScalar("celu", PROMOTE, (x, alpha) -> {
                Expr below = x.mul(alpha.rdiv(1)).call(ScalarOp.EXPM1).mul(alpha);
                return x.le(0).where(below, x);
            })
            .check(takes("elu_cpu", FLOATS))
            .grad((g, x, p, y) -> {
                Expr inverse = p[0].cast(Dtype.FLOAT32).cast(p[0].dtype()).rdiv(1);
                Expr edge = inverse.mul(p[0]);
                Expr slope = x[0].lt(0).where(edge.mul(x[0].mul(inverse).exp()), flatAtZero(x[0], edge, g.like(1)));
                return new Expr[] {g.mul(slope)};
            })
            .ownBackward());

    /** Computes ELU: alpha * (exp(x) - 1) below zero. */
    public static Tensor elu(Tensor self, Number alpha, boolean inPlace) {
        return inPlace ? ELU.callInPlace(self, alpha, 1, 1) : ELU.call(self, alpha, 1, 1);
    }

    /** Computes CELU: alpha * (exp(x / alpha) - 1) below zero. */
    public static Tensor celu(Tensor self, Number alpha, boolean inPlace) {
        if (alpha.doubleValue() == 0) throw new CotangentException("ZeroDivisionError: alpha cannot be 0 for CELU");
        return inPlace ? CELU.callInPlace(self, alpha) : CELU.call(self, alpha);
    }

    /** Computes SELU: a scaled ELU. */
    public static Tensor selu(Tensor self, boolean inPlace) {
        return inPlace ? ELU.callInPlace(self, SELU_ALPHA, SELU_SCALE, 1) : ELU.call(self, SELU_ALPHA, SELU_SCALE, 1);
    }

    /** max(x, 0) + slope * min(x, 0). */
    public static final UnaryOp.WithScalar LEAKY_RELU =
            REGISTRY.add(activation("leaky_relu", (x, slope) -> x.gt(0).where(x, x.mul(slope)))
                    .ownBackward());

    private static final BinaryOp PRELU = REGISTRY.add(binary(
                    "prelu", PROMOTE, (x, w) -> x.gt(0).where(x, w.mul(x)))
            .check(takes("prelu_cpu", FLOATS))
            .node("PreluKernelBackward0")
            .grad((g, x, p, y) ->
                    new Expr[] {x[0].gt(0).where(g, g.mul(x[1])), x[0].ge(0).where(g.like(0), g.mul(x[0]))}));

    /** Computes PReLU, with one learnable slope or one per channel. */
    public static Tensor prelu(Tensor self, Tensor weight) {
        if (weight.dim() > 1) {
            throw new CotangentException(
                    "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = " + weight.dim());
        }
        if (weight.numel() == 1) return PRELU.call(self, weight.reshape());
        if (self.dim() == 0) throw new CotangentException("Not allow zero-dim input tensor.");
        long channels = self.dim() > 1 ? self.size(1) : 1;
        if (channels != weight.numel()) {
            throw new CotangentException(
                    "Mismatch of parameter numbers and input channel size. Found parameter numbers = " + weight.numel()
                            + " and channel size = " + channels + ".");
        }
        long[] sizes = new long[self.dim()];
        java.util.Arrays.fill(sizes, 1);
        sizes[self.dim() > 1 ? 1 : 0] = channels;
        return PRELU.call(self, weight.reshape(sizes));
    }

    /** clamp(x + 3, 0, 6) / 6. */
    public static final UnaryOp HARDSIGMOID = REGISTRY.add(activation(
                    "hardsigmoid",
                    "hardsigmoid_cpu",
                    x -> x.add(3).max(x.like(0)).min(x.like(6)).div(6))
            .ownBackward()
            .grad((g, x, p, y) -> new Expr[] {x[0].gt(-3).and(x[0].lt(3)).where(g.mul(1f / 6f), g.like(0))}));

    /** x * hardsigmoid(x). */
    public static final UnaryOp HARDSWISH = REGISTRY.add(activation(
                    "hardswish",
                    "hardswish_cpu",
                    x -> x.mul(x.add(3).max(x.like(0)).min(x.like(6))).div(6))
            .ownBackward()
            .grad((g, x, p, y) -> {
                Expr inside = x[0].lt(3).where(g.mul(x[0].div(3).add(0.5)), g);
                return new Expr[] {x[0].le(-3).where(g.like(0), inside)};
            }));

    /** {@code 0} where {@code |x| <= lambda}, else x. */
    public static final UnaryOp.WithScalar HARDSHRINK = REGISTRY.add(activation(
                    "hardshrink",
                    (x, lambd) -> x.ge(lambd.neg()).and(x.le(lambd)).where(x.like(0), x))
            .ownBackward());

    private static final UnaryOp.WithScalar SOFTSHRINK = REGISTRY.add(activation("softshrink", (x, lambd) -> {
                Expr low = x.lt(lambd.neg()).where(x.add(lambd), x.mul(0));
                return x.gt(lambd).where(x.sub(lambd), low);
            })
            .grad((g, x, p, y) -> {
                Expr inside = x[0].ge(p[0].neg()).and(x[0].le(p[0]));
                return new Expr[] {inside.where(g.like(0), g)};
            })
            .ownBackward());

    /** Computes softshrink: shrinks towards zero by lambda. */
    public static Tensor softshrink(Tensor self, Number lambd) {
        Dtype type = self.dtype();
        if (!type.isFloatingPoint()) throw Promotion.notImplemented("softshrink_check", type);
        double largest = Promotion.largest(type);
        if (lambd.doubleValue() < 0 || lambd.doubleValue() > largest) {
            throw new CotangentException(
                    "lambda must be in range [0, " + ComparisonOps.number(largest) + "] for input dtype "
                            + type.scalarName() + ", but found " + ComparisonOps.number(lambd.doubleValue()));
        }
        return SOFTSHRINK.call(self, lambd);
    }

    /** Computes x - tanh(x). */
    public static Tensor tanhshrink(Tensor self) {
        return self.sub(self.tanh());
    }

    /** x above a threshold, else a value. */
    public static final UnaryOp.WithTwoScalars THRESHOLD = REGISTRY.add(unaryWithTwoScalars(
                    "threshold",
                    PROMOTE,
                    (x, threshold, value) -> x.le(threshold).where(value, x))
            .check(takes("threshold_cpu", NUMBERS))
            .holdsParameters()
            .ownBackward()
            .idempotent());

    /** Computes GLU: the first half times the sigmoid of the second. */
    public static Tensor glu(Tensor self, int dim) {
        if (self.dim() == 0) throw new CotangentException("glu does not support 0-dimensional tensors");
        int d = Broadcast.dim(dim, self.dim());
        if (!self.dtype().isFloatingPoint()) throw Promotion.notImplemented("glu_cpu", self.dtype());
        long n = self.size(d);
        if (n % 2 != 0) {
            throw new CotangentException("Halving dimension must be even, but dimension " + d + " is size " + n);
        }
        return self.narrow(d, 0, n / 2).mul(self.narrow(d, n / 2, n / 2).sigmoid());
    }
}

package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.binary;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.unary;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.DivRounding;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.onnx.internal.proto.ElementType;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Element-wise arithmetic, comparisons, and conversions. */
final class ElementwiseOperators {
    private ElementwiseOperators() {}

    static void register() {
        unary("Abs", v(6, 13), Tensor::abs);
        unary("Acos", v(7, 22), Tensor::acos);
        unary("Acosh", v(9, 22), Tensor::acosh);
        binary("Add", v(7, 13, 14), Tensor::add);
        binary("And", v(7), Tensor::logicalAnd);
        unary("Asin", v(7, 22), Tensor::asin);
        unary("Asinh", v(9, 22), Tensor::asinh);
        unary("Atan", v(7, 22), Tensor::atan);
        unary("Atanh", v(9, 22), Tensor::atanh);
        tensor("BitShift", v(11), ElementwiseOperators::bitShift);
        binary("BitwiseAnd", v(18), Tensor::bitwiseAnd);
        unary("BitwiseNot", v(18), Tensor::bitwiseNot);
        binary("BitwiseOr", v(18), Tensor::bitwiseOr);
        binary("BitwiseXor", v(18), Tensor::bitwiseXor);
        unary("Ceil", v(6, 13), Tensor::ceil);
        tensor("Clip", v(6, 11, 12, 13), ElementwiseOperators::clip);
        unary("Cos", v(7, 22), Tensor::cos);
        unary("Cosh", v(9, 22), Tensor::cosh);
        binary("Div", v(7, 13, 14), ElementwiseOperators::div);
        binary("Equal", v(7, 11, 13, 19), Tensor::eq);
        unary("Erf", v(9, 13), Tensor::erf);
        unary("Exp", v(6, 13), Tensor::exp);
        unary("Floor", v(6, 13), Tensor::floor);
        binary("Greater", v(7, 9, 13), Tensor::gt);
        binary("GreaterOrEqual", v(12, 16), Tensor::ge);
        tensor("IsInf", v(10, 20), ElementwiseOperators::isInf);
        unary("IsNaN", v(9, 13, 20), x -> x.ne(x));
        binary("Less", v(7, 9, 13), Tensor::lt);
        binary("LessOrEqual", v(12, 16), Tensor::le);
        unary("Log", v(6, 13), Tensor::log);
        tensor("Max", v(8, 12, 13), c -> fold(c, Tensor::maximum));
        tensor("Mean", v(8, 13), c -> fold(c, Tensor::add).div(c.count()));
        tensor("Min", v(8, 12, 13), c -> fold(c, Tensor::minimum));
        tensor("Mod", v(10, 13), c -> c.flag("fmod", false) ? c.x(0).fmod(c.x(1)) : c.x(0).remainder(c.x(1)));
        binary("Mul", v(7, 13, 14), Tensor::mul);
        unary("Neg", v(6, 13), Tensor::neg);
        unary("Not", v(1), Tensor::logicalNot);
        binary("Or", v(7), Tensor::logicalOr);
        binary("Pow", v(7, 12, 13, 15), ElementwiseOperators::pow);
        unary("Reciprocal", v(6, 13), Tensor::reciprocal);
        unary("Round", v(11, 22), Tensor::round);
        unary("Sign", v(9, 13), Tensor::sign);
        unary("Sin", v(7, 22), Tensor::sin);
        unary("Sinh", v(9, 22), Tensor::sinh);
        unary("Sqrt", v(6, 13), Tensor::sqrt);
        binary("Sub", v(7, 13, 14), Tensor::sub);
        tensor("Sum", v(8, 13), c -> fold(c, Tensor::add));
        unary("Tan", v(7, 22), Tensor::tan);
        unary("Tanh", v(6, 13), Tensor::tanh);
        tensor("Where", v(9, 16), c -> dev.cotangent.Tensors.where(c.x(0), c.x(1), c.x(2)));
        binary("Xor", v(7), Tensor::logicalXor);
        tensor("Cast", v(9, 13, 19, 21, 23, 24, 25), c -> c.x(0).to(dtype(c, c.i("to"))));
        tensor("CastLike", v(15, 19, 21, 23, 24, 25), c -> c.x(0).to(c.x(1).dtype()));
    }

    /** Returns the dtype of a number in an attribute. */
    static Dtype dtype(Call c, long type) {
        Dtype dtype = type == (int) type ? ElementType.dtype((int) type) : null;
        if (dtype == null) {
            throw c.error("is of the dtype " + ElementType.name((int) type) + ", which is not supported");
        }
        return dtype;
    }

    private static Tensor fold(Call c, BinaryOperator<Tensor> body) {
        return c.from(0).stream().reduce(body).orElseThrow(() -> c.error("has no inputs"));
    }

    private static Tensor div(Tensor a, Tensor b) {
        return a.dtype().isFloatingPoint() ? a.div(b) : a.div(b, DivRounding.TRUNC);
    }

    /** Computes a power in the base's dtype, whatever the exponent's. */
    private static Tensor pow(Tensor base, Tensor exponent) {
        if (base.dtype() == exponent.dtype()) return base.pow(exponent);
        if (!base.dtype().isFloatingPoint() && exponent.dtype().isFloatingPoint()) {
            return base.toDouble().pow(exponent.toDouble()).to(base.dtype());
        }
        return base.pow(exponent.to(base.dtype()));
    }

    private static Tensor bitShift(Call c) {
        String direction = c.s("direction", "");
        return switch (direction) {
            case "LEFT" -> c.x(0).bitwiseLeftShift(c.x(1));
            case "RIGHT" -> c.x(0).bitwiseRightShift(c.x(1));
            default -> throw c.error("has the direction '" + direction + "'");
        };
    }

    private static Tensor clip(Call c) {
        Tensor x = c.x(0);
        if (c.version() < 11) {
            return x.clamp((Number) c.f("min", -Float.MAX_VALUE), (Number) c.f("max", Float.MAX_VALUE));
        }
        @Nullable Tensor low = c.opt(1);
        @Nullable Tensor high = c.opt(2);
        if (low == null && high == null) return x;
        return x.clamp(low, high);
    }

    private static Tensor isInf(Call c) {
        Tensor x = c.x(0);
        Tensor high = x.eq(Double.POSITIVE_INFINITY);
        Tensor low = x.eq(Double.NEGATIVE_INFINITY);
        boolean positive = c.flag("detect_positive", true);
        boolean negative = c.flag("detect_negative", true);
        if (positive && negative) return high.logicalOr(low);
        if (positive) return high;
        return negative ? low : x.ne(x).logicalAnd(x.eq(x));
    }
}

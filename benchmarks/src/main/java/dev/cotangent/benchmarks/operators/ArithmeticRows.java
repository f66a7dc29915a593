package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Arithmetic and rounding, element by element. */
final class ArithmeticRows {
    private ArithmeticRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), forward(), whole()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.ALL);
        t.op("add", "x, y: x + y", (a, b) -> a.add(b));
        t.op("add_scalar", "x: x + 1.5", a -> a.add(1.5));
        t.op("add_alpha", "x, y: torch.add(x, y, alpha=2)", (a, b) -> a.add(b, 2));
        t.op("add_row", "m, row: m + row", (a, b) -> a.add(b));
        t.op("add_column", "m, col: m + col[:, None]", (a, b) -> a.add(b.unsqueeze(1)));
        t.op("add_transposed", "sq, sq2: sq + sq2.t()", (a, b) -> a.add(b.t()));
        t.op("sub", "x, y: x - y", (a, b) -> a.sub(b));
        t.op("sub_scalar", "x: x - 1.5", a -> a.sub(1.5));
        t.op("rsub", "x: 1.5 - x", a -> a.rsub(1.5));
        t.op("mul", "x, y: x * y", (a, b) -> a.mul(b));
        t.op("mul_scalar", "x: x * 1.5", a -> a.mul(1.5));
        t.op("mul_row", "m, row: m * row", (a, b) -> a.mul(b));
        t.op("div", "x, pos: x / pos", (a, b) -> a.div(b));
        t.op("div_scalar", "x: x / 1.5", a -> a.div(1.5));
        t.op("rdiv", "pos: 1.5 / pos", a -> a.rdiv(1.5));
        t.op("true_divide", "x, pos: torch.true_divide(x, pos)", (a, b) -> a.trueDivide(b));
        t.op("div_trunc", "x, pos: torch.div(x, pos, rounding_mode='trunc')", (a, b) -> a.div(b, "trunc"));
        t.op("div_floor", "x, pos: torch.div(x, pos, rounding_mode='floor')", (a, b) -> a.div(b, "floor"));
        t.op("fmod", "x, pos: torch.fmod(x, pos)", (a, b) -> a.fmod(b));
        t.op("fmod_scalar", "x: torch.fmod(x, 0.3)", a -> a.fmod(0.3));
        t.op("remainder", "x, pos: torch.remainder(x, pos)", (a, b) -> a.remainder(b));
        t.op("remainder_scalar", "x: torch.remainder(x, 0.3)", a -> a.remainder(0.3));
        t.op("pow", "pos, y: torch.pow(pos, y)", (a, b) -> a.pow(b));
        t.op("pow_square", "x: x ** 2", a -> a.pow(2));
        t.op("pow_cube", "x: x ** 3", a -> a.pow(3));
        t.op("pow_half", "pos: pos ** 0.5", a -> a.pow(0.5));
        t.op("pow_scalar", "pos: pos ** 1.7", a -> a.pow(1.7));
        t.op("rpow", "x: 1.7 ** x", a -> a.rpow(1.7));
        t.op("square", "x: torch.square(x)", a -> a.square());
        t.op("neg", "x: torch.neg(x)", a -> a.neg());
        t.op("abs", "x: torch.abs(x)", a -> a.abs());
        t.op("reciprocal", "pos: torch.reciprocal(pos)", a -> a.reciprocal());
        t.op("positive", "x: torch.positive(x)", a -> a.positive());
        t.op("addcmul", "x, y, z: torch.addcmul(x, y, z, value=0.5)", (a, b, c) -> a.addcmul(b, c, 0.5));
        t.op("addcdiv", "x, y, pos: torch.addcdiv(x, y, pos, value=0.5)", (a, b, c) -> a.addcdiv(b, c, 0.5));
        t.op("lerp", "x, y, z: torch.lerp(x, y, z)", (a, b, c) -> a.lerp(b, c));
        t.op("lerp_scalar", "x, y: torch.lerp(x, y, 0.3)", (a, b) -> a.lerp(b, 0.3));
        t.op("ldexp", "x, whole2: torch.ldexp(x, whole2)", (a, b) -> a.ldexp(b));
        t.op("maximum", "x, y: torch.maximum(x, y)", (a, b) -> a.maximum(b));
        t.op("minimum", "x, y: torch.minimum(x, y)", (a, b) -> a.minimum(b));
        t.op("max_of_two", "x, y: torch.max(x, y)", (a, b) -> a.max(b));
        t.op("min_of_two", "x, y: torch.min(x, y)", (a, b) -> a.min(b));
        t.op("fmax", "x, y: torch.fmax(x, y)", (a, b) -> a.fmax(b));
        t.op("fmin", "x, y: torch.fmin(x, y)", (a, b) -> a.fmin(b));
        t.op("clamp", "x: x.clamp(-0.3, 0.8)", a -> a.clamp(-0.3, 0.8));
        t.op("clamp_tensors", "x, y, z: x.clamp(y, z)", (a, b, c) -> a.clamp(b, c));
        t.op("clamp_min", "x: x.clamp_min(0.1)", a -> a.clampMin(0.1));
        t.op("clamp_max", "x: x.clamp_max(0.1)", a -> a.clampMax(0.1));
        t.op("copysign", "x, y: torch.copysign(x, y)", (a, b) -> a.copysign(b));
        t.op("frac", "x: torch.frac(x)", a -> a.frac());
        t.op("nan_to_num", "x: torch.nan_to_num(x)", a -> a.nanToNum());
        t.op("where", "mask, x, y: torch.where(mask, x, y)", (a, b, c) -> b.where(a, c));
        t.op("where_function", "mask, x, y: torch.where(mask, x, y)", (a, b, c) -> Tensors.where(a, b, c));
        t.op("where_scalar", "mask, x: torch.where(mask, x, 0.5)", (a, b) -> b.where(a, 0.5));
        t.op("masked_fill", "x, mask: x.masked_fill(mask, 0.5)", (a, b) -> a.maskedFill(b, 0.5));
        t.op("hypot", "x, y: torch.hypot(x, y)", (a, b) -> a.hypot(b));
        t.op("atan2", "x, y: torch.atan2(x, y)", (a, b) -> a.atan2(b));
        return t.rows();
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.ALL);
        t.op("floor", "x: torch.floor(x)", a -> a.floor());
        t.op("ceil", "x: torch.ceil(x)", a -> a.ceil());
        t.op("trunc", "x: torch.trunc(x)", a -> a.trunc());
        t.op("round", "x: torch.round(x)", a -> a.round());
        t.op("sign", "x: torch.sign(x)", a -> a.sign());
        t.op("sgn", "x: torch.sgn(x)", a -> a.sgn());
        t.op("round_decimals", "x: torch.round(x, decimals=2)", a -> a.round(2));
        t.op("signbit", "x: torch.signbit(x)", a -> a.signbit());
        t.op("floor_divide", "x, pos: torch.floor_divide(x, pos)", (a, b) -> a.floorDivide(b));
        t.op("float_power", "pos: torch.float_power(pos, 1.7)", a -> a.floatPower(1.7));
        t.op("heaviside", "x, y: torch.heaviside(x, y)", (a, b) -> a.heaviside(b));
        t.op("nextafter", "x, y: torch.nextafter(x, y)", (a, b) -> a.nextafter(b));
        t.op("rremainder", "pos: torch.remainder(1.5, pos)", a -> a.rremainder(1.5));
        return t.rows();
    }

    private static List<Operator> whole() {
        var t = Section.forward(Section.ALL);
        t.op("add_int64", "whole, whole2: whole + whole2", (a, b) -> a.add(b));
        t.op("mul_int64", "whole, whole2: whole * whole2", (a, b) -> a.mul(b));
        t.op("mul_scalar_int64", "whole: whole * 3", a -> a.mul(3));
        t.op("floor_divide_int64", "whole, whole2: whole // whole2", (a, b) -> a.floorDivide(b));
        t.op("remainder_int64", "whole, whole2: whole % whole2", (a, b) -> a.remainder(b));
        t.op("div_int64", "whole, whole2: whole / whole2", (a, b) -> a.div(b));
        t.op("gcd", "whole, whole2: torch.gcd(whole, whole2)", (a, b) -> a.gcd(b));
        t.op("lcm", "whole, whole2: torch.lcm(whole, whole2)", (a, b) -> a.lcm(b));
        return t.rows();
    }
}

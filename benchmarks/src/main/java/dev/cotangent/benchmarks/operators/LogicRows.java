package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Comparisons and bits, element by element. */
final class LogicRows {
    private LogicRows() {}

    static Stream<Operator> rows() {
        return Stream.of(forward()).flatMap(List::stream);
    }

    private static List<Operator> forward() {
        var t = Section.forward(Section.ALL);
        t.op("eq", "x, y: torch.eq(x, y)", (a, b) -> a.eq(b));
        t.op("eq_scalar", "x: torch.eq(x, 0.5)", a -> a.eq(0.5));
        t.op("ne", "x, y: torch.ne(x, y)", (a, b) -> a.ne(b));
        t.op("ne_scalar", "x: torch.ne(x, 0.5)", a -> a.ne(0.5));
        t.op("lt", "x, y: torch.lt(x, y)", (a, b) -> a.lt(b));
        t.op("lt_scalar", "x: torch.lt(x, 0.5)", a -> a.lt(0.5));
        t.op("le", "x, y: torch.le(x, y)", (a, b) -> a.le(b));
        t.op("le_scalar", "x: torch.le(x, 0.5)", a -> a.le(0.5));
        t.op("gt", "x, y: torch.gt(x, y)", (a, b) -> a.gt(b));
        t.op("gt_scalar", "x: torch.gt(x, 0.5)", a -> a.gt(0.5));
        t.op("ge", "x, y: torch.ge(x, y)", (a, b) -> a.ge(b));
        t.op("ge_scalar", "x: torch.ge(x, 0.5)", a -> a.ge(0.5));
        t.op("greater", "x, y: torch.greater(x, y)", (a, b) -> a.greater(b));
        t.op("greater_equal", "x, y: torch.greater_equal(x, y)", (a, b) -> a.greaterEqual(b));
        t.op("less", "x, y: torch.less(x, y)", (a, b) -> a.less(b));
        t.op("less_equal", "x, y: torch.less_equal(x, y)", (a, b) -> a.lessEqual(b));
        t.op("not_equal", "x, y: torch.not_equal(x, y)", (a, b) -> a.notEqual(b));
        t.op("eq_int64", "whole, whole2: whole == whole2", (a, b) -> a.eq(b));
        t.op("logical_and", "mask, mask2: torch.logical_and(mask, mask2)", (a, b) -> a.logicalAnd(b));
        t.op("bitwise_and", "whole, whole2: torch.bitwise_and(whole, whole2)", (a, b) -> a.bitwiseAnd(b));
        t.op("logical_or", "mask, mask2: torch.logical_or(mask, mask2)", (a, b) -> a.logicalOr(b));
        t.op("bitwise_or", "whole, whole2: torch.bitwise_or(whole, whole2)", (a, b) -> a.bitwiseOr(b));
        t.op("logical_xor", "mask, mask2: torch.logical_xor(mask, mask2)", (a, b) -> a.logicalXor(b));
        t.op("bitwise_xor", "whole, whole2: torch.bitwise_xor(whole, whole2)", (a, b) -> a.bitwiseXor(b));
        t.op("logical_and_float", "x, y: torch.logical_and(x, y)", (a, b) -> a.logicalAnd(b));
        t.op("logical_not", "mask: torch.logical_not(mask)", a -> a.logicalNot());
        t.op("bitwise_not", "whole: torch.bitwise_not(whole)", a -> a.bitwiseNot());
        t.op("bitwise_and_bool", "mask, mask2: mask & mask2", (a, b) -> a.bitwiseAnd(b));
        t.op(
                "bitwise_left_shift",
                "whole, whole2: torch.bitwise_left_shift(whole, whole2)",
                (a, b) -> a.bitwiseLeftShift(b));
        t.op(
                "bitwise_right_shift",
                "whole, whole2: torch.bitwise_right_shift(whole, whole2)",
                (a, b) -> a.bitwiseRightShift(b));
        t.op("isnan", "x: torch.isnan(x)", a -> a.isnan());
        t.op("isinf", "x: torch.isinf(x)", a -> a.isinf());
        t.op("isfinite", "x: torch.isfinite(x)", a -> a.isfinite());
        t.op("isneginf", "x: torch.isneginf(x)", a -> a.isneginf());
        t.op("isposinf", "x: torch.isposinf(x)", a -> a.isposinf());
        t.op("isreal", "x: torch.isreal(x)", a -> a.isreal());
        t.op("isclose", "x, y: torch.isclose(x, y)", (a, b) -> a.isclose(b));
        return t.rows();
    }
}

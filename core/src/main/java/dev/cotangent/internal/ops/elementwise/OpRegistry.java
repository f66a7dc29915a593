package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Dtype;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp.Definition;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** A registry of element-wise operations, with factories of their definitions. */
public final class OpRegistry {
    /** The floating-point types. */
    static final Set<Dtype> FLOATS = EnumSet.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16);

    /** The integer types. */
    public static final Set<Dtype> INTEGERS =
            EnumSet.of(Dtype.INT64, Dtype.INT32, Dtype.INT16, Dtype.INT8, Dtype.UINT8);

    /** The integer types and bool. */
    static final Set<Dtype> WHOLE = EnumSet.range(Dtype.INT64, Dtype.BOOL);

    /** All real dtypes except bool. */
    static final Set<Dtype> NUMBERS = EnumSet.range(Dtype.FLOAT32, Dtype.UINT8);

    /** Defines an expression of three operands. */
    @FunctionalInterface
    public interface TernaryBody {
        Expr of(Expr a, Expr b, Expr c);
    }

    /** Defines an expression of four operands. */
    @FunctionalInterface
    public interface QuaternaryBody {
        Expr of(Expr a, Expr b, Expr c, Expr d);
    }

    private final List<ElementwiseOp> rows = new ArrayList<>();

    /** Completes a definition and registers the operation. */
    <O extends ElementwiseOp> O add(Definition<O> row) {
        O op = row.done();
        rows.add(op);
        return op;
    }

    /** Returns the registered operations. */
    List<ElementwiseOp> rows() {
        return Collections.unmodifiableList(rows);
    }

    // Factories of definitions. Parameters, in names with "scalar", follow the operands.

    static Definition<UnaryOp> unary(String name, TypePromotion promotion, UnaryOperator<Expr> body) {
        return new Definition<>(name, promotion, 1, 0, (x, p) -> body.apply(x[0]), UnaryOp::new);
    }

    static Definition<UnaryOp> unary(String name, ScalarOp op) {
        return unary(name, TypePromotion.FLOAT, x -> x.call(op));
    }

    static Definition<UnaryOp.WithScalar> unaryWithScalar(
            String name, TypePromotion promotion, BinaryOperator<Expr> body) {
        return new Definition<>(name, promotion, 1, 1, (x, p) -> body.apply(x[0], p[0]), UnaryOp.WithScalar::new);
    }

    static Definition<UnaryOp.WithTwoScalars> unaryWithTwoScalars(
            String name, TypePromotion promotion, TernaryBody body) {
        return new Definition<>(
                name, promotion, 1, 2, (x, p) -> body.of(x[0], p[0], p[1]), UnaryOp.WithTwoScalars::new);
    }

    static Definition<UnaryOp.WithThreeScalars> unaryWithThreeScalars(
            String name, TypePromotion promotion, QuaternaryBody body) {
        return new Definition<>(
                name, promotion, 1, 3, (x, p) -> body.of(x[0], p[0], p[1], p[2]), UnaryOp.WithThreeScalars::new);
    }

    public static Definition<BinaryOp> binary(String name, TypePromotion promotion, BinaryOperator<Expr> body) {
        return new Definition<>(name, promotion, 2, 0, (x, p) -> body.apply(x[0], x[1]), BinaryOp::new);
    }

    public static Definition<BinaryOp.WithScalar> binaryWithScalar(
            String name, TypePromotion promotion, TernaryBody body) {
        return new Definition<>(name, promotion, 2, 1, (x, p) -> body.of(x[0], x[1], p[0]), BinaryOp.WithScalar::new);
    }

    public static Definition<TernaryOp> ternary(String name, TypePromotion promotion, TernaryBody body) {
        return new Definition<>(name, promotion, 3, 0, (x, p) -> body.of(x[0], x[1], x[2]), TernaryOp::new);
    }

    static Definition<TernaryOp.WithScalar> ternaryWithScalar(
            String name, TypePromotion promotion, QuaternaryBody body) {
        return new Definition<>(
                name, promotion, 3, 1, (x, p) -> body.of(x[0], x[1], x[2], p[0]), TernaryOp.WithScalar::new);
    }

    public static Definition<QuaternaryOp> quaternary(String name, TypePromotion promotion, QuaternaryBody body) {
        return new Definition<>(name, promotion, 4, 0, (x, p) -> body.of(x[0], x[1], x[2], x[3]), QuaternaryOp::new);
    }

    /** Returns the check that PyTorch's kernel of a name supports the type; throws its error for any other. */
    static ElementwiseOp.TypeCheck takes(String kernel, Set<Dtype> types) {
        return t -> {
            if (types.contains(t.common()) || t.complex()) return;
            String name = t.onCpu() ? kernel : kernel.replace("_cpu", "_cuda").replace("_vml", "");
            throw Promotion.notImplemented(name, t.common());
        };
    }

    /** Starts the definition of a function whose kernel is named after PyTorch's vector math library. */
    static Definition<UnaryOp> function(String name, ScalarOp op) {
        return unary(name, op).check(takes(name + "_vml_cpu", FLOATS));
    }
}

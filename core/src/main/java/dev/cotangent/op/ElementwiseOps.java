package dev.cotangent.op;

import static dev.cotangent.op.Elementwise.Typing.COMPARE;
import static dev.cotangent.op.Elementwise.Typing.FLOAT;
import static dev.cotangent.op.Elementwise.Typing.PROMOTE;
import static dev.cotangent.op.Elementwise.Typing.SELECT;

import dev.cotangent.CotangentException;
import dev.cotangent.program.Expr;
import dev.cotangent.program.ScalarOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** The table of elementwise operations: one row each. */
public final class ElementwiseOps {
    private static final List<Elementwise> ROWS = new ArrayList<>();

    private ElementwiseOps() {}

    /** All rows. */
    public static List<Elementwise> rows() {
        return Collections.unmodifiableList(ROWS);
    }

    private static Elementwise add(Elementwise.Builder b) {
        Elementwise row = b.done();
        ROWS.add(row);
        return row;
    }

    private static Elementwise.Builder unary(String name, Elementwise.Typing typing, UnaryOperator<Expr> body) {
        return Elementwise.row(name, typing, 1, 0, (x, p) -> body.apply(x[0]));
    }

    private static Elementwise.Builder unary(String name, ScalarOp op) {
        return unary(name, FLOAT, x -> x.call(op));
    }

    private static Elementwise.Builder binary(String name, Elementwise.Typing typing, BinaryOperator<Expr> body) {
        return Elementwise.row(name, typing, 2, 0, (x, p) -> body.apply(x[0], x[1]));
    }

    private static Elementwise.Builder compare(String name, ScalarOp op) {
        return binary(name, COMPARE, (x, y) -> x.call(op, y));
    }

    private static final Elementwise.Check NO_BOOL_NEG = (op, common) -> {
        if (common == dev.cotangent.Dtype.BOOL) {
            throw new CotangentException(
                    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying"
                            + " to invert a mask, use the `~` or `logical_not()` operator instead.");
        }
    };

    /** Sum. */
    public static final Elementwise ADD = add(binary("add", PROMOTE, Expr::add));

    /** Difference. */
    public static final Elementwise SUB = add(binary("sub", PROMOTE, Expr::sub));

    /** Second minus first. */
    public static final Elementwise RSUB =
            add(binary("rsub", PROMOTE, (x, y) -> y.sub(x)).numberNode("RsubBackward1"));

    /** Product. */
    public static final Elementwise MUL = add(binary("mul", PROMOTE, Expr::mul));

    /** Quotient. */
    public static final Elementwise DIV = add(binary("div", FLOAT, Expr::div));

    /** Minus. */
    public static final Elementwise NEG = add(unary("neg", PROMOTE, Expr::neg).check(NO_BOOL_NEG));

    /** Power. */
    public static final Elementwise POW =
            add(binary("pow", PROMOTE, Expr::pow).node("PowBackward1").numberNode("PowBackward0"));

    /** Exponential. */
    public static final Elementwise EXP = add(unary("exp", ScalarOp.EXP).keepsResult());

    /** Natural logarithm. */
    public static final Elementwise LOG = add(unary("log", ScalarOp.LOG));

    /** Not equal. */
    public static final Elementwise NE = add(compare("ne", ScalarOp.NE));

    /** Sigmoid. */
    public static final Elementwise SIGMOID = add(unary("sigmoid", FLOAT, Expr::sigmoid)
            .grad((g, x, p, y) -> new Expr[] {g.mul(y.rsub(1)).mul(y)}));

    /** Rectifier. */
    public static final Elementwise RELU = add(unary("relu", PROMOTE, x -> x.max(x.like(0)))
            .grad((g, x, p, y) -> new Expr[] {y.le(0).where(g.like(0), g)}));

    /** At least a bound. */
    public static final Elementwise CLAMP_MIN =
            add(binary("clamp_min", PROMOTE, Expr::max).grad((g, x, p, y) ->
                    new Expr[] {x[0].ge(x[1]).where(g, g.like(0)), x[0].lt(x[1]).where(g, g.like(0))}));

    /** Choice. */
    public static final Elementwise WHERE =
            add(Elementwise.row("where", SELECT, 3, 0, (x, p) -> x[0].where(x[1], x[2])));
}

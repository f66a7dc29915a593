package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import dev.cotangent.onnx.OnnxException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes scalar programs as element-wise nodes: one for each operation, with a few that have names of their own. */
final class ScalarNodes {
    private final TraceGraph graph;
    private final TraceValue[] inputs;
    private final long[] scalars;
    private final Map<Expr, TraceValue> done = new IdentityHashMap<>();

    private ScalarNodes(TraceGraph graph, TraceValue[] inputs, long[] scalars) {
        this.graph = graph;
        this.inputs = inputs;
        this.scalars = scalars;
    }

    /** Returns the values of a program's outputs, broadcast as far as the inputs are. */
    static List<TraceValue> of(TraceGraph graph, Program program, TraceValue[] inputs, long[] scalars) {
        ScalarNodes nodes = new ScalarNodes(graph, inputs, scalars);
        List<TraceValue> outputs = new ArrayList<>();
        for (Expr e : program.outputs()) outputs.add(nodes.value(e));
        return outputs;
    }

    private TraceValue value(Expr e) {
        TraceValue known = done.get(e);
        if (known != null) return known;
        TraceValue made = switch (e.kind()) {
            case INPUT -> inputs[e.index()];
            case SCALAR -> graph.scalar(e.dtype(), scalars[e.index()]);
            case CONST -> graph.scalar(e.dtype(), e.bits());
            case CAST -> cast(e);
            case CALL -> call(e);
        };
        done.put(e, made);
        return made;
    }

    private TraceValue cast(Expr e) {
        Expr from = e.arg(0);
        if (from.kind() == Expr.Kind.SCALAR || from.kind() == Expr.Kind.CONST) {
            long bits = from.kind() == Expr.Kind.SCALAR ? scalars[from.index()] : from.bits();
            boolean both = e.dtype().isFloatingPoint() == from.dtype().isFloatingPoint();
            if (both && e.dtype() != Dtype.BOOL) return graph.scalar(e.dtype(), bits);
            if (e.dtype().isFloatingPoint()) return graph.scalar(e.dtype(), Double.doubleToLongBits((double) bits));
        }
        return graph.cast(value(from), e.dtype());
    }

    private TraceValue call(Expr e) {
        Expr sigmoid = sigmoid(e);
        if (sigmoid != null) return unary("Sigmoid", value(sigmoid), e);
        if (e.is(ScalarOp.MAX) && e.arg(1).isConstant(0) && e.dtype().isFloatingPoint()) {
            return unary("Relu", value(e.arg(0)), e);
        }
        if (e.is(ScalarOp.MAX) && e.arg(0).isConstant(0) && e.dtype().isFloatingPoint()) {
            return unary("Relu", value(e.arg(1)), e);
        }
        TraceValue a = value(e.arg(0));
        TraceValue b = e.arity() > 1 ? value(e.arg(1)) : a;
        Dtype t = e.dtype();
        boolean bool = a.dtype == Dtype.BOOL;
        boolean floating = t.isFloatingPoint();
        return switch (e.op()) {
            case ADD -> two(bool ? "Or" : "Add", a, b, t);
            case SUB -> two("Sub", a, b, t);
            case MUL -> two(bool ? "And" : "Mul", a, b, t);
            case DIV -> two("Div", a, b, t);
            case FLOOR_DIV ->
                floating
                        ? unary("Floor", two("Div", a, b, t), e)
                        : two("Div", two("Sub", a, two("Mod", a, b, t), t), b, t);
            case REMAINDER ->
                floating
                        ? two("Sub", a, two("Mul", unary("Floor", two("Div", a, b, t), e), b, t), t)
                        : two("Mod", a, b, t);
            case FMOD ->
                graph.node("Mod", t, TraceGraph.broadcast(a.shape, b.shape), TraceGraph.attributes("fmod", 1L), a, b);
            case POW -> two("Pow", a, b, t);
            case MAX -> two(bool ? "Or" : "Max", a, b, t);
            case MIN -> two(bool ? "And" : "Min", a, b, t);
            case NEG -> unary("Neg", a, e);
            case ABS -> unary("Abs", a, e);
            case SIGN -> unary("Sign", a, e);
            case FLOOR -> unary("Floor", a, e);
            case CEIL -> unary("Ceil", a, e);
            case ROUND -> unary("Round", a, e);
            case TRUNC -> two("Mul", unary("Sign", a, e), unary("Floor", unary("Abs", a, e), e), t);
            case SQRT -> unary("Sqrt", a, e);
            case EXP -> unary("Exp", a, e);
            case EXPM1 -> two("Sub", unary("Exp", a, e), number(t, 1), t);
            case LOG -> unary("Log", a, e);
            case LOG2 -> two("Div", unary("Log", a, e), number(t, Math.log(2)), t);
            case LOG10 -> two("Div", unary("Log", a, e), number(t, Math.log(10)), t);
            case LOG1P -> unary("Log", two("Add", a, number(t, 1), t), e);
            case SIN -> unary("Sin", a, e);
            case COS -> unary("Cos", a, e);
            case TAN -> unary("Tan", a, e);
            case ASIN -> unary("Asin", a, e);
            case ACOS -> unary("Acos", a, e);
            case ATAN -> unary("Atan", a, e);
            case SINH -> unary("Sinh", a, e);
            case COSH -> unary("Cosh", a, e);
            case TANH -> unary("Tanh", a, e);
            case ASINH -> unary("Asinh", a, e);
            case ACOSH -> unary("Acosh", a, e);
            case ATANH -> unary("Atanh", a, e);
            case ERF -> unary("Erf", a, e);
            case ERFC -> two("Sub", number(t, 1), unary("Erf", a, e), t);
            case HYPOT -> unary("Sqrt", two("Add", two("Mul", a, a, t), two("Mul", b, b, t), t), e);
            case COPYSIGN -> {
                TraceValue size = unary("Abs", a, e);
                yield graph.pointwise(
                        "Where", t, two("Less", b, number(b.dtype, 0), Dtype.BOOL), unary("Neg", size, e), size);
            }
            case EQ -> two("Equal", a, b, t);
            case NE -> unary("Not", two("Equal", a, b, t), e);
            case LT -> compare("Less", a, b);
            case LE -> compare("LessOrEqual", a, b);
            case GT -> compare("Greater", a, b);
            case GE -> compare("GreaterOrEqual", a, b);
            case AND -> two(bool ? "And" : "BitwiseAnd", a, b, t);
            case OR -> two(bool ? "Or" : "BitwiseOr", a, b, t);
            case XOR -> two(bool ? "Xor" : "BitwiseXor", a, b, t);
            case NOT -> unary(bool ? "Not" : "BitwiseNot", a, e);
            case WHERE -> graph.pointwise("Where", t, a, b, value(e.arg(2)));
            default ->
                throw new OnnxException(
                        "the element-wise operation " + e.op().name().toLowerCase(Locale.ROOT) + " has no ONNX form");
        };
    }

    /** Bools are ordered as 0 and 1. */
    private TraceValue compare(String op, TraceValue a, TraceValue b) {
        if (a.dtype != Dtype.BOOL) return two(op, a, b, Dtype.BOOL);
        return two(op, graph.cast(a, Dtype.INT32), graph.cast(b, Dtype.INT32), Dtype.BOOL);
    }

    private TraceValue number(Dtype dtype, double value) {
        return graph.scalar(dtype, dtype.isFloatingPoint() ? Double.doubleToLongBits(value) : (long) value);
    }

    private TraceValue unary(String op, TraceValue a, Expr e) {
        return graph.node(op, e.dtype(), a.shape, a);
    }

    private TraceValue two(String op, TraceValue a, TraceValue b, Dtype dtype) {
        return graph.pointwise(op, dtype, a, b);
    }

    /** Returns x of 1 / (1 + exp(-x)), or null for anything else. */
    private static @Nullable Expr sigmoid(Expr e) {
        if (!e.is(ScalarOp.DIV) || !e.arg(0).isConstant(1) || !e.arg(1).is(ScalarOp.ADD)) return null;
        Expr sum = e.arg(1);
        Expr exp = sum.arg(1).isConstant(1) ? sum.arg(0) : sum.arg(0).isConstant(1) ? sum.arg(1) : sum;
        return exp.is(ScalarOp.EXP) && exp.arg(0).is(ScalarOp.NEG) ? exp.arg(0).arg(0) : null;
    }
}

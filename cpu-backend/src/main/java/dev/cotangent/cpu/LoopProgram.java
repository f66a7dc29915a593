package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.List;

/**
 * A scalar program as a generated loop evaluates it: float32 or float64 throughout, with bool in between.
 *
 * @param type of all values that are not bool
 * @param arrays for each step of the program the number of its operand's array; below 0 where it has none
 * @param outputs for each output the number of its array; below 0 where nothing is to be stored
 * @param uses what becomes of each output
 * @param scratch the number of an array for accumulators; below 0 where there are no sums
 */
public record LoopProgram(Program program, Dtype type, int[] arrays, int[] outputs, List<Use> uses, int scratch) {
    /** What becomes of an output. */
    public enum Use {
        /** Each element is stored. */
        STORE,
        /** The sum over each row is stored, one per row. */
        SUM,
        /** The largest element of each row that is a number is stored, one per row. */
        MAX
    }

    /** Fewer operations than this gain nothing over one loop per operation. */
    private static final int FEWEST = 2;

    /** Methods of more operations, an inlined function counting as {@link #FUNCTION}, compile badly. */
    private static final int MOST = 72;

    private static final int FUNCTION = 25;

    /** Returns the loop over rows of a program whose inputs, scalars and outputs have arrays in that order, then scratch. */
    public static LoopProgram ofRows(Program program, Dtype type, Use... uses) {
        int[] arrays = new int[program.steps().size()];
        int inputs = program.inputs().size();
        int scalars = inputs + program.scalars().size();
        for (Expr e : program.steps()) {
            arrays[program.position(e)] = switch (e.kind()) {
                case INPUT -> e.index();
                case SCALAR -> inputs + e.index();
                default -> -1;
            };
        }
        int[] outputs = new int[uses.length];
        for (int k = 0; k < outputs.length; k++) outputs[k] = scalars + k;
        return new LoopProgram(program, type, arrays, outputs, List.of(uses), scalars + outputs.length);
    }

    /** Returns the number of accumulators of a sum. */
    public int accumulators() {
        return RowLoop.ACCUMULATOR_BYTES / type.bytes();
    }

    /** Returns whether the program calls functions, too large to compile in a loop of several vectors. */
    public boolean hasFunctions() {
        return program.steps().stream().anyMatch(e -> e.kind() == Expr.Kind.CALL && isFunction(e.op()));
    }

    /** Returns whether an output is summed over rows. */
    public boolean hasSums() {
        return uses.contains(Use.SUM);
    }

    /** Returns the type of the values of a program that are not bool. */
    static Dtype type(Program program) {
        for (Expr e : program.steps()) if (e.dtype() != Dtype.BOOL) return e.dtype();
        throw new IllegalArgumentException("a program of bools alone");
    }

    /** Returns whether a program has the types that generated loops take, operations that vectors have, and a size that pays. */
    static boolean suits(Program program, VectorLoops vectors) {
        Dtype type = null;
        int size = 0;
        int calls = 0;
        for (Expr e : program.steps()) {
            Dtype t = e.dtype();
            if (t != Dtype.BOOL) {
                if (t != Dtype.FLOAT32 && t != Dtype.FLOAT64 || type != null && t != type) return false;
                type = t;
            }
            if (e.kind() != Expr.Kind.CALL) continue;
            boolean onBool = e.arg(e.arity() - 1).dtype() == Dtype.BOOL;
            boolean isDouble = e.arg(e.arity() - 1).dtype() == Dtype.FLOAT64;
            boolean isKnown = vectors.has(e.op(), isDouble);
            if (onBool ? !isLogical(e.op()) : !isKnown) return false;
            if (e.op() == ScalarOp.POW) return false;
            calls += isLimit(e) ? FEWEST : 1;
            size += isFunction(e.op()) ? FUNCTION : 1;
        }
        return type != null && calls >= FEWEST && size <= MOST;
    }

    private static boolean isLogical(ScalarOp op) {
        return switch (op) {
            case AND, OR, XOR, NOT, EQ, NE -> true;
            default -> false;
        };
    }

    /** Returns whether an expression is the larger or smaller one of a value and a constant, which takes two instructions. */
    public static boolean isLimit(Expr e) {
        return (e.is(ScalarOp.MAX) || e.is(ScalarOp.MIN))
                && e.arg(1).kind() == Expr.Kind.CONST
                && !Double.isNaN(e.arg(1).constant());
    }

    /** Returns whether an operation is a function made of many instructions. */
    public static boolean isFunction(ScalarOp op) {
        return switch (op) {
            case EXP, EXPM1, ERF, TANH, SIN, COS, LOG, LOG1P, LOG2, LOG10 -> true;
            case FMOD, REMAINDER, FLOOR_DIV, NEXTAFTER -> true;
            default -> false;
        };
    }
}

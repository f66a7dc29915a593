package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.ir.ScalarOp;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * What {@link VectorLongLoop} is made for.
 *
 * @param bits of the integer type, against which the distance of a shift counts
 * @param scalar the loop of the same op over single elements
 */
record VectorLongOp(ScalarOp op, int bits, Loop scalar) {
    static boolean has(ScalarOp op, boolean hasMasks) {
        return switch (op) {
            case NEG, ABS, NOT -> true;
            case WHERE, SHL, SHR -> hasMasks;
            default -> binary(op) != null || hasMasks && comparison(op) != null;
        };
    }

    static VectorOperators.@Nullable Comparison comparison(ScalarOp op) {
        return switch (op) {
            case EQ -> VectorOperators.EQ;
            case NE -> VectorOperators.NE;
            case LT -> VectorOperators.LT;
            case LE -> VectorOperators.LE;
            case GT -> VectorOperators.GT;
            case GE -> VectorOperators.GE;
            default -> null;
        };
    }

    static VectorOperators.@Nullable Binary binary(ScalarOp op) {
        return switch (op) {
            case ADD -> VectorOperators.ADD;
            case SUB -> VectorOperators.SUB;
            case MUL -> VectorOperators.MUL;
            case MAX -> VectorOperators.MAX;
            case MIN -> VectorOperators.MIN;
            case AND -> VectorOperators.AND;
            case OR -> VectorOperators.OR;
            case XOR -> VectorOperators.XOR;
            case SHL -> VectorOperators.LSHL;
            case SHR -> VectorOperators.ASHR;
            default -> null;
        };
    }
}

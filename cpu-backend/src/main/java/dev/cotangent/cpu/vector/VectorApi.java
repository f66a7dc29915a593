package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.FloatRows;
import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.MatVec;
import dev.cotangent.cpu.Templates;
import dev.cotangent.cpu.Tile;
import dev.cotangent.cpu.VectorLoops;
import dev.cotangent.program.ScalarOp;
import java.lang.invoke.MethodHandles;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** The loops of the Vector API, of the one width that the machine likes best. */
public final class VectorApi implements VectorLoops {
    private static final Map<ScalarOp, Object> OPERATORS = new EnumMap<>(ScalarOp.class);
    private static final Set<ScalarOp> EXACT;

    static {
        OPERATORS.putAll(Map.of(
                ScalarOp.ADD, VectorOperators.ADD,
                ScalarOp.SUB, VectorOperators.SUB,
                ScalarOp.MUL, VectorOperators.MUL,
                ScalarOp.DIV, VectorOperators.DIV,
                ScalarOp.MAX, VectorOperators.MAX,
                ScalarOp.MIN, VectorOperators.MIN,
                ScalarOp.NEG, VectorOperators.NEG,
                ScalarOp.ABS, VectorOperators.ABS,
                ScalarOp.SQRT, VectorOperators.SQRT,
                ScalarOp.WHERE, ScalarOp.WHERE));
        OPERATORS.putAll(Map.of(
                ScalarOp.EQ, VectorOperators.EQ,
                ScalarOp.NE, VectorOperators.NE,
                ScalarOp.LT, VectorOperators.LT,
                ScalarOp.LE, VectorOperators.LE,
                ScalarOp.GT, VectorOperators.GT,
                ScalarOp.GE, VectorOperators.GE));
        EXACT = EnumSet.copyOf(OPERATORS.keySet());
        OPERATORS.putAll(Map.of(
                ScalarOp.EXP, VectorOperators.EXP,
                ScalarOp.EXPM1, VectorOperators.EXPM1,
                ScalarOp.LOG, VectorOperators.LOG,
                ScalarOp.LOG10, VectorOperators.LOG10,
                ScalarOp.LOG1P, VectorOperators.LOG1P,
                ScalarOp.SIN, VectorOperators.SIN,
                ScalarOp.COS, VectorOperators.COS,
                ScalarOp.TAN, VectorOperators.TAN,
                ScalarOp.ATAN2, VectorOperators.ATAN2,
                ScalarOp.HYPOT, VectorOperators.HYPOT));
        OPERATORS.putAll(Map.of(
                ScalarOp.ASIN, VectorOperators.ASIN,
                ScalarOp.ACOS, VectorOperators.ACOS,
                ScalarOp.ATAN, VectorOperators.ATAN,
                ScalarOp.SINH, VectorOperators.SINH,
                ScalarOp.COSH, VectorOperators.COSH,
                ScalarOp.TANH, VectorOperators.TANH));
    }

    @Override
    public int bits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** 16 registers of 256 bits hold 6 x 2 accumulators; where vectors are wider or narrower there are 32 of them. */
    @Override
    public Tile tile(boolean isDouble) {
        return TileMaker.make(bits() == 256 ? 2 : 4, isDouble);
    }

    @Override
    public MatVec matVec(boolean isDouble) {
        return Templates.define(MethodHandles.lookup(), MatVec.class, VectorMatVec.class, isDouble);
    }

    @Override
    public @Nullable Loop loop(ScalarOp op, boolean isDouble) {
        if (op == ScalarOp.POW && !isDouble) return new VectorPowLoop();
        Object operator = isDouble ? null : VectorFloatMath.of(op);
        if (operator == null) operator = OPERATORS.get(op);
        if (operator == null) return null;
        return Templates.define(
                MethodHandles.lookup(),
                Loop.class,
                isDouble ? VectorDoubleLoop.class : VectorFloatLoop.class,
                operator);
    }

    @Override
    public FloatRows rows() {
        return VectorFloatRows.FITS ? new VectorFloatRows() : new FloatRows();
    }

    @Override
    public Bools bools() {
        return new VectorBools();
    }

    @Override
    public boolean exact(ScalarOp op, boolean isDouble) {
        return EXACT.contains(op) || !isDouble && VectorFloatMath.of(op) != null;
    }
}

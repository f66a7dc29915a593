package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopTemplates;
import dev.cotangent.ir.ScalarOp;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Template of the vector loops over {@code boolean}, whose data is the op; see {@link LoopTemplates}. Each op combines
 * its operands, some of them negated, by AND, OR or XOR.
 */
final class VectorBoolLoop extends Loop {
    private static final VectorSpecies<Byte> S = Species.BYTE;
    private static final int L = S.length();
    private static final ScalarOp OP = (ScalarOp) LoopTemplates.data(MethodHandles.lookup());
    private static final boolean NEGATES_A = OP == ScalarOp.LT || OP == ScalarOp.LE;
    private static final boolean NEGATES_B = OP == ScalarOp.GT || OP == ScalarOp.GE;
    private static final boolean NEGATES = OP == ScalarOp.EQ || OP == ScalarOp.NOT;
    private static final VectorOperators.@Nullable Binary JOIN = join(OP);
    private static final boolean IS_AND = JOIN == VectorOperators.AND;
    private static final boolean IS_OR = JOIN == VectorOperators.OR;
    private static final byte ONE = 1;

    private static VectorOperators.@Nullable Binary join(ScalarOp op) {
        return switch (op) {
            case AND, MUL, MIN, LT, GT -> VectorOperators.AND;
            case OR, ADD, MAX, LE, GE -> VectorOperators.OR;
            case XOR, EQ, NE -> VectorOperators.XOR;
            default -> null;
        };
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (JOIN != null) join((boolean[]) a, i, (boolean[]) b, j, (boolean[]) out, o, n);
        else if (OP == ScalarOp.NOT) not((boolean[]) a, i, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (boolean[]) b, j, (boolean[]) c, k, (boolean[]) out, o, n);
    }

    private static void join(boolean[] x, int i, boolean[] z, int j, boolean[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            ByteVector a = ByteVector.fromBooleanArray(S, x, i + e);
            ByteVector b = ByteVector.fromBooleanArray(S, z, j + e);
            if (NEGATES_A) a = a.lanewise(VectorOperators.XOR, ONE);
            if (NEGATES_B) b = b.lanewise(VectorOperators.XOR, ONE);
            ByteVector r = a.lanewise(JOIN, b);
            if (NEGATES) r = r.lanewise(VectorOperators.XOR, ONE);
            r.intoBooleanArray(y, o + e);
        }
        for (; e < n; e++) {
            boolean a = x[i + e] ^ NEGATES_A;
            boolean b = z[j + e] ^ NEGATES_B;
            y[o + e] = (IS_AND ? a & b : IS_OR ? a | b : a ^ b) ^ NEGATES;
        }
    }

    private static void not(boolean[] x, int i, boolean[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            ByteVector.fromBooleanArray(S, x, i + e)
                    .lanewise(VectorOperators.XOR, ONE)
                    .intoBooleanArray(y, o + e);
        }
        for (; e < n; e++) y[o + e] = !x[i + e];
    }

    private static void where(
            boolean[] when, int i, boolean[] x, int j, boolean[] z, int k, boolean[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            ByteVector w = ByteVector.fromBooleanArray(S, when, i + e);
            ByteVector a = ByteVector.fromBooleanArray(S, x, j + e);
            ByteVector b = ByteVector.fromBooleanArray(S, z, k + e);
            // What they differ in, where it is wanted, makes the second the first.
            a.lanewise(VectorOperators.XOR, b)
                    .lanewise(VectorOperators.AND, w)
                    .lanewise(VectorOperators.XOR, b)
                    .intoBooleanArray(y, o + e);
        }
        for (; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
    }
}

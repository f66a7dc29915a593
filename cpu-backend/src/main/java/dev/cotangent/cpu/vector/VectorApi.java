package dev.cotangent.cpu.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.cotangent.Dtype;
import dev.cotangent.cpu.Butterflies;
import dev.cotangent.cpu.Conversion;
import dev.cotangent.cpu.Gemv;
import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopGenerator;
import dev.cotangent.cpu.LoopProgram;
import dev.cotangent.cpu.LoopTemplates;
import dev.cotangent.cpu.MicroKernel;
import dev.cotangent.cpu.Reversal;
import dev.cotangent.cpu.RowLoop;
import dev.cotangent.cpu.VectorLoops;
import dev.cotangent.cpu.Windows;
import dev.cotangent.ir.ScalarOp;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import org.jspecify.annotations.Nullable;

/** The loops of the Vector API, of the one width that {@link Species} chose. */
public final class VectorApi implements VectorLoops {
    /** Those that are rounded as IEEE 754 says: of the others Java's compiled vectors differ from single elements. */
    private static final Map<ScalarOp, Object> OPERATORS = new EnumMap<>(ScalarOp.class);

    private static final int AVX_512 = 512;
    private static final int NARROW = 128;

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
    }

    @Override
    public int bits() {
        return Species.BITS;
    }

    /** Returns the bits of the widest vector that Java uses on this processor. */
    public static int available() {
        return VectorShape.preferredShape().vectorBitSize();
    }

    @Override
    public MicroKernel tile(boolean isDouble) {
        return MicroKernelGenerator.make(MicroKernelShape.of(bits(), isDouble, registers()));
    }

    /**
     * Returns the number of vector registers that HotSpot allocates: AVX2 has 16, and AVX-512, Neon and others have 32.
     */
    private static int registers() {
        return !isX86() || available() >= AVX_512 || usesAvx512() ? 32 : 16;
    }

    private static boolean isX86() {
        return Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
    }

    /** Returns whether Java uses AVX-512 instructions, if only on narrower vectors (-XX:MaxVectorSize). */
    private static boolean usesAvx512() {
        try {
            HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return options != null
                    && Integer.parseInt(options.getVMOption("UseAVX").getValue()) >= 3;
        } catch (LinkageError | IllegalArgumentException e) {
            // Another Java, or a run-time image without the module jdk.management.
            return false;
        }
    }

    @Override
    public Gemv matVec(boolean isDouble) {
        return LoopTemplates.define(MethodHandles.lookup(), Gemv.class, VectorGemv.class, isDouble);
    }

    @Override
    public Windows windows(boolean isDouble) {
        return LoopTemplates.define(MethodHandles.lookup(), Windows.class, VectorWindows.class, isDouble);
    }

    @Override
    public Butterflies butterflies(boolean isDouble) {
        return LoopTemplates.define(MethodHandles.lookup(), Butterflies.class, VectorButterflies.class, isDouble);
    }

    @Override
    public boolean hasMasks(boolean isDouble) {
        return !isDouble || bits() > NARROW;
    }

    @Override
    public boolean has(ScalarOp op, boolean isDouble) {
        return (hasMasks(isDouble) || !needsMasks(op)) && hasForm(op, isDouble);
    }

    private static boolean needsMasks(ScalarOp op) {
        return op == ScalarOp.WHERE || op.kind() == ScalarOp.Kind.COMPARE || isGenerated(op, true);
    }

    private boolean hasForm(ScalarOp op, boolean isDouble) {
        return OPERATORS.containsKey(op)
                || op == ScalarOp.POW && !isDouble && hasMasks(true)
                || isGenerated(op, isDouble);
    }

    /** Returns whether the loop of an op is a generated one, into which its instructions are copied. */
    private static boolean isGenerated(ScalarOp op, boolean isDouble) {
        return op == ScalarOp.COPYSIGN || function(op, isDouble) != null;
    }

    @Override
    public Loop loop(ScalarOp op, boolean isDouble) {
        if (op == ScalarOp.POW) return new VectorPowLoop();
        if (isGenerated(op, isDouble)) return ProgramLoop.of(op, isDouble);
        return LoopTemplates.define(
                MethodHandles.lookup(),
                Loop.class,
                isDouble ? VectorDoubleLoop.class : VectorFloatLoop.class,
                OPERATORS.get(op));
    }

    @Override
    public boolean hasOnBools(ScalarOp op) {
        return switch (op) {
            case AND, OR, XOR, NOT, ADD, MUL, MAX, MIN, EQ, NE, LT, LE, GT, GE, WHERE -> true;
            default -> false;
        };
    }

    @Override
    public Loop loopOnBools(ScalarOp op) {
        return LoopTemplates.define(MethodHandles.lookup(), Loop.class, VectorBoolLoop.class, op);
    }

    @Override
    public boolean hasOnLongs(ScalarOp op) {
        return VectorLongOp.has(op, hasMasks(true));
    }

    @Override
    public Loop loopOnLongs(ScalarOp op, int bits, Loop scalar) {
        return LoopTemplates.define(
                MethodHandles.lookup(), Loop.class, VectorLongLoop.class, new VectorLongOp(op, bits, scalar));
    }

    @Override
    public boolean hasConversion(Dtype from, Dtype to) {
        return switch (from) {
            case FLOAT32 ->
                switch (to) {
                    case INT32, INT16, BFLOAT16 -> true;
                    case INT8, UINT8, BOOL -> hasQuarters();
                    case INT64 -> hasLongConversions();
                    default -> false;
                };
            case FLOAT64 -> to == Dtype.INT64 && hasLongConversions();
            case UINT8, BOOL -> to == Dtype.FLOAT32 && hasQuarters();
            default -> false;
        };
    }

    /** Returns whether there are vectors of bytes a quarter as wide as those of floats: Java has none of 32 bits. */
    static boolean hasQuarters() {
        return Species.BITS > NARROW;
    }

    /** Returns whether there are conversions of 64-bit integers: AVX2 has none, and vectors of two have no masks. */
    private boolean hasLongConversions() {
        return hasMasks(true) && (!isX86() || usesAvx512());
    }

    @Override
    public Conversion conversion(Conversion.Pair pair) {
        return LoopTemplates.define(MethodHandles.lookup(), Conversion.class, VectorConversion.class, pair);
    }

    static @Nullable Object function(ScalarOp op, boolean isDouble) {
        return isDouble ? VectorDoubleMath.of(op) : VectorFloatMath.of(op);
    }

    @Override
    public RowLoop generate(LoopProgram loop) {
        return hasMasks(loop.type() == Dtype.FLOAT64) ? VectorLoopGenerator.make(loop) : LoopGenerator.scalar(loop);
    }

    @Override
    public Reversal reversal() {
        return new VectorReversal();
    }

    @Override
    public Bools bools() {
        return new VectorBools();
    }
}

package dev.cotangent.cpu.vector;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.cotangent.Dtype;
import dev.cotangent.cpu.LoopGenerator;
import dev.cotangent.cpu.LoopProgram;
import dev.cotangent.cpu.LoopProgram.Use;
import dev.cotangent.cpu.RowLoop;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Compiles a {@link LoopProgram} to a loop over vectors; its values are vectors in local variables, which the JIT compiler
 * keeps in registers. The last elements of a row are one more evaluation under a mask.
 */
final class VectorLoopGenerator extends LoopGenerator {
    private static final ClassDesc SPECIES = desc(VectorSpecies.class);
    private static final ClassDesc ANY_VECTOR = desc(Vector.class);
    private static final ClassDesc MASK = desc(VectorMask.class);
    private static final ClassDesc COMPARISON = desc(VectorOperators.Comparison.class);
    private static final int NO_MASK = -1;

    private final ClassDesc vector;
    private final int lanes;

    /** The number of vectors in one iteration: with sums, as many as their accumulators fill. */
    private final int unroll;

    private final int[][] sums;

    /** Whether accumulators of more than one vector are in memory, which takes less code than registers. */
    private final boolean sumsInMemory;

    private int mask = NO_MASK;
    private int tailMask;
    private int part;
    private int whole;

    private VectorLoopGenerator(LoopProgram loop) {
        super(loop, VectorLoopGenerator.class);
        vector = desc(isDouble ? DoubleVector.class : FloatVector.class);
        lanes = (isDouble ? Species.DOUBLE : Species.FLOAT).length();
        sumsInMemory = loop.hasSums() && loop.hasFunctions() && loop.accumulators() > lanes;
        unroll = loop.hasSums() && !sumsInMemory ? loop.accumulators() / lanes : 1;
        sums = new int[loop.outputs().length][unroll];
    }

    /** Returns the vector loop. */
    static RowLoop make(LoopProgram loop) {
        return new VectorLoopGenerator(loop).define(MethodHandles.lookup());
    }

    @Override
    protected TypeKind local(Expr e) {
        return TypeKind.REFERENCE;
    }

    /** Says the class of each value: where ways meet, and in what was not inlined at once, the compiler knows no more than its type. */
    @Override
    protected CodeBuilder value(CodeBuilder code, Expr e) {
        return e.dtype() == Dtype.BOOL ? pinMask(super.value(code, e)) : pin(super.value(code, e));
    }

    private CodeBuilder pin(CodeBuilder code) {
        return MethodInliner.pin(code, vector);
    }

    /** Pushes the mask of the last elements. */
    private CodeBuilder mask(CodeBuilder code) {
        return pinMask(code.aload(mask));
    }

    private CodeBuilder pinMask(CodeBuilder code) {
        return code.getstatic(desc(Species.class), isDouble ? "DOUBLE_MASKS" : "FLOAT_MASKS", CD_Class)
                .swap()
                .invokevirtual(CD_Class, "cast", MethodTypeDesc.of(CD_Object, CD_Object))
                .checkcast(MASK);
    }

    private CodeBuilder species(CodeBuilder code) {
        return code.getstatic(desc(Species.class), isDouble ? "DOUBLE" : "FLOAT", SPECIES);
    }

    @Override
    protected void begin(CodeBuilder code) {
        whole = code.allocateLocal(TypeKind.INT);
        tailMask = code.allocateLocal(TypeKind.REFERENCE);
        code.iload(N).loadConstant(-lanes * unroll).iand().istore(whole);
        for (int k = 0; k < sums.length; k++) {
            for (int u = 0; u < unroll; u++) {
                if (loop.uses().get(k) != Use.STORE) sums[k][u] = code.allocateLocal(TypeKind.REFERENCE);
            }
        }
    }

    @Override
    protected void spread(CodeBuilder code, Expr e) {
        int number = code.allocateLocal(e.dtype() == Dtype.BOOL ? TypeKind.INT : kind);
        if (e.dtype() == Dtype.BOOL) {
            code.istore(number);
            species(code).iload(number).invokeinterface(SPECIES, "maskAll", MethodTypeDesc.of(MASK, CD_boolean));
        } else {
            code.storeLocal(kind, number);
            broadcast(code, number);
        }
    }

    private CodeBuilder broadcast(CodeBuilder code, int number) {
        return pin(species(code)
                .loadLocal(kind, number)
                .invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element)));
    }

    @Override
    protected void elements(CodeBuilder code) {
        code.iconst_0().istore(next);
        Label top = code.newLabel();
        Label tail = code.newLabel();
        Label end = code.newLabel();
        mask = NO_MASK;
        code.labelBinding(top).iload(next).iload(whole).if_icmpge(tail);
        for (part = 0; part < unroll; part++) body(code);
        code.iinc(next, lanes * unroll).goto_(top).labelBinding(tail);
        mask = tailMask;
        for (part = 0; part < unroll; part++) {
            code.iload(next).loadConstant(part * lanes).iadd().iload(N).if_icmpge(end);
            code.getstatic(desc(Species.class), isDouble ? "DOUBLE_LANES" : "FLOAT_LANES", vector);
            compare(pin(code), "LT")
                    .iload(N)
                    .iload(next)
                    .isub()
                    .loadConstant(part * lanes)
                    .isub()
                    .conversion(TypeKind.INT, kind)
                    .invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, element))
                    .astore(mask);
            body(code);
        }
        code.labelBinding(end);
    }

    private CodeBuilder at(CodeBuilder code, int operand) {
        code.aload(operands[operand]).iload(places[operand]).iload(next).iadd();
        return part == 0 ? code : code.loadConstant(part * lanes).iadd();
    }

    /** Bools are in registers, which are whole vectors long. */
    @Override
    protected void load(CodeBuilder code, Expr e) {
        int k = loop.arrays()[position(e)];
        at(species(code), k);
        if (e.dtype() == Dtype.BOOL) {
            code.invokestatic(MASK, "fromArray", MethodTypeDesc.of(MASK, SPECIES, CD_boolean.arrayType(), CD_int));
        } else if (mask == NO_MASK) {
            code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
        } else {
            mask(code).invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int, MASK));
        }
    }

    @Override
    protected void cast(CodeBuilder code, Expr e) {
        if (e.arg(0).dtype() == e.dtype()) {
            value(code, e.arg(0));
        } else if (e.dtype() == Dtype.BOOL) {
            compare(value(code, e.arg(0)), "NE");
            zero(code).invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
        } else {
            broadcast(zero(code), one(code));
            blend(value(code, e.arg(0)));
        }
    }

    private CodeBuilder zero(CodeBuilder code) {
        return pin(species(code).invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)));
    }

    private static CodeBuilder compare(CodeBuilder code, String op) {
        return code.getstatic(desc(VectorOperators.class), op, COMPARISON);
    }

    /** Takes the second vector on the stack where the mask says so, else the first. */
    private CodeBuilder blend(CodeBuilder code) {
        return code.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, ANY_VECTOR, MASK));
    }

    @Override
    protected void call(CodeBuilder code, Expr e) {
        if (e.is(ScalarOp.WHERE)) {
            where(code, e);
        } else if (e.arg(0).dtype() == Dtype.BOOL) {
            logical(code, e);
        } else if (e.op().kind() == ScalarOp.Kind.COMPARE) {
            compare(value(code, e.arg(0)), e.op().name());
            value(code, e.arg(1)).invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
        } else if (LoopProgram.isLimit(e)) {
            limit(code, e);
        } else if (VectorApi.function(e.op(), isDouble) != null) {
            function(code, e);
        } else {
            arithmetic(code, e);
        }
    }

    private void where(CodeBuilder code, Expr e) {
        if (e.dtype() != Dtype.BOOL) {
            value(code, e.arg(2));
            value(code, e.arg(1));
            blend(value(code, e.arg(0)));
            return;
        }
        MethodTypeDesc binary = MethodTypeDesc.of(MASK, MASK);
        value(code, e.arg(0));
        value(code, e.arg(1)).invokevirtual(MASK, "and", binary);
        value(code, e.arg(2));
        value(code, e.arg(0)).invokevirtual(MASK, "andNot", binary).invokevirtual(MASK, "or", binary);
    }

    private void logical(CodeBuilder code, Expr e) {
        value(code, e.arg(0));
        if (e.is(ScalarOp.NOT)) {
            code.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
            return;
        }
        String method = switch (e.op()) {
            case AND -> "and";
            case OR -> "or";
            case EQ -> "eq";
            default -> "xor";
        };
        value(code, e.arg(1)).invokevirtual(MASK, method, MethodTypeDesc.of(MASK, MASK));
    }

    /** Generates MAX or MIN with a constant, which needs two instructions instead of the several for NaN and -0. */
    private void limit(CodeBuilder code, Expr e) {
        double limit = e.arg(1).constant();
        boolean isMax = e.is(ScalarOp.MAX);
        // Of zeros the limit wins over the other sign.
        boolean winsTies = limit == 0 && (Double.doubleToRawLongBits(limit) == 0) == isMax;
        value(code, e.arg(0));
        value(code, e.arg(1));
        compare(value(code, e.arg(0)), isMax ? (winsTies ? "LE" : "LT") : winsTies ? "GE" : "GT");
        value(code, e.arg(1)).invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
        blend(code);
    }

    private void arithmetic(CodeBuilder code, Expr e) {
        if (e.is(ScalarOp.COPYSIGN)) {
            value(code, e.arg(0));
            value(code, e.arg(1));
            new MethodInliner(code)
                    .callStatic(
                            isDouble ? VectorDoubleMath.class : VectorFloatMath.class,
                            "copySign",
                            MethodTypeDesc.of(vector, vector, vector));
            return;
        }
        String method = e.op().name().toLowerCase(Locale.ROOT);
        value(code, e.arg(0));
        if (e.arity() == 1) {
            code.invokevirtual(vector, method, MethodTypeDesc.of(vector));
        } else {
            value(code, e.arg(1)).invokevirtual(vector, method, MethodTypeDesc.of(vector, ANY_VECTOR));
        }
    }

    /** Evaluates a function by its polynomial, or lane by lane where that does not cover a lane. */
    private void function(CodeBuilder code, Expr e) {
        Object function = Objects.requireNonNull(VectorApi.function(e.op(), isDouble));
        Class<?> form = isDouble
                ? VectorDoubleLoop.Function.class
                : e.arity() == 2 ? VectorFloatLoop.BinaryFunction.class : VectorFloatLoop.Function.class;
        ClassDesc of = desc(form);
        Label easy = code.newLabel();
        Label end = code.newLabel();
        int result = values[position(e)];
        int[] arguments = new int[e.arity()];
        for (int i = 0; i < arguments.length; i++) arguments[i] = argument(code, e.arg(i));
        MethodInliner inliner = new MethodInliner(code);
        if (MethodInliner.has(function.getClass(), "covers")) {
            inliner.call(function.getClass(), "covers", arguments);
            code.ifne(easy);
            each(code, function, of, arguments);
            code.astore(result).goto_(end);
        }
        code.labelBinding(easy);
        inliner.call(function.getClass(), "of", arguments);
        code.astore(result);
        code.labelBinding(end).aload(result);
    }

    /** Pushes a function of each lane by itself. The lanes are passed in arrays, so that no vector becomes an object on the common way. */
    private void each(CodeBuilder code, Object function, ClassDesc of, int[] arguments) {
        int[] lanesOf = new int[arguments.length];
        ClassDesc[] types = new ClassDesc[arguments.length + 1];
        Arrays.fill(types, array);
        types[0] = of;
        for (int i = 0; i < arguments.length; i++) {
            lanesOf[i] = code.allocateLocal(TypeKind.REFERENCE);
            code.loadConstant(lanes).newarray(kind).astore(lanesOf[i]);
            pin(code.aload(arguments[i]))
                    .aload(lanesOf[i])
                    .iconst_0()
                    .invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
        }
        constant(code, function, of);
        for (int each : lanesOf) code.aload(each);
        code.invokestatic(of, "each", MethodTypeDesc.of(CD_void, types), true);
        species(code)
                .aload(lanesOf[0])
                .iconst_0()
                .invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    }

    /** Returns the local with a function's argument, which in lanes without an element is 1: all functions cover it. */
    private int argument(CodeBuilder code, Expr e) {
        if (mask == NO_MASK) return values[position(e)];
        int argument = code.allocateLocal(TypeKind.REFERENCE);
        broadcast(code, one(code));
        value(code, e);
        blend(mask(code)).astore(argument);
        return argument;
    }

    private int one(CodeBuilder code) {
        int one = code.allocateLocal(kind);
        code.loadConstant(1).conversion(TypeKind.INT, kind).storeLocal(kind, one);
        return one;
    }

    @Override
    protected void start(CodeBuilder code, int k) {
        if (sumsInMemory && loop.uses().get(k) == Use.SUM) {
            super.start(code, k);
            return;
        }
        for (int local : sums[k]) {
            switch (loop.uses().get(k)) {
                case STORE -> {}
                case SUM -> zero(code).astore(local);
                case MAX -> {
                    int number = code.allocateLocal(kind);
                    lowest(code).storeLocal(kind, number);
                    broadcast(code, number).astore(local);
                }
            }
        }
    }

    @Override
    protected void use(CodeBuilder code, int k, Expr e) {
        int o = loop.outputs()[k];
        int sum = sums[k][part];
        switch (loop.uses().get(k)) {
            case STORE -> store(code, o, e);
            case SUM -> {
                if (sumsInMemory) {
                    species(code).aload(operands[loop.scratch()]);
                    accumulators(code, k);
                    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int))
                            .astore(sum);
                }
                value(pin(code.aload(sum)), e);
                if (mask == NO_MASK) code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, ANY_VECTOR));
                else mask(code).invokevirtual(vector, "add", MethodTypeDesc.of(vector, ANY_VECTOR, MASK));
                code.astore(sum);
                if (!sumsInMemory) return;
                pin(code.aload(sum)).aload(operands[loop.scratch()]);
                accumulators(code, k);
                code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
            }
            case MAX -> {
                // Two instructions, where MAX takes several for NaN and -0.
                value(pin(code.aload(sum)), e);
                compare(value(code, e), "GT");
                pin(code.aload(sum));
                if (mask != NO_MASK) mask(code);
                code.invokevirtual(
                        vector,
                        "compare",
                        mask == NO_MASK
                                ? MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR)
                                : MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR, MASK));
                blend(code).astore(sum);
            }
        }
    }

    /** Pushes the offset of the accumulators of the next elements. */
    private void accumulators(CodeBuilder code, int k) {
        accumulator(code, k, 0)
                .iload(next)
                .loadConstant(loop.accumulators() - 1)
                .iand()
                .iadd();
    }

    private void store(CodeBuilder code, int o, Expr e) {
        at(value(code, e), o);
        if (e.dtype() == Dtype.BOOL) {
            code.invokevirtual(MASK, "intoArray", MethodTypeDesc.of(CD_void, CD_boolean.arrayType(), CD_int));
        } else if (mask == NO_MASK) {
            code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
        } else {
            mask(code).invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int, MASK));
        }
    }

    @Override
    protected void finish(CodeBuilder code, int k) {
        if (loop.uses().get(k) == Use.SUM) {
            for (int u = 0; !sumsInMemory && u < unroll; u++) {
                pin(code.aload(sums[k][u])).aload(operands[loop.scratch()]);
                accumulator(code, k, u * lanes)
                        .invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
            }
            super.finish(code, k);
            return;
        }
        for (int u = 0; u < unroll; u++) {
            pin(code.aload(sums[k][u]))
                    .getstatic(desc(VectorOperators.class), "MAX", desc(VectorOperators.Associative.class));
            code.invokevirtual(
                    vector, "reduceLanes", MethodTypeDesc.of(element, desc(VectorOperators.Associative.class)));
            if (u > 0) code.invokestatic(desc(Math.class), "max", MethodTypeDesc.of(element, element, element));
        }
        positive(code);
    }
}

package dev.cotangent.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compiles a {@link LoopProgram} to a class whose one loop keeps all values of an element in local variables. This one
 * makes scalar loops; its subclass overrides what differs for vectors, and gives the same bits: the same operations in the
 * same order, and sums of as many accumulators.
 */
public class LoopGenerator {
    private static final ClassDesc LOOP = desc(RowLoop.class);
    private static final ClassDesc LOOKUP = desc(MethodHandles.Lookup.class);
    private static final ClassDesc INTS = CD_int.arrayType();
    private static final int LARGEST = 8000;
    private static final int ARRAYS = 1;
    private static final int OFFSETS = 2;
    private static final int STRIDES = 3;
    private static final int ROWS = 4;

    /** The local with the number of elements of a row. */
    protected static final int N = 5;

    protected final LoopProgram loop;
    protected final boolean isDouble;
    protected final TypeKind kind;
    protected final ClassDesc element;
    protected final ClassDesc array;
    private final ClassDesc name;
    private final List<Object> constants = new ArrayList<>();
    private final List<ClassDesc> constantTypes = new ArrayList<>();

    /** The locals with the operands' arrays, the places where the row begins in them, and the distances between rows. */
    protected final int[] operands;

    protected final int[] places;
    private final int[] strides;

    /** The local with the value of each step of the program. */
    protected final int[] values;

    /** The local with the number of the element that comes next. */
    protected int next;

    /** The local with the largest element so far, by output. */
    protected final int[] largest;

    /** Prepares to write a loop. */
    protected LoopGenerator(LoopProgram loop, Class<?> neighbour) {
        this.loop = loop;
        isDouble = loop.type() == Dtype.FLOAT64;
        kind = isDouble ? TypeKind.DOUBLE : TypeKind.FLOAT;
        element = isDouble ? CD_double : CD_float;
        array = element.arrayType();
        name = ClassDesc.of(neighbour.getPackageName(), "GeneratedLoop");
        int most = loop.scratch();
        for (int k : loop.arrays()) most = Math.max(most, k);
        for (int k : loop.outputs()) most = Math.max(most, k);
        operands = new int[most + 1];
        places = new int[most + 1];
        strides = new int[most + 1];
        Arrays.fill(operands, -1);
        values = new int[loop.program().steps().size()];
        largest = new int[loop.outputs().length];
    }

    /** Returns the scalar loop. */
    public static RowLoop scalar(LoopProgram loop) {
        return new LoopGenerator(loop, LoopGenerator.class).define(MethodHandles.lookup());
    }

    protected static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    /** Writes the class and returns an instance of it. */
    protected final RowLoop define(MethodHandles.Lookup lookup) {
        byte[] code = write();
        checkSize(code);
        try {
            MethodHandles.Lookup made = lookup.defineHiddenClassWithClassData(code, List.copyOf(constants), true);
            return (RowLoop) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define a loop of " + loop.program(), e);
        }
    }

    /** Throws if a method is larger than HotSpot compiles. */
    private void checkSize(byte[] code) {
        for (MethodModel m : ClassFile.of().parse(code).methods()) {
            int size = m.findAttribute(Attributes.code()).orElseThrow().codeLength();
            if (size >= LARGEST) {
                throw new IllegalStateException(
                        m.methodName() + " of " + loop.program() + " has " + size + " bytes, more than are compiled");
            }
        }
    }

    /** Returns the class file. */
    public final byte[] write() {
        return ClassFile.of().build(name, c -> {
            c.withFlags(AccessFlag.FINAL, AccessFlag.SUPER).withSuperclass(LOOP);
            c.withMethodBody(
                    INIT_NAME,
                    MTD_void,
                    ClassFile.ACC_PUBLIC,
                    code -> code.aload(0)
                            .invokespecial(LOOP, INIT_NAME, MTD_void)
                            .return_());
            c.withMethodBody(
                    "run",
                    MethodTypeDesc.of(CD_void, CD_Object.arrayType(), INTS, INTS, CD_int, CD_int),
                    ClassFile.ACC_PUBLIC,
                    this::run);
            for (int i = 0; i < constants.size(); i++) {
                c.withField("C" + i, constantTypes.get(i), ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
            }
            c.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, code -> {
                for (int i = 0; i < constants.size(); i++) {
                    code.invokestatic(desc(MethodHandles.class), "lookup", MethodTypeDesc.of(LOOKUP))
                            .loadConstant(i)
                            .invokestatic(LOOP, "constant", MethodTypeDesc.of(CD_Object, LOOKUP, CD_int))
                            .checkcast(constantTypes.get(i))
                            .putstatic(name, "C" + i, constantTypes.get(i));
                }
                code.return_();
            });
        });
    }

    /** Pushes an object that is a constant for the JIT compiler. */
    protected final CodeBuilder constant(CodeBuilder code, Object value, ClassDesc type) {
        int i = constants.indexOf(value);
        if (i < 0) {
            i = constants.size();
            constants.add(value);
            constantTypes.add(type);
        }
        return code.getstatic(name, "C" + i, type);
    }

    private void run(CodeBuilder code) {
        List<Expr> steps = loop.program().steps();
        for (Expr e : steps) {
            int k = loop.arrays()[position(e)];
            if (k >= 0 && isOperand(e)) operand(code, k, arrayOf(e), e.kind() == Expr.Kind.INPUT);
        }
        for (int k = 0; k < loop.outputs().length; k++) {
            Expr e = loop.program().outputs().get(k);
            if (loop.outputs()[k] >= 0)
                operand(code, loop.outputs()[k], arrayOf(e), loop.uses().get(k) == LoopProgram.Use.STORE);
        }
        if (loop.hasSums()) operand(code, loop.scratch(), array, false);
        for (Expr e : steps) values[position(e)] = code.allocateLocal(local(e));
        next = code.allocateLocal(TypeKind.INT);
        begin(code);
        for (Expr e : steps) {
            if (e.kind() != Expr.Kind.CONST) continue;
            spread(number(code, e), e);
            code.storeLocal(local(e), values[position(e)]);
        }
        int row = code.allocateLocal(TypeKind.INT);
        code.iconst_0().istore(row);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top).iload(row).iload(ROWS).if_icmpge(end);
        for (Expr e : steps) {
            if (e.kind() != Expr.Kind.SCALAR) continue;
            int k = loop.arrays()[position(e)];
            code.aload(operands[k]).iload(places[k]).iload(row).iadd().arrayLoad(kind);
            spread(code, e);
            code.storeLocal(local(e), values[position(e)]);
        }
        for (int k = 0; k < loop.outputs().length; k++) start(code, k);
        elements(code);
        for (int k = 0; k < loop.outputs().length; k++) {
            int o = loop.outputs()[k];
            if (o < 0 || loop.uses().get(k) == LoopProgram.Use.STORE) continue;
            code.aload(operands[o]).iload(places[o]).iload(row).iadd();
            finish(code, k);
            code.arrayStore(kind);
        }
        for (int k = 0; k < operands.length; k++) {
            if (operands[k] >= 0 && strides[k] >= 0)
                code.iload(places[k]).iload(strides[k]).iadd().istore(places[k]);
        }
        code.iinc(row, 1).goto_(top).labelBinding(end).return_();
    }

    private void operand(CodeBuilder code, int k, ClassDesc type, boolean moves) {
        if (operands[k] >= 0) return;
        operands[k] = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(ARRAYS).loadConstant(k).aaload().checkcast(type).astore(operands[k]);
        places[k] = code.allocateLocal(TypeKind.INT);
        code.aload(OFFSETS).loadConstant(k).iaload().istore(places[k]);
        strides[k] = moves ? code.allocateLocal(TypeKind.INT) : -1;
        if (moves) code.aload(STRIDES).loadConstant(k).iaload().istore(strides[k]);
    }

    protected final int position(Expr e) {
        return loop.program().position(e);
    }

    private static boolean isOperand(Expr e) {
        return e.kind() == Expr.Kind.INPUT || e.kind() == Expr.Kind.SCALAR;
    }

    protected final ClassDesc arrayOf(Expr e) {
        return e.dtype() == Dtype.BOOL ? CD_boolean.arrayType() : array;
    }

    /** Pushes the number of a constant. */
    private CodeBuilder number(CodeBuilder code, Expr e) {
        if (e.dtype() == Dtype.BOOL) return code.loadConstant(e.bits() != 0 ? 1 : 0);
        if (isDouble) return code.loadConstant(e.constant());
        return code.loadConstant((float) e.constant());
    }

    /** Evaluates all steps but operands of the row; each value is in its local. */
    protected final void body(CodeBuilder code) {
        for (Expr e : loop.program().steps()) {
            switch (e.kind()) {
                case INPUT -> load(code, e);
                case CAST -> cast(code, e);
                case CALL -> call(code, e);
                default -> {
                    continue;
                }
            }
            code.storeLocal(local(e), values[position(e)]);
        }
        for (int k = 0; k < loop.outputs().length; k++) {
            if (loop.outputs()[k] >= 0) use(code, k, loop.program().outputs().get(k));
        }
    }

    /** Pushes the value of an expression. */
    protected CodeBuilder value(CodeBuilder code, Expr e) {
        return code.loadLocal(local(e), values[position(e)]);
    }

    /** Returns what kind of local holds a value. */
    protected TypeKind local(Expr e) {
        return e.dtype() == Dtype.BOOL ? TypeKind.INT : kind;
    }

    /** Writes what comes before the first row. */
    protected void begin(CodeBuilder code) {}

    /** Makes of the number on the stack a value for all elements. */
    protected void spread(CodeBuilder code, Expr e) {}

    /** Writes the loop over the elements of a row. */
    protected void elements(CodeBuilder code) {
        code.iconst_0().istore(next);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.labelBinding(top).iload(next).iload(N).if_icmpge(end);
        body(code);
        code.iinc(next, 1).goto_(top).labelBinding(end);
    }

    /** Pushes the element of an input. */
    protected void load(CodeBuilder code, Expr e) {
        int k = loop.arrays()[position(e)];
        code.aload(operands[k]).iload(places[k]).iload(next).iadd();
        code.arrayLoad(e.dtype() == Dtype.BOOL ? TypeKind.BOOLEAN : kind);
    }

    /** Pushes a bool as a number, or whether a number is not 0. */
    protected void cast(CodeBuilder code, Expr e) {
        value(code, e.arg(0));
        if (e.arg(0).dtype() == e.dtype()) return;
        if (e.dtype() != Dtype.BOOL) code.conversion(TypeKind.INT, kind);
        else test(code.loadConstant(0).conversion(TypeKind.INT, kind), ScalarOp.NE);
    }

    /** Compares two numbers on the stack; comparisons with NaN are false, but for NE. */
    private void test(CodeBuilder code, ScalarOp op) {
        Label yes = code.newLabel();
        Label end = code.newLabel();
        boolean less = op == ScalarOp.LT || op == ScalarOp.LE;
        if (isDouble) {
            if (less) code.dcmpg();
            else code.dcmpl();
        } else if (less) {
            code.fcmpg();
        } else {
            code.fcmpl();
        }
        switch (op) {
            case EQ -> code.ifeq(yes);
            case NE -> code.ifne(yes);
            case LT -> code.iflt(yes);
            case LE -> code.ifle(yes);
            case GT -> code.ifgt(yes);
            default -> code.ifge(yes);
        }
        code.iconst_0().goto_(end).labelBinding(yes).iconst_1().labelBinding(end);
    }

    /** Pushes the result of an operation. */
    protected void call(CodeBuilder code, Expr e) {
        if (e.is(ScalarOp.WHERE)) {
            Label other = code.newLabel();
            Label end = code.newLabel();
            value(code, e.arg(0)).ifeq(other);
            value(code, e.arg(1)).goto_(end).labelBinding(other);
            value(code, e.arg(2)).labelBinding(end);
            return;
        }
        boolean onBool = e.arg(0).dtype() == Dtype.BOOL;
        if (!onBool && e.op().kind() == ScalarOp.Kind.COMPARE) {
            value(code, e.arg(0));
            test(value(code, e.arg(1)), e.op());
            return;
        }
        if (!onBool && arithmetic(code, e)) return;
        Object function = ScalarFunctions.function(e.op(), onBool ? Dtype.BOOL : loop.type());
        ClassDesc of = desc(interfaceOf(function));
        constant(code, function, of);
        for (int i = 0; i < e.arity(); i++) value(code, e.arg(i));
        ClassDesc type = onBool ? CD_boolean : element;
        ClassDesc[] types = new ClassDesc[e.arity()];
        Arrays.fill(types, type);
        code.invokeinterface(of, "of", MethodTypeDesc.of(type, types));
    }

    private static Class<?> interfaceOf(Object function) {
        return switch (function) {
            case ScalarFunction.FloatUnary _ -> ScalarFunction.FloatUnary.class;
            case ScalarFunction.FloatBinary _ -> ScalarFunction.FloatBinary.class;
            case ScalarFunction.DoubleUnary _ -> ScalarFunction.DoubleUnary.class;
            case ScalarFunction.DoubleBinary _ -> ScalarFunction.DoubleBinary.class;
            case ScalarFunction.BoolUnary _ -> ScalarFunction.BoolUnary.class;
            case ScalarFunction.BoolBinary _ -> ScalarFunction.BoolBinary.class;
            default -> throw new IllegalArgumentException(function + " is no function of numbers");
        };
    }

    /** Pushes the result of what the JVM has instructions for, which the JIT compiler may vectorise. */
    private boolean arithmetic(CodeBuilder code, Expr e) {
        switch (e.op()) {
            case ADD, SUB, MUL, DIV, NEG -> {}
            default -> {
                return false;
            }
        }
        for (int i = 0; i < e.arity(); i++) value(code, e.arg(i));
        switch (e.op()) {
            case ADD -> either(code, CodeBuilder::dadd, CodeBuilder::fadd);
            case SUB -> either(code, CodeBuilder::dsub, CodeBuilder::fsub);
            case MUL -> either(code, CodeBuilder::dmul, CodeBuilder::fmul);
            case DIV -> either(code, CodeBuilder::ddiv, CodeBuilder::fdiv);
            default -> either(code, CodeBuilder::dneg, CodeBuilder::fneg);
        }
        return true;
    }

    private interface Instruction {
        CodeBuilder write(CodeBuilder code);
    }

    private void either(CodeBuilder code, Instruction ofDouble, Instruction ofFloat) {
        (isDouble ? ofDouble : ofFloat).write(code);
    }

    /** Starts the reduction of an output over a row. */
    protected void start(CodeBuilder code, int k) {
        switch (loop.uses().get(k)) {
            case STORE -> {}
            case SUM -> {
                code.aload(operands[loop.scratch()]);
                accumulator(code, k, 0);
                accumulator(code, k, loop.accumulators());
                code.loadConstant(0).conversion(TypeKind.INT, kind);
                code.invokestatic(
                        desc(Arrays.class), "fill", MethodTypeDesc.of(CD_void, array, CD_int, CD_int, element));
            }
            case MAX -> {
                largest[k] = code.allocateLocal(kind);
                lowest(code).storeLocal(kind, largest[k]);
            }
        }
    }

    /** Pushes the number below all others. */
    protected final CodeBuilder lowest(CodeBuilder code) {
        return isDouble ? code.loadConstant(Double.NEGATIVE_INFINITY) : code.loadConstant(Float.NEGATIVE_INFINITY);
    }

    /** Pushes the offset of an accumulator of an output. */
    protected final CodeBuilder accumulator(CodeBuilder code, int k, int number) {
        return code.iload(places[loop.scratch()])
                .loadConstant(k * loop.accumulators() + number)
                .iadd();
    }

    /** Stores an output of an element, or takes it into the reduction. */
    protected void use(CodeBuilder code, int k, Expr e) {
        int o = loop.outputs()[k];
        switch (loop.uses().get(k)) {
            case STORE -> {
                code.aload(operands[o]).iload(places[o]).iload(next).iadd();
                value(code, e).arrayStore(e.dtype() == Dtype.BOOL ? TypeKind.BOOLEAN : kind);
            }
            case SUM -> {
                code.aload(operands[loop.scratch()]);
                accumulator(code, k, 0)
                        .iload(next)
                        .loadConstant(loop.accumulators() - 1)
                        .iand()
                        .iadd();
                code.dup2().arrayLoad(kind);
                value(code, e);
                either(code, CodeBuilder::dadd, CodeBuilder::fadd);
                code.arrayStore(kind);
            }
            case MAX -> {
                Label end = code.newLabel();
                value(code, e).loadLocal(kind, largest[k]);
                either(code, CodeBuilder::dcmpl, CodeBuilder::fcmpl);
                code.ifle(end);
                value(code, e).storeLocal(kind, largest[k]).labelBinding(end);
            }
        }
    }

    /** Makes 0 of a -0 on the stack: which of the two a maximum finds depends on the order. */
    protected final void positive(CodeBuilder code) {
        code.loadConstant(0).conversion(TypeKind.INT, kind);
        either(code, CodeBuilder::dadd, CodeBuilder::fadd);
    }

    /** Pushes the result of the reduction of an output. */
    protected void finish(CodeBuilder code, int k) {
        if (loop.uses().get(k) == LoopProgram.Use.MAX) {
            positive(code.loadLocal(kind, largest[k]));
        } else {
            code.aload(operands[loop.scratch()]);
            accumulator(code, k, 0).invokestatic(LOOP, "sum", MethodTypeDesc.of(element, array, CD_int));
        }
    }
}

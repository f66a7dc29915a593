package dev.cotangent.cpu.vector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import org.jspecify.annotations.Nullable;

/**
 * Copies the instructions of a method, and of the static methods of the same file that it calls, into generated code. The
 * JIT compiler inlines a method of vector operations or not by rules of thumb, and where it does not every vector that is
 * passed becomes an object; copied code leaves it no choice. Only code without branches can be copied. The copy says the class
 * of each vector that it makes, which the compiler would take from a profile otherwise, if there is one.
 */
final class MethodInliner {
    /** Class files by name. Their models are not shared: these parse what they are asked for, without a lock. */
    private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();

    private static final ClassDesc SPECIES = desc(Species.class);

    /** The fields of {@link Species} with the class that vectors of a type have. */
    private static final Map<ClassDesc, String> CLASS_CONSTANTS = Map.of(
            desc(FloatVector.class), "FLOATS",
            desc(DoubleVector.class), "DOUBLES",
            desc(IntVector.class), "INTS",
            desc(LongVector.class), "LONGS");

    private final CodeBuilder code;

    MethodInliner(CodeBuilder code) {
        this.code = code;
    }

    /** Pushes the result of a method of an object without fields, whose arguments, all of them vectors, are in locals. */
    void call(Class<?> owner, String method, int... arguments) {
        MethodModel m = find(owner, method);
        if (m == null) throw new IllegalStateException(owner + " has no method " + method + " of vectors");
        int base = locals(m);
        for (int i = 0; i < arguments.length; i++) {
            pin(code.aload(arguments[i]), m.methodTypeSymbol().parameterType(i)).astore(base + 1 + i);
        }
        copy(owner.getName(), m, base);
    }

    /** Pushes the result of a static method whose arguments are on the stack. */
    void callStatic(Class<?> owner, String method, MethodTypeDesc type) {
        inline(owner.getName(), method, type);
    }

    /** Returns whether a class itself has a method of that name that takes vectors. */
    static boolean has(Class<?> owner, String method) {
        return find(owner, method) != null;
    }

    private static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    private static @Nullable MethodModel find(Class<?> owner, String method) {
        for (MethodModel m : parse(owner.getName()).methods()) {
            MethodTypeDesc type = m.methodTypeSymbol();
            boolean takesVectors =
                    type.parameterCount() > 0 && type.parameterList().stream().allMatch(CLASS_CONSTANTS::containsKey);
            if (m.methodName().equalsString(method) && takesVectors) return m;
        }
        return null;
    }

    private static ClassModel parse(String name) {
        return ClassFile.of().parse(FILES.computeIfAbsent(name, n -> {
            String file = n.substring(n.lastIndexOf('.') + 1) + ".class";
            try (InputStream in = MethodInliner.class.getResourceAsStream(file)) {
                if (in == null) throw new IllegalStateException(file + " is missing");
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    private static CodeModel body(MethodModel m) {
        return m.code().orElseThrow();
    }

    /** Reserves locals for those of a method. */
    private int locals(MethodModel m) {
        int base = code.allocateLocal(TypeKind.REFERENCE);
        for (int i = 1; i < m.findAttribute(Attributes.code()).orElseThrow().maxLocals(); i++) {
            code.allocateLocal(TypeKind.REFERENCE);
        }
        return base;
    }

    private void copy(String owner, MethodModel m, int base) {
        for (CodeElement e : body(m)) {
            switch (e) {
                case LoadInstruction l -> code.loadLocal(l.typeKind(), base + l.slot());
                case StoreInstruction s -> code.storeLocal(s.typeKind(), base + s.slot());
                // What is returned stays on the stack.
                case ReturnInstruction _ -> {}
                case InvokeInstruction i
                when i.opcode() == Opcode.INVOKESTATIC && isOurs(i, owner) ->
                    inline(nameOf(i), i.name().stringValue(), i.typeSymbol());
                case Instruction i
                when isStraight(i) -> {
                    code.with(i);
                    pin(i);
                }
                case Instruction i -> throw new IllegalStateException("cannot copy " + i + " of " + owner);
                default -> {}
            }
        }
    }

    /** Says the class of a vector that an instruction has pushed. */
    private void pin(Instruction i) {
        if (i instanceof InvokeInstruction call) pin(code, call.typeSymbol().returnType());
        else if (i instanceof TypeCheckInstruction check && check.opcode() == Opcode.CHECKCAST)
            pin(code, check.type().asSymbol());
    }

    /** Says the class of the vector on the stack, which has the given type of any width; does nothing for other types. */
    static CodeBuilder pin(CodeBuilder code, ClassDesc type) {
        String classOf = CLASS_CONSTANTS.get(type);
        if (classOf == null) return code;
        return code.getstatic(SPECIES, classOf, ConstantDescs.CD_Class)
                .swap()
                .invokevirtual(
                        ConstantDescs.CD_Class,
                        "cast",
                        MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object))
                .checkcast(type);
    }

    private static boolean isStraight(Instruction i) {
        return switch (i.opcode().kind()) {
            case BRANCH, TABLE_SWITCH, LOOKUP_SWITCH, THROW_EXCEPTION, INCREMENT -> false;
            default -> true;
        };
    }

    private static boolean isOurs(InvokeInstruction i, String owner) {
        String name = nameOf(i);
        int nested = owner.indexOf('$');
        String outer = nested < 0 ? owner : owner.substring(0, nested);
        return name.equals(outer) || name.startsWith(outer + "$");
    }

    private static String nameOf(InvokeInstruction i) {
        ClassDesc c = i.owner().asSymbol();
        return c.packageName() + "." + c.displayName();
    }

    /** Takes the arguments from the stack into new locals. */
    private void inline(String owner, String method, MethodTypeDesc type) {
        MethodModel m = parse(owner).methods().stream()
                .filter(each -> each.methodName().equalsString(method)
                        && each.methodTypeSymbol().equals(type))
                .findFirst()
                .orElseThrow();
        int base = locals(m);
        int slot = base;
        for (ClassDesc p : type.parameterList()) slot += TypeKind.from(p).slotSize();
        for (int p = type.parameterCount() - 1; p >= 0; p--) {
            TypeKind kind = TypeKind.from(type.parameterType(p));
            slot -= kind.slotSize();
            code.storeLocal(kind, slot);
        }
        copy(owner, m, base);
    }
}

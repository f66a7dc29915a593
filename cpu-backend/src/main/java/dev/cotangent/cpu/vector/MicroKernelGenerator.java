package dev.cotangent.cpu.vector;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.cotangent.cpu.MicroKernel;
import dev.cotangent.cpu.PackingBuffer;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the class of a {@link VectorMicroKernel} whose accumulators all stay in registers: a method cannot keep vectors in an
 * array, so each of the rows * vectors accumulators is a local variable, and the code is unrolled for one shape and one
 * type.
 */
final class MicroKernelGenerator {
    private static final ClassDesc MAKER = desc(MicroKernelGenerator.class);
    private static final ClassDesc TILE = desc(VectorMicroKernel.class);
    private static final ClassDesc SPECIES = desc(VectorSpecies.class);
    private static final ClassDesc CONSTANTS = desc(Species.class);
    private static final ClassDesc ANY_VECTOR = desc(Vector.class);
    private static final ClassDesc SHUFFLE = desc(VectorShuffle.class);
    private static final ClassDesc MASK = desc(VectorMask.class);
    private static final ClassDesc FENCES = desc(VarHandle.class);
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            CD_void, CD_int, CD_int, CD_int, CD_Object, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_int);
    private static final MethodTypeDesc MULTIPLY = RUN.insertParameterTypes(0, CD_int);
    private static final ClassDesc HEIGHTS = desc(MicroKernel.Heights.class);
    private static final MethodTypeDesc PACK_ROWS =
            MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_int);
    private static final MethodTypeDesc PACK =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_int);
    private static final MethodTypeDesc TURN =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_int);
    private static final MethodTypeDesc TURN_INTO =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int);

    // The parameters of a kernel, in their order.
    private static final int STRIPS = 1;
    private static final int K = 2;
    private static final int I = 3;
    private static final int B = 4;
    private static final int J = 5;
    private static final int D = 6;
    private static final int E = 7;
    private static final int LDD = 8;
    private static final int C = 9;
    private static final int O = 10;
    private static final int LDC = 11;

    /** HotSpot has no masks of two lanes in memory, so blending would allocate. */
    private static final int LEAST_SQUARE = 4;

    /** The name of the constant with the packing buffer's array. */
    private static final String A = "STRIPS";

    /** x86 does without instructions for a fence between loads, and has few registers. */
    private static final boolean FENCED = Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

    private final ClassDesc name = ClassDesc.of(MicroKernelGenerator.class.getPackageName(), "GeneratedMicroKernel");
    private final MicroKernelShape shape;
    private final int vectors;
    private final int rows;
    private final int length;
    private final int columns;
    private final int piece;
    private final boolean isDouble;
    private final PackingBuffer strips;
    private final TypeKind kind;
    private final ClassDesc element;
    private final ClassDesc array;
    private final ClassDesc vector;

    private MicroKernelGenerator(MicroKernelShape shape) {
        this.shape = shape;
        vectors = MicroKernelShape.VECTORS;
        rows = shape.rows();
        isDouble = shape.isDouble();
        strips = PackingBuffer.of(isDouble);
        length = shape.lanes();
        columns = shape.columns();
        piece = shape.chunk();
        kind = isDouble ? TypeKind.DOUBLE : TypeKind.FLOAT;
        element = isDouble ? CD_double : CD_float;
        array = element.arrayType();
        vector = desc(isDouble ? DoubleVector.class : FloatVector.class);
    }

    private static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    /** Generates a micro-kernel, whose shape must have the width that {@link Species} chose. */
    static MicroKernel make(MicroKernelShape shape) {
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(write(shape), true);
            return (MicroKernel) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define a micro-kernel of " + shape, e);
        }
    }

    /** Returns the class file of a micro-kernel of any shape, whatever this JVM's vectors are. */
    static byte[] write(MicroKernelShape shape) {
        return new MicroKernelGenerator(shape).write();
    }

    private byte[] write() {
        return ClassFile.of().build(name, c -> {
            c.withFlags(AccessFlag.FINAL, AccessFlag.SUPER).withSuperclass(TILE);
            method(
                    c,
                    INIT_NAME,
                    MTD_void,
                    code -> code.aload(0)
                            .invokespecial(TILE, INIT_NAME, MTD_void)
                            .return_());
            constant(c, "lanes", length < LEAST_SQUARE ? 0 : length);
            constant(c, "columns", columns);
            constant(c, "piece", piece);
            method(
                    c,
                    "heights",
                    MethodTypeDesc.of(HEIGHTS),
                    code -> code.getstatic(name, "HEIGHTS", HEIGHTS).areturn());
            method(c, "multiply", MULTIPLY, this::multiply);
            for (int height : shape.heights().all()) method(c, kernel(height), RUN, code -> body(code, height));
            method(c, "packRows", PACK_ROWS, this::packRows);
            method(c, "packPanel", PACK, code -> packPanels(code, 1));
            method(c, "packPanels", PACK, code -> packPanels(code, MicroKernel.PANELS));
            method(c, "turn", TURN, this::turn);
            method(c, "turnInto", TURN_INTO, this::turnInto);
            constants(c);
        });
    }

    private static void method(ClassBuilder c, String name, MethodTypeDesc type, Consumer<CodeBuilder> code) {
        c.withMethodBody(name, type, name.equals(CLASS_INIT_NAME) ? ClassFile.ACC_STATIC : ClassFile.ACC_PUBLIC, code);
    }

    private static void constant(ClassBuilder c, String name, int value) {
        method(
                c,
                name,
                MethodTypeDesc.of(CD_int),
                code -> code.loadConstant(value).ireturn());
    }

    /**
     * Calls the kernel of a height. Each is a method of its own: a branch that is first taken late would have the compiler
     * throw away what it has made.
     */
    private void multiply(CodeBuilder code) {
        for (int height : shape.heights().all()) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(height).if_icmpne(next).aload(0);
            for (int p = 0; p < RUN.parameterCount(); p++) code.loadLocal(TypeKind.from(RUN.parameterType(p)), p + 2);
            code.invokevirtual(name, kernel(height), RUN).return_().labelBinding(next);
        }
        code.invokestatic(MAKER, "noKernel", MTD_void).return_();
    }

    private static String kernel(int height) {
        return "rows" + height;
    }

    /** Throws, called by generated code, if there is no kernel of a height. */
    static void noKernel() {
        throw new IllegalArgumentException("no micro-kernel of so many rows");
    }

    /**
     * Generates the loop over micro-panels of A for one micro-panel of B. The bounds checks of B are the same for all
     * of them, so the compiler does them before the first; A needs no checks. Otherwise a micro-kernel would
     * begin with some hundred checks.
     */
    private void body(CodeBuilder code, int height) {
        int a = strips(code);
        int b = cast(code, B);
        int d = cast(code, D);
        int c = cast(code, C);
        int[][] sums = new int[height][vectors];
        for (int[] row : sums) for (int v = 0; v < vectors; v++) row[v] = code.allocateLocal(TypeKind.REFERENCE);
        int[] panel = new int[vectors];
        for (int v = 0; v < vectors; v++) panel[v] = code.allocateLocal(TypeKind.REFERENCE);
        int end = code.allocateLocal(TypeKind.INT);
        int p = code.allocateLocal(TypeKind.INT);
        int at = code.allocateLocal(TypeKind.INT);
        int q = code.allocateLocal(TypeKind.INT);
        int unroll = shape.unroll();
        code.iload(K)
                .loadConstant(-unroll)
                .iand()
                .loadConstant(columns)
                .imul()
                .iload(J)
                .iadd();
        code.istore(end);
        Locals operands = new Locals(a, b, p, at);
        loop(code, STRIPS, () -> {
            start(code, d, at, sums);
            code.iload(J).istore(at);
            code.iconst_0().istore(q);
            count(code, at, end, columns * unroll, () -> {
                locate(code, q, p);
                for (int u = 0; u < unroll; u++) addProducts(code, operands, u, panel, sums);
                code.iinc(q, unroll);
            });
            if (unroll > 1) {
                Label isEven = code.newLabel();
                code.iload(K).iconst_1().iand().ifeq(isEven);
                locate(code, q, p);
                addProducts(code, operands, 0, panel, sums);
                code.labelBinding(isEven);
            }
            code.iload(O).istore(at);
            for (int r = 0; r < height; r++) {
                if (r > 0) code.iload(at).iload(LDC).iadd().istore(at);
                for (int v = 0; v < vectors; v++) intoArray(code.aload(sums[r][v]), c, v * length, at);
            }
            further(code, E, LDD, height);
            further(code, O, LDC, height);
            code.iload(I)
                    .iload(K)
                    .loadConstant(piece - 1)
                    .iadd()
                    .loadConstant(-piece)
                    .iand();
            code.loadConstant(rows).imul().iadd().istore(I);
        });
        code.return_();
    }

    /** Generates the offset of an inner index in a micro-panel of A: that of its chunk plus that in the first row. */
    private void locate(CodeBuilder code, int q, int p) {
        code.iload(q).loadConstant(rows).imul();
        code.iload(q).loadConstant(piece - 1).iand();
        code.loadConstant(rows - 1).imul().isub();
        within(code.iload(I).iadd()).istore(p);
    }

    /** Locals with the two packed operands, and where in them an inner index is. */
    private record Locals(int a, int b, int inA, int inB) {}

    /**
     * Generates the products of an inner index at a constant offset from the operands: a row of B with each of the rows
     * of A.
     */
    private void addProducts(CodeBuilder code, Locals of, int further, int[] panel, int[][] sums) {
        int x = code.allocateLocal(TypeKind.REFERENCE);
        fence(code);
        for (int v = 0; v < vectors; v++) {
            species(code);
            fromArray(code, of.b, further * columns + v * length, of.inB);
            code.astore(panel[v]);
        }
        for (int r = 0; r < sums.length; r++) {
            fence(code);
            species(code);
            code.aload(of.a)
                    .iload(of.inA)
                    .loadConstant(r * piece + further)
                    .iadd()
                    .arrayLoad(kind);
            code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
            MethodInliner.pin(code, vector).astore(x);
            for (int v = 0; v < vectors; v++) {
                code.aload(x).aload(panel[v]).aload(sums[r][v]);
                code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY_VECTOR, ANY_VECTOR))
                        .astore(sums[r][v]);
            }
        }
    }

    /** Generates the addition of a multiple of a stride to an offset. */
    private static void further(CodeBuilder code, int place, int step, int times) {
        code.iload(place).iload(step).loadConstant(times).imul().iadd().istore(place);
    }

    /** Masks the index on the stack, so that the compiler knows that it is within the packing buffer. */
    private CodeBuilder within(CodeBuilder code) {
        return code.loadConstant(strips.length() - 1).iand();
    }

    /** Generates the initial values of accumulators: memory, or zeros. */
    private void start(CodeBuilder code, int d, int at, int[][] sums) {
        Label there = code.newLabel();
        Label begun = code.newLabel();
        code.aload(d).ifnonnull(there);
        species(code);
        code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(sums[0][0]);
        for (int[] row : sums) for (int sum : row) code.aload(sums[0][0]).astore(sum);
        code.goto_(begun).labelBinding(there);
        code.iload(E).istore(at);
        for (int r = 0; r < sums.length; r++) {
            if (r > 0) code.iload(at).iload(LDD).iadd().istore(at);
            for (int v = 0; v < vectors; v++) {
                species(code);
                fromArray(code, d, v * length, at);
                code.astore(sums[r][v]);
            }
        }
        code.labelBinding(begun);
    }

    /**
     * Generates a fence, without which the compiler loads all rows first and has no registers left for the
     * accumulators.
     */
    private static void fence(CodeBuilder code) {
        if (FENCED) code.invokestatic(FENCES, "loadLoadFence", MTD_void);
    }

    /**
     * Generates {@code packRows(rows, pieces, from, i, step, j)}: the pieces of a row have constant strides in the
     * micro-panel.
     */
    private void packRows(CodeBuilder code) {
        int from = cast(code, 3);
        int to = strips(code);
        int p = code.allocateLocal(TypeKind.INT);
        int at = code.allocateLocal(TypeKind.INT);
        int into = code.allocateLocal(TypeKind.INT);
        loop(code, 1, () -> {
            code.iconst_0().istore(p);
            count(code, p, 2, 1, () -> {
                code.iload(p).loadConstant(piece).imul().iload(4).iadd().istore(at);
                code.iload(p).loadConstant(rows * piece).imul().iload(6).iadd();
                within(code).istore(into);
                for (int v = 0; v < piece / length; v++) {
                    species(code);
                    fromArray(code, from, v * length, at);
                    intoArray(code, to, v * length, into);
                }
            });
            code.iload(4).iload(5).iadd().istore(4).iinc(6, piece);
        });
        code.return_();
    }

    /** Generates {@code packPanels(k, from, i, step, to, j, further)}: packs adjacent micro-panels, row by row. */
    private void packPanels(CodeBuilder code, int panels) {
        int from = cast(code, 2);
        int to = cast(code, 5);
        int[] panel = multiples(code, panels, 7);
        for (int local : panel) code.iload(local).iload(6).iadd().istore(local);
        int r = code.allocateLocal(TypeKind.INT);
        int into = code.allocateLocal(TypeKind.INT);
        code.iconst_0().istore(r);
        count(code, r, 1, 1, () -> {
            code.iload(r).loadConstant(columns).imul().istore(into);
            for (int p = 0; p < panels; p++) {
                for (int v = 0; v < vectors; v++) {
                    species(code);
                    fromArray(code, from, p * columns + v * length, 3);
                    intoArray(code, to, v * length, into, panel[p]);
                }
            }
            code.iload(3).iload(4).iadd().istore(3);
        });
        code.return_();
    }

    /** Generates {@code turn(n, from, i, step, further, to, j, stepTo, furtherTo)}: squares transposed in registers. */
    private void turn(CodeBuilder code) {
        int from = cast(code, 2);
        int to = cast(code, 6);
        int[] fromRow = multiples(code, length, 4);
        int[] toRow = multiples(code, length, 8);
        loop(code, 1, () -> {
            int[] x = transposed(code, r -> fromArray(code, from, 0, 3, fromRow[r]));
            for (int r = 0; r < length; r++) intoArray(code.aload(x[r]), to, 0, 7, toRow[r]);
            code.iload(3).iload(5).iadd().istore(3).iload(7).iload(9).iadd().istore(7);
        });
        code.return_();
    }

    /**
     * Generates {@code turnInto(k, from, i, step, to, j)}: as the width is a constant, squares need no bounds checks.
     */
    private void turnInto(CodeBuilder code) {
        int from = cast(code, 2);
        int to = cast(code, 5);
        int[] fromRow = multiples(code, length, 4);
        for (int row : fromRow) code.iload(row).iload(3).iadd().istore(row);
        int q = code.allocateLocal(TypeKind.INT);
        int at = code.allocateLocal(TypeKind.INT);
        code.iconst_0().istore(q);
        count(code, q, 1, length, () -> {
            int[] x = transposed(code, r -> fromArray(code, from, 0, fromRow[r], q));
            code.iload(q).loadConstant(columns).imul().iload(6).iadd().istore(at);
            for (int r = 0; r < length; r++) intoArray(code.aload(x[r]), to, r * columns, at);
        });
        code.return_();
    }

    /**
     * Locals with the columns of a square whose rows are loaded so: in rounds in which lanes and vectors whose numbers
     * differ in one bit change places. Those of two vectors that do are brought into one, which costs but one permutation.
     */
    private int[] transposed(CodeBuilder code, IntConsumer load) {
        int[] x = new int[length];
        for (int r = 0; r < length; r++) {
            x[r] = code.allocateLocal(TypeKind.REFERENCE);
            species(code);
            load.accept(r);
            code.astore(x[r]);
        }
        int moving = code.allocateLocal(TypeKind.REFERENCE);
        for (int bit = 1; bit < length; bit *= 2) {
            for (int r = 0; r < length; r++) {
                if ((r & bit) != 0) continue;
                blend(code.aload(x[r + bit]).aload(x[r]), bit).astore(moving);
                rearrange(code, moving, bit);
                code.astore(moving);
                blend(code.aload(x[r]).aload(moving), bit).astore(x[r]);
                blend(code.aload(moving).aload(x[r + bit]), bit).astore(x[r + bit]);
            }
        }
        return x;
    }

    private void rearrange(CodeBuilder code, int from, int bit) {
        code.aload(from).getstatic(name, "SHUFFLE" + bit, SHUFFLE);
        code.invokevirtual(vector, "rearrange", MethodTypeDesc.of(vector, SHUFFLE));
    }

    /** Blends two vectors on the stack: the second in lanes whose number has that bit, else the first. */
    private CodeBuilder blend(CodeBuilder code, int bit) {
        code.getstatic(name, "MASK" + bit, MASK);
        return code.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, ANY_VECTOR, MASK));
    }

    private void constants(ClassBuilder c) {
        c.withField(A, array, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        c.withField("HEIGHTS", HEIGHTS, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        for (int bit = 1; bit < length; bit *= 2) {
            c.withField("SHUFFLE" + bit, SHUFFLE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
            c.withField("MASK" + bit, MASK, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        method(c, CLASS_INIT_NAME, MTD_void, code -> {
            code.loadConstant(isDouble ? 1 : 0);
            code.invokestatic(MAKER, "strips", MethodTypeDesc.of(CD_Object, CD_boolean));
            code.checkcast(array).putstatic(name, A, array);
            int[] heights = shape.heights().all();
            code.new_(HEIGHTS).dup().loadConstant(heights.length).newarray(TypeKind.INT);
            for (int h = 0; h < heights.length; h++)
                code.dup().loadConstant(h).loadConstant(heights[h]).iastore();
            code.invokespecial(HEIGHTS, INIT_NAME, MethodTypeDesc.of(CD_void, CD_int.arrayType()))
                    .putstatic(name, "HEIGHTS", HEIGHTS);
            for (int bit = 1; bit < length; bit *= 2) {
                species(code);
                code.loadConstant(bit).invokestatic(MAKER, "shuffle", MethodTypeDesc.of(SHUFFLE, SPECIES, CD_int));
                code.putstatic(name, "SHUFFLE" + bit, SHUFFLE);
                species(code);
                code.loadConstant(bit).invokestatic(MAKER, "mask", MethodTypeDesc.of(MASK, SPECIES, CD_int));
                code.putstatic(name, "MASK" + bit, MASK);
            }
            code.return_();
        });
    }

    /** Returns the packing buffer's array, called by generated code. */
    static Object strips(boolean isDouble) {
        return PackingBuffer.of(isDouble).memory();
    }

    /** Returns the shuffle that exchanges lanes whose numbers differ in that bit, called by generated code. */
    static VectorShuffle<?> shuffle(VectorSpecies<?> species, int bit) {
        return VectorShuffle.fromOp(species, lane -> lane ^ bit);
    }

    /** Returns the mask of lanes whose numbers have that bit, called by generated code. */
    static VectorMask<?> mask(VectorSpecies<?> species, int bit) {
        long lanes = 0;
        for (int l = 0; l < species.length(); l++) if ((l & bit) != 0) lanes |= 1L << l;
        return VectorMask.fromLong(species, lanes);
    }

    /** Counts a new local up to the one at {@code end}. */
    private static void loop(CodeBuilder code, int end, Runnable body) {
        int i = code.allocateLocal(TypeKind.INT);
        code.iconst_0().istore(i);
        count(code, i, end, 1, body);
    }

    /** Counts a local on while it is less than the one at {@code end}. */
    private static void count(CodeBuilder code, int i, int end, int by, Runnable body) {
        Label top = code.newLabel();
        Label out = code.newLabel();
        code.labelBinding(top).iload(i).iload(end).if_icmpge(out);
        body.run();
        code.iinc(i, by).goto_(top).labelBinding(out);
    }

    /** Stores an argument, cast to its array type, in a local. */
    private int cast(CodeBuilder code, int argument) {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(argument).checkcast(array).astore(local);
        return local;
    }

    /** Stores the packing buffer's array, a constant to the compiler, in a local. */
    private int strips(CodeBuilder code) {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        code.getstatic(name, A, array).astore(local);
        return local;
    }

    /** Locals for {@code r * step}. */
    private static int[] multiples(CodeBuilder code, int n, int step) {
        int[] result = new int[n];
        for (int r = 0; r < n; r++) {
            result[r] = code.allocateLocal(TypeKind.INT);
            code.loadConstant(r).iload(step).imul().istore(result[r]);
        }
        return result;
    }

    /** Loads the species, a constant to the compiler. */
    private void species(CodeBuilder code) {
        code.getstatic(CONSTANTS, isDouble ? "DOUBLE" : "FLOAT", SPECIES);
    }

    /** Loads a vector, after the species, from an array at the sum of some locals and a constant. */
    private void fromArray(CodeBuilder code, int from, int further, int... at) {
        code.aload(from);
        place(code, further, at);
        MethodInliner.pin(
                code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int)), vector);
    }

    /** Stores the vector on the stack. */
    private void intoArray(CodeBuilder code, int to, int further, int... at) {
        MethodInliner.pin(code, vector).aload(to);
        place(code, further, at);
        code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
    }

    private static void place(CodeBuilder code, int further, int... at) {
        code.loadConstant(further);
        for (int local : at) code.iload(local).iadd();
    }
}

package dev.cotangent.cpu.vector;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.cotangent.cpu.Tile;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.function.Consumer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the class of a {@link VectorTile} whose accumulators all stay in registers: a method cannot keep vectors in an
 * array, so each of the rows * vectors accumulators is a local variable, and the code is unrolled for one shape and one
 * type.
 */
final class TileMaker {
    private static final ClassDesc MAKER = desc(TileMaker.class);
    private static final ClassDesc TILE = desc(VectorTile.class);
    private static final ClassDesc SPECIES = desc(VectorSpecies.class);
    private static final ClassDesc ANY_VECTOR = desc(Vector.class);
    private static final ClassDesc SHUFFLE = desc(VectorShuffle.class);
    private static final ClassDesc MASK = desc(VectorMask.class);
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            CD_void, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_Object, CD_int, CD_int);
    private static final MethodTypeDesc PACK =
            MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int);
    private static final MethodTypeDesc TURN =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_int, CD_Object, CD_int, CD_int, CD_int);

    // The parameters of store and accumulate, in their order; pack begins alike.
    private static final int PANELS = 1;
    private static final int K = 2;
    private static final int A = 3;
    private static final int I = 4;
    private static final int LDA = 5;
    private static final int B = 6;
    private static final int J = 7;
    private static final int C = 8;
    private static final int O = 9;
    private static final int LDC = 10;

    private final ClassDesc name = ClassDesc.of(TileMaker.class.getPackageName(), "MadeTile");
    private final int vectors;
    private final int length;
    private final int columns;
    private final TypeKind kind;
    private final ClassDesc element;
    private final ClassDesc array;
    private final ClassDesc vector;

    private TileMaker(int vectors, boolean isDouble) {
        this.vectors = vectors;
        length = (isDouble ? DoubleVector.SPECIES_PREFERRED : FloatVector.SPECIES_PREFERRED).length();
        columns = vectors * length;
        kind = isDouble ? TypeKind.DOUBLE : TypeKind.FLOAT;
        element = isDouble ? CD_double : CD_float;
        array = element.arrayType();
        vector = desc(isDouble ? DoubleVector.class : FloatVector.class);
    }

    private static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    /** A tile of so many vectors. */
    static Tile make(int vectors, boolean isDouble) {
        byte[] code = new TileMaker(vectors, isDouble).write();
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(code, true);
            return (Tile) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define a tile of " + vectors + " vectors", e);
        }
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
            constant(c, "lanes", length);
            constant(c, "columns", columns);
            method(c, "storeTall", RUN, code -> body(code, VectorTile.TALL, false));
            method(c, "accumulateTall", RUN, code -> body(code, VectorTile.TALL, true));
            method(c, "storeShort", RUN, code -> body(code, VectorTile.SHORT, false));
            method(c, "accumulateShort", RUN, code -> body(code, VectorTile.SHORT, true));
            method(c, "pack", PACK, this::pack);
            method(c, "turn", TURN, this::turn);
            shuffles(c);
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

    /** The same rows times one panel after the other. */
    private void body(CodeBuilder code, int rows, boolean accumulate) {
        int a = cast(code, A);
        int b = cast(code, B);
        int c = cast(code, C);
        int[] aRow = multiples(code, rows, LDA);
        for (int row : aRow) code.iload(row).iload(I).iadd().istore(row);
        int[] cRow = multiples(code, rows, LDC);
        int[][] sums = new int[rows][vectors];
        for (int[] row : sums) for (int v = 0; v < vectors; v++) row[v] = code.allocateLocal(TypeKind.REFERENCE);
        int[] panel = new int[vectors];
        for (int v = 0; v < vectors; v++) panel[v] = code.allocateLocal(TypeKind.REFERENCE);
        int x = code.allocateLocal(TypeKind.REFERENCE);
        int at = code.allocateLocal(TypeKind.INT);
        loop(code, PANELS, _ -> {
            for (int r = 0; r < rows; r++) {
                for (int v = 0; v < vectors; v++) {
                    species(code);
                    if (accumulate) fromArray(code, c, v * length, O, cRow[r]);
                    else code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
                    code.astore(sums[r][v]);
                }
            }
            loop(code, K, q -> {
                code.iload(J).iload(q).loadConstant(columns).imul().iadd().istore(at);
                for (int v = 0; v < vectors; v++) {
                    species(code);
                    fromArray(code, b, v * length, at);
                    code.astore(panel[v]);
                }
                for (int r = 0; r < rows; r++) {
                    species(code);
                    code.aload(a).iload(aRow[r]).iload(q).iadd().arrayLoad(kind);
                    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element))
                            .astore(x);
                    for (int v = 0; v < vectors; v++) {
                        code.aload(x).aload(panel[v]).aload(sums[r][v]);
                        code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY_VECTOR, ANY_VECTOR))
                                .astore(sums[r][v]);
                    }
                }
            });
            for (int r = 0; r < rows; r++) {
                for (int v = 0; v < vectors; v++) intoArray(code.aload(sums[r][v]), c, v * length, O, cRow[r]);
            }
            code.iinc(O, columns);
            code.iload(J).iload(K).loadConstant(columns).imul().iadd().istore(J);
        });
        code.return_();
    }

    /** {@code pack(panels, k, b, i, ldb, panel, j)}: a row's vectors, read and written, from row to row. */
    private void pack(CodeBuilder code) {
        int from = cast(code, A);
        int to = cast(code, B);
        int at = code.allocateLocal(TypeKind.INT);
        int into = code.allocateLocal(TypeKind.INT);
        loop(code, K, _ -> {
            code.iload(I).istore(at).iload(J).istore(into);
            loop(code, PANELS, _ -> {
                for (int v = 0; v < vectors; v++) {
                    species(code);
                    fromArray(code, from, v * length, at);
                    intoArray(code, to, v * length, into);
                }
                code.iinc(at, columns);
                code.iload(into).iload(K).loadConstant(columns).imul().iadd().istore(into);
            });
            code.iload(I).iload(LDA).iadd().istore(I).iinc(J, columns);
        });
        code.return_();
    }

    /**
     * {@code turn(n, from, i, step, further, to, j, stepTo, furtherTo)}: squares transposed in registers, in rounds in
     * which lanes and vectors whose numbers differ in one bit change places.
     */
    private void turn(CodeBuilder code) {
        int from = cast(code, 2);
        int to = cast(code, 6);
        int[] fromRow = multiples(code, length, 4);
        int[] toRow = multiples(code, length, 8);
        int[] x = new int[length];
        for (int r = 0; r < length; r++) x[r] = code.allocateLocal(TypeKind.REFERENCE);
        int y = code.allocateLocal(TypeKind.REFERENCE);
        loop(code, 1, _ -> {
            for (int r = 0; r < length; r++) {
                species(code);
                fromArray(code, from, 0, 3, fromRow[r]);
                code.astore(x[r]);
            }
            for (int bit = 1; bit < length; bit *= 2) {
                for (int r = 0; r < length; r++) {
                    if ((r & bit) != 0) continue;
                    rearrange(code, x[r], bit);
                    blend(code.aload(x[r + bit]), bit).astore(y);
                    code.aload(x[r]);
                    rearrange(code, x[r + bit], bit);
                    blend(code, bit).astore(x[r]);
                    code.aload(y).astore(x[r + bit]);
                }
            }
            for (int r = 0; r < length; r++) intoArray(code.aload(x[r]), to, 0, 7, toRow[r]);
            code.iload(3).iload(5).iadd().istore(3).iload(7).iload(9).iadd().istore(7);
        });
        code.return_();
    }

    private void rearrange(CodeBuilder code, int from, int bit) {
        code.aload(from).getstatic(name, "SHUFFLE" + bit, SHUFFLE);
        code.invokevirtual(vector, "rearrange", MethodTypeDesc.of(vector, SHUFFLE));
    }

    /** Of two vectors on the stack: the second in lanes whose number has that bit, else the first. */
    private CodeBuilder blend(CodeBuilder code, int bit) {
        code.getstatic(name, "MASK" + bit, MASK);
        return code.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, ANY_VECTOR, MASK));
    }

    private void shuffles(ClassBuilder c) {
        for (int bit = 1; bit < length; bit *= 2) {
            c.withField("SHUFFLE" + bit, SHUFFLE, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
            c.withField("MASK" + bit, MASK, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        method(c, CLASS_INIT_NAME, MTD_void, code -> {
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

    /** Called by what is made: lanes whose numbers differ in that bit change places. */
    static VectorShuffle<?> shuffle(VectorSpecies<?> species, int bit) {
        return VectorShuffle.fromOp(species, lane -> lane ^ bit);
    }

    /** Called by what is made: the lanes whose numbers have that bit. */
    static VectorMask<?> mask(VectorSpecies<?> species, int bit) {
        long lanes = 0;
        for (int l = 0; l < species.length(); l++) if ((l & bit) != 0) lanes |= 1L << l;
        return VectorMask.fromLong(species, lanes);
    }

    /** Counts a new local up to the one at {@code end}. */
    private static void loop(CodeBuilder code, int end, Consumer<Integer> body) {
        int i = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label out = code.newLabel();
        code.iconst_0().istore(i).labelBinding(top).iload(i).iload(end).if_icmpge(out);
        body.accept(i);
        code.iinc(i, 1).goto_(top).labelBinding(out);
    }

    /** A local with an argument as the array that it is. */
    private int cast(CodeBuilder code, int argument) {
        int local = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(argument).checkcast(array).astore(local);
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

    /** A constant for the compiler. */
    private void species(CodeBuilder code) {
        code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
    }

    /** After the species: the vector from an array, at the sum of some locals and a constant. */
    private void fromArray(CodeBuilder code, int from, int further, int... at) {
        code.aload(from);
        place(code, further, at);
        code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    }

    /** Stores the vector on the stack. */
    private void intoArray(CodeBuilder code, int to, int further, int... at) {
        code.aload(to);
        place(code, further, at);
        code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
    }

    private static void place(CodeBuilder code, int further, int... at) {
        code.loadConstant(further);
        for (int local : at) code.iload(local).iadd();
    }
}

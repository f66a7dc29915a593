package dev.cotangent.cpu.vector;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.cotangent.cpu.Tile;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the class of a {@link Tile} whose accumulators all stay in registers: a method cannot keep vectors in an
 * array, so each of the rows * vectors accumulators is a local variable, and the code is unrolled for one shape and one
 * type.
 */
final class TileMaker {
    private static final ClassDesc TILE = desc(Tile.class);
    private static final ClassDesc SPECIES = desc(VectorSpecies.class);
    private static final ClassDesc ANY_VECTOR = desc(Vector.class);
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int, CD_Object, CD_int, CD_int);

    private static final MethodTypeDesc PACK =
            MethodTypeDesc.of(CD_void, CD_int, CD_Object, CD_int, CD_int, CD_Object, CD_int);

    // The parameters of store and accumulate, in their order.
    private static final int K = 1;
    private static final int A = 2;
    private static final int I = 3;
    private static final int LDA = 4;
    private static final int B = 5;
    private static final int J = 6;
    private static final int C = 7;
    private static final int O = 8;
    private static final int LDC = 9;

    private final int rows;
    private final int vectors;
    private final int length;
    private final TypeKind kind;
    private final ClassDesc element;
    private final ClassDesc array;
    private final ClassDesc vector;

    private TileMaker(int rows, int vectors, boolean isDouble) {
        this.rows = rows;
        this.vectors = vectors;
        length = (isDouble ? DoubleVector.SPECIES_PREFERRED : FloatVector.SPECIES_PREFERRED).length();
        kind = isDouble ? TypeKind.DOUBLE : TypeKind.FLOAT;
        element = isDouble ? CD_double : CD_float;
        array = element.arrayType();
        vector = desc(isDouble ? DoubleVector.class : FloatVector.class);
    }

    private static ClassDesc desc(Class<?> c) {
        return c.describeConstable().orElseThrow();
    }

    /** A tile of so many rows and vectors. */
    static Tile make(int rows, int vectors, boolean isDouble) {
        byte[] code = new TileMaker(rows, vectors, isDouble).write();
        try {
            MethodHandles.Lookup made = MethodHandles.lookup().defineHiddenClass(code, true);
            return (Tile) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot define a tile of " + rows + " rows", e);
        }
    }

    private byte[] write() {
        ClassDesc name = ClassDesc.of(TileMaker.class.getPackageName(), "MadeTile");
        return ClassFile.of().build(name, c -> {
            c.withFlags(AccessFlag.FINAL, AccessFlag.SUPER).withSuperclass(TILE);
            c.withMethodBody(
                    INIT_NAME,
                    MTD_void,
                    0,
                    code -> code.aload(0)
                            .invokespecial(TILE, INIT_NAME, MTD_void)
                            .return_());
            c.withMethodBody(
                    "rows",
                    MethodTypeDesc.of(CD_int),
                    ClassFile.ACC_PUBLIC,
                    code -> code.loadConstant(rows).ireturn());
            c.withMethodBody(
                    "columns",
                    MethodTypeDesc.of(CD_int),
                    ClassFile.ACC_PUBLIC,
                    code -> code.loadConstant(vectors * length).ireturn());
            c.withMethodBody("store", RUN, ClassFile.ACC_PUBLIC, code -> body(code, false));
            c.withMethodBody("accumulate", RUN, ClassFile.ACC_PUBLIC, code -> body(code, true));
            c.withMethodBody("pack", PACK, ClassFile.ACC_PUBLIC, this::pack);
        });
    }

    private void body(CodeBuilder code, boolean accumulate) {
        int[] arrays = new int[3];
        for (int i = 0; i < 3; i++) {
            arrays[i] = code.allocateLocal(TypeKind.REFERENCE);
            code.aload(new int[] {A, B, C}[i]).checkcast(array).astore(arrays[i]);
        }
        int[] aRow = rowStarts(code, I, LDA);
        int[] cRow = rowStarts(code, O, LDC);
        int[][] sums = new int[rows][vectors];
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                sums[r][v] = code.allocateLocal(TypeKind.REFERENCE);
                species(code);
                if (accumulate) fromArray(code, arrays[2], cRow[r], v * length);
                else code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
                code.astore(sums[r][v]);
            }
        }
        int q = code.allocateLocal(TypeKind.INT);
        int at = code.allocateLocal(TypeKind.INT);
        int[] panel = new int[vectors];
        for (int v = 0; v < vectors; v++) panel[v] = code.allocateLocal(TypeKind.REFERENCE);
        int x = code.allocateLocal(TypeKind.REFERENCE);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.iconst_0().istore(q).labelBinding(top).iload(q).iload(K).if_icmpge(end);
        code.iload(J).iload(q).loadConstant(vectors * length).imul().iadd().istore(at);
        for (int v = 0; v < vectors; v++) {
            species(code);
            fromArray(code, arrays[1], at, v * length);
            code.astore(panel[v]);
        }
        for (int r = 0; r < rows; r++) {
            species(code);
            code.aload(arrays[0]).iload(aRow[r]).iload(q).iadd().arrayLoad(kind);
            code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element))
                    .astore(x);
            for (int v = 0; v < vectors; v++) {
                code.aload(x).aload(panel[v]).aload(sums[r][v]);
                code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY_VECTOR, ANY_VECTOR))
                        .astore(sums[r][v]);
            }
        }
        code.iinc(q, 1).goto_(top).labelBinding(end);
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                code.aload(sums[r][v])
                        .aload(arrays[2])
                        .iload(cRow[r])
                        .loadConstant(v * length)
                        .iadd();
                code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
            }
        }
        code.return_();
    }

    /** {@code pack(k, b, i, ldb, panel, j)}: a row's vectors, read and written, from row to row. */
    private void pack(CodeBuilder code) {
        int from = code.allocateLocal(TypeKind.REFERENCE);
        int to = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(2).checkcast(array).astore(from).aload(5).checkcast(array).astore(to);
        int q = code.allocateLocal(TypeKind.INT);
        Label top = code.newLabel();
        Label end = code.newLabel();
        code.iconst_0().istore(q).labelBinding(top).iload(q).iload(1).if_icmpge(end);
        for (int v = 0; v < vectors; v++) {
            species(code);
            fromArray(code, from, 3, v * length);
            code.aload(to).iload(6).loadConstant(v * length).iadd();
            code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
        }
        code.iload(3).iload(4).iadd().istore(3);
        code.iinc(6, vectors * length).iinc(q, 1).goto_(top).labelBinding(end).return_();
    }

    /** Locals for {@code start + r * step}. */
    private int[] rowStarts(CodeBuilder code, int start, int step) {
        int[] starts = new int[rows];
        for (int r = 0; r < rows; r++) {
            starts[r] = code.allocateLocal(TypeKind.INT);
            code.iload(start).loadConstant(r).iload(step).imul().iadd().istore(starts[r]);
        }
        return starts;
    }

    /** A constant for the compiler. */
    private void species(CodeBuilder code) {
        code.getstatic(vector, "SPECIES_PREFERRED", SPECIES);
    }

    /** After the species: the vector from an array at a local index and a constant further. */
    private void fromArray(CodeBuilder code, int from, int index, int further) {
        code.aload(from).iload(index).loadConstant(further).iadd();
        code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    }
}

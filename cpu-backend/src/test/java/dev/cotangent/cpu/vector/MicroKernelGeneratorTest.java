package dev.cotangent.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.cpu.CpuProvider;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Micro-kernels of every width, whatever the processor has. */
class MicroKernelGeneratorTest {
    /** HotSpot compiles no method above this (DontCompileHugeMethods). */
    private static final int HUGE = 8_000;

    @BeforeEach
    void needsTheVectorApi() {
        assumeTrue(CpuProvider.vectors() != null, "the Vector API is not loaded, or not used");
    }

    static Stream<MicroKernelShape> shapes() {
        List<MicroKernelShape> all = new ArrayList<>();
        for (int bits : new int[] {128, 256, 512}) {
            for (int registers : new int[] {16, 32}) {
                for (boolean isDouble : new boolean[] {false, true}) {
                    all.add(MicroKernelShape.of(bits, isDouble, registers));
                }
            }
        }
        return all.stream();
    }

    private static ClassModel generated(MicroKernelShape shape) {
        return ClassFile.of().parse(MicroKernelGenerator.write(shape));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void noMethodIsTooLargeForTheCompiler(MicroKernelShape shape) {
        int kernels = 0;
        for (MethodModel m : generated(shape).methods()) {
            CodeAttribute code = (CodeAttribute) m.code().orElseThrow();
            String name = m.methodName().stringValue();
            assertTrue(code.codeLength() < HUGE, name + " has " + code.codeLength() + " bytes");
            if (name.startsWith("rows")) kernels++;
        }
        assertEquals(shape.heights().all().length, kernels);
    }

    /** Rows are packed by whole vectors; a place in a chunk is found by a mask. */
    @ParameterizedTest
    @MethodSource("shapes")
    void chunksAreWholeVectors(MicroKernelShape shape) {
        assertEquals(0, shape.chunk() % shape.lanes());
        assertEquals(1, Integer.bitCount(shape.chunk()));
    }

    /** Accumulators, a row of B and an element of A are in registers at once. */
    @ParameterizedTest
    @MethodSource("shapes")
    void registersSuffice(MicroKernelShape shape) {
        int registers = (shape.rows() + 1) * MicroKernelShape.VECTORS + 1;
        assertTrue(registers <= (shape.rows() > 6 ? 32 : 16), registers + " registers");
    }
}

package dev.cotangent.emulator.ptx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.emulator.ptx.PtxKernel.Dim;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kernels compute, what is counted of them, and the faults that are found in them. */
class PtxKernelTest {
    private static final int N = 1000;

    /** Returns a kernel of an input, an output and a count. */
    private static String kernel(String body) {
        return """
            .version 9.0
            .target sm_80
            .address_size 64
            .visible .entry k(.param .u64 k_param_0, .param .u64 k_param_1, .param .u32 k_param_2)
            {
                .reg .pred %%p<9>;
                .reg .b32 %%r<20>;
                .reg .f32 %%f<9>;
                .reg .b64 %%rd<20>;
                ld.param.u64 %%rd1, [k_param_0];
                ld.param.u64 %%rd2, [k_param_1];
                ld.param.u32 %%r1, [k_param_2];
                mov.u32 %%r2, %%ctaid.x;
                mov.u32 %%r3, %%ntid.x;
                mov.u32 %%r4, %%tid.x;
                mad.lo.s32 %%r5, %%r2, %%r3, %%r4;
                setp.ge.s32 %%p1, %%r5, %%r1;
                cvta.to.global.u64 %%rd3, %%rd1;
                cvta.to.global.u64 %%rd4, %%rd2;
            %s
            END:
                ret;
            }
            """.formatted(body);
    }

    private static final class Run implements AutoCloseable {
        private final DeviceMemory memory = new DeviceMemory();
        private final long in;
        private final long out;
        private final Counts counts;

        Run(String body, Dim grid, Dim block, int size, int count, long order) {
            PtxKernel kernel = PtxModule.parse(kernel(body)).kernel("k");
            in = memory.allocate(4L * size);
            out = memory.allocate(4L * size);
            MemorySegment data = memory.host(in);
            for (int i = 0; i < size; i++) data.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
            MemorySegment parameters = MemorySegment.ofArray(new byte[kernel.parameterBytes()]);
            parameters.set(
                    ValueLayout.JAVA_LONG_UNALIGNED, kernel.parameterOffsets().get(0), in);
            parameters.set(
                    ValueLayout.JAVA_LONG_UNALIGNED, kernel.parameterOffsets().get(1), out);
            parameters.set(
                    ValueLayout.JAVA_INT_UNALIGNED, kernel.parameterOffsets().get(2), count);
            counts = kernel.launch(grid, block, 0, parameters, memory, order);
        }

        float result(int i) {
            return memory.host(out).getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }

        int bits(int i) {
            return memory.host(out).getAtIndex(ValueLayout.JAVA_INT, i);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    /** Returns the body of a kernel that doubles an element at a place times a stride. */
    private static String doubling(int stride) {
        return """
            @%%p1 bra END;
            mul.wide.s32 %%rd5, %%r5, %d;
            add.s64 %%rd6, %%rd3, %%rd5;
            add.s64 %%rd7, %%rd4, %%rd5;
            ld.global.f32 %%f1, [%%rd6];
            add.f32 %%f2, %%f1, %%f1;
            st.global.f32 [%%rd7], %%f2;
            """.formatted(4 * stride);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7"})
    void elementsOfBlocksInEveryOrder(long order) {
        try (Run run = new Run(doubling(1), new Dim(4), new Dim(256), N, N, order)) {
            for (int i = 0; i < N; i++) assertEquals(2f * i, run.result(i));
            Counts c = run.counts;
            assertEquals(4 * 256, c.threads());
            assertEquals(32, c.warps());
            // The last warp has 8 elements: one branch in it is divergent, and its requests are of one sector each.
            assertEquals(1, c.divergentBranches());
            assertEquals(64, c.requests());
            assertEquals(2 * (31 * 4 + 1), c.sectors());
            assertEquals(1, c.sectorRatio());
            assertEquals(4 * N, c.readBytes());
            assertEquals(4 * N, c.writtenBytes());
            assertEquals(32, c.instructions(Counts.Kind.FLOAT));
        }
    }

    @Test
    void stridesTouchASectorPerElement() {
        try (Run run = new Run(doubling(8), new Dim(1), new Dim(64), N, 64, 0)) {
            assertEquals(8, run.counts.sectorRatio());
            assertEquals(64 * 32, run.counts.readBytes());
        }
    }

    @Test
    void theLastBlocksThreadsOutsideAreFound() {
        PtxException e = assertThrows(
                PtxException.class, () -> new Run(doubling(1), new Dim(4), new Dim(256), N, N + 1, 0).close());
        assertTrue(
                e.getMessage().contains("ld.global.f32") && e.getMessage().contains("out of bounds"), e.getMessage());
    }

    @Test
    void misalignedVectorsAndUnwrittenMemoryAreFound() {
        assertFault("""
            add.s64 %rd5, %rd3, 4;
            ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd5];
            """, "a load of 16 bytes", "is misaligned");
        assertFault("ld.global.f32 %f1, [%rd4];\n", "reads memory that was never written");
        assertFault("""
            .shared .align 4 .b8 tile[128];
            mov.u32 %r6, tile;
            ld.shared.u32 %r7, [%r6];
            """, "of shared memory reads what was never written");
    }

    private static void assertFault(String body, String... texts) {
        PtxException e =
                assertThrows(PtxException.class, () -> new Run(body, new Dim(1), new Dim(32), N, N, 0).close());
        for (String text : texts) assertTrue(e.getMessage().contains(text), e.getMessage());
    }

    @Test
    void sharedMemoryBarriersAndBankConflicts() {
        // Reverses a block; with a stride of 32 words all lanes use one bank.
        for (int stride : new int[] {1, 32}) {
            String body = """
                .shared .align 4 .b8 tile[8192];
                mov.u32 %%r6, tile;
                shl.b32 %%r7, %%r4, 2;
                cvt.u64.u32 %%rd5, %%r7;
                add.s64 %%rd6, %%rd3, %%rd5;
                ld.global.u32 %%r8, [%%rd6];
                mad.lo.s32 %%r9, %%r7, %d, %%r6;
                st.shared.u32 [%%r9], %%r8;
                bar.sync 0;
                sub.s32 %%r10, 63, %%r4;
                mul.lo.s32 %%r11, %%r10, %d;
                add.s32 %%r12, %%r11, %%r6;
                ld.shared.u32 %%r13, [%%r12];
                add.s64 %%rd7, %%rd4, %%rd5;
                st.global.u32 [%%rd7], %%r13;
                """.formatted(stride, 4 * stride);
            try (Run run = new Run(body, new Dim(1), new Dim(64), 64, 64, 3)) {
                for (int i = 0; i < 64; i++) assertEquals(63f - i, run.result(i));
                assertEquals(stride == 1 ? 0 : 4 * 31, run.counts.conflicts());
                assertEquals(1, run.counts.barriers());
            }
        }
    }

    @Test
    void shufflesWithoutAPartnerAreFound() {
        assertFault("""
            setp.lt.u32 %p2, %r4, 16;
            @!%p2 bra END;
            shfl.sync.down.b32 %r6, %r4, 1, 31, 65535;
            """, "reads lane 16, which does not take part");
        assertFault("""
            setp.lt.u32 %p2, %r4, 16;
            @!%p2 bar.sync 0;
            @!%p2 bra END;
            shfl.sync.bfly.b32 %r6, %r4, 1, 31, -1;
            """, "of the mask of members do not come");
    }

    @Test
    void divergentPathsMeetAgain() {
        // Collatz steps until 1: lanes leave the loop at different times, and store together.
        String body = """
            add.s32 %r6, %r4, 1;
            mov.u32 %r7, 0;
            LOOP:
            setp.eq.s32 %p2, %r6, 1;
            @%p2 bra DONE;
            and.b32 %r8, %r6, 1;
            setp.eq.s32 %p3, %r8, 0;
            @%p3 bra EVEN;
            mad.lo.s32 %r6, %r6, 3, 1;
            bra.uni NEXT;
            EVEN:
            shr.u32 %r6, %r6, 1;
            NEXT:
            add.s32 %r7, %r7, 1;
            bra.uni LOOP;
            DONE:
            mul.wide.s32 %rd5, %r4, 4;
            add.s64 %rd6, %rd4, %rd5;
            st.global.u32 [%rd6], %r7;
            """;
        try (Run run = new Run(body, new Dim(1), new Dim(32), 32, 32, 0)) {
            for (int i = 0; i < 32; i++) {
                int steps = 0;
                for (int n = i + 1; n != 1; n = n % 2 == 0 ? n / 2 : 3 * n + 1) steps++;
                assertEquals(steps, run.bits(i));
            }
            assertEquals(1, run.counts.requests());
            assertTrue(run.counts.divergentBranches() > 0);
        }
    }

    @Test
    void votesShufflesAndAtomics() {
        String body = """
            setp.lt.u32 %p2, %r4, 5;
            vote.sync.ballot.b32 %r6, %p2, -1;
            shfl.sync.up.b32 %r7, %r4, 1, 0, -1;
            atom.global.add.u32 %r8, [%rd4+128], 2;
            add.s32 %r9, %r6, %r7;
            mul.wide.s32 %rd5, %r4, 4;
            add.s64 %rd6, %rd4, %rd5;
            st.global.u32 [%rd6], %r9;
            """;
        String zero = """
            st.global.u32 [%rd4+128], 0;
            """;
        try (Run run = new Run(zero + body, new Dim(1), new Dim(32), 64, 64, 0)) {
            for (int i = 0; i < 32; i++) assertEquals(31 + Math.max(0, i - 1), run.bits(i));
            assertEquals(64, run.bits(32));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "cvt.rzi.s32.f32, 0fC0200000, -2",
        "cvt.rni.s32.f32, 0f40200000, 2",
        "cvt.rmi.s32.f32, 0fC0200000, -3",
        "cvt.rzi.u32.f32, 0fC0200000, 0",
        "cvt.rzi.s32.f32, 0f7FC00000, 0",
        "cvt.rzi.s32.f32, 0f4F800000, 2147483647",
        "cvt.rn.f32.s32, 16777217, 1266679808",
        "cvt.rz.f32.s32, 33554431, 1275068415",
        "neg.s32, -2147483648, -2147483648",
        "abs.s32, -5, 5",
        "clz.b32, 1, 31",
        "popc.b32, 255, 8",
        "brev.b32, 1, -2147483648",
        "not.b32, 0, -1",
    })
    void functionsOfOneRegister(String instruction, String operand, int expected) {
        String body = """
            mov.b32 %%r6, %s;
            %s %%r7, %%r6;
            st.global.u32 [%%rd4], %%r7;
            """.formatted(operand, instruction);
        try (Run run = new Run(body, new Dim(1), new Dim(1), 1, 1, 0)) {
            assertEquals(expected, run.bits(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "div.s32, -7, 2, -3",
        "div.u32, -1, 2, 2147483647",
        "div.u32, 5, 0, -1",
        "rem.s32, -7, 2, -1",
        "mul.hi.s32, -2147483648, 2, -1",
        "mul.hi.u32, -1, -1, -2",
        "shr.s32, -8, 40, -1",
        "shr.u32, -8, 32, 0",
        "shl.b32, 1, 33, 0",
        "min.u32, -1, 1, 1",
        "max.s32, -1, 1, 1",
        "add.f32, 0f3F800000, 0f33800000, 1065353216",
        "max.f32, 0f7FC00000, 0f3F800000, 1065353216",
        "div.rn.f32, 0f3F800000, 0f40400000, 1051372203",
        "copysign.f32, 0f80000000, 0f3F800000, -1082130432",
    })
    void functionsOfTwoRegisters(String instruction, String a, String b, int expected) {
        String body = """
            mov.b32 %%r6, %s;
            mov.b32 %%r7, %s;
            %s %%r8, %%r6, %%r7;
            st.global.u32 [%%rd4], %%r8;
            """.formatted(a, b, instruction);
        try (Run run = new Run(body, new Dim(1), new Dim(1), 1, 1, 0)) {
            assertEquals(expected, run.bits(0));
        }
    }

    @Test
    void whatIsNotKnownIsNamed() {
        PtxException e = assertThrows(PtxException.class, () -> PtxModule.parse(kernel("wgmma.fence %r1;\n")));
        assertTrue(e.getMessage().contains("k: wgmma.fence %r1"), e.getMessage());
    }
}

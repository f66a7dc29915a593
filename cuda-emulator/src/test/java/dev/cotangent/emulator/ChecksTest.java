package dev.cotangent.emulator;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.kernels.KernelSource;
import dev.cotangent.kernels.Nvrtc;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the emulator's checks find mistakes made on purpose, the mutants that docs/explanation/emulator.md lists, and
 * pass the same code without the mistake.
 */
class ChecksTest {
    private static final int N = 512;
    /**
     * Kernels of 256 threads: a name, what stands for @ in the kernel right_NAME, what stands for it in wrong_NAME, and
     * the body.
     */
    private static final String KERNELS = """
        barrier | __syncthreads(); | | __shared__ float tile[256]; tile[threadIdx.x] = x[ME]; @ x[ME] = tile[255 - threadIdx.x];
        tree | __syncthreads(); | if (half > 32) __syncthreads(); | __shared__ float tile[256]; tile[threadIdx.x] = x[ME]; __syncthreads(); for (int half = 128; half > 0; half /= 2) { if (threadIdx.x < half) tile[threadIdx.x] += tile[threadIdx.x + half]; @ } if (threadIdx.x == 0) x[ME] = tile[0];
        reuse | __syncthreads(); | | __shared__ float tile[256]; float sum = 0.0f; for (int i = 0; i < 2; i++) { tile[threadIdx.x] = x[ME]; __syncthreads(); sum += tile[(threadIdx.x + 1) % 256]; @ } x[ME] = sum;
        blocks | ME | 0 | if (threadIdx.x == 0) x[@] = 1.0f;
        neighbour | ME | (ME + 256) % 512 | x[ME] = x[@] + 1.0f;
        counter | atomicAdd((int*)x, 1); | *(int*)x += 1; | if (threadIdx.x % 2) atomicAdd((int*)x, 1); else { @ }
        tile | 256 | 255 | __shared__ float tile[256]; if (threadIdx.x < @) tile[threadIdx.x] = x[ME]; __syncthreads(); x[ME] = tile[255 - threadIdx.x];
        vector | 8 | 7 | Four four = *(Four*)(x + 4 * (threadIdx.x % 4) + @); if (four.at[0] == -1.0f) x[0] = 2.0f;
        end | 511 | 512 | if (ME == 0 && x[@] == -1.0f) x[0] = 2.0f;
        begin | 0 | -1 | if (ME == 0 && x[@] == -1.0f) x[0] = 2.0f;
        warp | __syncthreads(); | | __shared__ float tile[256]; tile[threadIdx.x] = __shfl_xor_sync(~0u, x[ME], 1); __shfl_sync(~0u, 0, 0); @ x[ME] = tile[threadIdx.x ^ 1];
        """;

    private static String source() {
        StringBuilder all = new StringBuilder("""
            #define ME (blockIdx.x * blockDim.x + threadIdx.x)
            struct __align__(16) Four { float at[4]; };
            extern "C" __global__ void add(float* x, const float* y) { if (threadIdx.x == 0) x[0] = x[0] * 2.0f + y[0]; }
            extern "C" __global__ void gamma(float* x) { x[ME] = lgammaf(x[ME]); }
            """);
        for (String kernel : KERNELS.lines().toList()) {
            String[] part = kernel.split("\\|", 4);
            for (int k = 1; k <= 2; k++) {
                all.append("extern \"C\" __global__ void ")
                        .append(k == 1 ? "right_" : "wrong_")
                        .append(part[0].strip())
                        .append("(float* x) { ")
                        .append(part[3].replace("@", part[k]))
                        .append(" }\n");
            }
        }
        return all.toString();
    }

    private static EmulatedCuda emulator;
    private static CUmodule module;
    private static final CUcontext CONTEXT = new CUcontext();
    private static final CUstream A = new CUstream();
    private static final CUstream B = new CUstream();
    private CUdeviceptr x;
    private CUdeviceptr y;

    @BeforeAll
    @SuppressWarnings("restricted")
    static void install() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Skipped: " + obstacle);
        assumeTrue(obstacle.isEmpty(), obstacle);
        emulator = EmulatedCuda.install();
        System.load(emulator.folder().resolve("libcuda.so.1").toString());
        Nvrtc nvrtc = Nvrtc.load(emulator.folder().resolve("libnvrtc.so.12"));
        check(JCudaDriver.cuInit(0));
        CUdevice device = new CUdevice();
        check(JCudaDriver.cuDeviceGet(device, 0));
        check(JCudaDriver.cuDevicePrimaryCtxRetain(CONTEXT, device));
        check(JCudaDriver.cuCtxSetCurrent(CONTEXT));
        emulator.instrumented(true);
        module = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(
                module,
                nvrtc.compile(new KernelSource("checks", source()), "sm_80").cubin()));
        check(JCudaDriver.cuStreamCreate(A, CUstream_flags.CU_STREAM_NON_BLOCKING));
        check(JCudaDriver.cuStreamCreate(B, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    @AfterAll
    static void restore() {
        if (emulator == null) return;
        check(JCudaDriver.cuCtxSetCurrent(CONTEXT));
        check(JCudaDriver.cuStreamDestroy(A));
        check(JCudaDriver.cuStreamDestroy(B));
        emulator.instrumented(false);
    }

    @BeforeEach
    void allocate() {
        check(JCudaDriver.cuCtxSetCurrent(CONTEXT));
        emulator.diagnostics();
        float[] values = new float[N];
        for (int i = 0; i < N; i++) values[i] = i + 2.5f;
        x = new CUdeviceptr();
        y = new CUdeviceptr();
        check(JCudaDriver.cuMemAlloc(x, 4 * N));
        check(JCudaDriver.cuMemAlloc(y, 4 * N));
        for (CUdeviceptr p : new CUdeviceptr[] {x, y}) {
            check(JCudaDriver.cuMemcpyHtoD(p, Pointer.to(values), 4 * N));
        }
    }

    @AfterEach
    void free() {
        emulator.asynchronous(0);
        emulator.perturbed(false);
        JCudaDriver.cuCtxSynchronize();
        check(JCudaDriver.cuMemFree(x));
        check(JCudaDriver.cuMemFree(y));
    }

    private static void check(int code) {
        assertEquals(CUDA_SUCCESS, code);
    }

    private static int launch(String name, int blocks, int threads, CUstream stream, Pointer... arguments) {
        CUfunction function = new CUfunction();
        check(JCudaDriver.cuModuleGetFunction(function, module, name));
        return JCudaDriver.cuLaunchKernel(
                function, blocks, 1, 1, threads, 1, 1, 0, stream, Pointer.to(arguments), null);
    }

    private static int add(CUdeviceptr to, CUdeviceptr from, CUstream stream) {
        return launch("add", 1, 1, stream, Pointer.to(to), Pointer.to(from));
    }

    private static float first(CUdeviceptr p) {
        float[] value = new float[1];
        check(JCudaDriver.cuMemcpyDtoH(Pointer.to(value), p, 4));
        return value[0];
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        barrier   | reads shared memory that no thread of the block has written
        tree      | without a barrier between them, in shared memory
        reuse     | writes what another thread of its block reads without a barrier between them
        blocks    | writes what thread 0 of block 0 writes, in global memory
        neighbour | in global memory
        counter   | of block 0 writes without a barrier between them, in global memory
        tile      | reads shared memory that no thread of the block has written
        vector    | accesses 16 bytes at an address that is not a multiple of that
        end       | reads 4 bytes behind an allocation of 2048 bytes
        begin     | reads 4 bytes before an allocation of 2048 bytes
        warp      | without a barrier between them, in shared memory
        """)
    void aKernelsMistakeIsFound(String name, String expected) {
        check(launch("right_" + name, 2, 256, null, Pointer.to(x)));
        assertEquals("", emulator.diagnostics());
        assertNotEquals(CUDA_SUCCESS, launch("wrong_" + name, 2, 256, null, Pointer.to(x)));
        String found = emulator.diagnostics();
        assertTrue(found.startsWith("wrong_" + name), found);
        String last = expected.substring(expected.lastIndexOf('*') + 1);
        assertTrue(found.contains(last), found);
    }

    @Test
    void aReadOfMemoryThatNothingHasWrittenIsFound() {
        CUdeviceptr fresh = new CUdeviceptr();
        check(JCudaDriver.cuMemAlloc(fresh, 4 * N));
        check(JCudaDriver.cuMemsetD8(fresh, (byte) 0, 4));
        check(add(x, fresh, null));
        assertNotEquals(CUDA_SUCCESS, add(x, fresh.withByteOffset(4), null));
        String found = emulator.diagnostics();
        assertTrue(found.contains("reads byte 4 of an allocation of 2048 bytes, which nothing has written"), found);
        check(JCudaDriver.cuMemFree(fresh));
    }

    /** The mistakes are a wait that is missing, an event recorded too early, and a copy that nothing orders. */
    @ParameterizedTest
    @ValueSource(strings = {"", "missing", "early", "copy", "default stream"})
    void streamsThatNothingOrdersAreFound(String mistake) {
        emulator.asynchronous(3);
        CUstream first = mistake.equals("default stream") ? null : A;
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
        if (mistake.equals("early")) check(JCudaDriver.cuEventRecord(event, first));
        check(add(x, y, first));
        if (!mistake.equals("early")) check(JCudaDriver.cuEventRecord(event, first));
        if (mistake.isEmpty() || mistake.equals("early")) check(JCudaDriver.cuStreamWaitEvent(B, event, 0));
        if (mistake.equals("copy")) check(JCudaDriver.cuMemcpyDtoDAsync(y, x, 4, B));
        else check(add(y, x, B));
        check(JCudaDriver.cuStreamSynchronize(first));
        int code = JCudaDriver.cuStreamSynchronize(B);
        String found = emulator.diagnostics();
        assertEquals(mistake.isEmpty(), code == CUDA_SUCCESS, found);
        assertEquals(mistake.isEmpty(), found.isEmpty());
        if (!mistake.isEmpty()) {
            assertTrue(found.contains("what another stream") && found.endsWith("neither waits for the other"), found);
        }
        check(JCudaDriver.cuEventDestroy(event));
    }

    @Test
    void aHostThatWaitsOrdersStreams() {
        emulator.asynchronous(3);
        check(add(x, y, A));
        check(JCudaDriver.cuStreamSynchronize(A));
        check(add(y, x, B));
        check(JCudaDriver.cuStreamSynchronize(B));
        assertEquals("", emulator.diagnostics());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pinnedMemoryThatChangesTooEarlyIsFound(boolean waits) {
        emulator.asynchronous(3);
        Pointer pinned = new Pointer();
        check(JCudaDriver.cuMemHostAlloc(pinned, 4, 0));
        var buffer = pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder());
        buffer.putFloat(0, 5);
        check(JCudaDriver.cuMemcpyHtoDAsync(x, pinned, 4, A));
        if (waits) check(JCudaDriver.cuStreamSynchronize(A));
        buffer.putFloat(0, 6);
        assertEquals(waits, JCudaDriver.cuStreamSynchronize(A) == CUDA_SUCCESS);
        assertEquals(waits, emulator.diagnostics().isEmpty());
        check(JCudaDriver.cuMemFreeHost(pinned));
    }

    /** Without the setting a missing wait for the default stream cannot show. */
    @Test
    void theDefaultStreamIsLate() {
        Pointer pinned = new Pointer();
        check(JCudaDriver.cuMemHostAlloc(pinned, 4, 0));
        var buffer = pinned.getByteBuffer(0, 4).order(ByteOrder.nativeOrder());
        for (int late = 0; late < 2; late++) {
            emulator.asynchronous(3 * late);
            buffer.putFloat(0, -1);
            check(JCudaDriver.cuMemcpyDtoHAsync(pinned, x, 4, null));
            assertEquals(late == 1 ? -1 : 2.5f, buffer.getFloat(0));
            check(JCudaDriver.cuStreamSynchronize(null));
            assertEquals(2.5f, buffer.getFloat(0));
        }
        check(JCudaDriver.cuMemFreeHost(pinned));
    }

    /** Two streams that nothing orders update x: which comes first depends on the seed. */
    @Test
    void streamsAreInterleavedAtRandom() {
        Set<Float> results = new HashSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            emulator.asynchronous(seed);
            check(JCudaDriver.cuMemsetD8(x, (byte) 0, 4));
            check(JCudaDriver.cuMemcpyDtoDAsync(x, y.withByteOffset(4), 4, A));
            check(JCudaDriver.cuMemcpyDtoDAsync(x, y.withByteOffset(8), 4, B));
            JCudaDriver.cuStreamSynchronize(A);
            JCudaDriver.cuStreamSynchronize(B);
            emulator.diagnostics();
            results.add(first(x));
        }
        assertEquals(Set.of(3.5f, 4.5f), results);
    }

    /** A graph of two branches that write x, synchronized after the first or only at the end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void graphsRunInEveryOrderThatTheyAllow(boolean ordered) {
        CUevent[] events = new CUevent[2];
        for (int i = 0; i < 2; i++) {
            events[i] = new CUevent();
            check(JCudaDriver.cuEventCreate(events[i], CUevent_flags.CU_EVENT_DISABLE_TIMING));
        }
        CUgraph graph = new CUgraph();
        CUgraphExec executable = new CUgraphExec();
        check(JCudaDriver.cuStreamBeginCapture(A, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        check(JCudaDriver.cuMemsetD32Async(x, 0, 1, A));
        check(JCudaDriver.cuEventRecord(events[0], A));
        check(JCudaDriver.cuStreamWaitEvent(B, events[0], 0));
        check(JCudaDriver.cuMemsetD32Async(x, Float.floatToIntBits(1), 1, B));
        check(JCudaDriver.cuEventRecord(events[1], B));
        if (ordered) check(JCudaDriver.cuStreamWaitEvent(A, events[1], 0));
        check(JCudaDriver.cuMemsetD32Async(x, Float.floatToIntBits(2), 1, A));
        if (!ordered) check(JCudaDriver.cuStreamWaitEvent(A, events[1], 0));
        check(JCudaDriver.cuStreamEndCapture(A, graph));
        check(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
        Set<Float> results = new HashSet<>();
        for (long seed = 1; seed <= 20; seed++) {
            emulator.asynchronous(seed);
            check(JCudaDriver.cuGraphLaunch(executable, A));
            assertEquals(ordered, JCudaDriver.cuStreamSynchronize(A) == CUDA_SUCCESS);
            assertEquals(ordered, emulator.diagnostics().isEmpty());
            results.add(first(x));
        }
        assertEquals(ordered ? Set.of(2f) : Set.of(1f, 2f), results);
        check(JCudaDriver.cuGraphExecDestroy(executable));
        check(JCudaDriver.cuGraphDestroy(graph));
        for (CUevent event : events) check(JCudaDriver.cuEventDestroy(event));
    }

    /** A test that compares bits with the host's function passes only as long as results are not perturbed. */
    @Test
    void functionsDifferFromTheHostsByAFewUlp() {
        float[][] results = new float[2][N];
        for (int k = 0; k < 2; k++) {
            emulator.perturbed(k == 1);
            check(JCudaDriver.cuMemcpyDtoD(x, y, 4 * N));
            check(launch("gamma", 2, 256, null, Pointer.to(x)));
            check(JCudaDriver.cuMemcpyDtoH(Pointer.to(results[k]), x, 4 * N));
        }
        int differ = 0;
        for (int i = 0; i < N; i++) {
            if (results[0][i] != results[1][i]) differ++;
            assertEquals(results[0][i], results[1][i], 6 * Math.ulp(results[0][i]));
        }
        assertTrue(differ > N / 2, differ + " of " + N + " differ");
    }
}

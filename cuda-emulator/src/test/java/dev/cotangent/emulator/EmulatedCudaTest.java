package dev.cotangent.emulator;

import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_CONTEXT;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.kernels.KernelSource;
import dev.cotangent.kernels.Nvrtc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the emulated driver and compiler through JCuda: kernels run, and errors are reported. */
class EmulatedCudaTest {
    private static final String KERNELS = """
        extern "C" __global__ void scale(float* x, float by, int n) {
            int i = blockIdx.x * blockDim.x + threadIdx.x;
            if (i < n) x[i] *= by;
        }
        extern "C" __global__ void overrun(float* x, int n) { x[n] = 1.0f; }
        extern "C" __global__ void wild(float* x, long long at) { x[at] = 1.0f; }
        __device__ int deep(volatile int* x, int n) {
            volatile int space[64];
            space[n % 64] = n;
            return n == 0 ? *x : deep(x, n - 1) + space[n % 64];
        }
        extern "C" __global__ void endless(int* x) {
            __syncthreads();
            *x = deep(x, 1 << 20);
        }
        extern "C" __global__ void last_writes(float* x) { *x = (float)threadIdx.x; }
        """;
    private static final String BLOCKS = """
        extern "C" __global__ void reverse(float* x) {
            __shared__ float shared[256];
            shared[threadIdx.x] = x[threadIdx.x];
            __syncthreads();
            x[threadIdx.x] = shared[blockDim.x - 1 - threadIdx.x];
        }
        extern "C" __global__ void reverse_without_barrier(float* x) {
            __shared__ float shared[256];
            shared[threadIdx.x] = x[threadIdx.x];
            x[threadIdx.x] = shared[blockDim.x - 1 - threadIdx.x];
        }
        extern "C" __global__ void divergent(float* x) {
            if (threadIdx.x < 16) { __syncthreads(); x[0] = 1.0f; } else { __shfl_sync(~0u, 1, 0); }
        }
        extern "C" __global__ void warp_sum(float* x) {
            float v = x[threadIdx.x];
            for (int d = 16; d > 0; d /= 2) v += __shfl_down_sync(~0u, v, d);
            int many = __syncthreads_count(threadIdx.x % 3 == 0);
            if (threadIdx.x % 32 == 0) x[threadIdx.x] = v + many;
        }
        """;
    private static EmulatedCuda emulator;
    private static Nvrtc nvrtc;
    private static final CUcontext[] CONTEXTS = {new CUcontext(), new CUcontext()};

    @BeforeAll
    @SuppressWarnings("restricted")
    static void install() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Skipped: " + obstacle);
        assumeTrue(obstacle.isEmpty(), obstacle);
        emulator = EmulatedCuda.install();
        System.load(emulator.folder().resolve("libcuda.so.1").toString());
        nvrtc = Nvrtc.load(emulator.folder().resolve("libnvrtc.so.12"));
        check(JCudaDriver.cuInit(0));
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) {
            CUdevice device = new CUdevice();
            check(JCudaDriver.cuDeviceGet(device, d));
            check(JCudaDriver.cuDevicePrimaryCtxRetain(CONTEXTS[d], device));
        }
    }

    @BeforeEach
    void first() {
        check(JCudaDriver.cuCtxSetCurrent(CONTEXTS[0]));
        emulator.diagnostics();
    }

    @AfterEach
    void nothingIsLeft() {
        emulator.descending(false);
        assertEquals(0, emulator.allocations(0) + emulator.allocations(1), "allocations left");
    }

    private static void check(int code) {
        assertEquals(CUDA_SUCCESS, code);
    }

    private static CUmodule load(String source) {
        CUmodule module = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(
                module, nvrtc.compile(new KernelSource("test", source), "sm_80").cubin()));
        return module;
    }

    private static int launch(CUmodule module, String name, int threads, Pointer... arguments) {
        CUfunction function = new CUfunction();
        check(JCudaDriver.cuModuleGetFunction(function, module, name));
        return JCudaDriver.cuLaunchKernel(function, 1, 1, 1, threads, 1, 1, 0, null, Pointer.to(arguments), null);
    }

    private static CUdeviceptr memory(float... values) {
        CUdeviceptr p = new CUdeviceptr();
        check(JCudaDriver.cuMemAlloc(p, 4L * values.length));
        check(JCudaDriver.cuMemcpyHtoD(p, Pointer.to(values), 4L * values.length));
        return p;
    }

    private static float[] take(CUdeviceptr p, int n) {
        float[] values = new float[n];
        check(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), p, 4L * n));
        check(JCudaDriver.cuMemFree(p));
        return values;
    }

    @Test
    void aKernelRuns() {
        CUdeviceptr x = memory(1, 2, 3);
        check(launch(
                load(KERNELS), "scale", 32, Pointer.to(x), Pointer.to(new float[] {2}), Pointer.to(new int[] {3})));
        assertArrayEquals(new float[] {2, 4, 6}, take(x, 3));
        assertEquals("", emulator.diagnostics());
    }

    @Test
    void uninitialisedMemoryHoldsASentinel() {
        CUdeviceptr p = new CUdeviceptr();
        check(JCudaDriver.cuMemAlloc(p, 8));
        for (float f : take(p, 2)) assertTrue(f != 0);
    }

    @Test
    void anOutOfBoundsWriteIsReported() {
        CUdeviceptr x = memory(1, 2, 3);
        int code = launch(load(KERNELS), "overrun", 1, Pointer.to(x), Pointer.to(new int[] {3}));
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, code);
        assertTrue(emulator.diagnostics().startsWith("overrun wrote behind an allocation of 12 bytes"));
        take(x, 3);
    }

    @Test
    void anInvalidAddressFailsOnlyItsLaunch() {
        CUmodule module = load(KERNELS);
        CUdeviceptr x = memory(1, 2, 3);
        for (long at : new long[] {1L << 40, -(1L << 40)}) {
            int code = launch(module, "wild", 1, Pointer.to(x), Pointer.to(new long[] {at}));
            assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, code);
            String diagnostics = emulator.diagnostics();
            assertTrue(diagnostics.startsWith("wild accesses an invalid address"), diagnostics);
            assertTrue(diagnostics.endsWith("in thread (0, 0, 0) of block (0, 0, 0)"), diagnostics);
        }
        assertArrayEquals(new float[] {1, 2, 3}, take(x, 3));
    }

    @Test
    void aStackOverflowFailsOnlyItsLaunch() {
        CUdeviceptr x = memory(0);
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, launch(load(KERNELS), "endless", 32, Pointer.to(x)));
        String diagnostics = emulator.diagnostics();
        assertTrue(diagnostics.startsWith("endless overflows its stack"), diagnostics);
        assertArrayEquals(new float[] {0}, take(x, 1));
    }

    @Test
    void bothThreadOrdersMustAgree() {
        CUmodule module = load(KERNELS);
        CUdeviceptr x = memory(1, 2, 3);
        emulator.bothWays(true);
        try {
            assertEquals(CUDA_ERROR_LAUNCH_FAILED, launch(module, "last_writes", 32, Pointer.to(x)));
            String diagnostics = emulator.diagnostics();
            assertTrue(
                    diagnostics.startsWith(
                            "last_writes computes other results when its threads run in descending order"),
                    diagnostics);
            check(JCudaDriver.cuMemcpyHtoD(x, Pointer.to(new float[] {1}), 4));
            check(launch(module, "scale", 32, Pointer.to(x), Pointer.to(new float[] {2}), Pointer.to(new int[] {3})));
        } finally {
            emulator.bothWays(false);
        }
        assertArrayEquals(new float[] {2, 4, 6}, take(x, 3));
        assertEquals("", emulator.diagnostics());
    }

    @Test
    void aCopyBeyondAnAllocationFails() {
        CUdeviceptr x = memory(1, 2, 3);
        assertEquals(CUDA_ERROR_INVALID_VALUE, JCudaDriver.cuMemcpyDtoH(Pointer.to(new float[4]), x, 16));
        assertTrue(emulator.diagnostics().contains("beyond an allocation"));
        take(x, 3);
    }

    @Test
    void aMissingBarrierChangesResults() {
        CUmodule module = load(BLOCKS);
        float[][] results = new float[4][];
        for (int k = 0; k < 4; k++) {
            emulator.descending(k % 2 == 1);
            CUdeviceptr x = memory(1, 2, 3, 4);
            check(launch(module, k < 2 ? "reverse" : "reverse_without_barrier", 4, Pointer.to(x)));
            results[k] = take(x, 4);
        }
        assertArrayEquals(new float[] {4, 3, 2, 1}, results[0]);
        assertArrayEquals(results[0], results[1]);
        assertFalse(Arrays.equals(results[2], results[3]), "a missing barrier changes results");
    }

    @Test
    void aDivergentBarrierIsALaunchFailure() {
        CUdeviceptr x = memory(1, 2, 3);
        assertEquals(CUDA_ERROR_LAUNCH_FAILED, launch(load(BLOCKS), "divergent", 32, Pointer.to(x)));
        assertTrue(emulator.diagnostics().contains("divergent: a barrier is not reached by all threads"));
        take(x, 3);
    }

    @Test
    void warpsExchangeValues() {
        float[] ones = new float[64];
        Arrays.fill(ones, 1);
        CUdeviceptr x = memory(ones);
        check(launch(load(BLOCKS), "warp_sum", 64, Pointer.to(x)));
        float[] sums = take(x, 64);
        assertEquals(32 + 22, sums[0]);
        assertEquals(32 + 22, sums[32]);
    }

    @Test
    void failuresCanBeInjected() {
        CUmodule module = load(KERNELS);
        CUdeviceptr x = memory(1);
        emulator.failAllocation(0);
        assertEquals(CUDA_ERROR_OUT_OF_MEMORY, JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4));
        emulator.failLaunch(0);
        Pointer[] arguments = {Pointer.to(x), Pointer.to(new float[] {2}), Pointer.to(new int[] {1})};
        assertEquals(CUDA_ERROR_LAUNCH_FAILED, launch(module, "scale", 1, arguments));
        check(launch(module, "scale", 1, arguments));
        emulator.fail("cuMemcpyDtoH", 1, CUDA_ERROR_ILLEGAL_ADDRESS);
        float[] values = new float[1];
        check(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), x, 4));
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, JCudaDriver.cuMemcpyDtoH(Pointer.to(values), x, 4));
        emulator.fail("nvrtcCompileProgram", 0, 7);
        assertThrows(CotangentException.class, () -> load(KERNELS));
        load(KERNELS);
        emulator.lose(0, CUDA_ERROR_ILLEGAL_ADDRESS);
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, JCudaDriver.cuCtxSynchronize());
        emulator.lose(0, 0);
        assertArrayEquals(new float[] {2}, take(x, 1));
    }

    /** The number of mappings of a process is limited, and a long run of tests loads many kernels. */
    @Test
    void codeUsesFewMappingsAndIsSharedByDevices() throws IOException {
        String source = "extern \"C\" __global__ void few(float* x) { x[0] += 40.0f; }";
        byte[] code = nvrtc.compile(new KernelSource("test", source), "sm_80").cubin();
        long before = mappings();
        CUmodule first = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(first, code));
        long one = mappings() - before;
        assertTrue(one <= 2, one + " mappings for one module");
        check(JCudaDriver.cuCtxSetCurrent(CONTEXTS[1]));
        CUmodule second = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(second, code));
        assertEquals(before + one, mappings());
        CUdeviceptr x = memory(2);
        assertEquals(CUDA_SUCCESS, launch(second, "few", 1, Pointer.to(x)));
        assertArrayEquals(new float[] {42}, take(x, 1));
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(l -> l.contains("/tmp/emulated-cuda-")).count();
        }
    }

    @Test
    void memoryBelongsToOneDevice() {
        CUmodule module = load(KERNELS);
        check(JCudaDriver.cuCtxSetCurrent(CONTEXTS[1]));
        CUdeviceptr other = memory(1);
        check(JCudaDriver.cuCtxSetCurrent(CONTEXTS[0]));
        int code =
                launch(module, "scale", 1, Pointer.to(other), Pointer.to(new float[] {2}), Pointer.to(new int[] {1}));
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, code);
        assertTrue(emulator.diagnostics().contains("another device's memory"));
        check(JCudaDriver.cuCtxSetCurrent(CONTEXTS[1]));
        take(other, 1);
    }

    @Test
    void aThreadNeedsAContext() throws InterruptedException {
        AtomicInteger code = new AtomicInteger();
        Thread thread = Thread.ofPlatform().start(() -> code.set(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)));
        thread.join();
        assertEquals(CUDA_ERROR_INVALID_CONTEXT, code.get());
    }

    @Test
    void compilationErrorsAreReported() {
        KernelSource wrong = new KernelSource("wrong", "extern \"C\" __global__ void k() { undefined(); }");
        String message = assertThrows(CotangentException.class, () -> nvrtc.compile(wrong, "sm_80"))
                .getMessage();
        assertTrue(message.contains("kernel.cu:1") && message.contains("undefined"), message);
    }
}

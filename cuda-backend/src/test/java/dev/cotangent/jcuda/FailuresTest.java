package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.internal.ops.creation.CreationOps.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.cuda.CudaEvent;
import dev.cotangent.cuda.CudaGraph;
import dev.cotangent.cuda.CudaStream;
import dev.cotangent.internal.Internals;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that every call that can fail throws an exception with CUDA's name of the error, that the next call works, and
 * every step of an allocation.
 */
class FailuresTest extends OnEmulator {
    private static final int OUT_OF_MEMORY = 2;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int MIB = 1 << 20;

    /** Computes something with all calls of the driver. */
    private static float[] work() {
        List<Tensor> results = new ArrayList<>();
        Tensor w = floatTensor(1, 2, 3, 4, 5, 6).cuda().reshape(3, 2).requiresGrad_(true);
        Tensor x = floatTensor(6, 5, 4, 3, 2, 1).cuda().reshape(2, 3);
        Tensor y = x.matmul(w);
        y.mul(y).sum().backward();
        results.add(w.grad());
        Tensor order = y.detach().reshape(-1).sort(0, true).indices();
        results.add(x.reshape(-1).gather(0, order));
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        side.run(() -> results.add(x.add(1).cumsum(1)));
        Cuda.currentStream().waitStream(side);
        results.add(zeros(Dtype.FLOAT32, Device.cuda(), 2).add(1));
        try (var _ = Scope.open()) {
            mib(2);
        }
        results.add(x.clone());
        CudaEvent event = new CudaEvent();
        event.record(side);
        event.synchronize();
        side.synchronize();
        Cuda.synchronize();
        int n = 0;
        float[] all = new float[6 + 4 + 6 + 2 + 6];
        for (Tensor t : results) for (float f : floats(t)) all[n++] = f;
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cuMemAlloc",
                "cuMemFree",
                "cuLaunchKernel",
                "cuMemcpyHtoDAsync",
                "cuMemcpyDtoHAsync",
                "cuMemcpyDtoDAsync",
                "cuMemsetD8Async",
                "cuEventCreate",
                "cuEventRecord",
                "cuEventSynchronize",
                "cuStreamWaitEvent",
                "cuStreamSynchronize",
                "cuCtxSynchronize"
            })
    void aFailedCallIsNamedAndTheNextSucceeds(String call) {
        float[] expected = work();
        int failed = 0;
        for (int after = 0; ; after++) {
            Cuda.emptyCache();
            emulator.fail(call, after, ILLEGAL_ADDRESS);
            CotangentException raised = null;
            try {
                work();
                Cuda.emptyCache();
            } catch (CotangentException e) {
                raised = e;
            }
            boolean over = emulator.fail(call, 0, 0);
            if (raised != null) {
                assertEquals("CUDA error: CUDA_ERROR_ILLEGAL_ADDRESS in " + call, raised.getMessage());
                failed++;
            }
            assertArrayEquals(expected, work());
            if (over) break;
        }
        assertTrue(failed > 0, call + " was never called");
    }

    @Test
    void aFailedAllocationIsRetried() {
        float[] expected = work();
        boolean over = false;
        for (int after = 0; !over; after++) {
            Cuda.emptyCache();
            emulator.fail("cuMemAlloc", after, OUT_OF_MEMORY);
            assertArrayEquals(expected, work());
            over = emulator.fail("cuMemAlloc", 0, 0);
            assertTrue(after > 0 || !over, "nothing was allocated");
        }
    }

    @Test
    void aFailedProductIsNamed() {
        Tensor x = floatTensor(1, 2, 3, 4).cuda().reshape(2, 2);
        emulator.fail("cublasGemmStridedBatchedEx", 0, 13);
        String message =
                assertThrows(CotangentException.class, () -> x.matmul(x)).getMessage();
        assertEquals("cuBLAS error: CUBLAS_STATUS_EXECUTION_FAILED in cublasGemmStridedBatchedEx", message);
        assertArrayEquals(new float[] {7, 10, 15, 22}, floats(x.matmul(x)));
    }

    @Test
    void aKernelThatFailsToCompileOrLoadIsNamed() {
        System.setProperty(KernelCache.FOLDER, "off");
        try {
            Backend fresh = new CudaProvider().open(1);
            Strided x = new Strided(fresh.allocate(Dtype.FLOAT32, 3), Layout.contiguous(3));
            long one = Double.doubleToRawLongBits(1);
            emulator.fail("nvrtcCompileProgram", 0, 11);
            String message = assertThrows(CotangentException.class, () -> fresh.fill(x, one))
                    .getMessage();
            assertTrue(message.contains("with NVRTC 12.6 (NVRTC_ERROR_INTERNAL_ERROR)"), message);
            emulator.fail("cuModuleLoadData", 0, 200);
            message = assertThrows(CotangentException.class, () -> fresh.fill(x, one))
                    .getMessage();
            assertTrue(message.contains("CUDA_ERROR_INVALID_IMAGE"), message);
            emulator.fail("cuModuleGetFunction", 0, 500);
            message = assertThrows(CotangentException.class, () -> fresh.fill(x, one))
                    .getMessage();
            assertTrue(message.startsWith("CUDA error: CUDA_ERROR_NOT_FOUND in cuModuleGetFunction of "), message);
            fresh.fill(x, one);
            assertArrayEquals(new float[] {1, 1, 1}, floats(Internals.wrap(x)));
        } finally {
            System.clearProperty(KernelCache.FOLDER);
        }
    }

    /** Calls every function that allocates, some of them for the first time on a device. */
    private static void allocateEverything() {
        CudaBackend fresh = (CudaBackend) new CudaProvider().open(0);
        fresh.newStream(0);
        Strided x = new Strided(fresh.allocate(Dtype.FLOAT32, 3), Layout.contiguous(3));
        fresh.write(x.storage(), 0, MemorySegment.ofArray(new float[] {1, 2, 3}));
        fresh.fill(x, Double.doubleToRawLongBits(2));
        try (CudaGraph graph = CudaGraph.capture(() -> {})) {
            graph.replay();
        }
        assertArrayEquals(new float[] {2, 2, 2}, floats(Internals.wrap(x)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cuMemAlloc",
                "cuMemHostAlloc",
                "cuModuleLoadData",
                "cuModuleGetFunction",
                "cuLaunchKernel",
                "cuStreamCreateWithPriority",
                "cuEventCreate",
                "cuGraphInstantiateWithFlags",
                "cuGraphLaunch",
                "cublasCreate"
            })
    void everyCallThatAllocatesIsRepeatedWithMoreMemory(String call) {
        int code = call.equals("cublasCreate") ? 3 : OUT_OF_MEMORY;
        emulator.fail(call, 0, code);
        allocateEverything();
        assertFalse(emulator.fail(call, 0, 0), call + " was never called");
        if (call.equals("cublasCreate")) return;
        emulator.fail(call, -1, code);
        String message = assertThrows(CotangentException.class, FailuresTest::allocateEverything)
                .getMessage();
        emulator.fail(call, 0, 0);
        assertTrue(message.startsWith("CUDA out of memory"), message);
        allocateEverything();
    }

    /** 8.8 runs machine code for 8.6, 12.0 PTX for 9.0; the emulated NVRTC knows neither. */
    @ParameterizedTest
    @ValueSource(ints = {90, 88, 120})
    void aDeviceNewerThanNvrtcRuns(int capability) {
        System.setProperty(KernelCache.FOLDER, "off");
        emulator.computeCapability(capability);
        try {
            Backend fresh = new CudaProvider().open(1);
            Strided x = new Strided(fresh.allocate(Dtype.FLOAT32, 3), Layout.contiguous(3));
            fresh.fill(x, Double.doubleToRawLongBits(1));
            assertArrayEquals(new float[] {1, 1, 1}, floats(Internals.wrap(x)));
        } finally {
            emulator.computeCapability(80);
            System.clearProperty(KernelCache.FOLDER);
        }
    }

    @Test
    void aDeviceOlderThanNvrtcIsRefused() {
        emulator.computeCapability(37);
        try {
            String message = assertThrows(CotangentException.class, () -> new CudaProvider().open(1))
                    .getMessage();
            assertTrue(
                    message.contains("compiles for compute capability 5.0 and newer, and the device has 3.7"), message);
        } finally {
            emulator.computeCapability(80);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuDeviceGet"})
    void aDeviceThatFailsToOpenIsNamed(String call) {
        emulator.fail(call, 0, ILLEGAL_ADDRESS);
        String message = assertThrows(CotangentException.class, () -> new CudaProvider().open(1))
                .getMessage();
        emulator.fail(call, 0, 0);
        assertEquals("CUDA error: CUDA_ERROR_ILLEGAL_ADDRESS in " + call, message);
        assertEquals(Device.cuda(1), new CudaProvider().open(1).device());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cuStreamBeginCapture",
                "cuStreamEndCapture",
                "cuGraphInstantiateWithFlags",
                "cuGraphLaunch",
                "cuLaunchKernel"
            })
    void aFailedCaptureIsNamedAndTheNextSucceeds(String call) {
        Tensor x = floatTensor(1, 2, 3).cuda();
        emulator.fail(call, 0, ILLEGAL_ADDRESS);
        String message = assertThrows(
                        CotangentException.class,
                        () -> CudaGraph.capture(() -> x.mul_(2)).replay())
                .getMessage();
        assertFalse(emulator.fail(call, 0, 0), call + " was never called");
        String named = "CUDA error: CUDA_ERROR_ILLEGAL_ADDRESS in ";
        assertTrue(message.contains(named) && call.startsWith(message.split(named)[1]), message);
        float[] before = floats(x);
        CudaGraph.capture(() -> x.mul_(2)).replay();
        for (int i = 0; i < 3; i++) before[i] *= 2;
        assertArrayEquals(before, floats(x));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuMemcpyPeerAsync", "cuEventRecord", "cuStreamWaitEvent"})
    void aFailedCopyBetweenDevicesIsNamedAndTheNextSucceeds(String call) {
        Tensor x = floatTensor(1, 2, 3).cuda();
        emulator.fail(call, 0, ILLEGAL_ADDRESS);
        String message = assertThrows(CotangentException.class, () -> x.cuda(1)).getMessage();
        assertEquals("CUDA error: CUDA_ERROR_ILLEGAL_ADDRESS in " + call, message);
        assertArrayEquals(new float[] {1, 2, 3}, floats(x.cuda(1)));
    }

    private static Tensor mib(int size) {
        return zeros(Dtype.UINT8, Device.cuda(), (long) size * MIB);
    }

    /** Collects the garbage of earlier tests on the device. */
    private static void collectGarbage() throws InterruptedException {
        long before = Long.MAX_VALUE;
        for (int same = 0; same < 3; ) {
            Garbage.collect();
            Cuda.emptyCache();
            same = emulator.bytes(0) == before ? same + 1 : 0;
            before = emulator.bytes(0);
        }
    }

    private static void drop(int size) {
        assertEquals((long) size * MIB, mib(size).numel());
    }

    @Test
    void everyStepOfAnAllocation() throws InterruptedException {
        collectGarbage();
        emulator.capacity(emulator.bytes(0) + 64 * MIB);
        try {
            CachingAllocator.Counters at = allocator().counters();
            try (var _ = Scope.open()) {
                mib(16);
            }
            assertEquals(at.allocated() + 1, allocator().counters().allocated(), "from the driver");
            try (var _ = Scope.open()) {
                mib(16);
                assertEquals(at.reused() + 1, allocator().counters().reused(), "from the cache");
                assertEquals(at.allocated() + 1, allocator().counters().allocated());
                mib(20);
                mib(24);
            }
            at = allocator().counters();
            try (var _ = Scope.open()) {
                mib(40);
                assertEquals(at.emptied() + 1, allocator().counters().emptied(), "after the cache was emptied");
                assertEquals(at.collected(), allocator().counters().collected());
            }
            Cuda.emptyCache();
            // A collection of its own may come first, but not every time.
            for (int i = 0; at.collected() == allocator().counters().collected(); i++) {
                assertTrue(i < 20, "the collector was never run");
                drop(40 + i % 2);
            }
            collectGarbage();
            Tensor kept = mib(40).fill_(7);
            at = allocator().counters();
            String message =
                    assertThrows(CotangentException.class, () -> mib(41)).getMessage();
            assertTrue(message.startsWith("CUDA out of memory. Tried to allocate 41.00 MiB (GPU 0; "), message);
            assertEquals(at.failed() + 1, allocator().counters().failed(), "an error");
            assertEquals(7 * 40L * MIB, kept.sum().itemDouble());
            drop(16);
        } finally {
            emulator.capacity(2L << 30);
        }
    }
}

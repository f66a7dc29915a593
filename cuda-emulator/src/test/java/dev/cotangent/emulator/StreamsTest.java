package dev.cotangent.emulator;

import static jcuda.driver.CUresult.CUDA_ERROR_CAPTURED_EVENT;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_ISOLATION;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
import static jcuda.driver.CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.kernels.KernelSource;
import dev.cotangent.kernels.Nvrtc;
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
import org.junit.jupiter.api.Test;

/** Tests delayed streams, events that order them, and the rules of captures. */
class StreamsTest {
    private static final String TWICE = """
        extern "C" __global__ void twice(float* x) { x[0] *= 2.0f; }
        """;
    private static EmulatedCuda emulator;
    private static CUfunction twice;
    private static final CUcontext CONTEXT = new CUcontext();
    private static final CUstream A = new CUstream();
    private static final CUstream B = new CUstream();

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
        CUmodule module = new CUmodule();
        check(JCudaDriver.cuModuleLoadData(
                module, nvrtc.compile(new KernelSource("twice", TWICE), "sm_80").cubin()));
        twice = new CUfunction();
        check(JCudaDriver.cuModuleGetFunction(twice, module, "twice"));
        check(JCudaDriver.cuStreamCreate(A, CUstream_flags.CU_STREAM_NON_BLOCKING));
        check(JCudaDriver.cuStreamCreate(B, CUstream_flags.CU_STREAM_NON_BLOCKING));
    }

    @AfterAll
    static void close() {
        if (emulator == null) return;
        check(JCudaDriver.cuCtxSetCurrent(CONTEXT));
        check(JCudaDriver.cuStreamDestroy(A));
        check(JCudaDriver.cuStreamDestroy(B));
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, emulator.allocations(0), "allocations left");
    }

    private static void check(int code) {
        assertEquals(CUDA_SUCCESS, code);
    }

    private static CUdeviceptr number(float value) {
        check(JCudaDriver.cuCtxSetCurrent(CONTEXT));
        CUdeviceptr p = new CUdeviceptr();
        check(JCudaDriver.cuMemAlloc(p, 4));
        check(JCudaDriver.cuMemcpyHtoD(p, Pointer.to(new float[] {value}), 4));
        return p;
    }

    private static float now(CUdeviceptr p) {
        float[] value = new float[1];
        check(JCudaDriver.cuMemcpyDtoH(Pointer.to(value), p, 4));
        return value[0];
    }

    private static void launch(CUdeviceptr x, CUstream stream) {
        Pointer arguments = Pointer.to(Pointer.to(x));
        check(JCudaDriver.cuLaunchKernel(twice, 1, 1, 1, 1, 1, 1, 0, stream, arguments, null));
    }

    @Test
    void aStreamRunsItsWorkWhenSynchronized() {
        CUdeviceptr x = number(3);
        launch(x, A);
        assertEquals(3, now(x));
        assertEquals(CUDA_ERROR_NOT_READY, askOnce(x));
        check(JCudaDriver.cuStreamSynchronize(A));
        assertEquals(12, now(x));
        launch(x, null);
        assertEquals(24, now(x));
        check(JCudaDriver.cuMemFree(x));
    }

    private static int askOnce(CUdeviceptr x) {
        launch(x, A);
        return JCudaDriver.cuStreamQuery(A);
    }

    @Test
    void aStreamWaitsForAnEventOfAnother() {
        CUdeviceptr x = number(1);
        CUdeviceptr y = number(0);
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING));
        launch(x, A);
        check(JCudaDriver.cuEventRecord(event, A));
        launch(x, A);
        check(JCudaDriver.cuStreamWaitEvent(B, event, 0));
        check(JCudaDriver.cuMemcpyDtoDAsync(y, x, 4, B));
        check(JCudaDriver.cuStreamSynchronize(B));
        assertEquals(2, now(y));
        assertEquals(CUDA_SUCCESS, JCudaDriver.cuEventQuery(event));
        check(JCudaDriver.cuCtxSynchronize());
        assertEquals(4, now(x));
        check(JCudaDriver.cuEventDestroy(event));
        check(JCudaDriver.cuMemFree(x));
        check(JCudaDriver.cuMemFree(y));
    }

    @Test
    void eventsMeasureTime() {
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        check(JCudaDriver.cuEventCreate(start, 0));
        check(JCudaDriver.cuEventCreate(end, 0));
        CUdeviceptr x = number(1);
        check(JCudaDriver.cuEventRecord(start, A));
        launch(x, A);
        check(JCudaDriver.cuEventRecord(end, A));
        float[] time = {-1};
        assertEquals(CUDA_ERROR_NOT_READY, JCudaDriver.cuEventElapsedTime(time, start, end));
        check(JCudaDriver.cuEventSynchronize(end));
        check(JCudaDriver.cuEventElapsedTime(time, start, end));
        assertTrue(time[0] >= 0);
        check(JCudaDriver.cuEventDestroy(start));
        check(JCudaDriver.cuEventDestroy(end));
        check(JCudaDriver.cuMemFree(x));
    }

    private static CUgraphExec captured(CUdeviceptr x, int times) {
        check(JCudaDriver.cuStreamBeginCapture(A, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        for (int i = 0; i < times; i++) launch(x, A);
        CUgraph graph = new CUgraph();
        check(JCudaDriver.cuStreamEndCapture(A, graph));
        CUgraphExec executable = new CUgraphExec();
        check(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
        check(JCudaDriver.cuGraphDestroy(graph));
        return executable;
    }

    @Test
    void aGraphRunsWhenReplayedNotWhenCaptured() {
        CUdeviceptr x = number(1);
        CUgraphExec graph = captured(x, 3);
        assertEquals(1, now(x));
        check(JCudaDriver.cuGraphLaunch(graph, A));
        check(JCudaDriver.cuGraphLaunch(graph, A));
        check(JCudaDriver.cuStreamSynchronize(A));
        assertEquals(64, now(x));
        check(JCudaDriver.cuMemFree(x));
        check(JCudaDriver.cuGraphLaunch(graph, A));
        assertEquals(CUDA_ERROR_ILLEGAL_ADDRESS, JCudaDriver.cuStreamSynchronize(A));
        assertEquals("twice works on memory that was freed", emulator.diagnostics());
        check(JCudaDriver.cuGraphExecDestroy(graph));
    }

    @Test
    void blockingCallsInvalidateACapture() {
        CUdeviceptr x = number(1);
        CUgraph graph = new CUgraph();
        check(JCudaDriver.cuStreamBeginCapture(A, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, JCudaDriver.cuStreamEndCapture(A, graph));
        int relaxed = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED;
        check(JCudaDriver.cuStreamBeginCapture(A, relaxed));
        check(JCudaDriver.cuMemFree(x));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, JCudaDriver.cuCtxSynchronize());
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, JCudaDriver.cuStreamEndCapture(A, graph));
        check(JCudaDriver.cuStreamBeginCapture(A, relaxed));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, JCudaDriver.cuStreamSynchronize(A));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, JCudaDriver.cuStreamEndCapture(A, graph));
    }

    @Test
    void aCapturedSecondStreamMustBeJoined() {
        CUdeviceptr x = number(1);
        CUevent fork = new CUevent();
        CUevent join = new CUevent();
        check(JCudaDriver.cuEventCreate(fork, 0));
        check(JCudaDriver.cuEventCreate(join, 0));
        CUgraph graph = new CUgraph();
        for (boolean joined : new boolean[] {true, false}) {
            check(JCudaDriver.cuStreamBeginCapture(A, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
            launch(x, A);
            check(JCudaDriver.cuEventRecord(fork, A));
            assertEquals(CUDA_ERROR_CAPTURED_EVENT, JCudaDriver.cuEventQuery(fork));
            check(JCudaDriver.cuStreamWaitEvent(B, fork, 0));
            launch(x, B);
            check(JCudaDriver.cuEventRecord(join, B));
            if (joined) check(JCudaDriver.cuStreamWaitEvent(A, join, 0));
            int code = JCudaDriver.cuStreamEndCapture(A, graph);
            assertEquals(joined ? CUDA_SUCCESS : CUDA_ERROR_STREAM_CAPTURE_UNJOINED, code);
            if (joined) check(JCudaDriver.cuGraphDestroy(graph));
            int[] capturing = new int[1];
            check(JCudaDriver.cuStreamIsCapturing(B, capturing));
            assertArrayEquals(new int[] {0}, capturing);
        }
        check(JCudaDriver.cuEventRecord(fork, null));
        check(JCudaDriver.cuStreamBeginCapture(A, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, JCudaDriver.cuStreamWaitEvent(A, fork, 0));
        assertEquals(CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, JCudaDriver.cuStreamEndCapture(A, graph));
        check(JCudaDriver.cuEventDestroy(fork));
        check(JCudaDriver.cuEventDestroy(join));
        check(JCudaDriver.cuMemFree(x));
    }
}

package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backends;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.kernels.CudaLibraries;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Base of tests with tensors on emulated devices, which must report no error afterwards. */
abstract class OnEmulator {
    private static final int ATTEMPTS = 100;

    static EmulatedCuda emulator;

    @BeforeAll
    static void open() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Skipped: " + obstacle);
        assumeTrue(obstacle.isEmpty(), obstacle);
        emulator = EmulatedCuda.install();
        System.setProperty(CudaLibraries.PATH, emulator.folder().toString());
        assertEquals(EmulatedCuda.DEVICES, Cuda.deviceCount(), Cuda.status());
        // The default stream is late, and nothing but what is waited for runs.
        emulator.asynchronous(3);
        emulator.diagnostics();
    }

    @AfterEach
    void noErrorIsReported() {
        assertEquals("", emulator.diagnostics());
    }

    /** Checks that unreachable tensors leave no memory allocated. */
    @AfterAll
    static void allMemoryIsFreed() throws InterruptedException {
        if (!EmulatedCuda.obstacle().isEmpty()) return;
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) {
            CachingAllocator allocator = ((CudaBackend) Backends.of(Device.cuda(d))).allocator();
            for (int i = 0; i < ATTEMPTS && allocator.report().reserved().current() > 0; i++) {
                Garbage.collect();
                allocator.empty();
            }
            assertEquals(0, allocator.report().reserved().current(), "bytes left on device " + d);
        }
    }

    static CachingAllocator allocator() {
        return ((CudaBackend) Backends.of(Device.cuda())).allocator();
    }

    static float[] floats(Tensor t) {
        float[] all = new float[(int) t.numel()];
        Tensor host = t.detach().cpu().reshape(-1);
        for (int i = 0; i < all.length; i++) all[i] = (float) host.select(0, i).itemDouble();
        return all;
    }
}

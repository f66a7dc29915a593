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

/** Tests with tensors on the emulated devices, which must have nothing to complain of afterwards. */
abstract class OnEmulator {
    private static final int PATIENCE = 100;

    static EmulatedCuda emulator;

    @BeforeAll
    static void open() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Skipped: " + obstacle);
        assumeTrue(obstacle.isEmpty(), obstacle);
        emulator = EmulatedCuda.install();
        System.setProperty(CudaLibraries.PATH, emulator.folder().toString());
        assertEquals(EmulatedCuda.DEVICES, Cuda.deviceCount(), Cuda.status());
        emulator.complaint();
    }

    @AfterEach
    void nothingToComplainOf() {
        assertEquals("", emulator.complaint());
    }

    /** When nothing refers to a tensor any more, all that the allocators took goes back to the driver. */
    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (!EmulatedCuda.obstacle().isEmpty()) return;
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) {
            CachingAllocator allocator = ((CudaBackend) Backends.of(Device.cuda(d))).allocator();
            for (int i = 0; i < PATIENCE && allocator.report().reserved().current() > 0; i++) {
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

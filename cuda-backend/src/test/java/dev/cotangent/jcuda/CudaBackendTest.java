package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Scope;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.BackendProvider;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.internal.Internals;
import dev.cotangent.kernels.CudaLibraries;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the backend on emulated devices: libraries, failures, the kernel cache, memory. */
class CudaBackendTest {
    private static final int ILLEGAL_ADDRESS = 700;

    @TempDir
    static Path kernels;

    private static EmulatedCuda emulator;
    private static CudaBackend device;
    private static BackendProvider.Probe without;

    @BeforeAll
    static void open() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Skipped: " + obstacle);
        assumeTrue(obstacle.isEmpty(), obstacle);
        CudaProvider provider = new CudaProvider();
        without = provider.probe();
        emulator = EmulatedCuda.install();
        System.setProperty(CudaLibraries.PATH, emulator.folder().toString());
        System.setProperty(KernelCache.FOLDER, kernels.toString());
        assertEquals(
                EmulatedCuda.DEVICES,
                provider.probe().devices(),
                provider.probe().message());
        device = (CudaBackend) provider.open(0);
    }

    @AfterAll
    static void close() {
        System.clearProperty(CudaLibraries.PATH);
        System.clearProperty(KernelCache.FOLDER);
    }

    private static Strided floats(Backend on, float... values) {
        Storage s = on.allocate(Dtype.FLOAT32, values.length);
        on.write(s, 0, MemorySegment.ofArray(values));
        return new Strided(s, Layout.contiguous(values.length));
    }

    private static Strided longs(long... values) {
        Storage s = device.allocate(Dtype.INT64, values.length);
        device.write(s, 0, MemorySegment.ofArray(values));
        return new Strided(s, Layout.contiguous(values.length));
    }

    private static float[] read(Strided s) {
        float[] values = new float[(int) s.numel()];
        s.backend().read(s.storage(), 0, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void theProbeNamesDevicesOrTheProblem() {
        String with = new CudaProvider().probe().message();
        assertTrue(with.contains("Emulated CUDA device 0 (2.0 GiB, compute capability 8.0)"), with);
        assertTrue(with.contains("NVRTC 12 at ") && with.contains("cuBLAS 12 at "), with);
        if (without.usable()) return;
        assertTrue(
                without.message().contains("install") || without.message().contains("nvidia-smi"), without.message());
    }

    @Test
    void anInvalidIndexIsRaisedOnceAtSynchronization() {
        Strided out = floats(device, 0, 0);
        device.gather(floats(device, 1, 2, 3), 0, longs(1, 7), out);
        String message = assertThrows(IndexException.class, device::synchronize).getMessage();
        assertEquals("index 7 is out of bounds for dimension 0 with size 3", message);
        device.synchronize();
        device.gather(floats(device, 1, 2, 3), 0, longs(2, 0), out);
        assertArrayEquals(new float[] {3, 1}, read(out));
    }

    @Test
    void aValidScatterAfterAnInvalidOneIsDone() {
        for (int n : new int[] {2, 200}) {
            Strided to = floats(device, 0, 0, 0);
            long[] bad = new long[n];
            long[] good = new long[n];
            float[] ones = new float[n];
            Arrays.fill(ones, 1);
            bad[1] = 7;
            good[1] = 2;
            Strided from = floats(device, ones);
            device.scatter(Scatter.ADD, to, 0, longs(bad), from);
            device.scatter(Scatter.ADD, to, 0, longs(good), from);
            assertThrows(IndexException.class, device::synchronize);
            assertArrayEquals(new float[] {n - 1, 0, 1}, read(to), "the invalid one wrote nothing, the valid one all");
        }
    }

    @Test
    void aFailedLaunchNamesTheErrorAndTheNextSucceeds() {
        Strided x = floats(device, 1, 2);
        emulator.failLaunch(0);
        String message = assertThrows(CotangentException.class, () -> device.fill(x, Double.doubleToRawLongBits(5)))
                .getMessage();
        assertEquals("CUDA error: CUDA_ERROR_LAUNCH_FAILED in cuLaunchKernel", message);
        device.fill(x, Double.doubleToRawLongBits(5));
        assertArrayEquals(new float[] {5, 5}, read(x));
    }

    @Test
    void aLostDeviceNamesTheError() {
        Strided x = floats(device, 1, 2);
        emulator.lose(0, ILLEGAL_ADDRESS);
        try {
            String message =
                    assertThrows(CotangentException.class, () -> read(x)).getMessage();
            assertTrue(message.startsWith("CUDA error: CUDA_ERROR_ILLEGAL_ADDRESS in "), message);
        } finally {
            emulator.lose(0, 0);
        }
        assertArrayEquals(new float[] {1, 2}, read(x));
    }

    @Test
    void aFailedAllocationIsRetried() {
        device.emptyCache();
        long before = device.allocator().counters().emptied();
        emulator.failAllocation(0);
        Storage s = device.allocate(Dtype.FLOAT32, 5 << 20);
        assertEquals(before + 1, device.allocator().counters().emptied());
        assertEquals(5 << 20, s.size());
    }

    @Test
    void outOfMemoryLeavesTheDeviceUsable() {
        Strided x = floats(device, 1, 2);
        String message = assertThrows(CotangentException.class, () -> device.allocate(Dtype.FLOAT64, 1L << 30))
                .getMessage();
        assertTrue(
                message.startsWith("CUDA out of memory. Tried to allocate 8.00 GiB (GPU 0; 2.00 GiB total"), message);
        device.fill(x, Double.doubleToRawLongBits(3));
        assertArrayEquals(new float[] {3, 3}, read(x));
    }

    @Test
    void aScopeFreesItsMemoryAtOnce() throws InterruptedException {
        long before = liveAfterCollection();
        Strided kept;
        Strided freed;
        try (var scope = Scope.open()) {
            freed = floats(device, new float[1 << 20]);
            kept = Internals.strided(scope.keep(Internals.wrap(floats(device, 1, 2))));
            assertTrue(device.memoryStats().live() >= before + (4 << 20));
        }
        assertTrue(device.memoryStats().live() < before + (1 << 20));
        assertArrayEquals(new float[] {1, 2}, read(kept));
        assertThrows(CotangentException.class, () -> read(freed));
    }

    /** Returns the bytes in use after collecting the garbage of earlier tests. */
    private static long liveAfterCollection() throws InterruptedException {
        long last = Long.MAX_VALUE;
        for (int same = 0; same < 3; ) {
            Garbage.collect();
            long live = device.memoryStats().live();
            same = live == last ? same + 1 : 0;
            last = live;
        }
        return last;
    }

    @Test
    void aDamagedKernelIsCompiledAgain() throws IOException {
        Strided x = floats(device, 1, 2);
        long one = Double.doubleToRawLongBits(1);
        device.fill(x, one);
        List<Path> cubins = cubins();
        assertTrue(!cubins.isEmpty());
        for (Path file : cubins) Files.write(file, new byte[] {1, 2, 3});
        // The second device has its own modules, so it reads the folder.
        Backend second = new CudaProvider().open(1);
        Strided y = floats(second, 4, 5);
        second.fill(y, one);
        assertArrayEquals(new float[] {1, 1}, read(y));
        assertTrue(cubins().stream().anyMatch(f -> f.toFile().length() > 1000));
    }

    private static List<Path> cubins() throws IOException {
        try (Stream<Path> files = Files.list(kernels)) {
            return files.filter(f -> f.toString().endsWith(".cubin"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }
}

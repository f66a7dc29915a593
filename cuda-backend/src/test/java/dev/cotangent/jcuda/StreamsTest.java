package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Fusion;
import dev.cotangent.IndexException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.cuda.CudaEvent;
import dev.cotangent.cuda.CudaStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests streams, events, the current device and shared memory; the emulator runs streams as late as possible. */
class StreamsTest extends OnEmulator {
    @Test
    void aThreadWorksOnItsCurrentStream() {
        CudaStream side = CudaStream.create();
        assertEquals(Cuda.defaultStream(), Cuda.currentStream());
        try (var _ = side.use()) {
            assertEquals(side, Cuda.currentStream());
            try (var _ = Cuda.stream(Cuda.defaultStream())) {
                assertEquals(Cuda.defaultStream(), Cuda.currentStream());
            }
            assertEquals(side, Cuda.currentStream());
        }
        assertEquals(Cuda.defaultStream(), Cuda.currentStream());
        assertNotEquals(side, CudaStream.create());
    }

    @Test
    void usesOfStreamsAreNested() {
        CudaStream first = CudaStream.create();
        CudaStream second = CudaStream.create();
        CudaStream.Use outer = first.use();
        CudaStream.Use inner = second.use();
        assertThrows(CotangentException.class, outer::close);
        assertEquals(second, Cuda.currentStream());
        inner.close();
        assertEquals(Cuda.defaultStream(), Cuda.currentStream());
        inner.close();
        outer.close();
        assertEquals(Cuda.defaultStream(), Cuda.currentStream());
        try (CudaStream.Use use = first.use()) {
            var elsewhere = CompletableFuture.runAsync(use::close);
            assertThrows(CompletionException.class, elsewhere::join);
            assertEquals(first, Cuda.currentStream());
        }
        assertEquals(Cuda.defaultStream(), Cuda.currentStream());
    }

    /** Starts a backward pass in its backward pass, recursively. */
    private static final class Nested extends Function {
        private final int depth;
        private final Set<CudaStream> seen;

        Nested(int depth, Set<CudaStream> seen) {
            this.depth = depth;
            this.seen = seen;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            return new Tensor[] {in[0].mul(1)};
        }

        @Override
        protected Tensor[] backward(Context ctx, Tensor... g) {
            seen.add(Cuda.currentStream());
            if (depth == 0) return g;
            Tensor x = ones(1).cuda().requiresGrad_();
            try (var _ = Autograd.enableGrad()) {
                new Nested(depth - 1, seen).apply(x).backward(g[0]);
            }
            return new Tensor[] {x.grad()};
        }
    }

    @Test
    void nestedBackwardPassesStayOnTheStream() {
        CudaStream side = CudaStream.create();
        Set<CudaStream> seen = ConcurrentHashMap.newKeySet();
        Tensor x = ones(1).cuda().requiresGrad_();
        side.waitStream(Cuda.currentStream());
        side.run(() -> new Nested(120, seen).apply(x).backward());
        Cuda.currentStream().waitStream(side);
        assertEquals(Set.of(side), seen);
        assertArrayEquals(new float[] {1}, floats(x.grad()));
    }

    @Test
    void workIsAsynchronous() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        CudaStream side = CudaStream.create();
        Cuda.synchronize();
        // Every query makes an emulated stream run one item of work.
        side.run(() -> x.mul_(1).mul_(2));
        assertFalse(side.query());
        assertArrayEquals(new float[] {1, 2, 3}, floats(x), "the default stream does not wait");
        Cuda.currentStream().waitStream(side);
        assertArrayEquals(new float[] {2, 4, 6}, floats(x));
        assertTrue(side.query());
        side.run(() -> x.mul_(2));
        side.synchronize();
        assertArrayEquals(new float[] {4, 8, 12}, floats(x));
        side.run(() -> x.mul_(2));
        Cuda.synchronize();
        assertTrue(side.query());
    }

    @Test
    void readingWaitsForTheCurrentStream() {
        Tensor x = ones(300, 5).cuda();
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        try (var _ = side.use()) {
            assertEquals(3000, x.mul(2).sum().itemDouble());
            assertArrayEquals(
                    new float[] {15, 15},
                    floats(x.matmul(ones(5, 1).cuda()).sum(1).get("0:2").mul(3)));
        }
    }

    @Test
    void eventsOrderStreams() {
        Tensor x = floatTensor(1).cuda();
        CudaStream a = CudaStream.create();
        CudaStream b = CudaStream.create();
        a.waitStream(Cuda.currentStream());
        a.run(() -> x.mul_(2));
        CudaEvent half = a.recordEvent();
        a.run(() -> x.mul_(5));
        b.waitEvent(half);
        Tensor[] seen = new Tensor[1];
        b.run(() -> seen[0] = x.add(100));
        b.synchronize();
        assertTrue(half.query());
        assertArrayEquals(new float[] {102}, floats(seen[0]));
        a.synchronize();
        assertArrayEquals(new float[] {10}, floats(x));
        assertTrue(new CudaEvent().query());
        new CudaEvent().synchronize();
    }

    @Test
    void eventsRecordTimeIfEnabled() {
        CudaEvent start = new CudaEvent(true);
        CudaEvent end = new CudaEvent(true);
        assertThrows(ValueException.class, () -> start.elapsedTime(end));
        start.record();
        ones(100).cuda().mul(2);
        end.record();
        end.synchronize();
        assertTrue(start.elapsedTime(end) >= 0);
        CudaEvent untimed = new CudaEvent();
        untimed.record();
        String message = assertThrows(ValueException.class, () -> start.elapsedTime(untimed))
                .getMessage();
        assertEquals(
                "Both events must be created with argument 'enable_timing=True'. In Java: new CudaEvent(true).",
                message);
        String device = assertThrows(CotangentException.class, () -> end.record(CudaStream.create(Device.cuda(1), 0)))
                .getMessage();
        assertEquals("Event device cuda:0 does not match recording stream's device cuda:1.", device);
    }

    @Test
    void aCopyBetweenDevicesIsOrderedWithBothStreams() {
        int n = 1 << 14;
        Tensor x = ones(n).cuda();
        CudaStream here = CudaStream.create(Device.cuda(0), 0);
        CudaStream there = CudaStream.create(Device.cuda(1), 0);
        here.waitStream(Cuda.currentStream());
        Tensor[] y = new Tensor[1];
        here.run(() -> x.mul_(2));
        try (var _ = here.use();
                var _ = there.use()) {
            y[0] = x.cuda(1);
            x.mul_(5);
            y[0].add_(1);
            assertFalse(there.query());
        }
        there.synchronize();
        assertEquals(Device.cuda(1), y[0].device());
        assertEquals(3.0 * n, y[0].sum().itemDouble());
        here.synchronize();
        assertEquals(10.0 * n, x.sum().itemDouble());
    }

    @Test
    void aCopyBetweenDevicesEnablesPeerAccess() {
        assertArrayEquals(new float[] {1, 2}, floats(floatTensor(1, 2).cuda().cuda(1)));
        assertTrue(emulator.isPeer(0, 1) && emulator.isPeer(1, 0));
        long enabled = emulator.calls("cuCtxEnablePeerAccess");
        floats(floatTensor(1, 2).cuda().cuda(1));
        assertEquals(enabled, emulator.calls("cuCtxEnablePeerAccess"));
    }

    @Test
    void stridedTensorsAreCopiedBetweenDevices() {
        Tensor x = floatTensor(1, 2, 3, 4, 5, 6).cuda().reshape(2, 3);
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, floats(x.t().cuda(1)));
        Tensor y = zeros(3, 2).cuda(1);
        y.t().copy_(x);
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, floats(y));
        Tensor z = x.to(Device.cuda(1), Dtype.INT64);
        assertEquals(Dtype.INT64, z.dtype());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, floats(z));
        assertEquals(0, zeros(0, 3).cuda().cuda(1).numel());
    }

    @Test
    void largeCopiesAreStagedInParts() {
        int n = (5 << 20) + 3;
        Tensor x = Tensors.linspace(1, n, n, Dtype.FLOAT64);
        Tensor y = x.cuda();
        assertEquals(0, y.cpu().sub(x).abs().max().itemDouble());
    }

    @Test
    void memoryReadByAnotherStreamIsNotReusedBeforeThat() {
        int n = 1 << 19;
        CudaStream side = CudaStream.create();
        Tensor sum;
        try (var scope = Scope.open()) {
            Tensor x = ones(n).cuda().mul(3);
            side.waitStream(Cuda.currentStream());
            try (var _ = side.use()) {
                sum = scope.keep(x.add(1));
            }
        }
        // The scope freed x; new tensors of the default stream must not reuse its memory yet.
        List<Tensor> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) others.add(zeros(n).cuda().sub(7));
        side.synchronize();
        assertEquals(4.0 * n, sum.sum().itemDouble());
        assertEquals(
                -7.0 * n * others.size(),
                others.stream().mapToDouble(t -> t.sum().itemDouble()).sum());
    }

    @Test
    void memoryOfAStreamIsReusedOnIt() {
        CudaStream side = CudaStream.create();
        try (var _ = side.use()) {
            long before = allocator().counters().allocated();
            for (int i = 0; i < 20; i++) {
                try (var _ = Scope.open()) {
                    ones(1 << 19).cuda().mul(2);
                }
            }
            assertTrue(allocator().counters().allocated() - before <= 2);
        }
    }

    @Test
    void anInvalidIndexIsRaisedWhenItsStreamIsSynchronized() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor index = tensor(new long[] {7}).cuda();
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        side.run(() -> x.gather(0, index));
        assertArrayEquals(new float[] {1, 2, 3}, floats(x));
        String message = assertThrows(IndexException.class, side::synchronize).getMessage();
        assertEquals("index 7 is out of bounds for dimension 0 with size 3", message);
        side.synchronize();
    }

    @Test
    void theCurrentDeviceIsThreadLocal() throws Exception {
        Cuda.setDevice(1);
        try {
            assertEquals(Device.cuda(1), ones(2).cuda().device());
            assertEquals(Device.cuda(1), Cuda.currentStream().device());
            CudaStream other = CudaStream.create(Device.cuda(0), 0);
            try (var _ = other.use()) {
                assertEquals(0, Cuda.currentDevice());
                assertEquals(Device.cuda(0), ones(2).cuda().device());
            }
            assertEquals(1, Cuda.currentDevice());
            Thread t = new Thread(() -> assertEquals(0, Cuda.currentDevice()));
            t.start();
            t.join();
            Tensor here = ones(4).cuda();
            Tensor there = here.to(Device.cuda(0)).add(1);
            assertArrayEquals(new float[] {2, 2, 2, 2}, floats(there));
        } finally {
            Cuda.setDevice(0);
        }
        assertThrows(CotangentException.class, () -> Cuda.setDevice(7));
        assertEquals(0, Cuda.currentDevice());
    }

    @Test
    void threadsWorkConcurrently() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<float[]>> results = new ArrayList<>();
            for (int k = 0; k < 8; k++) {
                int number = k;
                boolean side = k % 2 == 0;
                results.add(threads.submit(() -> {
                    CudaStream s = side ? CudaStream.create() : Cuda.currentStream();
                    try (var _ = s.use()) {
                        Tensor x = floatTensor(number, 1).cuda().requiresGrad_();
                        for (int i = 0; i < 20; i++) {
                            try (var _ = Scope.open()) {
                                x.mul(x).add(ones(2).cuda()).sum().backward();
                            }
                        }
                        return floats(x.grad());
                    }
                }));
            }
            for (int k = 0; k < 8; k++) {
                assertArrayEquals(new float[] {40 * k, 40}, results.get(k).get());
            }
        }
    }

    @Test
    void uploadsDoNotWaitForWorkInProgress() {
        Tensor x = zeros(3).cuda();
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        try (var _ = side.use()) {
            x.add_(1);
            long waits = emulator.calls("cuEventSynchronize");
            for (int i = 0; i < 40; i++) x.add_(floatTensor(i, 1, 1).cuda());
            assertEquals(waits, emulator.calls("cuEventSynchronize"));
            assertArrayEquals(new float[] {781, 41, 41}, floats(x));
        }
    }

    @Test
    void largeCopiesUseSeveralStagingBuffers() {
        int n = 3_000_001;
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i % 1000;
        CudaStream side = CudaStream.create();
        try (var _ = side.use()) {
            Tensor back = tensor(values).cuda().add(1).cpu();
            assertEquals(values[n - 1] + 1, (float) back.select(0, n - 1).itemDouble());
            assertEquals(
                    values[1_234_567] + 1, (float) back.select(0, 1_234_567).itemDouble());
        }
    }

    @Test
    void deferredWorkIsOrderedAsIfEager() {
        int n = 1 << 14;
        Tensor x = ones(n).cuda();
        CudaStream a = CudaStream.create();
        CudaStream b = CudaStream.create();
        Tensor[] y = new Tensor[2];
        a.waitStream(Cuda.currentStream());
        a.run(() -> y[0] = x.mul(2));
        a.run(() -> y[1] = x.mul(3));
        assertTrue(Fusion.isDeferred(y[0]) && Fusion.isDeferred(y[1]));
        Cuda.currentStream().waitStream(a);
        b.waitStream(a);
        // The write must not overtake deferred reads, and b must wait although only this thread's stream did.
        x.zero_();
        Tensor[] sums = new Tensor[2];
        b.run(() -> sums[0] = y[0].sum());
        b.run(() -> sums[1] = y[1].add(y[0]).sum());
        b.synchronize();
        assertEquals(2.0 * n, sums[0].itemDouble());
        assertEquals(5.0 * n, sums[1].itemDouble());
    }
}

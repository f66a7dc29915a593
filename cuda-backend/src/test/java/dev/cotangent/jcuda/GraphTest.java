package dev.cotangent.jcuda;

import static dev.cotangent.Tensors.floatTensor;
import static dev.cotangent.Tensors.manualSeed;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Fusion;
import dev.cotangent.Generator;
import dev.cotangent.IndexException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.cuda.CudaEvent;
import dev.cotangent.cuda.CudaGraph;
import dev.cotangent.cuda.CudaStream;
import org.junit.jupiter.api.Test;

/** Tests captured graphs: replays, their memory, and work that cannot be captured. */
class GraphTest extends OnEmulator {
    @Test
    void aReplayReadsAndWritesTheSameTensors() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor w = ones(3, 2).cuda();
        Tensor[] y = new Tensor[1];
        try (CudaGraph graph = CudaGraph.capture(
                () -> y[0] = x.mul(2).unsqueeze(0).matmul(w).softmax(1).add(x.sum()))) {
            graph.replay();
            assertArrayEquals(new float[] {6.5f, 6.5f}, floats(y[0]));
            x.copy_(floatTensor(4, 5, 6));
            graph.replay();
            assertArrayEquals(new float[] {15.5f, 15.5f}, floats(y[0]));
        }
    }

    @Test
    void memoryOfAGraphIsPrivate() {
        Tensor x = ones(1 << 18).cuda();
        Tensor[] y = new Tensor[1];
        try (CudaGraph graph = CudaGraph.capture(() -> {
            try (var scope = Scope.open()) {
                y[0] = scope.keep(x.mul(2).add(x.mul(3)));
            }
        })) {
            // Memory that the step freed must neither be reused elsewhere nor returned to the driver.
            Tensor[] others = new Tensor[6];
            for (int i = 0; i < others.length; i++)
                others[i] = zeros(1 << 18).cuda().add(1);
            Cuda.emptyCache();
            graph.replay();
            assertEquals(5.0 * (1 << 18), y[0].sum().itemDouble());
            for (Tensor t : others) assertEquals(1 << 18, t.sum().itemDouble());
        }
    }

    @Test
    void aGraphRetainsItsInputs() {
        Tensor[] y = new Tensor[1];
        CudaGraph graph;
        try (var scope = Scope.open()) {
            Tensor x = scope.keep(ones(1 << 18).cuda()).mul(3);
            graph = CudaGraph.capture(() -> y[0] = Scope.outside(() -> x.add(1)));
        }
        System.gc();
        Tensor[] others = new Tensor[6];
        for (int i = 0; i < others.length; i++)
            others[i] = zeros(1 << 18).cuda().sub(9);
        Cuda.emptyCache();
        graph.replay();
        assertEquals(4.0 * (1 << 18), y[0].sum().itemDouble());
        graph.close();
        assertEquals(
                "the CudaGraph is closed already",
                assertThrows(CotangentException.class, graph::replay).getMessage());
    }

    @Test
    void aTrainingStepIsReplayed() {
        Tensor x = floatTensor(1, 2).cuda();
        Tensor w = floatTensor(3, 4).cuda().requiresGrad_();
        Runnable step = () -> {
            w.setGrad(null);
            w.mul(x).pow(2).sum().backward();
            try (var _ = Autograd.noGrad()) {
                w.sub_(w.grad().mul(0.1));
            }
        };
        step.run();
        float[] once = floats(w);
        assertArrayEquals(new float[] {2.4f, 0.8f}, once, 1e-6f);
        try (CudaGraph graph = CudaGraph.capture(step)) {
            assertArrayEquals(once, floats(w));
            graph.replay();
            graph.replay();
        }
        assertArrayEquals(new float[] {1.536f, 0.032f}, floats(w), 1e-6f);
    }

    @Test
    void randomNumbersContinueFromReplayToReplay() {
        Tensor drawn = zeros(5).cuda();
        manualSeed(7);
        Tensor first = zeros(5).cuda().uniform_(0, 1);
        Tensor second = zeros(5).cuda().uniform_(0, 1);
        Tensor afterwards = zeros(5).cuda().uniform_(0, 1);
        manualSeed(3);
        try (CudaGraph graph = CudaGraph.capture(() -> drawn.uniform_(0, 1))) {
            manualSeed(7);
            graph.replay();
            assertArrayEquals(floats(first), floats(drawn));
            graph.replay();
            assertArrayEquals(floats(second), floats(drawn));
            assertArrayEquals(floats(afterwards), floats(zeros(5).cuda().uniform_(0, 1)));
        }
        Generator other = new Generator(99);
        String message = assertThrows(
                        CotangentException.class, () -> CudaGraph.capture(() -> drawn.uniform_(0, 1, other)))
                .getMessage();
        assertTrue(message.startsWith("a CudaGraph captures random numbers of the standard generator alone"), message);
    }

    @Test
    void uncapturableWorkIsNamedAndTheNextCaptureSucceeds() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        CudaStream side = CudaStream.create();
        CudaEvent outside = side.recordEvent();
        Runnable[] steps = {
            () -> x.sum().itemDouble(),
            () -> x.add(floatTensor(1, 2, 3).cuda()),
            Cuda::synchronize,
            () -> Cuda.currentStream().synchronize(),
            () -> side.run(() -> x.mul(2)),
            () -> Cuda.currentStream().waitEvent(outside),
            () -> Cuda.defaultStream().waitStream(Cuda.currentStream()),
            () -> CudaStream.create(Device.cuda(1), 0).waitStream(Cuda.currentStream()),
            () -> x.cuda(1),
            () -> CudaGraph.capture(() -> x.mul(2)),
        };
        String[] what = {
            "the reading of a value (item, toString, cpu, a condition)",
            "a copy from the host's memory",
            "a wait for the device",
            "a wait for a stream",
            "work of a stream that has no part in it",
            "a wait for what is outside of it",
            "the default stream",
            "a stream of another device",
            "a copy between devices",
            "another capture",
        };
        for (int i = 0; i < steps.length; i++) {
            Runnable step = steps[i];
            String message = assertThrows(CotangentException.class, () -> CudaGraph.capture(step), what[i])
                    .getMessage();
            assertTrue(message.startsWith("a CudaGraph cannot capture " + what[i] + ": nothing is computed"), message);
            assertEquals(Cuda.defaultStream(), Cuda.currentStream());
        }
        try (CudaGraph graph = CudaGraph.capture(() -> x.mul_(2))) {
            graph.replay();
        }
        assertArrayEquals(new float[] {2, 4, 6}, floats(x));
    }

    @Test
    void streamsThatWaitForTheStepAreCaptured() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor w = ones(3, 2).cuda();
        CudaStream left = CudaStream.create();
        CudaStream right = CudaStream.create();
        Tensor[] y = new Tensor[1];
        try (CudaGraph graph = CudaGraph.capture(() -> {
            Tensor twice = x.mul(2);
            CudaStream main = Cuda.currentStream();
            CudaEvent fork = main.recordEvent();
            left.waitEvent(fork);
            right.waitEvent(fork);
            Tensor[] part = new Tensor[2];
            left.run(() -> part[0] = twice.unsqueeze(0).matmul(w).sum());
            right.run(() -> part[1] = twice.pow(2).sum());
            right.waitStream(left);
            right.run(() -> part[1] = part[1].add(part[0]));
            main.waitStream(right);
            y[0] = part[1].add(1);
        })) {
            graph.replay();
            assertEquals(81, y[0].itemDouble());
            x.copy_(floatTensor(1, 1, 1));
            graph.replay();
            assertEquals(25, y[0].itemDouble());
        }
        // After the capture they are ordinary streams.
        left.run(() -> x.mul_(3));
        left.synchronize();
        assertArrayEquals(new float[] {3, 3, 3}, floats(x));
    }

    @Test
    void streamsOfAGraphDoNotShareFreedMemory() {
        int n = 1 << 18;
        Tensor x = ones(n).cuda();
        CudaStream side = CudaStream.create();
        Tensor[] y = new Tensor[2];
        try (CudaGraph graph = CudaGraph.capture(() -> {
            CudaStream main = Cuda.currentStream();
            try (var scope = Scope.open()) {
                Tensor a = x.mul(2).add_(0);
                side.waitStream(main);
                try (var _ = side.use()) {
                    y[0] = scope.keep(a.add(1).add_(0));
                }
            }
            // The scope freed a, which the other stream may still read.
            for (int i = 0; i < 4; i++) y[1] = x.sub(7).add_(0);
            main.waitStream(side);
        })) {
            graph.replay();
            assertEquals(3.0 * n, y[0].sum().itemDouble());
            assertEquals(-6.0 * n, y[1].sum().itemDouble());
        }
    }

    @Test
    void anUnjoinedStreamIsNamed() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        CudaStream side = CudaStream.create();
        CudaEvent[] within = new CudaEvent[1];
        String message = assertThrows(
                        CotangentException.class,
                        () -> CudaGraph.capture(() -> {
                            within[0] = Cuda.currentStream().recordEvent();
                            side.waitEvent(within[0]);
                            side.run(() -> x.mul_(2));
                        }))
                .getMessage();
        assertEquals(
                "a CudaGraph could not be captured: CUDA error: CUDA_ERROR_STREAM_CAPTURE_UNJOINED in"
                        + " cuStreamEndCapture; let the stream that the step began on wait for all others at its end:"
                        + " Cuda.currentStream().waitStream(side)",
                message);
        String late = assertThrows(CotangentException.class, () -> side.waitEvent(within[0]))
                .getMessage();
        assertTrue(late.startsWith("a stream waits for an event recorded while a CudaGraph was captured"), late);
        String asked = assertThrows(CotangentException.class, within[0]::query).getMessage();
        assertTrue(asked.startsWith("an event recorded while a CudaGraph was captured is passed in no stream"), asked);
        side.run(() -> x.mul_(2));
        side.synchronize();
        assertArrayEquals(new float[] {2, 4, 6}, floats(x));
    }

    @Test
    void deferredWorkOfACapturedStreamRunsOutside() {
        int n = 1 << 14;
        Tensor x = ones(n).cuda();
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        Tensor[] deferred = new Tensor[1];
        side.run(() -> deferred[0] = x.mul(2));
        assertTrue(Fusion.isDeferred(deferred[0]));
        Tensor[] y = new Tensor[1];
        try (CudaGraph graph = CudaGraph.capture(() -> {
            CudaStream main = Cuda.currentStream();
            side.waitStream(main);
            side.run(() -> y[0] = deferred[0].add(1));
            main.waitStream(side);
        })) {
            assertEquals(2.0 * n, deferred[0].sum().itemDouble());
            graph.replay();
            assertEquals(3.0 * n, y[0].sum().itemDouble());
        }
    }

    @Test
    void aReplayRunsOnTheCurrentStream() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        CudaStream side = CudaStream.create();
        side.waitStream(Cuda.currentStream());
        try (CudaGraph graph = CudaGraph.capture(() -> x.mul_(2))) {
            side.run(graph::replay);
            assertArrayEquals(new float[] {1, 2, 3}, floats(x));
            side.synchronize();
            assertArrayEquals(new float[] {2, 4, 6}, floats(x));
        }
    }

    @Test
    void aCaptureCreatesNoHandlesOrBuffers() {
        Tensor x = ones(4, 4).cuda();
        CudaStream side = CudaStream.create();
        Runnable step = () -> {
            CudaStream main = Cuda.currentStream();
            side.waitStream(main);
            side.run(() -> x.matmul(x));
            x.matmul(x).sum();
            main.waitStream(side);
        };
        CudaGraph.capture(x::clone).close();
        long[] calls = new long[3];
        String[] names = {"cublasCreate", "cuMemHostAlloc", "cuStreamCreateWithPriority"};
        try (CudaGraph graph = CudaGraph.capture(() -> {
            for (int i = 0; i < 3; i++) calls[i] = emulator.calls(names[i]);
            step.run();
            for (int i = 0; i < 3; i++) assertEquals(calls[i], emulator.calls(names[i]), names[i]);
        })) {
            graph.replay();
        }
        Cuda.synchronize();
    }

    /** Replays of one graph never overlap, but what precedes them on their streams does. */
    @Test
    void replaysOnTwoStreamsDrawDifferentNumbers() {
        Tensor sum = zeros(5).cuda();
        manualSeed(7);
        Tensor expected = zeros(5).cuda().uniform_(0, 1).add(zeros(5).cuda().uniform_(0, 1));
        CudaStream first = CudaStream.create();
        CudaStream second = CudaStream.create();
        Tensor drawn = zeros(5).cuda();
        try (CudaGraph graph = CudaGraph.capture(() -> sum.add_(drawn.uniform_(0, 1)))) {
            Cuda.synchronize();
            manualSeed(7);
            first.run(graph::replay);
            second.run(graph::replay);
            second.synchronize();
            first.synchronize();
            assertArrayEquals(floats(expected), floats(sum));
        }
    }

    @Test
    void anInvalidScatterMutesNoOtherReplay() {
        Tensor x = zeros(3).cuda();
        Tensor index = tensor(new long[] {5, 0}).cuda();
        Tensor from = ones(2).cuda();
        try (CudaGraph graph = CudaGraph.capture(() -> x.scatterAdd_(0, index, from))) {
            graph.replay();
            index.fill_(1);
            graph.replay();
            assertThrows(IndexException.class, Cuda::synchronize);
            assertArrayEquals(new float[] {0, 2, 0}, floats(x));
        }
    }

    @Test
    void anInvalidIndexInAReplayIsRaised() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor index = tensor(new long[] {1}).cuda();
        Tensor[] y = new Tensor[1];
        try (CudaGraph graph = CudaGraph.capture(() -> y[0] = x.gather(0, index))) {
            graph.replay();
            assertArrayEquals(new float[] {2}, floats(y[0]));
            index.fill_(5);
            graph.replay();
            assertEquals(
                    "index 5 is out of bounds for dimension 0 with size 3",
                    assertThrows(IndexException.class, Cuda::synchronize).getMessage());
        }
    }

    @Test
    void errorsOfAClosedGraphAreIgnored() {
        Tensor x = floatTensor(1, 2, 3).cuda();
        Tensor index = tensor(new long[] {5}).cuda();
        CudaGraph graph = CudaGraph.capture(() -> x.gather(0, index));
        graph.replay();
        graph.close();
        Cuda.synchronize();
        assertArrayEquals(new float[] {1, 2, 3}, floats(x));
    }

    @Test
    void closingAGraphFreesItsMemory() {
        long bytes = 16L << 20;
        CudaGraph graph = CudaGraph.capture(() -> {
            try (var _ = Scope.open()) {
                zeros(Device.cuda(), 1 << 21).add(1);
            }
        });
        Cuda.emptyCache();
        long held = Cuda.memoryReserved();
        assertTrue(held >= bytes, Cuda.memorySummary());
        graph.close();
        Cuda.emptyCache();
        assertTrue(Cuda.memoryReserved() <= held - bytes, Cuda.memorySummary());
    }

    @Test
    void workDeferredBeforeACaptureIsNotCaptured() {
        int n = 1 << 14;
        Tensor x = ones(n).cuda();
        Tensor deferred = x.mul(2);
        assertTrue(Fusion.isDeferred(deferred));
        Tensor[] y = new Tensor[2];
        try (CudaGraph graph = CudaGraph.capture(() -> {
            y[0] = deferred.add(1);
            y[1] = x.mul(5);
            x.add_(1);
        })) {
            assertEquals(2.0 * n, deferred.sum().itemDouble());
            graph.replay();
            graph.replay();
            assertEquals(3.0 * n, y[0].sum().itemDouble());
            assertEquals(10.0 * n, y[1].sum().itemDouble());
            assertEquals(3.0 * n, x.sum().itemDouble());
        }
    }
}

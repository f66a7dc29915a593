package dev.cotangent.tests.conformance;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The engine on a device: random graphs against the reference, long chains, several threads, moves between devices. */
final class AutogradConformance {
    private static final int CHAIN = 1_000_000;
    private static final int RACES = 10_000;

    private AutogradConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int steps = 2 + i / 2;
            checks.add(new Check("random graph " + i, t -> randomGraph(t, steps)));
        }
        checks.add(new Check("a long chain", AutogradConformance::chain));
        checks.add(new Check("a long chain in place", AutogradConformance::chainInPlace));
        checks.add(new Check("two threads lose no gradient", AutogradConformance::race));
        checks.add(new Check("two threads on one graph", AutogradConformance::sharedGraph));
        checks.add(new Check("between devices", AutogradConformance::betweenDevices));
        return checks.stream();
    }

    private static Tensor leaf(Device device, double[] values, long... sizes) {
        return HostOps.write(CreationOps.zeros(Dtype.FLOAT64, device, sizes), MemorySegment.ofArray(values.clone()))
                .requiresGrad_(true);
    }

    private static void randomGraph(Trial t, int steps) {
        RandomGraph graph = RandomGraph.next(t.random(), t.lab().reference().device(), steps);
        RandomGraph.Result expected = graph.run(t.lab().reference().device());
        RandomGraph.Result got = graph.run(t.lab().device().device());
        for (int i = 0; i < expected.tensors().size(); i++) {
            Tensor a = got.tensors().get(i);
            Tensor b = expected.tensors().get(i);
            String name = expected.names().get(i);
            Trial.require((a == null) == (b == null), () -> name + " is " + a + ", reference " + b + "\n" + graph);
            if (a == null || b == null) continue;
            double scale = 1;
            for (double v : b.toDoubleArray()) scale = Math.max(scale, Math.abs(v));
            double bound = 1e-9 * scale;
            Trial.compare(a, b, (n, e) -> bound, () -> name + " of\n" + graph);
        }
    }

    private static void chain(Trial t) {
        Tensor x = leaf(t.lab().device().device(), new double[] {1, 2}, 2);
        Tensor y = x;
        int nodes = t.rounds(CHAIN);
        for (int i = 0; i < nodes; i++) y = y.add(1);
        Trial.require(y.toDoubleArray()[1] == nodes + 2, () -> "the chain did not add up");
        y.backward(y.detach().onesLike());
        Tensor g = x.grad();
        Trial.require(g != null && Arrays.equals(g.toDoubleArray(), new double[] {1, 1}), () -> "the gradient is " + g);
        Trial.require(y.gradFn() != null, () -> "the chain has no history");
    }

    private static void chainInPlace(Trial t) {
        Tensor x = leaf(t.lab().device().device(), new double[] {1, 2}, 2);
        Tensor y = x.clone();
        for (int i = 0; i < t.rounds(CHAIN); i++) y.add_(1);
        Tensor g = Autograd.grad(y, x).gradOutputs(y.detach().onesLike()).get();
        Trial.require(Arrays.equals(g.toDoubleArray(), new double[] {1, 1}), () -> "the gradient is " + g);
    }

    /** Runs graphs over the same two leaves in several threads; every gradient must be accumulated. */
    private static void race(Trial t) {
        Device device = t.lab().device().device();
        Tensor x = leaf(device, new double[] {1, 2, 3}, 3);
        Tensor w = leaf(device, new double[] {0.5, -1, 2}, 3);
        together(2, thread -> {
            for (int i = 0; i < RACES; i++) {
                Tensor y = x.mul(w).add(x);
                y.backward(y.detach().onesLike());
            }
        });
        expect(x.grad(), 2 * RACES, new double[] {1.5, 0, 3});
        expect(w.grad(), 2 * RACES, new double[] {1, 2, 3});
    }

    /** Runs one retained graph backward in two threads at once. */
    private static void sharedGraph(Trial t) {
        Device device = t.lab().device().device();
        Tensor x = leaf(device, new double[] {1, 2, 3}, 3);
        Tensor y = x.mul(x).add(x);
        Tensor ones = y.detach().onesLike();
        int rounds = RACES / 10;
        together(2, thread -> {
            for (int i = 0; i < rounds; i++) y.backward(ones, Autograd.options().retainGraph());
        });
        expect(x.grad(), 2 * rounds, new double[] {3, 5, 7});
    }

    private static void expect(@Nullable Tensor grad, double times, double[] each) {
        double[] got = grad == null ? new double[0] : grad.toDoubleArray();
        double[] expected = Arrays.stream(each).map(v -> v * times).toArray();
        Trial.require(
                Arrays.equals(got, expected),
                () -> "gradients were lost: " + Arrays.toString(got) + " instead of " + Arrays.toString(expected));
    }

    private interface Work {
        void run(int thread);
    }

    private static void together(int count, Work work) {
        CyclicBarrier start = new CyclicBarrier(count);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            int number = k;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                    work.run(number);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (failure.get() != null) throw new AssertionError(failure.get().toString(), failure.get());
    }

    private static void betweenDevices(Trial t) {
        Device here = t.lab().device().device();
        String type = t.lab().reference().device().type();
        for (Device there : List.of(new Device(type, 0), new Device(type, 1))) {
            Tensor x = leaf(here, new double[] {1, 2, 3}, 3);
            Tensor y = x.mul(2).to(there);
            Trial.require(y.device().equals(there), () -> "moved to " + y.device() + " instead of " + there);
            Tensor z = y.mul(y).sum();
            z.backward();
            Tensor g = x.grad();
            Trial.require(
                    g != null && g.device().equals(here) && Arrays.equals(g.toDoubleArray(), new double[] {8, 16, 24}),
                    () -> "the gradient through " + there + " is " + g);
            Tensor half = x.detach().to(there, Dtype.FLOAT16).to(here);
            Trial.require(
                    half.dtype() == Dtype.FLOAT16 && Arrays.equals(half.toDoubleArray(), new double[] {1, 2, 3}),
                    () -> "there and back as float16: " + half);
            if (!there.equals(here)) {
                Trial.require(
                        y.gradFn() != null && y.gradFn().name().contains("CopyBackwards"),
                        () -> "the node of a move is " + y.gradFn());
            }
        }
    }
}

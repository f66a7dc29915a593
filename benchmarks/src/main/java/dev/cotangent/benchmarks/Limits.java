package dev.cotangent.benchmarks;

import static dev.cotangent.Tensors.zeros;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Limits of the hardware, measured along with the cases. */
@FunctionalInterface
interface Limits {
    /** Returns the minimal seconds of a case: for its bytes at the speed of a copy, or for its products at the peak. */
    double seconds(Case c);

    static Limits of(Device device, int threads) {
        return device.isCpu() ? new Processor(threads) : new Gpu(device);
    }

    /**
     * Limits of a processor: a copy of arrays in the same level of the memory hierarchy as the operands, and
     * {@link MultiplyAdds} in registers, by the Vector API. Without it the peak is unknown, as scalar loops do not reach
     * it: the limit of a product is then NaN.
     */
    final class Processor implements Limits {
        private static final double MIN_PARALLEL_BYTES = 1 << 20;
        /** Seconds without improvement after which the code counts as compiled. */
        private static final double STEADY_SECONDS = 0.3;
        /** Minimal seconds of a try: short, as other processes interrupt within milliseconds. */
        private static final double MIN_TRY_SECONDS = 0.001;

        private static final int TRIES = 100;

        private final int threads;
        private final Map<Double, Double> copies = new HashMap<>();
        private double flopsPerSecond;

        Processor(int threads) {
            this.threads = threads;
        }

        @Override
        public double seconds(Case c) {
            double copy = copies.computeIfAbsent(c.bytes(), this::copy);
            if (c.flops() == 0) return copy;
            // Measured again each time, as another process may have interfered.
            flopsPerSecond = Math.max(flopsPerSecond, peak());
            return Math.max(copy, c.flops() / flopsPerSecond);
        }

        /** Measures a copy that reads and writes the given bytes in total. */
        private double copy(double bytes) {
            int copiers = bytes < MIN_PARALLEL_BYTES ? 1 : threads;
            int n = (int) Math.max(1, bytes / 2 / Float.BYTES / copiers);
            return fastest(copiers, () -> {
                float[] from = new float[n];
                float[] to = new float[n];
                return repeats -> {
                    for (long r = 0; r < repeats; r++) System.arraycopy(from, 0, to, 0, n);
                };
            });
        }

        private double peak() {
            if (!hasVectors()) return Double.NaN;
            return threads * MultiplyAdds.FLOPS / fastest(threads, MultiplyAdds::new);
        }

        static boolean hasVectors() {
            return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        }

        private interface Body {
            LongConsumer make();
        }

        /** Returns the seconds of one repetition in several threads at once, the best of some tries. */
        private static double fastest(int threads, Body body) {
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                var together = new CyclicBarrier(threads);
                List<Future<Double>> results = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    results.add(pool.submit(() -> {
                        LongConsumer work = body.make();
                        double best = Double.POSITIVE_INFINITY;
                        long repeats = 1;
                        for (double steady = 0, last = 0;
                                steady < STEADY_SECONDS || last < MIN_TRY_SECONDS;
                                steady += last) {
                            if (last < MIN_TRY_SECONDS) repeats *= 2;
                            last = time(work, repeats);
                            if (last / repeats > 0.9 * best) continue;
                            best = last / repeats;
                            steady = 0;
                        }
                        for (int i = 0; i < TRIES; i++) {
                            together.await();
                            best = Math.min(best, time(work, repeats) / repeats);
                        }
                        return best;
                    }));
                }
                double slowest = 0;
                for (Future<Double> result : results) slowest = Math.max(slowest, result.get());
                return slowest;
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException("the limits cannot be measured", e);
            }
        }

        private static double time(LongConsumer work, long repeats) {
            long start = System.nanoTime();
            work.accept(repeats);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** Limits of a GPU: a copy of a quarter of a gigabyte, and a large matrix product of cuBLAS. */
    final class Gpu implements Limits {
        private static final long ELEMENTS = 1L << 26;
        private static final int SIDE = 8192;
        private static final int TRIES = 5;

        private final Device device;
        private double bytesPerSecond;
        private double flopsPerSecond;

        Gpu(Device device) {
            this.device = device;
        }

        @Override
        public double seconds(Case c) {
            if (bytesPerSecond == 0) {
                Tensor from = zeros(Dtype.FLOAT32.device(device), ELEMENTS);
                Tensor to = zeros(Dtype.FLOAT32.device(device), ELEMENTS);
                bytesPerSecond = 2.0 * Float.BYTES * ELEMENTS / fastest(() -> to.copy_(from));
                Tensor a = zeros(Dtype.FLOAT32.device(device), SIDE, SIDE);
                flopsPerSecond = 2.0 * SIDE * SIDE * SIDE / fastest(() -> a.mm(a));
            }
            return Math.max(c.bytes() / bytesPerSecond, c.flops() / flopsPerSecond);
        }

        private double fastest(Work work) {
            double best = Double.POSITIVE_INFINITY;
            for (int i = 0; i < TRIES; i++) {
                long start = System.nanoTime();
                OurEngine.materialize(work.run());
                Backends.of(device).synchronize();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            return best;
        }
    }
}

package dev.cotangent.internal.ops.random;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MersenneTwister;
import dev.cotangent.internal.Internals;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What PyTorch's CPU generator draws, element by element in the order of their memory, as PyTorch's kernels draw it. */
final class TwisterDraws {
    private static final int BLOCK = 16;
    private static final int HALF_BLOCK = 8;
    private static final int WIDE_BITS = 28;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private TwisterDraws() {}

    /** Draws doubles, of which each is a number of the tensor's dtype but for half types, and writes them. */
    private static void fill(Tensor self, Generator generator, Function<MersenneTwister, double[]> draw) {
        write(self, Tensors.tensor(generator.draw(draw)));
    }

    private static void write(Tensor self, Tensor host) {
        Layout layout = Internals.layout(self);
        // As PyTorch's iterator does: the dimension of the largest stride is the outermost.
        int[] order = IntStream.range(0, layout.rank())
                .boxed()
                .sorted(Comparator.comparingLong(d -> -layout.stride(d)))
                .mapToInt(d -> d)
                .toArray();
        try (var _ = GradMode.set(false)) {
            Tensor inMemoryOrder =
                    layout.rank() < 2 ? self.detach() : self.detach().permute(order);
            inMemoryOrder.copy_(host.view(Internals.layout(inMemoryOrder).sizes()));
        }
    }

    private static int count(Tensor self) {
        long n = self.numel();
        if (n != (int) n) {
            throw new CotangentException("PyTorch's generator fills tensors of up to 2^31 - 1 elements here, not " + n);
        }
        return (int) n;
    }

    /** {@code uniform_}: 53 bits of 64 for float64, else 24 bits of 32. */
    static void uniform(Tensor self, double from, double to, Generator generator) {
        Dtype dtype = self.dtype();
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            for (int i = 0; i < out.length; i++) out[i] = uniform(t, dtype, from, to);
            return out;
        });
    }

    private static double uniform(MersenneTwister t, Dtype dtype, double from, double to) {
        if (dtype == Dtype.FLOAT64) return t.nextDouble() * (to - from) + from;
        float x = t.nextFloat();
        float low = (float) from;
        return Math.fma(x, (float) to - low, low);
    }

    /** {@code normal_}: in blocks of 16 pairs where there are as many elements, else one after the other. */
    static void normal(Tensor self, double mean, double std, Generator generator) {
        Dtype dtype = self.dtype();
        boolean blocks = self.numel() >= BLOCK && self.isContiguous();
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            if (blocks) {
                for (int i = 0; i < out.length; i++) out[i] = uniform(t, dtype, 0, 1);
                for (int i = 0; i + BLOCK <= out.length; i += BLOCK) transform(out, i, dtype, mean, std);
                if (out.length % BLOCK != 0) {
                    // The last 16 elements are drawn anew.
                    int last = out.length - BLOCK;
                    for (int i = last; i < out.length; i++) out[i] = uniform(t, dtype, 0, 1);
                    transform(out, last, dtype, mean, std);
                }
            } else {
                for (int i = 0; i < out.length; i++) out[i] = t.nextNormal() * std + mean;
            }
            return out;
        });
    }

    /** Makes 16 uniform numbers normal by Box and Muller's method, pairs being 8 apart. */
    private static void transform(double[] data, int start, Dtype dtype, double mean, double std) {
        boolean single = dtype != Dtype.FLOAT64;
        for (int i = start; i < start + HALF_BLOCK; i++) {
            double radius = Math.sqrt(-2 * Math.log(1 - data[i]));
            double u = data[i + HALF_BLOCK];
            double angle = single ? TWO_PI * (float) u : 2 * Math.PI * u;
            data[i] = radius * Math.cos(angle) * std + mean;
            data[i + HALF_BLOCK] = radius * Math.sin(angle) * std + mean;
        }
    }

    /** {@code exponential_}. */
    static void exponential(Tensor self, double lambd, Generator generator) {
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            for (int i = 0; i < out.length; i++) out[i] = -1 / lambd * Math.log1p(-t.nextDouble());
            return out;
        });
    }

    /** {@code bernoulli_} of one probability. */
    static void bernoulli(Tensor self, double p, Generator generator) {
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            for (int i = 0; i < out.length; i++) out[i] = t.nextDouble() < p ? 1 : 0;
            return out;
        });
    }

    /** {@code bernoulli} of a probability for each element, into another tensor of the shape. */
    static void bernoulli(Tensor out, Tensor probabilities, Generator generator) {
        double[] p = probabilities.detach().to(Dtype.FLOAT64).flatten().toDoubleArray();
        boolean wide = probabilities.dtype() == Dtype.FLOAT64;
        fill(out, generator, t -> {
            double[] all = new double[p.length];
            for (int i = 0; i < p.length; i++) all[i] = (wide ? t.nextDouble() : t.nextFloat()) < p[i] ? 1 : 0;
            return all;
        });
    }

    /** {@code random_} of {@code width} whole numbers, a count without a sign; 64 bits are drawn for 2^28 and more. */
    static void range(Tensor self, long from, long width, Generator generator) {
        boolean wide = Long.compareUnsigned(width, 1L << WIDE_BITS) >= 0;
        longs(self, generator, t -> from + Long.remainderUnsigned(wide ? t.nextLong() : bits(t), width));
    }

    /** {@code random_} of all whole numbers that the dtype holds; 64 bits are drawn for 64-bit types. */
    static void whole(Tensor self, long width, Generator generator) {
        boolean wide = self.dtype() == Dtype.FLOAT64 || self.dtype() == Dtype.INT64;
        longs(self, generator, t -> Long.remainderUnsigned(wide ? t.nextLong() : bits(t), width));
    }

    private static long bits(MersenneTwister t) {
        return t.nextInt() & 0xFFFFFFFFL;
    }

    private interface LongDraw {
        long next(MersenneTwister t);
    }

    private static void longs(Tensor self, Generator generator, LongDraw draw) {
        long[] out = generator.draw(t -> {
            long[] all = new long[count(self)];
            for (int i = 0; i < all.length; i++) all[i] = draw.next(t);
            return all;
        });
        write(self, Tensors.tensor(out));
    }

    /** {@code randperm}: each place is swapped with one of those not passed yet. */
    static long[] permutation(int n, Generator generator) {
        return generator.draw(t -> {
            long[] order = new long[n];
            for (int i = 0; i < n; i++) order[i] = i;
            for (int i = 0; i < n - 1; i++) {
                int j = i + (int) (bits(t) % (n - i));
                long swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            return order;
        });
    }
}

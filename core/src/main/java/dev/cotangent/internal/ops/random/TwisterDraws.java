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

/** Sampling with PyTorch's CPU generator, in memory order and with the algorithms of PyTorch's kernels. */
final class TwisterDraws {
    private static final int BLOCK = 16;
    private static final int HALF_BLOCK = 8;
    private static final int WIDE_BITS = 28;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private TwisterDraws() {}

    /** Fills a tensor with doubles, already rounded to the tensor's dtype unless that is a half type. */
    private static void fill(Tensor self, Generator generator, Function<MersenneTwister, double[]> draw) {
        write(self, Tensors.tensor(generator.draw(draw)));
    }

    private static void write(Tensor self, Tensor host) {
        Layout layout = Internals.layout(self);
        // As in PyTorch's TensorIterator, the dimension of the largest stride is outermost.
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

    /** Implements {@code uniform_}: 53 bits of 64 for float64, else 24 bits of 32. */
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

    /** Implements {@code normal_}: in blocks of 16 if there are as many elements, else one at a time. */
    static void normal(Tensor self, double mean, double std, Generator generator) {
        Dtype dtype = self.dtype();
        boolean blocks = self.numel() >= BLOCK && self.isContiguous();
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            if (blocks) {
                for (int i = 0; i < out.length; i++) out[i] = uniform(t, dtype, 0, 1);
                for (int i = 0; i + BLOCK <= out.length; i += BLOCK) transform(out, i, dtype, mean, std);
                if (out.length % BLOCK != 0) {
                    // Redraws the last 16 elements, as PyTorch.
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

    /** Transforms 16 uniform numbers to normal by the Box-Muller method; numbers i and i + 8 are a pair. */
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

    /** Implements {@code exponential_}. */
    static void exponential(Tensor self, double lambd, Generator generator) {
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            for (int i = 0; i < out.length; i++) out[i] = -1 / lambd * Math.log1p(-t.nextDouble());
            return out;
        });
    }

    /** Implements {@code bernoulli_} with one probability. */
    static void bernoulli(Tensor self, double p, Generator generator) {
        fill(self, generator, t -> {
            double[] out = new double[count(self)];
            for (int i = 0; i < out.length; i++) out[i] = t.nextDouble() < p ? 1 : 0;
            return out;
        });
    }

    /** Implements {@code bernoulli} with a probability per element, into another tensor of the shape. */
    static void bernoulli(Tensor out, Tensor probabilities, Generator generator) {
        double[] p = probabilities.detach().to(Dtype.FLOAT64).flatten().toDoubleArray();
        boolean wide = probabilities.dtype() == Dtype.FLOAT64;
        fill(out, generator, t -> {
            double[] all = new double[p.length];
            for (int i = 0; i < p.length; i++) all[i] = (wide ? t.nextDouble() : t.nextFloat()) < p[i] ? 1 : 0;
            return all;
        });
    }

    /** Implements {@code random_} over {@code width} integers, an unsigned count; draws 64 bits from 2^28 on. */
    static void range(Tensor self, long from, long width, Generator generator) {
        boolean wide = Long.compareUnsigned(width, 1L << WIDE_BITS) >= 0;
        longs(self, generator, t -> from + Long.remainderUnsigned(wide ? t.nextLong() : bits(t), width));
    }

    /** Implements {@code random_} over all integers that the dtype holds; draws 64 bits for 64-bit types. */
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

    /** Implements {@code randperm} by a Fisher-Yates shuffle. */
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

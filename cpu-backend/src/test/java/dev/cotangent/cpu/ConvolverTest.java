package dev.cotangent.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions have the same bits on scalar loops, on vectors, and on any number of threads, and make no patches. */
class ConvolverTest {
    /**
     * What is convolved.
     *
     * @param in images, channels, height and width
     * @param weight filters, channels of a group, height and width
     */
    record Given2d(long[] in, long[] weight, long stride, long padding, long dilation, long groups) {
        Convolution conv() {
            return new Convolution(
                    new long[] {stride, stride},
                    new long[] {padding, padding},
                    new long[] {dilation, dilation},
                    groups);
        }

        long[] out() {
            long h = conv().outputSize(0, in[2], weight[2]);
            return new long[] {in[0], weight[0], h, conv().outputSize(1, in[3], weight[3])};
        }

        @Override
        public String toString() {
            return List.of(in[0], in[1], in[2], in[3]) + " by " + weight[0] + " of " + weight[2] + "x" + weight[3]
                    + ", stride " + stride + ", padding " + padding + ", groups " + groups;
        }
    }

    static Stream<Given2d> convolutions() {
        return Stream.of(
                given(5, 9, 14, 14, 23, 3, 3, 1, 1, 1, 1),
                given(2, 3, 31, 30, 20, 7, 7, 2, 3, 1, 1),
                given(3, 12, 9, 33, 18, 1, 1, 1, 0, 1, 1),
                given(3, 12, 9, 11, 18, 1, 1, 2, 0, 1, 1),
                given(2, 8, 17, 41, 8, 3, 3, 1, 1, 1, 8),
                given(2, 6, 20, 50, 12, 3, 3, 2, 2, 2, 6),
                given(1, 10, 13, 37, 4, 3, 2, 3, 1, 1, 2),
                given(2, 70, 6, 7, 33, 3, 3, 1, 1, 1, 1));
    }

    private static Given2d given(
            int n, int c, int h, int w, int o, int kh, int kw, int stride, int padding, int dilation, int groups) {
        return new Given2d(
                new long[] {n, c, h, w}, new long[] {o, c / groups, kh, kw}, stride, padding, dilation, groups);
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void theBitsAreThoseOfOneThreadWithoutVectors(Given2d given) {
        VectorLoops vectors = CpuProvider.vectors();
        for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.FLOAT64, Dtype.BFLOAT16)) {
            List<Object> expected = run(new CpuBackend(1, null), dtype, given);
            for (CpuBackend backend :
                    List.of(new CpuBackend(1, vectors), new CpuBackend(3, vectors), new CpuBackend(7, null))) {
                List<Object> found = run(backend, dtype, given);
                for (int i = 0; i < expected.size(); i++) assertSame(expected.get(i), found.get(i), dtype + " " + i);
            }
        }
    }

    /** A panel that ends with its array, of fewer columns than a vector has elements. */
    @Test
    void packingWritesNothingBeyondAPanel() {
        VectorLoops vectors = CpuProvider.vectors();
        assumeTrue(vectors != null, "needs the Vector API");
        int depth = 36;
        for (boolean isDouble : new boolean[] {false, true}) {
            RegisterType type = isDouble ? RegisterType.DOUBLE : RegisterType.FLOAT;
            Object memory = type.allocate(4096);
            int[] rows = IntStream.range(0, depth).map(q -> q * 7).toArray();
            for (int width = 1; width <= 9; width++) {
                Windows.Pieces pieces = Windows.Pieces.mine(16);
                pieces.clear();
                for (int at = 0; at < 9; at += width) pieces.add(at * 5, at, Math.min(width, 9 - at));
                Object to = type.allocate(depth * 9);
                vectors.windows(isDouble).pack(depth, memory, rows, 0, pieces, to, 0, 9);
            }
        }
    }

    private static void assertSame(Object expected, Object found, String what) {
        switch (expected) {
            case float[] x -> assertArrayEquals(x, (float[]) found, what);
            case double[] x -> assertArrayEquals(x, (double[]) found, what);
            default -> assertArrayEquals((short[]) expected, (short[]) found, what);
        }
    }

    /** The result, and the gradients of the input and of the weight. */
    private static List<Object> run(CpuBackend backend, Dtype dtype, Given2d given) {
        Random random = new Random(given.toString().hashCode());
        Strided in = filled(backend, dtype, random, given.in);
        Strided weight = filled(backend, dtype, random, given.weight);
        Strided bias = filled(backend, dtype, random, given.weight[0]);
        Strided g = filled(backend, dtype, random, given.out());
        List<Object> all = new ArrayList<>();
        Strided out = empty(backend, dtype, given.out());
        backend.convolution(in, weight, bias, given.conv(), out);
        all.add(out.storage().memory());
        Strided ofIn = empty(backend, dtype, given.in);
        backend.convolutionInputBackward(g, weight, null, given.conv(), ofIn);
        all.add(ofIn.storage().memory());
        Strided ofWeight = empty(backend, dtype, given.weight);
        backend.convolutionWeightBackward(in, g, given.conv(), ofWeight);
        all.add(ofWeight.storage().memory());
        return all;
    }

    private static Strided empty(CpuBackend backend, Dtype dtype, long... sizes) {
        Layout layout = Layout.contiguous(sizes);
        return new Strided(backend.allocate(dtype, layout.numel()), layout);
    }

    private static Strided filled(CpuBackend backend, Dtype dtype, Random random, long... sizes) {
        Strided to = empty(backend, Dtype.FLOAT32, sizes);
        Given.fill(to, random::nextGaussian);
        if (dtype == Dtype.FLOAT32) return to;
        Strided converted = empty(backend, dtype, sizes);
        backend.copy(to, converted);
        return converted;
    }

    @ParameterizedTest
    @MethodSource("convolutions")
    void memoryIsThatOfImages(Given2d given) {
        // Scalar loops, as vectors are objects until they are compiled.
        CpuBackend backend = new CpuBackend(1, null);
        Random random = new Random(1);
        Strided in = filled(backend, Dtype.FLOAT32, random, given.in);
        Strided weight = filled(backend, Dtype.FLOAT32, random, given.weight);
        Strided out = empty(backend, Dtype.FLOAT32, given.out());
        backend.convolution(in, weight, null, given.conv(), out);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        backend.convolution(in, weight, null, given.conv(), out);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // Padded images, and tables of offsets.
        long padded = given.in[0]
                * given.in[1]
                * (given.in[2] + 2 * given.padding + given.stride)
                * (given.in[3] + 2 * given.padding + given.stride);
        long tables = 64 * (given.in[1] * given.weight[2] * given.weight[3] + given.in[0] * given.in[2]);
        long most = Float.BYTES * padded + tables + (64 << 10);
        assertTrue(bytes <= most, bytes + " bytes, more than " + most);
    }
}

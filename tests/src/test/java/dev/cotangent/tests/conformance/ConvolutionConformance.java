package dev.cotangent.tests.conformance;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Strided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Convolutions and their gradients, of one to three dimensions and of random geometry. */
final class ConvolutionConformance {
    private static final Dtype[] DTYPES = {
        Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16, Dtype.INT64, Dtype.UINT8
    };
    private static final int ROUNDS = 20;
    /** Rounds of other dtypes than float32 and float64, which share loops. */
    private static final int OTHER_ROUNDS = 8;

    private ConvolutionConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Dtype dtype : DTYPES) {
            String name = dtype.torchName();
            checks.add(new Check("convolution " + name, t -> rounds(t, dtype, false)));
            checks.add(new Check("depthwise convolution " + name, t -> rounds(t, dtype, true)));
        }
        checks.add(new Check("convolution of several blocks", ConvolutionConformance::blocks));
        return checks.stream();
    }

    /**
     * The sizes of one.
     *
     * @param in [images, channels, spatial sizes]
     */
    private record Sizes(long[] in, long[] weight, long[] out, Convolution conv) {
        static Sizes of(RandomGenerator random, boolean depthwise) {
            int dims = random.nextInt(1, 4);
            long groups = depthwise ? random.nextInt(1, 5) : random.nextInt(1, 3);
            long channels = depthwise ? 1 : random.nextInt(1, 4);
            long filters = random.nextInt(1, 7);
            long[] stride = new long[dims];
            long[] padding = new long[dims];
            long[] dilation = new long[dims];
            long[] in = new long[dims + 2];
            long[] weight = new long[dims + 2];
            long[] out = new long[dims + 2];
            for (int d = 0; d < dims; d++) {
                stride[d] = random.nextInt(1, 4);
                padding[d] = random.nextInt(0, 4);
                dilation[d] = random.nextInt(1, 3);
                weight[d + 2] = random.nextInt(1, 4);
            }
            Convolution conv = new Convolution(stride, padding, dilation, groups);
            in[0] = out[0] = random.nextInt(1, 4);
            in[1] = groups * channels;
            out[1] = weight[0] = groups * filters;
            weight[1] = channels;
            for (int d = 0; d < dims; d++) {
                long least = Math.max(1, conv.span(d, weight[d + 2]) - 2 * padding[d]);
                in[d + 2] = least + random.nextInt(0, d == dims - 1 ? 23 : 6);
                out[d + 2] = conv.outputSize(d, in[d + 2], weight[d + 2]);
                // Of a transposed convolution with output padding there are fewer.
                if (out[d + 2] > 1 && random.nextInt(8) == 0) out[d + 2]--;
            }
            return new Sizes(in, weight, out, conv);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(Arrays.toString(in));
            text.append(" by ").append(Arrays.toString(weight)).append(" to ").append(Arrays.toString(out));
            for (int d = 0; d < conv.dims(); d++) {
                text.append("; stride ")
                        .append(conv.stride(d))
                        .append(" padding ")
                        .append(conv.padding(d));
                text.append(" dilation ").append(conv.dilation(d));
            }
            return text.append(", groups ").append(conv.groups()).toString();
        }
    }

    private static void rounds(Trial t, Dtype dtype, boolean depthwise) {
        boolean own = dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64;
        for (int round = 0; round < t.rounds(own ? ROUNDS : OTHER_ROUNDS); round++)
            check(t, dtype, Sizes.of(t.random(), depthwise));
    }

    /** Multiplies several blocks of columns, rows and inner indices, and of images that are multiplied together. */
    private static void blocks(Trial t) {
        Convolution same = new Convolution(new long[] {1, 1}, new long[] {1, 1}, new long[] {1, 1}, 1);
        check(t, Dtype.FLOAT32, sizes(same, 9, 20, 7, 9, 3, 17));
        Convolution strided = new Convolution(new long[] {2, 2}, new long[] {2, 2}, new long[] {1, 1}, 1);
        check(t, Dtype.FLOAT64, sizes(strided, 2, 3, 20, 21, 5, 33));
    }

    private static Sizes sizes(Convolution conv, long images, long channels, long h, long w, long k, long filters) {
        return new Sizes(
                new long[] {images, channels, h, w},
                new long[] {filters, channels, k, k},
                new long[] {images, filters, conv.outputSize(0, h, k), conv.outputSize(1, w, k)},
                conv);
    }

    private static void check(Trial t, Dtype dtype, Sizes s) {
        Convolution conv = s.conv;
        Operand in = t.operand(dtype, s.in, Form.any(t.random()), Values.TAME);
        Operand weight = t.operand(dtype, s.weight, Form.any(t.random()), Values.TAME);
        Operand g = t.operand(dtype, s.out, Form.any(t.random()), Values.TAME);
        boolean biased = t.random().nextBoolean();
        Operand bias = biased ? t.operand(dtype, new long[] {s.out[1]}, Form.any(t.random()), Values.TAME) : null;
        Operand other = biased ? t.operand(dtype, new long[] {s.in[1]}, Form.any(t.random()), Values.TAME) : null;
        Operand out = writable(t, dtype, s.out);
        Operand inGradient = writable(t, dtype, s.in);
        Operand weightGradient = writable(t, dtype, s.weight);
        run(
                t.lab().device(),
                conv,
                in.device(),
                weight.device(),
                g.device(),
                biased ? bias.device() : null,
                biased ? other.device() : null,
                out.device(),
                inGradient.device(),
                weightGradient.device());
        run(
                t.lab().reference(),
                conv,
                in.reference(),
                weight.reference(),
                g.reference(),
                biased ? bias.reference() : null,
                biased ? other.reference() : null,
                out.reference(),
                inGradient.reference(),
                weightGradient.reference());
        compare(t, out, s.in, "convolution " + s);
        compare(t, inGradient, s.out, "gradient of the input of convolution " + s);
        compare(t, weightGradient, s.out, "gradient of the weight of convolution " + s);
    }

    private static Operand writable(Trial t, Dtype dtype, long[] sizes) {
        return t.operand(dtype, sizes, Form.anyWritable(t.random()), Values.ANY);
    }

    private static void run(
            Backend backend,
            Convolution conv,
            Strided in,
            Strided weight,
            Strided g,
            @Nullable Strided bias,
            @Nullable Strided other,
            Strided out,
            Strided inGradient,
            Strided weightGradient) {
        backend.convolution(in, weight, bias, conv, out);
        backend.convolutionInputBackward(g, weight, other, conv, inGradient);
        backend.convolutionWeightBackward(in, g, conv, weightGradient);
    }

    /** Compares with the tolerance of sums of products of moderate values, in proportion to their number. */
    private static void compare(Trial t, Operand out, long[] of, String what) {
        Dtype dtype = out.dtype();
        double terms = Arrays.stream(of).reduce(1, (a, b) -> a * b);
        double size = 100 * Math.sqrt(terms);
        Tolerance tolerance = dtype.isFloatingPoint()
                ? (n, e) -> Tolerance.epsilon(dtype.computeType()) * (size + 8 * Math.abs(e))
                        + 2 * Tolerance.epsilon(dtype) * Math.abs(e)
                : Tolerance.EXACT;
        t.compare(out, tolerance, () -> what);
    }
}

package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import java.util.stream.Stream;

/** Operands and checksums that are the same in every language, from a Weyl sequence modulo a prime. */
public final class Inputs {
    private static final long MODULUS = 2147483647L;
    private static final long FIRST = 1000003;
    private static final long NEXT = 7919011;
    private static final int WEIGHTS = 99;

    private Inputs() {}

    /** Returns number {@code i} of sequence {@code seed}, from 0 to 1. */
    public static double value(int seed, long i) {
        return (double) ((i + 1) * ((FIRST + NEXT * seed) % MODULUS) % MODULUS) / MODULUS;
    }

    /** Returns a float32 tensor of values from -0.75 to 1.25, whose sums do not vanish. */
    public static Tensor tensor(Device device, int seed, long... sizes) {
        return scaled(device, seed, 1, sizes);
    }

    /** Returns a float32 tensor of values from -0.75 to 1.25 times a scale. */
    static Tensor scaled(Device device, int seed, double scale, long... sizes) {
        return Tensors.tensor(values(seed, scale, sizes)).reshape(sizes).to(device);
    }

    /** Returns the elements of an operand of the given sizes, row-major. */
    public static float[] values(int seed, double scale, long... sizes) {
        float[] values = new float[(int) Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) values[i] = (float) ((value(seed, i) * 2 - 0.75) * scale);
        return values;
    }

    /** Returns int64 labels below {@code classes}. */
    static Tensor labels(Device device, int count, int classes) {
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) labels[i] = i * 7L % classes;
        return Tensors.tensor(labels).to(device);
    }

    /**
     * A checksum of results.
     *
     * @param size the sum of the magnitudes
     * @param mixed the sum of the elements times weights that depend on their positions
     */
    public record Checksum(double size, double mixed) {
        private static final double TOLERANCE = 1e-3;

        /** Computes the checksum of the row-major elements of several tensors. */
        public static Checksum of(Stream<float[]> outcome) {
            double[] sums = new double[2];
            outcome.forEach(values -> {
                for (int i = 0; i < values.length; i++) {
                    sums[0] += Math.abs(values[i]);
                    sums[1] += values[i] * value(WEIGHTS, i);
                }
            });
            return new Checksum(sums[0], sums[1]);
        }

        /** Parses the two numbers as written by Java or Python. */
        static Checksum parse(String size, String mixed) {
            return new Checksum(number(size), number(mixed));
        }

        private static double number(String text) {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(text);
            };
        }

        /** Returns whether both are equal up to the rounding of sums in different orders. */
        boolean agrees(Checksum other) {
            double allowed = TOLERANCE * Math.max(size, other.size);
            return agree(size, other.size, allowed) && agree(mixed, other.mixed, allowed);
        }

        private static boolean agree(double a, double b, double allowed) {
            return Double.compare(a, b) == 0 || Double.isFinite(a) && Double.isFinite(b) && Math.abs(a - b) <= allowed;
        }
    }
}

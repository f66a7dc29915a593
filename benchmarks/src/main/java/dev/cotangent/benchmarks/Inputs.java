package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import java.util.List;

/** Operands and checksums that are the same in every language: a Weyl sequence modulo a prime. */
final class Inputs {
    private static final long MODULUS = 2147483647L;
    private static final long FIRST = 1000003;
    private static final long NEXT = 7919011;
    private static final int WEIGHTS = 99;

    private Inputs() {}

    /** Number {@code i} of sequence {@code seed}, from 0 to 1. */
    static double value(int seed, long i) {
        return (double) ((i + 1) * ((FIRST + NEXT * seed) % MODULUS) % MODULUS) / MODULUS;
    }

    /** A float32 tensor of values from -0.75 to 1.25: of both signs, with sums that do not vanish. */
    static Tensor tensor(Device device, int seed, long... sizes) {
        return scaled(device, seed, 1, sizes);
    }

    /** Of values from -0.75 to 1.25 times a scale. */
    static Tensor scaled(Device device, int seed, double scale, long... sizes) {
        int n = (int) Arrays.stream(sizes).reduce(1, Math::multiplyExact);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) ((value(seed, i) * 2 - 0.75) * scale);
        return Tensors.tensor(values).reshape(sizes).to(device);
    }

    /** Classes from 0 up to {@code classes}, int64. */
    static Tensor labels(Device device, int count, int classes) {
        long[] labels = new long[count];
        for (int i = 0; i < count; i++) labels[i] = i * 7L % classes;
        return Tensors.tensor(labels).to(device);
    }

    /**
     * What tells a right outcome from a wrong one.
     *
     * @param size the sum of the magnitudes
     * @param mixed the sum of the elements times weights that tell their places apart
     */
    record Checksum(double size, double mixed) {
        private static final double TOLERANCE = 1e-3;

        static Checksum of(List<Tensor> outcome) {
            double size = 0;
            double mixed = 0;
            for (Tensor t : outcome) {
                float[] values = t.detach().cpu().contiguous().toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    size += Math.abs(values[i]);
                    mixed += values[i] * value(WEIGHTS, i);
                }
            }
            return new Checksum(size, mixed);
        }

        /** Whether two programs computed the same, but for the order of their sums. */
        boolean agrees(Checksum other) {
            double allowed = TOLERANCE * Math.max(size, other.size);
            return Math.abs(size - other.size) <= allowed && Math.abs(mixed - other.mixed) <= allowed;
        }
    }
}

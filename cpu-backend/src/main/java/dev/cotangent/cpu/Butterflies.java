package dev.cotangent.cpu;

/**
 * The loops of Fourier transforms on complex numbers in float32 or float64. All of them give the same bits, in scalar form and
 * for every vector width: no operation combines lanes.
 *
 * <p>Buffers are {@code float[]} or {@code double[]} in a {@link Format}; tables of complex factors hold pairs.
 */
public abstract class Butterflies {
    /** Column twiddles are products of a factor for the column divided by this number, and one for the remainder. */
    public static final int BLOCK = 16;

    /**
     * Describes where the numbers of transforms of several lines are: element {@code e} of line {@code l} has its real part at
     * {@code re + e * step + l} and its imaginary part at {@code im + e * step + l}. With one line the step is 1.
     *
     * @param lines lines next to each other
     * @param step distance between the elements of a line
     * @param re offset of real parts
     * @param im offset of imaginary parts
     */
    public record Format(int lines, int step, int re, int im) {
        /** Returns the format of several lines, whose real and imaginary parts alternate. */
        static Format interleaved(int lines) {
            return new Format(lines, 2 * lines, 0, lines);
        }

        /** Returns the format of one line, whose imaginary parts follow all the real ones. */
        static Format planes(int capacity) {
            return new Format(1, 1, 0, capacity);
        }

        /** Returns the format with real and imaginary parts swapped, in which a transform is its inverse. */
        Format swapped() {
            return new Format(lines, step, im, re);
        }

        /** Returns whether there is one line. */
        public boolean isSingle() {
            return step == 1;
        }
    }

    /**
     * A pass of Stockham's algorithm with decimation in frequency: it reads elements {@code q + s (p + m k)} and writes {@code q +
     * s (radix p + j)}, for all {@code p < m}, {@code q < s}, {@code j, k < radix}.
     *
     * @param radix length of the small transforms
     * @param m number of different twiddles
     * @param s number of transforms with the same twiddles
     * @param twiddles of each p the factors of {@code j = 1, 2, ...}, pairs
     * @param roots the radix-th roots of unity, pairs
     */
    public record Pass(int radix, int m, int s, Object twiddles, Object roots) {}

    /** Runs a pass from {@code x} to {@code y}. */
    public abstract void pass(Pass pass, Object x, Object y, Format f);

    /** Computes {@code y[e] = x[e] * w[e]} for {@code n} elements of every line; {@code y} may be {@code x}. */
    public abstract void multiply(int n, Object x, Object w, Object y, Format f);

    /**
     * Multiplies element {@code e} of line {@code l} by {@code outer[e, c / BLOCK] * inner[e, c % BLOCK]} with {@code c = first +
     * l}. The lines and their first are multiples of a vector's lanes.
     *
     * @param inner tables of pairs, in which all real parts of an element come first
     * @param blocks row length of {@code outer}
     */
    public abstract void twiddle(int n, Object x, int first, Object inner, Object outer, int blocks, Format f);

    /**
     * Turns transforms {@code x} of lines whose real numbers were taken as {@code h} complex ones into the first {@code h + 1} elements of
     * the real lines' transforms, multiplied by a factor.
     *
     * @param w {@code exp(-pi i k / h)}, pairs
     * @param sign -1 for conjugated results, else 1
     */
    public abstract void splitReal(int h, Object x, Object w, Object y, double factor, double sign, Format f);

    /** Undoes {@link #splitReal} but for a factor of 2, ignoring the imaginary parts of the first and the last element. */
    public abstract void joinReal(int h, Object x, Object w, Object y, double factor, double sign, Format f);
}

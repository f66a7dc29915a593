package dev.cotangent.backend;

import dev.cotangent.ValueException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * PyTorch's CPU generator: MT19937 (Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8, 1998) with a cached
 * second normal number. Not thread-safe.
 */
public final class MersenneTwister {
    private static final int N = 624;
    private static final int M = 397;
    private static final int MULTIPLIER = 1812433253;
    private static final int MATRIX = 0x9908b0df;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;

    /** The size of PyTorch's state, padding included. */
    private static final int STATE_BYTES = 8 + 4 + 4 + 8 + 8 * N + 3 * 8 + 4 + 4 + 8;

    private final int[] words;
    private int next;
    private boolean hasNormal;
    private double normal;

    /** Creates a generator; as in PyTorch, only the lower 32 bits of the seed are used. */
    public MersenneTwister(long seed) {
        words = new int[N];
        words[0] = (int) seed;
        for (int i = 1; i < N; i++) words[i] = MULTIPLIER * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
        next = N;
    }

    private MersenneTwister(MersenneTwister other) {
        words = other.words.clone();
        next = other.next;
        hasNormal = other.hasNormal;
        normal = other.normal;
    }

    /**
     * Returns the state in the bytes of PyTorch's {@code Generator.get_state()}: the seed, how many words are left, a mark
     * that it was seeded, the next word, the words with 64 bits each, the second normal number and whether there is one; and
     * one of float32, which the CPU never has.
     */
    public byte[] state(long seed) {
        ByteBuffer out = ByteBuffer.allocate(STATE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        boolean fresh = next == N;
        out.putLong(seed).putInt(fresh ? 1 : N - next + 1).putInt(1).putLong(fresh ? 0 : next);
        for (int word : words) out.putLong(Integer.toUnsignedLong(word));
        out.putDouble(0).putDouble(hasNormal ? normal : 0).putDouble(0).putInt(hasNormal ? 1 : 0);
        return out.array();
    }

    /**
     * Returns a generator in a state that {@link #state} or PyTorch's {@code Generator.get_state()} returned.
     *
     * @throws ValueException if it is no such state
     */
    public static MersenneTwister ofState(byte[] state) {
        if (state.length != STATE_BYTES) {
            throw new ValueException(
                    "the state of PyTorch's generator has " + STATE_BYTES + " bytes, but got " + state.length);
        }
        ByteBuffer in = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        MersenneTwister t = new MersenneTwister(in.getLong());
        int left = in.getInt();
        int seeded = in.getInt();
        long position = in.getLong();
        if (seeded != 1 || left < 1 || left > N || (left > 1 && position != N - left + 1)) {
            throw new ValueException("no state of PyTorch's generator: " + left + " words are left at " + position);
        }
        t.next = left == 1 ? N : (int) position;
        for (int i = 0; i < N; i++) t.words[i] = (int) in.getLong();
        in.getDouble();
        t.normal = in.getDouble();
        in.getDouble();
        t.hasNormal = in.getInt() != 0;
        return t;
    }

    /** Returns a copy that draws the same numbers. */
    public MersenneTwister copy() {
        return new MersenneTwister(this);
    }

    /** Returns the next 32 bits. */
    public int nextInt() {
        if (next == N) twist();
        int y = words[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** Returns the next 64 bits, the upper half first. */
    public long nextLong() {
        long upper = nextInt();
        return upper << 32 | nextInt() & 0xFFFFFFFFL;
    }

    private void twist() {
        for (int i = 0; i < N; i++) {
            int y = (words[i] & UPPER) | (words[(i + 1) % N] & LOWER);
            words[i] = words[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
        }
        next = 0;
    }

    /** Returns a uniform number in [0, 1) of 24 bits. */
    public float nextFloat() {
        return (nextInt() & 0xFFFFFF) * 0x1p-24f;
    }

    /** Returns a uniform number in [0, 1) of 53 bits. */
    public double nextDouble() {
        return (nextLong() & ((1L << 53) - 1)) * 0x1p-53;
    }

    /** Returns a normal number by the Box-Muller method; the second of each pair is cached for the next call. */
    public double nextNormal() {
        if (hasNormal) {
            hasNormal = false;
            return normal;
        }
        double angle = 2 * Math.PI * nextDouble();
        double radius = Math.sqrt(-2 * Math.log1p(-nextDouble()));
        normal = radius * Math.sin(angle);
        hasNormal = true;
        return radius * Math.cos(angle);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MersenneTwister t
                && next == t.next
                && hasNormal == t.hasNormal
                && (!hasNormal || normal == t.normal)
                && Arrays.equals(words, t.words);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(words) + next;
    }
}

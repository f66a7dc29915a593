package dev.cotangent.cpu;

import java.util.Arrays;

/**
 * Sorts positions stably by keys of 64 bits, and finds the key of a rank. Keys are packed into longs with their positions in
 * the low bits, so that sorting numbers is sorting stably; where a key is too long for that, its high part is sorted first,
 * and runs of equal high parts by the low part.
 */
final class KeySort {
    /** From this many elements on, a radix sort is faster than comparisons. */
    private static final int RADIX_LEAST = 1 << 9;

    /** Bits of a digit; of fewer elements than {@link #MANY} shorter ones, whose counts take less time. */
    private static final int DIGIT = 11;

    private static final int SHORT_DIGIT = 8;
    private static final int MANY = 1 << 14;

    /** More passes than this, and comparisons are faster again. */
    private static final int MOST_PASSES = 7;

    private static final int FEW = 48;

    private final long[] packed;
    private final long[] scratch;
    private final int n;

    private KeySort(long[] packed, long[] scratch, int n) {
        this.packed = packed;
        this.scratch = scratch;
        this.n = n;
    }

    /**
     * Sorts the first {@code n} keys stably.
     *
     * @param keys the keys; sorted afterwards, if the result says so
     * @param positions where each of the sorted keys came from, afterwards
     * @return whether {@code keys} holds the sorted keys; if not, it holds anything
     */
    static boolean sort(long[] keys, long[] positions, int n) {
        return new KeySort(keys, positions, n).sort();
    }

    private boolean sort() {
        int bits = Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(n - 1));
        long mask = (1L << bits) - 1;
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (int i = 0; i < n; i++) {
            low = Math.min(low, packed[i]);
            high = Math.max(high, packed[i]);
        }
        // The width of the range as an unsigned number, and the low bits of it that there is no room for.
        int width = Long.SIZE - Long.numberOfLeadingZeros(high - low);
        int dropped = Math.max(0, width + bits - Long.SIZE + 1);
        if (dropped == 0) {
            for (int i = 0; i < n; i++) packed[i] = (packed[i] - low) << bits | i;
            long[] sorted = sort(packed, scratch, n, bits, width);
            for (int i = 0; i < n; i++) {
                long v = sorted[i];
                scratch[i] = v & mask;
                packed[i] = (v >>> bits) + low;
            }
            return true;
        }
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            long key = packed[i] - low;
            keys[i] = key;
            packed[i] = (key >>> dropped) << bits | i;
        }
        long[] sorted = sort(packed, scratch, n, bits, width - dropped);
        sortRuns(sorted, keys, bits, (1L << dropped) - 1);
        for (int i = 0; i < n; i++) scratch[i] = sorted[i] & mask;
        return false;
    }

    private static long[] sort(long[] a, long[] b, int n, int bits, int width) {
        int passes = Math.ceilDiv(width, n < MANY ? SHORT_DIGIT : DIGIT);
        if (n < RADIX_LEAST || passes > MOST_PASSES) {
            Arrays.sort(a, 0, n);
            return a;
        }
        if (passes == 0) return a;
        int digit = Math.ceilDiv(width, passes);
        int buckets = 1 << digit;
        int[][] counts = new int[passes][buckets];
        for (int p = 0; p < passes; p++) count(a, n, bits + p * digit, counts[p]);
        for (int p = 0; p < passes; p++) {
            int shift = bits + p * digit;
            // Nothing moves where all have one digit.
            if (counts[p][(int) (a[0] >>> shift) & buckets - 1] == n) continue;
            distribute(a, b, n, shift, counts[p]);
            long[] swap = a;
            a = b;
            b = swap;
        }
        return a;
    }

    private static void count(long[] a, int n, int shift, int[] counts) {
        int mask = counts.length - 1;
        for (int i = 0; i < n; i++) counts[(int) (a[i] >>> shift) & mask]++;
    }

    private static void distribute(long[] a, long[] b, int n, int shift, int[] counts) {
        int sum = 0;
        for (int c = 0; c < counts.length; c++) {
            int here = counts[c];
            counts[c] = sum;
            sum += here;
        }
        int mask = counts.length - 1;
        for (int i = 0; i < n; i++) {
            long v = a[i];
            b[counts[(int) (v >>> shift) & mask]++] = v;
        }
    }

    /** Sorts runs that are equal in their high bits by the low bits of their keys, which fit above a position. */
    private void sortRuns(long[] sorted, long[] keys, int bits, long low) {
        long mask = (1L << bits) - 1;
        for (int from = 0; from < n; ) {
            long high = sorted[from] & ~mask;
            int to = from + 1;
            while (to < n && (sorted[to] & ~mask) == high) to++;
            if (to - from > 1) {
                for (int i = from; i < to; i++) {
                    long at = sorted[i] & mask;
                    sorted[i] = (keys[(int) at] & low) << bits | at;
                }
                Arrays.sort(sorted, from, to);
                for (int i = from; i < to; i++) sorted[i] = high | sorted[i] & mask;
            }
            from = to;
        }
    }

    /**
     * Returns the key of a rank, counted from 0 in ascending order.
     *
     * @param keys overwritten
     */
    static long select(long[] keys, int n, int rank) {
        while (n > FEW) {
            long low = Long.MAX_VALUE;
            long high = Long.MIN_VALUE;
            for (int i = 0; i < n; i++) {
                low = Math.min(low, keys[i]);
                high = Math.max(high, keys[i]);
            }
            if (low == high) return low;
            // Fewer buckets than elements, since clearing and iterating over them takes time as well.
            int digit = Math.min(DIGIT, Integer.SIZE - Integer.numberOfLeadingZeros(n) - 3);
            int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(high - low) - digit);
            int[] counts = new int[1 << digit];
            for (int i = 0; i < n; i++) counts[(int) (keys[i] - low >>> shift)]++;
            int bucket = 0;
            while (rank >= counts[bucket]) rank -= counts[bucket++];
            if (shift == 0) return low + bucket;
            int left = 0;
            for (int i = 0; i < n; i++) {
                long key = keys[i];
                if ((int) (key - low >>> shift) == bucket) keys[left++] = key;
            }
            n = left;
        }
        Arrays.sort(keys, 0, n);
        return keys[rank];
    }
}

package dev.cotangent.cpu;

import dev.cotangent.Dtype;

/**
 * Finds a few largest or smallest elements of a line: the best ones so far in order, and of the others only better
 * ones.
 */
final class TopK {
    /** More than this are found otherwise. */
    static final int MOST = 16;

    /** Elements whose keys are computed at a time, where the elements themselves are not compared. */
    private static final int CHUNK = 256;

    /** Ascending; inverted where the largest are wanted. */
    private final long[] best = new long[MOST];

    private final int[] where = new int[MOST];
    private final int k;
    private int found;

    private TopK(int k) {
        this.k = k;
    }

    /** Writes the positions of the k largest or smallest elements, in order; of equal ones those that come first. */
    static void positions(
            Dtype dtype, Object memory, int at, int stride, int n, boolean largest, int k, long[] positions) {
        TopK few = new TopK(k);
        if (stride == 1 && memory instanceof float[] x) few.floats(x, at, n, largest);
        else if (stride == 1 && memory instanceof double[] x) few.doubles(x, at, n, largest);
        else few.keys(dtype, memory, at, stride, n, largest);
        for (int i = 0; i < k; i++) positions[i] = few.where[i];
    }

    private void add(long key, int position) {
        if (found == k && key >= best[k - 1]) return;
        int at = found < k ? found++ : k - 1;
        for (; at > 0 && best[at - 1] > key; at--) {
            best[at] = best[at - 1];
            where[at] = where[at - 1];
        }
        best[at] = key;
        where[at] = position;
    }

    private void floats(float[] x, int at, int n, boolean largest) {
        long flip = largest ? -1 : 0;
        int i = 0;
        while (i < n && found < k) add(SortKeys.key(x[at + i]) ^ flip, i++);
        while (i < n) {
            float limit = x[at + where[k - 1]];
            // What cannot be compared stops as well.
            if (largest) while (i < n && x[at + i] <= limit) i++;
            else while (i < n && x[at + i] >= limit) i++;
            if (i < n) add(SortKeys.key(x[at + i]) ^ flip, i++);
        }
    }

    private void doubles(double[] x, int at, int n, boolean largest) {
        long flip = largest ? -1 : 0;
        int i = 0;
        while (i < n && found < k) add(SortKeys.key(x[at + i]) ^ flip, i++);
        while (i < n) {
            double limit = x[at + where[k - 1]];
            if (largest) while (i < n && x[at + i] <= limit) i++;
            else while (i < n && x[at + i] >= limit) i++;
            if (i < n) add(SortKeys.key(x[at + i]) ^ flip, i++);
        }
    }

    private void keys(Dtype dtype, Object memory, int at, int stride, int n, boolean largest) {
        long[] keys = (long[]) Registers.mine().get(RegisterType.LONG, Registers.LAST - 3);
        for (int done = 0; done < n; done += CHUNK) {
            int some = Math.min(CHUNK, n - done);
            SortKeys.load(dtype, memory, at + done * stride, stride, keys, some, largest);
            int i = 0;
            while (i < some && found < k) add(keys[i], done + i++);
            while (i < some) {
                long limit = best[k - 1];
                while (i < some && keys[i] >= limit) i++;
                if (i < some) add(keys[i], done + i++);
            }
        }
    }
}

package dev.cotangent.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Windows along a dimension, from each of which an element of a result is computed: what pooling, interpolation and
 * their gradients have in common. Element {@code o} is computed from {@code first[o] + k * step} for all {@code k}
 * below {@code count[o]}; both rise with {@code o} or stay. The arrays are kept: do not change them.
 *
 * @param size the size of the dimension before
 * @param first the index of each window's first element
 * @param count the number of elements of each window, perhaps 0
 * @param step from one element of a window to the next: the dilation
 * @param most the most elements that a window has, at least 1
 * @param weights the factor of element {@code k} of window {@code o} at {@code o * most + k}; null where all are 1
 */
public record Windows(int size, int[] first, int[] count, int step, int most, double @Nullable [] weights) {
    /** Returns windows whose elements all count once. */
    public static Windows of(int size, int[] first, int[] count, int step) {
        int most = 1;
        for (int c : count) most = Math.max(most, c);
        return new Windows(size, first, count, step, most, null);
    }

    /** Returns a window of one element for each of the dimension: it stays as it is. */
    public static Windows identity(int size) {
        int[] first = new int[size];
        int[] count = new int[size];
        for (int i = 0; i < size; i++) first[i] = i;
        Arrays.fill(count, 1);
        return of(size, first, count, 1);
    }

    /** Returns the number of windows: the size of the dimension afterwards. */
    public int outputs() {
        return first.length;
    }

    /** Returns whether the result is the dimension itself. */
    public boolean isIdentity() {
        if (weights != null || size != first.length) return false;
        for (int o = 0; o < size; o++) if (first[o] != o || count[o] != 1) return false;
        return true;
    }

    /** Returns the factor of an element of a window. */
    public double weight(int window, int element) {
        return weights == null ? 1 : weights[window * most + element];
    }

    /** Returns the windows of the gradient: each element's are those that it is in, with the same factors. Only for a step of 1. */
    public Windows transposed() {
        int[] from = new int[size];
        int[] end = new int[size];
        Arrays.fill(from, Integer.MAX_VALUE);
        for (int o = 0; o < first.length; o++) {
            for (int i = first[o]; i < first[o] + count[o]; i++) {
                from[i] = Math.min(from[i], o);
                end[i] = o + 1;
            }
        }
        int wide = 1;
        for (int i = 0; i < size; i++) {
            if (end[i] == 0) from[i] = 0;
            end[i] -= from[i];
            wide = Math.max(wide, end[i]);
        }
        boolean plain = weights == null && hasNoGaps(from, end);
        if (plain) return of(first.length, from, end, 1);
        double[] factors = new double[size * wide];
        for (int o = 0; o < first.length; o++) {
            for (int k = 0; k < count[o]; k++) {
                int i = first[o] + k;
                factors[i * wide + o - from[i]] = weight(o, k);
            }
        }
        return new Windows(first.length, from, end, 1, wide, factors);
    }

    /** Returns whether every element is in all windows between the first and the last that it is in. */
    private boolean hasNoGaps(int[] from, int[] number) {
        int[] held = new int[size];
        for (int o = 0; o < first.length; o++) for (int k = 0; k < count[o]; k++) held[first[o] + k]++;
        for (int i = 0; i < size; i++) if (held[i] != number[i]) return false;
        return true;
    }
}

package dev.cotangent.tests.reference;

import dev.cotangent.backend.Reduction;

/** One accumulator of a reduction: a double or a long, by the dtype of the elements. */
final class Accumulator {
    private final Reduction kind;
    private long count;
    private double real;
    private double lost;
    long whole;
    private double best;
    private long bestWhole;

    Accumulator(Reduction kind) {
        this.kind = kind;
        switch (kind) {
            case PROD, ALL -> {
                real = 1;
                whole = 1;
            }
            default -> {}
        }
    }

    double real() {
        return Double.isFinite(real) ? real + lost : real;
    }

    void add(double x) {
        boolean first = count == 0;
        switch (kind) {
            case SUM -> {
                // Neumaier's summation: the rounding errors are summed separately.
                double sum = real + x;
                if (Double.isFinite(sum)) lost += Math.abs(real) >= Math.abs(x) ? real - sum + x : x - sum + real;
                real = sum;
            }
            case PROD -> real *= x;
            case MAX -> real = first ? x : Math.max(real, x);
            case MIN -> real = first ? x : Math.min(real, x);
            case ARGMAX -> take(first || beats(x > best, x), x);
            case ARGMIN -> take(first || beats(x < best, x), x);
            case ANY -> whole |= x != 0 ? 1 : 0;
            case ALL -> whole &= x != 0 ? 1 : 0;
        }
        count++;
    }

    private boolean beats(boolean better, double x) {
        return !Double.isNaN(best) && (better || Double.isNaN(x));
    }

    private void take(boolean better, double x) {
        if (better) {
            best = x;
            whole = count;
        }
    }

    void add(long x) {
        boolean first = count == 0;
        switch (kind) {
            case SUM -> whole += x;
            case PROD -> whole *= x;
            case MAX -> whole = first ? x : Math.max(whole, x);
            case MIN -> whole = first ? x : Math.min(whole, x);
            case ARGMAX -> take(first || x > bestWhole, x);
            case ARGMIN -> take(first || x < bestWhole, x);
            case ANY -> whole |= x != 0 ? 1 : 0;
            case ALL -> whole &= x != 0 ? 1 : 0;
        }
        count++;
    }

    private void take(boolean better, long x) {
        if (better) {
            bestWhole = x;
            whole = count;
        }
    }
}

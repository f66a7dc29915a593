package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import org.jspecify.annotations.Nullable;

/** The losses of classes of float32 and float64, and their gradient, target by target. */
final class NegativeLogLikelihood {
    private final Strided logs;
    private final long classes;
    private final int step;
    private final Strided target;
    private final @Nullable Strided weight;
    private final long ignored;

    /**
     * Creates one of targets.
     *
     * @param logs of all classes, or their gradient
     * @param dim the dimension of the classes
     */
    NegativeLogLikelihood(Strided logs, int dim, Strided target, @Nullable Strided weight, long ignored) {
        Layout all = logs.layout();
        this.logs = logs.with(all.slice(dim, 0, 1, 1));
        this.classes = all.size(dim);
        this.step = (int) all.stride(dim);
        this.target = target;
        this.weight = weight;
        this.ignored = ignored;
    }

    /** Returns whether there are targets and classes, and the values are of their compute type. */
    static boolean takes(Strided logs, int dim, Strided target) {
        boolean isWide = logs.dtype() == Dtype.FLOAT32 || logs.dtype() == Dtype.FLOAT64;
        return isWide && target.numel() > 0 && logs.layout().size(dim) > 0;
    }

    /** Works as {@link dev.cotangent.backend.Backend#nll}. */
    void forward(Strided losses, Strided weights) {
        each(losses, weights, (from, loss, w, factor) -> {
            switch (logs.storage().memory()) {
                case float[] x -> {
                    ((float[]) losses.storage().memory())[loss] = from < 0 ? 0 : -(x[from] * (float) factor);
                    ((float[]) weights.storage().memory())[w] = from < 0 ? 0 : (float) factor;
                }
                case double[] x -> {
                    ((double[]) losses.storage().memory())[loss] = from < 0 ? 0 : -(x[from] * factor);
                    ((double[]) weights.storage().memory())[w] = from < 0 ? 0 : factor;
                }
                default -> throw new IllegalStateException(logs.dtype() + " is not taken");
            }
        });
    }

    /** Works as {@link dev.cotangent.backend.Backend#nllBackward} for a result that is 0 already. */
    void backward(Strided gradient) {
        each(gradient, gradient, (to, g, unused, factor) -> {
            if (to < 0) return;
            switch (logs.storage().memory()) {
                case float[] y -> y[to] = -(((float[]) gradient.storage().memory())[g] * (float) factor);
                case double[] y -> y[to] = -(((double[]) gradient.storage().memory())[g] * factor);
                default -> throw new IllegalStateException(logs.dtype() + " is not taken");
            }
        });
    }

    private interface Body {
        /**
         * Receives the index of the target's class, below 0 where it is ignored, the offsets of two operands, and the
         * weight.
         */
        void of(int place, int first, int second, double factor);
    }

    private void each(Strided first, Strided second, Body body) {
        int n = (int) target.numel();
        int block = Math.min(n, Registers.BLOCK);
        int[] bases = new int[block];
        int[] targets = new int[block];
        int[] firsts = new int[block];
        int[] seconds = new int[block];
        StridedIterator baseWalk = StridedIterator.of(logs.layout());
        StridedIterator targetWalk = StridedIterator.of(target.layout());
        StridedIterator firstWalk = StridedIterator.of(first.layout());
        StridedIterator secondWalk = StridedIterator.of(second.layout());
        long[] classOf = (long[]) target.storage().memory();
        check(targetWalk, targets, classOf, n);
        for (int from = 0; from < n; from += block) {
            int many = Math.min(block, n - from);
            baseWalk.places(from, bases, many);
            targetWalk.places(from, targets, many);
            firstWalk.places(from, firsts, many);
            secondWalk.places(from, seconds, many);
            for (int i = 0; i < many; i++) {
                long c = classOf[targets[i]];
                if (c == ignored) {
                    body.of(-1, firsts[i], seconds[i], 0);
                    continue;
                }
                body.of(bases[i] + (int) c * step, firsts[i], seconds[i], weight(c));
            }
        }
    }

    /** Throws before anything is written if a target is no class. */
    private void check(StridedIterator walk, int[] places, long[] classOf, int n) {
        for (int from = 0; from < n; from += places.length) {
            int many = Math.min(places.length, n - from);
            walk.places(from, places, many);
            for (int i = 0; i < many; i++) {
                long c = classOf[places[i]];
                if (c != ignored && (c < 0 || c >= classes)) {
                    throw new IndexException("Target " + c + " is out of bounds.");
                }
            }
        }
    }

    private double weight(long c) {
        if (weight == null) return 1;
        Layout l = weight.layout();
        int at = (int) (l.offset() + c * l.stride(0));
        return weight.storage().memory() instanceof float[] w
                ? w[at]
                : ((double[]) weight.storage().memory())[at];
    }
}

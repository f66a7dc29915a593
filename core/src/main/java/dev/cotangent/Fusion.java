package dev.cotangent;

import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Controls operator fusion. Element-wise results on large tensors may be deferred until their elements are needed, and
 * are then computed together with their producers in one pass over memory, without storing intermediate values. Results
 * have the same bits, in-place writes do not affect earlier results, and errors are thrown by the call that causes
 * them; only a lack of memory may be noticed later.
 *
 * <p>The system property {@code cotangent.fusion} sets the initial mode: {@code on}, {@code off}, or the number of
 * elements from which results are deferred.
 */
public final class Fusion {
    private Fusion() {}

    /** Disables fusion in all threads: for debugging and measuring. */
    public static void off() {
        FusionPolicy.setMinElements(Long.MAX_VALUE);
    }

    /** Enables fusion of operations on tensors large enough for it to pay. */
    public static void on() {
        FusionPolicy.setMinElements(FusionPolicy.defaultMinElements());
    }

    /** Enables fusion of operations on tensors of at least that many elements. */
    public static void on(long elements) {
        if (elements < 1) throw new ValueException("a number of elements is at least 1, but got " + elements);
        FusionPolicy.setMinElements(elements);
    }

    /** Returns whether fusion is enabled. */
    public static boolean isOn() {
        return FusionPolicy.minElements() != Long.MAX_VALUE;
    }

    /** Materializes deferred results of these tensors, for example before taking the time. */
    public static void evaluate(Tensor... tensors) {
        List<Storage> all = new ArrayList<>();
        for (Tensor t : tensors) all.add(Internals.storage(t));
        FusionPolicy.evaluate(all);
    }

    /** Returns whether a tensor's elements are not computed yet. */
    public static boolean isDeferred(Tensor tensor) {
        return Internals.storage(tensor).isDeferred();
    }
}

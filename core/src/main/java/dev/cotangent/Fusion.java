package dev.cotangent;

import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether elementwise operations on large tensors are joined. A result may then be computed only when its elements are
 * needed, together with what it was computed from, in one pass over memory; the values in between take none. Nothing
 * else is different: the elements have the same bits, an in-place write does not change what was computed before it, and
 * what is wrong with a call is said by the call. Running out of memory may be noticed later.
 *
 * <p>The system property {@code cotangent.fusion} says what holds at the start: {@code on}, {@code off}, or the number of
 * elements from which results are deferred.
 */
public final class Fusion {
    private Fusion() {}

    /** Computes everything at once, from now on and in all threads: for debugging and for measuring. */
    public static void off() {
        FusionPolicy.setMinElements(Long.MAX_VALUE);
    }

    /** Joins operations on tensors large enough for it to pay. */
    public static void on() {
        FusionPolicy.setMinElements(FusionPolicy.defaultMinElements());
    }

    /** Joins operations on tensors of that many elements or more. */
    public static void on(long elements) {
        if (elements < 1) throw new ValueException("a number of elements is at least 1, but got " + elements);
        FusionPolicy.setMinElements(elements);
    }

    /** Whether operations are joined. */
    public static boolean isOn() {
        return FusionPolicy.minElements() != Long.MAX_VALUE;
    }

    /** Computes now what is still deferred of these tensors: before time is taken, say. */
    public static void evaluate(Tensor... tensors) {
        List<Storage> all = new ArrayList<>();
        for (Tensor t : tensors) all.add(Internals.storage(t));
        FusionPolicy.evaluate(all);
    }

    /** Whether the elements of a tensor are not computed yet. */
    public static boolean isDeferred(Tensor tensor) {
        return Internals.storage(tensor).isDeferred();
    }
}

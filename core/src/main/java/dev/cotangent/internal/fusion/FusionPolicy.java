package dev.cotangent.internal.fusion;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Program;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Elementwise work on operands that may be deferred, and whether its result is. What a deferred result is computed from
 * becomes part of the program that reads it: the values in between take no memory.
 */
public final class FusionPolicy {
    /** A result deferred takes at most so many steps and reads at most so many operands. */
    private static final int STEPS = 64;

    private static final int OPERANDS = 8;

    /** Up to this work for an element, something is computed again rather than written and read. */
    private static final int CHEAP = 24;

    /** Up to this work for an element, a reduction computes what it joins rather than having it written. */
    private static final int REDUCED = 60;

    /** Results of fewer elements are computed at once: the note of what to do would cost as much. */
    private static final long SMALL = 8192;

    private static volatile long minElements = setting(System.getProperty("cotangent.fusion", "on"));

    private FusionPolicy() {}

    private static long setting(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on" -> SMALL;
            case "off" -> Long.MAX_VALUE;
            default -> {
                try {
                    yield Math.max(1, Long.parseLong(text));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "the property cotangent.fusion is on, off or the number of elements from which results are"
                                    + " deferred, but got " + text,
                            e);
                }
            }
        };
    }

    /** Defers results of that many elements or more; {@code Long.MAX_VALUE} for none. */
    public static void setMinElements(long elements) {
        minElements = elements;
    }

    /** Results of that many elements or more are deferred; {@code Long.MAX_VALUE} for none. */
    public static long minElements() {
        return minElements;
    }

    /** The usual value of {@link #minElements}. */
    public static long defaultMinElements() {
        return SMALL;
    }

    /**
     * The result of a program, computed when it is needed or at once.
     *
     * @param program of one output
     * @param ins expanded to the shape of the result
     * @param layout how the result lies in memory of its own, without gaps
     */
    public static Strided result(Backend backend, Program program, Strided[] ins, long[] scalars, Layout layout) {
        Dtype dtype = program.outputs().getFirst().dtype();
        if (layout.numel() >= minElements && canDefer(backend, program, ins)) {
            return new Strided(defer(backend, dtype, program, ins, scalars, layout), layout);
        }
        Strided out = new Strided(backend.allocateUnset(dtype, layout.numel()), layout);
        evaluateInto(program, out, ins, scalars);
        return out;
    }

    private static boolean canDefer(Backend backend, Program program, Strided[] ins) {
        if (program.mayRaise() || backend.streamKey() == null) return false;
        for (Strided in : ins) if (in.storage().isAliased()) return false;
        return true;
    }

    private static Storage defer(
            Backend backend, Dtype dtype, Program program, Strided[] ins, long[] scalars, Layout layout) {
        for (Strided in : ins) {
            LazyExpression d = LazyExpression.of(in.storage());
            if (d == null) in.storage().memory();
            else if (!d.matchesLayout(in)) in.storage().memory();
        }
        LazyExpression d = new LazyExpression(program, ins, scalars, layout);
        if (isLarge(d)) {
            compute(ins);
            d = new LazyExpression(program, ins, scalars, layout);
        }
        Storage result = Storage.pending(backend, dtype, layout.numel(), d);
        WeakReference<Storage> reader = new WeakReference<>(result);
        for (int i = 0; i < ins.length; i++) {
            if (d.repeats(i)) continue;
            LazyExpression inner = d.fusedProducer(i);
            if (inner != null) inner.uses++;
            ins[i].storage().addReader(reader);
        }
        return result;
    }

    private static void compute(Strided[] all) {
        for (Strided s : all) s.storage().memory();
    }

    private static boolean isLarge(LazyExpression d) {
        if (d.steps <= STEPS && d.leaves <= OPERANDS) return false;
        return isLarge(FusionGroup.of(d));
    }

    private static boolean isLarge(FusionGroup f) {
        return f.steps() > STEPS || f.leaves() > OPERANDS;
    }

    private static boolean isCheap(LazyExpression d) {
        return d.cost <= CHEAP && d.leaves <= 3;
    }

    /** Computes what is still deferred, what has something in common in one pass. */
    public static void evaluate(List<Storage> results) {
        List<Storage> group = new ArrayList<>();
        for (Storage s : results) {
            if (!s.isDeferred() || group.contains(s)) continue;
            group.add(s);
            if (group.size() == 1 || shareMostInputs(group)) continue;
            group.removeLast();
            LazyExpression.evaluate(group);
            group = new ArrayList<>(List.of(s));
        }
        if (!group.isEmpty()) LazyExpression.evaluate(group);
    }

    /** Whether the last of some results of one shape reads what the others read, and is not too much with them. */
    private static boolean shareMostInputs(List<Storage> group) {
        LazyExpression first = LazyExpression.of(group.getFirst());
        Storage last = group.getLast();
        LazyExpression d = LazyExpression.of(last);
        if (first == null || d == null || !first.isOnSameStream(d)) return false;
        if (last.backend() != group.getFirst().backend()) return false;
        if (!Arrays.equals(first.layout.sizes(), d.layout.sizes())) return false;
        FusionGroup together = FusionGroup.of(group);
        if (isLarge(together)) return false;
        FusionGroup before = FusionGroup.of(group.subList(0, group.size() - 1));
        return together.leaves() < before.leaves() + FusionGroup.of(d).leaves();
    }

    /** Whether an absorbed result is likely to be read by more than so many, and is not cheap. */
    static boolean hasSeveralConsumers(LazyExpression d, int readers) {
        return (d.retained() > 0 || d.uses > readers) && !isCheap(d);
    }

    /** Computes a program of one output into memory, which may be exactly that of an operand. */
    public static void evaluateInto(Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!canFuse(ins, Integer.MAX_VALUE)) {
            out.backend().pointwise(program, new Strided[] {out}, ins, scalars);
            return;
        }
        LazyExpression root = new LazyExpression(program, ins, scalars, out.layout());
        root.locked(() -> FusionGroup.of(root).compute(out));
    }

    /** As {@link Backend#reduce}, with the values to be joined computed on the way where they are deferred. */
    public static void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!canFuse(ins, REDUCED)) {
            out.backend().reduce(kind, program, out, ins, scalars);
            return;
        }
        LazyExpression root = new LazyExpression(program, ins, scalars, ins[0].layout());
        root.locked(() -> FusionGroup.of(root).reduce(kind, out));
    }

    /** Whether an operand can be computed on the way; what cannot, or costs more than that, is computed first. */
    private static boolean canFuse(Strided[] ins, int cost) {
        boolean any = false;
        for (Strided in : ins) {
            LazyExpression d = LazyExpression.of(in.storage());
            if (d == null) continue;
            if (d.matchesLayout(in) && (d.uses == 0 && d.cost <= cost || isCheap(d))) {
                d.uses++;
                any = true;
            } else {
                in.storage().memory();
            }
        }
        return any;
    }
}

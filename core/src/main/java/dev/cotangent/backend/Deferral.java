package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.program.Program;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Elementwise work on operands that may be deferred, and whether its result is. What a deferred result is computed from
 * becomes part of the program that reads it: the values in between take no memory.
 */
public final class Deferral {
    /** A result deferred takes at most so many steps and reads at most so many operands. */
    private static final int STEPS = 64;

    private static final int OPERANDS = 8;

    /** Up to this work for an element, something is computed again rather than written and read. */
    private static final int CHEAP = 24;

    /** Up to this work for an element, a reduction computes what it joins rather than having it written. */
    private static final int REDUCED = 60;

    /** Results of fewer elements are computed at once: the note of what to do would cost as much. */
    private static final long SMALL = 8192;

    private static volatile long smallest = setting(System.getProperty("cotangent.fusion", "on"));

    private Deferral() {}

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
    public static void setSmallest(long elements) {
        smallest = elements;
    }

    /** Results of that many elements or more are deferred; {@code Long.MAX_VALUE} for none. */
    public static long smallest() {
        return smallest;
    }

    /** The usual value of {@link #smallest}. */
    public static long usual() {
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
        if (layout.numel() >= smallest && mayWait(backend, program, ins)) {
            return new Strided(defer(backend, dtype, program, ins, scalars, layout), layout);
        }
        Strided out = new Strided(backend.allocateUnset(dtype, layout.numel()), layout);
        into(program, out, ins, scalars);
        return out;
    }

    private static boolean mayWait(Backend backend, Program program, Strided[] ins) {
        if (program.mayRaise() || backend.place() == null) return false;
        for (Strided in : ins) if (in.storage().isExposed()) return false;
        return true;
    }

    private static Storage defer(
            Backend backend, Dtype dtype, Program program, Strided[] ins, long[] scalars, Layout layout) {
        for (Strided in : ins) {
            Deferred d = in.storage().pending();
            if (d == null) in.storage().memory();
            else if (!d.fits(in)) in.storage().memory();
        }
        Deferred d = new Deferred(program, ins, scalars, layout);
        if (isLarge(d)) {
            compute(ins);
            d = new Deferred(program, ins, scalars, layout);
        }
        Storage result = Storage.pending(backend, dtype, layout.numel(), d);
        WeakReference<Storage> reader = new WeakReference<>(result);
        for (int i = 0; i < ins.length; i++) {
            if (d.repeats(i)) continue;
            Deferred inner = d.absorbed(i);
            if (inner != null) inner.uses++;
            ins[i].storage().addReader(reader);
        }
        return result;
    }

    private static void compute(Strided[] all) {
        for (Strided s : all) s.storage().memory();
    }

    private static boolean isLarge(Deferred d) {
        if (d.steps <= STEPS && d.leaves <= OPERANDS) return false;
        return isLarge(Fused.of(d));
    }

    private static boolean isLarge(Fused f) {
        return f.steps() > STEPS || f.leaves() > OPERANDS;
    }

    private static boolean isCheap(Deferred d) {
        return d.cost <= CHEAP && d.leaves <= 3;
    }

    /** Computes what is still deferred, what has something in common in one pass. */
    public static void evaluate(List<Storage> results) {
        List<Storage> group = new ArrayList<>();
        for (Storage s : results) {
            if (!s.isDeferred() || group.contains(s)) continue;
            group.add(s);
            if (group.size() == 1 || haveMuchInCommon(group)) continue;
            group.removeLast();
            Deferred.evaluate(group);
            group = new ArrayList<>(List.of(s));
        }
        if (!group.isEmpty()) Deferred.evaluate(group);
    }

    /** Whether the last of some results of one shape reads what the others read, and is not too much with them. */
    private static boolean haveMuchInCommon(List<Storage> group) {
        Deferred first = group.getFirst().pending();
        Storage last = group.getLast();
        Deferred d = last.pending();
        if (first == null || d == null || !first.isBeside(d)) return false;
        if (last.backend() != group.getFirst().backend()) return false;
        if (!Arrays.equals(first.layout.sizes(), d.layout.sizes())) return false;
        Fused together = Fused.of(group);
        if (isLarge(together)) return false;
        Fused before = Fused.of(group.subList(0, group.size() - 1));
        return together.leaves() < before.leaves() + Fused.of(d).leaves();
    }

    /** Whether an absorbed result is likely to be read by more than so many, and is not cheap. */
    static boolean isReadAgain(Deferred d, int readers) {
        return (d.kept > 0 || d.uses > readers) && !isCheap(d);
    }

    /** Computes a program of one output into memory, which may be exactly that of an operand. */
    public static void into(Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!absorbs(ins, Integer.MAX_VALUE)) {
            out.backend().pointwise(program, new Strided[] {out}, ins, scalars);
            return;
        }
        Deferred root = new Deferred(program, ins, scalars, out.layout());
        root.locked(() -> Fused.of(root).compute(out));
    }

    /** As {@link Backend#reduce}, with the values to be joined computed on the way where they are deferred. */
    public static void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!absorbs(ins, REDUCED)) {
            out.backend().reduce(kind, program, out, ins, scalars);
            return;
        }
        Deferred root = new Deferred(program, ins, scalars, ins[0].layout());
        root.locked(() -> Fused.of(root).reduce(kind, out));
    }

    /** Whether an operand can be computed on the way; what cannot, or costs more than that, is computed first. */
    private static boolean absorbs(Strided[] ins, int cost) {
        boolean any = false;
        for (Strided in : ins) {
            Deferred d = in.storage().pending();
            if (d == null) continue;
            if (d.fits(in) && (d.uses == 0 && d.cost <= cost || isCheap(d))) {
                d.uses++;
                any = true;
            } else {
                in.storage().memory();
            }
        }
        return any;
    }
}

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
 * Decides which element-wise results are deferred, and computes them. A deferred producer is fused into the program
 * of its consumer, so intermediate values take no memory.
 */
public final class FusionPolicy {
    /** Maximum number of steps of a deferred result's program. */
    private static final int STEPS = 64;

    private static final int OPERANDS = 8;

    /** Work per element up to which recomputing is cheaper than a write and a read. */
    private static final int CHEAP = 24;

    /** Work per element up to which a producer is fused into a reduction instead of being materialized. */
    private static final int REDUCED = 60;

    /** Results with fewer elements are computed at once: building an expression would cost as much. */
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

    /** Sets the number of elements from which results are deferred; {@code Long.MAX_VALUE} disables deferral. */
    public static void setMinElements(long elements) {
        minElements = elements;
    }

    /** Returns the number of elements from which results are deferred; {@code Long.MAX_VALUE} if none are. */
    public static long minElements() {
        return minElements;
    }

    /** Returns the default of {@link #minElements}, from the property {@code cotangent.fusion}. */
    public static long defaultMinElements() {
        return SMALL;
    }

    /**
     * Returns the result of a program, deferred or computed at once.
     *
     * @param program has one output
     * @param ins expanded to the shape of the result
     * @param layout the layout of the result in its own storage, without gaps
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

    /** Computes deferred results; those that share inputs are computed in one pass. */
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

    /**
     * Returns whether the last of some results of one shape shares inputs with the others and stays within the
     * limits.
     */
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

    /** Returns whether a fused producer is likely to have more consumers than given, and is not cheap. */
    static boolean hasSeveralConsumers(LazyExpression d, int readers) {
        return (d.retained() > 0 || d.uses > readers) && !isCheap(d);
    }

    /** Computes a program of one output into memory, which may be exactly the memory of an operand. */
    public static void evaluateInto(Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!canFuse(ins, Integer.MAX_VALUE)) {
            out.backend().pointwise(program, new Strided[] {out}, ins, scalars);
            return;
        }
        LazyExpression root = new LazyExpression(program, ins, scalars, out.layout());
        root.locked(() -> FusionGroup.of(root).compute(out));
    }

    /** Works as {@link Backend#reduce}, fusing deferred producers of the operands into the reduction. */
    public static void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (!canFuse(ins, REDUCED)) {
            out.backend().reduce(kind, program, out, ins, scalars);
            return;
        }
        LazyExpression root = new LazyExpression(program, ins, scalars, ins[0].layout());
        root.locked(() -> FusionGroup.of(root).reduce(kind, out));
    }

    /** Returns whether a deferred operand is fused into its consumer; otherwise it is materialized first. */
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

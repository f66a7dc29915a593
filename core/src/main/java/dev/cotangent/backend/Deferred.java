package dev.cotangent.backend;

import dev.cotangent.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise result that is not computed yet: a program of one output and what it reads, which may itself be
 * deferred.
 *
 * <p>Threads: whoever computes through a deferred result holds its monitor, and it becomes memory only under it. So who
 * is about to write what it reads, and has it computed before, waits for everybody who is reading.
 */
final class Deferred {
    private static final AtomicLong COUNTER = new AtomicLong();

    /** Grows with time: what this reads has smaller numbers. */
    private final long number = COUNTER.getAndIncrement();

    final Program program;
    final Strided[] ins;
    final long[] scalars;
    final Layout layout;
    /** The order of work in which the result was asked for. */
    private final @Nullable Object place;

    /** At most so many steps, operands and work, with what this reads. */
    final int steps;

    final int leaves;
    final int cost;
    /** How many results were made of this one. Like {@link #kept} a hint: threads may lose a count. */
    int uses;

    int kept;

    /**
     * A result to come.
     *
     * @param ins what the program reads, already expanded to the shape of the result
     * @param layout how the result lies in its storage
     */
    Deferred(Program program, Strided[] ins, long[] scalars, Layout layout) {
        this.program = program;
        this.ins = ins;
        this.scalars = scalars;
        this.layout = layout;
        this.place = ins.length == 0 ? null : ins[0].backend().place();
        int allSteps = program.work();
        int allLeaves = 0;
        int allCost = program.cost();
        for (int i = 0; i < ins.length; i++) {
            Deferred d = absorbed(i);
            if (d == null) {
                allLeaves++;
            } else if (!repeats(i)) {
                allSteps += d.steps;
                allLeaves += d.leaves;
                allCost += d.cost;
            }
        }
        steps = allSteps;
        leaves = allLeaves;
        cost = allCost;
    }

    /** An operand that is still deferred, or null. */
    @Nullable
    Deferred absorbed(int i) {
        return ins[i].storage().pending();
    }

    /** Whether an operand stands among those before it. */
    boolean repeats(int i) {
        for (int k = 0; k < i; k++) if (ins[k].storage() == ins[i].storage()) return true;
        return false;
    }

    /** Whether it lies as an operand wants it, so that it can be computed where the operand is read, in the same order. */
    boolean fits(Strided operand) {
        if (place != operand.backend().place()) return false;
        return operand.layout() == layout || operand.layout().equals(layout);
    }

    /** Reads a copy in place of what is about to be written. */
    synchronized void replace(Storage written, Storage copy) {
        for (int i = 0; i < ins.length; i++) {
            if (ins[i].storage() == written) ins[i] = new Strided(copy, ins[i].layout());
        }
    }

    /** Computes this into the storage that waits for it. */
    void evaluate(Storage target) {
        if (absorbs()) evaluate(List.of(target));
        else computeAlone(target);
    }

    private boolean absorbs() {
        for (int i = 0; i < ins.length; i++) if (absorbed(i) != null) return true;
        return false;
    }

    private synchronized void computeAlone(Storage target) {
        if (!target.isDeferred()) return;
        inPlace(target, () -> {
            Storage fresh = target.backend().allocateUnset(target.dtype(), target.size());
            target.backend().pointwise(program, new Strided[] {new Strided(fresh, layout)}, ins, scalars);
            target.fill(fresh);
            return new Storage[] {target};
        });
    }

    /** Computes deferred results of one shape and one order of work in one pass. */
    static void evaluate(List<Storage> results) {
        List<Deferred> all = new ArrayList<>();
        for (Storage s : results) {
            Deferred d = s.pending();
            if (d != null) d.collect(all);
        }
        if (all.isEmpty()) return;
        Deferred any = all.getFirst();
        locked(
                all,
                () -> any.inPlace(results.getFirst(), () -> Fused.of(results).evaluate(results)));
    }

    /** Whether both were asked for in one order of work. */
    boolean isBeside(Deferred other) {
        return place == other.place;
    }

    /** Does something in the order of work in which this was asked for. */
    void inPlace(Storage target, Supplier<Storage[]> work) {
        if (place == null) work.get();
        else target.backend().at(place, work);
    }

    /** Does something while nothing that this reads changes. */
    void locked(Runnable action) {
        List<Deferred> all = new ArrayList<>();
        collect(all);
        locked(all, action);
    }

    private void collect(List<Deferred> all) {
        if (all.contains(this)) return;
        all.add(this);
        for (int i = 0; i < ins.length; i++) {
            Deferred d = absorbed(i);
            if (d != null) d.collect(all);
        }
    }

    private static void locked(List<Deferred> all, Runnable action) {
        all.sort((a, b) -> Long.compare(a.number, b.number));
        lock(all, 0, action);
    }

    private static void lock(List<Deferred> all, int from, Runnable action) {
        if (from == all.size()) {
            action.run();
            return;
        }
        synchronized (all.get(from)) {
            lock(all, from + 1, action);
        }
    }
}

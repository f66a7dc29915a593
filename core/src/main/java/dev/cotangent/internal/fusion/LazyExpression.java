package dev.cotangent.internal.fusion;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.PendingResult;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Program;
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
public final class LazyExpression extends PendingResult {
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
    /** How many results were made of this one. Like {@link #retained()} a hint: threads may lose a count. */
    int uses;

    /**
     * A result to come.
     *
     * @param ins what the program reads, already expanded to the shape of the result
     * @param layout how the result lies in its storage
     */
    LazyExpression(Program program, Strided[] ins, long[] scalars, Layout layout) {
        this.program = program;
        this.ins = ins;
        this.scalars = scalars;
        this.layout = layout;
        this.place = ins.length == 0 ? null : ins[0].backend().streamKey();
        int allSteps = program.work();
        int allLeaves = 0;
        int allCost = program.cost();
        for (int i = 0; i < ins.length; i++) {
            LazyExpression d = fusedProducer(i);
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

    /** Returns the expression that a storage waits for, or null if its elements are in memory. */
    static @Nullable LazyExpression of(Storage storage) {
        return (LazyExpression) storage.pending();
    }

    /** Returns an operand that is still deferred, or null. */
    @Nullable
    LazyExpression fusedProducer(int i) {
        return of(ins[i].storage());
    }

    /** Whether an operand stands among those before it. */
    boolean repeats(int i) {
        for (int k = 0; k < i; k++) if (ins[k].storage() == ins[i].storage()) return true;
        return false;
    }

    /** Whether it lies as an operand wants it, so that it can be computed where the operand is read, in the same order. */
    boolean matchesLayout(Strided operand) {
        if (place != operand.backend().streamKey()) return false;
        return operand.layout() == layout || operand.layout().equals(layout);
    }

    /** Reads a copy in place of what is about to be written. */
    @Override
    protected synchronized void replace(Storage written, Storage copy) {
        for (int i = 0; i < ins.length; i++) {
            if (ins[i].storage() == written) ins[i] = new Strided(copy, ins[i].layout());
        }
    }

    /** Computes this into the storage that waits for it. */
    @Override
    protected void evaluate(Storage target) {
        if (fusesProducers()) evaluate(List.of(target));
        else computeAlone(target);
    }

    private boolean fusesProducers() {
        for (int i = 0; i < ins.length; i++) if (fusedProducer(i) != null) return true;
        return false;
    }

    private synchronized void computeAlone(Storage target) {
        if (!target.isDeferred()) return;
        runOnStream(target, () -> {
            Storage fresh = target.backend().allocateUnset(target.dtype(), target.size());
            target.backend().pointwise(program, new Strided[] {new Strided(fresh, layout)}, ins, scalars);
            target.fill(fresh);
            return new Storage[] {target};
        });
    }

    /** Computes deferred results of one shape and one order of work in one pass. */
    static void evaluate(List<Storage> results) {
        List<LazyExpression> all = new ArrayList<>();
        for (Storage s : results) {
            LazyExpression d = of(s);
            if (d != null) d.collect(all);
        }
        if (all.isEmpty()) return;
        LazyExpression any = all.getFirst();
        locked(
                all,
                () -> any.runOnStream(
                        results.getFirst(), () -> FusionGroup.of(results).evaluate(results)));
    }

    /** Whether both were asked for in one order of work. */
    boolean isOnSameStream(LazyExpression other) {
        return place == other.place;
    }

    /** Does something in the order of work in which this was asked for. */
    @Override
    protected void runOnStream(Storage target, Supplier<Storage[]> work) {
        if (place == null) work.get();
        else target.backend().runOnStream(place, work);
    }

    /** Does something while nothing that this reads changes. */
    void locked(Runnable action) {
        List<LazyExpression> all = new ArrayList<>();
        collect(all);
        locked(all, action);
    }

    private void collect(List<LazyExpression> all) {
        if (all.contains(this)) return;
        all.add(this);
        for (int i = 0; i < ins.length; i++) {
            LazyExpression d = fusedProducer(i);
            if (d != null) d.collect(all);
        }
    }

    private static void locked(List<LazyExpression> all, Runnable action) {
        all.sort((a, b) -> Long.compare(a.number, b.number));
        lock(all, 0, action);
    }

    private static void lock(List<LazyExpression> all, int from, Runnable action) {
        if (from == all.size()) {
            action.run();
            return;
        }
        synchronized (all.get(from)) {
            lock(all, from + 1, action);
        }
    }
}

package dev.cotangent.internal.fusion;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.PendingResult;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.RecordFunction;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An element-wise result that is not computed yet: a program of one output and its operands, which may be deferred too.
 *
 * <p>Threads: evaluation holds the monitor of every expression that it reads, and an expression is materialized only
 * under its own. A writer first materializes pending readers, so it blocks until they finish.
 */
public final class LazyExpression extends PendingResult {
    private static final AtomicLong COUNTER = new AtomicLong();

    /** Creation order: an expression's operands have smaller numbers. */
    private final long number = COUNTER.getAndIncrement();

    final Program program;
    final Strided[] ins;
    final long[] scalars;
    final Layout layout;
    /** The stream that was current when the result was requested. */
    private final @Nullable Object stream;

    /** Upper bounds of steps, operands and work, fused producers included. */
    final int steps;

    final int leaves;
    final int cost;
    /** Number of consumers so far. Like {@link #retained()} a hint: racing threads may lose a count. */
    int uses;

    /**
     * Creates a pending expression.
     *
     * @param ins the program's operands, expanded to the shape of the result
     * @param layout the layout of the result in its storage
     */
    LazyExpression(Program program, Strided[] ins, long[] scalars, Layout layout) {
        this.program = program;
        this.ins = ins;
        this.scalars = scalars;
        this.layout = layout;
        this.stream = ins.length == 0 ? null : ins[0].backend().streamKey();
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

    /** Returns an operand's pending expression, or null if the operand is in memory. */
    @Nullable
    LazyExpression fusedProducer(int i) {
        return of(ins[i].storage());
    }

    /** Returns whether an operand occurs among the operands before it. */
    boolean repeats(int i) {
        for (int k = 0; k < i; k++) if (ins[k].storage() == ins[i].storage()) return true;
        return false;
    }

    /** Returns whether layout and stream equal the consumer's, so that the result can be computed in its order. */
    boolean matchesLayout(Strided operand) {
        if (stream != operand.backend().streamKey()) return false;
        return operand.layout() == layout || operand.layout().equals(layout);
    }

    /** Replaces an operand that is about to be overwritten by a copy. */
    @Override
    protected synchronized void replace(Storage written, Storage copy) {
        for (int i = 0; i < ins.length; i++) {
            if (ins[i].storage() == written) ins[i] = new Strided(copy, ins[i].layout());
        }
    }

    /** Materializes this expression into its storage. */
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
            int range = RecordFunction.isActive() ? FusionGroup.startRange(List.of(this)) : 0;
            try {
                target.backend().pointwise(program, new Strided[] {new Strided(fresh, layout)}, ins, scalars);
            } finally {
                RecordFunction.end(range);
            }
            target.fill(fresh);
            return new Storage[] {target};
        });
    }

    /** Computes deferred results of one shape and one stream in one pass. */
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

    /** Returns whether both were requested on one stream. */
    boolean isOnSameStream(LazyExpression other) {
        return stream == other.stream;
    }

    /** Runs work on the stream that was current when this was requested. */
    @Override
    protected void runOnStream(Storage target, Supplier<Storage[]> work) {
        if (stream == null) work.get();
        else target.backend().runOnStream(stream, work);
    }

    /** Runs an action while no operand of this can change. */
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

package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.AllocationScope;
import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph backward: each node once, after all that lead to it, the latest recorded first. Iterative, so the depth
 * of a graph is bounded by memory alone; one run per call, in the caller's thread, several threads at once. A node may
 * itself start a run; where such runs are nested deeply, some move to threads of their own, so that no stack overflows.
 */
public final class Engine {
    /** Memory of so many elements is worth being freed by name. */
    private static final long LARGE = 1024;

    /** What one run knows of a node. */
    private static final class Task {
        final GraphNode node;
        final @Nullable Tensor[] grads;
        /** Whether nobody but this run holds the gradient, so that it may be added to in place, or kept. */
        final boolean[] owned;

        int waiting;
        boolean needed;
        boolean queued;
        int visited;

        @Nullable
        List<Capture> captures;

        Task(GraphNode node) {
            this.node = node;
            this.grads = new Tensor[node.outputs()];
            this.owned = new boolean[grads.length];
        }

        long order() {
            return node instanceof AccumulateGrad ? Long.MAX_VALUE : node.sequence();
        }
    }

    private record Capture(int output, int result) {}

    /** The innermost run of each thread. */
    private static final ThreadLocal<@Nullable Engine> CURRENT = new ThreadLocal<>();

    private final @Nullable Engine outer = CURRENT.get();
    private final int depth = outer == null ? 0 : outer.depth + 1;
    /** What code of users attached to this run; dropped at its end. */
    private @Nullable Map<Object, Object> attachments;

    private @Nullable List<Runnable> afterNode;
    /** What users want to have run at the end. */
    private @Nullable List<Runnable> callbacks;
    /** The node that runs now. */
    private @Nullable GraphNode running;

    private final Map<GraphNode, Task> tasks = new IdentityHashMap<>();
    private final PriorityQueue<Task> ready = new PriorityQueue<>((a, b) -> Long.compare(b.order(), a.order()));
    private final boolean keepGraph;
    private final boolean everything;
    private final @Nullable Tensor[] captured;
    /** The memory of the gradients that outlive the run, in the order in which they came. */
    private final Set<Storage> results = new LinkedHashSet<>();
    /** Whether no code but ours sees what the run makes, so that all but the results may be freed after it. */
    private boolean freeing;

    private Engine(boolean keepGraph, @Nullable List<Edge> inputs, boolean accumulates) {
        this.keepGraph = keepGraph;
        this.everything = inputs == null;
        this.captured = new Tensor[inputs == null || accumulates ? 0 : inputs.size()];
        for (int i = 0; inputs != null && i < inputs.size(); i++) {
            Edge e = inputs.get(i);
            Task t = task(e.node());
            if (accumulates) {
                // The node of a leaf adds to its gradient, any other keeps it as it was told to.
                t.needed = true;
                continue;
            }
            if (t.captures == null) t.captures = new ArrayList<>(1);
            t.captures.add(new Capture(e.index(), i));
        }
    }

    /**
     * One backward pass.
     *
     * @param roots where the gradients start
     * @param grads the gradients, one for each root
     * @param owned which of them nobody else holds
     * @param keepGraph whether saved tensors stay
     * @param createGraph whether the pass itself is recorded
     * @param inputs where to stop; null to run everything
     * @param accumulates whether the nodes of the inputs run, instead of their gradients being returned
     * @return for each input its gradient, or null where none reached it; nothing where they are accumulated
     */
    static @Nullable Tensor[] run(
            List<Edge> roots,
            List<Tensor> grads,
            boolean[] owned,
            boolean keepGraph,
            boolean createGraph,
            @Nullable List<Edge> inputs,
            boolean accumulates) {
        Engine engine = new Engine(keepGraph, inputs, accumulates);
        if (ReentrantRuns.needsThread(engine.depth)) {
            ReentrantRuns.inThread(() -> engine.run(roots, grads, owned, createGraph));
        } else {
            engine.run(roots, grads, owned, createGraph);
        }
        return engine.captured;
    }

    private void run(List<Edge> roots, List<Tensor> grads, boolean[] owned, boolean createGraph) {
        CURRENT.set(this);
        GradMode.Guard mode = GradMode.set(createGraph, false);
        try {
            runAll(roots, grads, owned, createGraph);
        } finally {
            mode.restore();
            CURRENT.set(outer);
        }
    }

    private void runAll(List<Edge> roots, List<Tensor> grads, boolean[] owned, boolean createGraph) {
        for (Edge root : roots) explore(root.node());
        freeing = !createGraph && isLarge();
        AllocationScope made = freeing ? AllocationScope.openForLarge(LARGE) : null;
        Predicate<Storage> kept = s -> true;
        try {
            for (int i = 0; i < roots.size(); i++) deliver(roots.get(i), grads.get(i), owned[i], "GraphRoot", i);
            for (Edge root : roots) enqueue(task(root.node()));
            loop();
            for (int i = 0; callbacks != null && i < callbacks.size(); i++)
                callbacks.get(i).run();
            settle();
            if (freeing) kept = results::contains;
        } finally {
            if (made != null) made.close(kept);
        }
    }

    /** Returns the run that the calling thread is in, or null. */
    public static @Nullable Engine current() {
        return CURRENT.get();
    }

    /** Runs work in a thread that continues a run of another one. */
    static void within(@Nullable Engine run, Runnable work) {
        CURRENT.set(run);
        try {
            work.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** Whether gradients are computed for some inputs only, not added to all leaves. */
    public boolean isPartial() {
        return !everything;
    }

    /** Returns what is attached to this run under a key, made where there is nothing yet; dropped with the run. */
    public <T> T attachment(Object key, Class<T> type, Supplier<T> make) {
        if (attachments == null) attachments = new IdentityHashMap<>();
        return type.cast(attachments.computeIfAbsent(key, k -> make.get()));
    }

    /** Runs something after the node that runs now. */
    public void afterNode(Runnable work) {
        if (afterNode == null) afterNode = new ArrayList<>();
        afterNode.add(work);
    }

    /** Runs something at the end of this run. */
    void atEnd(Runnable work) {
        if (callbacks == null) callbacks = new ArrayList<>();
        callbacks.add(work);
        freeing = false;
    }

    /** Returns whether this run will execute a node, or return a gradient that reaches it. */
    public boolean willRun(GraphNode node) {
        Task t = tasks.get(node);
        return t != null && (t.needed || t.captures != null);
    }

    /** Returns the node that runs now, or null. */
    @Nullable
    public GraphNode running() {
        return running;
    }

    /** Whether there is something to free after the run that pays for keeping account of it. */
    private boolean isLarge() {
        for (Task t : tasks.values()) if (t.node.isLarge(LARGE)) return true;
        return false;
    }

    /** Computes the gradients that are still deferred, so that they hold on to nothing of the graph. */
    private void settle() {
        for (Tensor g : captured) if (g != null) results.add(Internals.storage(g));
        List<Storage> deferred = new ArrayList<>();
        for (Storage s : results) if (s.isDeferred()) deferred.add(s);
        if (!deferred.isEmpty()) FusionPolicy.evaluate(deferred);
    }

    private Task task(GraphNode node) {
        return tasks.computeIfAbsent(node, Task::new);
    }

    /** Counts for every node how many edges lead to it, and finds which nodes lead to a wanted input. */
    private void explore(GraphNode root) {
        Task first = task(root);
        if (first.visited > 0) return;
        ArrayDeque<Task> path = new ArrayDeque<>();
        first.visited = 1;
        path.push(first);
        while (!path.isEmpty()) {
            Task t = path.peek();
            int i = t.visited - 1;
            if (i < t.node.inputs()) {
                t.visited++;
                Edge e = t.node.next(i);
                if (e == null) continue;
                Task to = task(e.node());
                to.waiting++;
                if (to.visited == 0) {
                    to.visited = 1;
                    path.push(to);
                }
            } else {
                path.pop();
                t.needed |= everything;
                for (int k = 0; k < t.node.inputs() && !t.needed; k++) t.needed = leads(t.node.next(k));
            }
        }
    }

    /** Whether a gradient is wanted along an edge. */
    private boolean leads(@Nullable Edge e) {
        if (e == null) return false;
        if (everything) return true;
        Task to = tasks.get(e.node());
        return to != null && (to.needed || to.captures != null);
    }

    private void enqueue(Task t) {
        if (t.waiting == 0 && !t.queued) {
            t.queued = true;
            ready.add(t);
        }
    }

    private void loop() {
        for (Task t = ready.poll(); t != null; t = ready.poll()) {
            evaluate(t);
            tasks.remove(t.node);
        }
    }

    private void evaluate(Task t) {
        GraphNode node = t.node;
        if (node.hasHooks() || !node.returnsFresh()) freeing = false;
        boolean any = false;
        for (Tensor g : t.grads) any |= g != null;
        @Nullable Tensor[] results = new Tensor[node.inputs()];
        boolean[] fresh = new boolean[results.length];
        if (any) {
            // As in PyTorch, a gradient is returned as its tensor's hooks left it only if its node does not run.
            if (t.needed) capture(t);
            if (node.hasHooks()) {
                node.runPreHooks(t.grads);
                Arrays.fill(t.owned, false);
            }
            if (!t.needed) capture(t);
            if (t.needed) {
                node.runNodePreHooks(t.grads);
                results = apply(t);
                fresh = ownership(t, results);
                results = node.runHooks(results, t.grads);
            }
        }
        Arrays.fill(t.grads, null);
        for (int i = 0; i < node.inputs(); i++) {
            Edge e = node.next(i);
            if (e == null) continue;
            Tensor r = results[i];
            if (r != null && leads(e)) deliver(e, r, fresh[i], node.name(), i);
            Task to = task(e.node());
            to.waiting--;
            enqueue(to);
        }
    }

    private void capture(Task t) {
        if (t.captures == null) return;
        for (Capture c : t.captures) captured[c.result] = t.grads[c.output];
        Arrays.fill(t.owned, false);
    }

    private @Nullable Tensor[] apply(Task t) {
        GraphNode node = t.node;
        if (node instanceof AccumulateGrad leaf) {
            Tensor g = leaf.accumulate(t.grads[0], t.owned[0]);
            if (g != null) {
                results.add(Internals.storage(g));
                leaf.runAfterHooks();
            }
            return new Tensor[0];
        }
        boolean[] needs = new boolean[node.inputs()];
        for (int i = 0; i < needs.length; i++) needs[i] = leads(node.next(i));
        @Nullable Tensor[] results;
        GraphNode outside = running;
        running = node;
        try {
            results = node.apply(t.grads, needs);
        } catch (RuntimeException e) {
            AnomalyTrace.report(node, e);
            throw e;
        } finally {
            running = outside;
        }
        List<Runnable> after = afterNode;
        if (after != null) {
            afterNode = null;
            after.forEach(Runnable::run);
        }
        if (!keepGraph) node.release();
        if (Anomaly.checksNan()) AnomalyTrace.checkNan(node, results);
        return results;
    }

    /** Which results only this run holds: fresh ones, and an owned gradient passed on to one input alone. */
    private static boolean[] ownership(Task t, @Nullable Tensor[] results) {
        boolean[] owned = new boolean[results.length];
        if (!t.node.returnsFresh() || t.node.hasHooks()) return owned;
        for (int i = 0; i < results.length; i++) {
            Tensor r = results[i];
            if (r == null) continue;
            Storage s = Internals.storage(r);
            boolean mine = true;
            for (int k = 0; k < results.length && mine; k++) {
                Tensor other = results[k];
                mine = k == i || other == null || Internals.storage(other) != s;
            }
            for (int k = 0; k < t.grads.length && mine; k++) {
                Tensor g = t.grads[k];
                mine = g == null || Internals.storage(g) != s || t.owned[k];
            }
            owned[i] = mine;
        }
        return owned;
    }

    private void deliver(Edge e, Tensor gradient, boolean owned, String from, int number) {
        Task to = task(e.node());
        Tensor g = fit(e, gradient, from, number);
        owned |= Internals.storage(g) != Internals.storage(gradient);
        int i = e.index();
        Tensor old = to.grads[i];
        if (old == null) {
            to.grads[i] = g;
            to.owned[i] = owned;
        } else if (GradMode.isEnabled()) {
            to.grads[i] = old.add(g);
            to.owned[i] = true;
        } else {
            to.grads[i] = accumulate(old, to.owned[i], g, owned);
            to.owned[i] = true;
        }
    }

    /** Adds two gradients, in place if one of them is donated. */
    private static Tensor accumulate(Tensor old, boolean oldIsDonated, Tensor g, boolean isDonated) {
        boolean intoOld = oldIsDonated && !Internals.layout(old).overlaps();
        boolean intoNew = isDonated && !Internals.layout(g).overlaps();
        if (intoOld && !Internals.storage(old).isDeferred()) return old.add_(g);
        if (intoNew && !Internals.storage(g).isDeferred()) return g.add_(old);
        Tensor sum = old.add(g);
        if (intoOld || intoNew) {
            // The version that a sum in place has: versions do not depend on what is deferred.
            int version = Internals.version((intoOld ? old : g)).current() + 1;
            while (Internals.version(sum).current() < version)
                Internals.version(sum).bump();
        }
        return sum;
    }

    /** A gradient in the shape, dtype and on the device of what it is the gradient of; summed over what was broadcast. */
    private static Tensor fit(Edge e, Tensor g, String from, int number) {
        GraphNode.Expected want = e.node().expected(e.index());
        if (want == null) return g;
        if (!Arrays.equals(Internals.layout(g).sizes(), want.sizes())) {
            if (!expandable(want.sizes(), Internals.layout(g).sizes())) {
                throw new CotangentException("Function " + from + " returned an invalid gradient at index " + number
                        + " - got " + Arrays.toString(Internals.layout(g).sizes()) + " but expected shape compatible"
                        + " with " + Arrays.toString(want.sizes()));
            }
            g = g.sumToSize(want.sizes());
        }
        return g.dtype() == want.dtype() && g.device().equals(want.device()) ? g : g.to(want.device(), want.dtype());
    }

    private static boolean expandable(long[] from, long[] to) {
        if (from.length > to.length) return false;
        for (int i = 1; i <= from.length; i++) {
            long f = from[from.length - i];
            if (f != 1 && f != to[to.length - i]) return false;
        }
        return true;
    }
}

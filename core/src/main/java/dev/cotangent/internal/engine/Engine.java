package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.AllocationScope;
import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.RecordFunction;
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
 * Runs a graph backward: each node once, after all nodes that send it gradients, latest recorded first. Iterative, so
 * that memory alone bounds a graph's depth. Each call runs in the caller's thread; threads may run at once. Nodes may
 * start runs themselves; deeply nested runs move to threads of their own, so that no stack overflows.
 */
public final class Engine {
    /** Number of elements from which memory is freed explicitly. */
    private static final long LARGE = 1024;

    /** The state of a node in one run. */
    private static final class Task {
        final GraphNode node;
        final @Nullable Tensor[] grads;
        /** Whether this run alone holds the gradient, so that it may be donated. */
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
    /** User state attached to this run; dropped at its end. */
    private @Nullable Map<Object, Object> attachments;

    private @Nullable List<Runnable> afterNode;
    /** Callbacks for the end of the run. */
    private @Nullable List<Runnable> callbacks;
    /** The running node. */
    private @Nullable GraphNode running;

    private final Map<GraphNode, Task> tasks = new IdentityHashMap<>();
    private final PriorityQueue<Task> ready = new PriorityQueue<>((a, b) -> Long.compare(b.order(), a.order()));
    private final boolean keepGraph;
    private final boolean everything;
    private final @Nullable Tensor[] captured;
    /** Memory of the gradients that outlive the run, in order of arrival. */
    private final Set<Storage> results = new LinkedHashSet<>();
    /** Whether no user code sees intermediate gradients, so that they may be freed after the run. */
    private boolean freeing;

    private Engine(boolean keepGraph, @Nullable List<Edge> inputs, boolean accumulates) {
        this.keepGraph = keepGraph;
        this.everything = inputs == null;
        this.captured = new Tensor[inputs == null || accumulates ? 0 : inputs.size()];
        for (int i = 0; inputs != null && i < inputs.size(); i++) {
            Edge e = inputs.get(i);
            Task t = task(e.node());
            if (accumulates) {
                // The node runs: a leaf's accumulates, another's fills its retained gradient.
                t.needed = true;
                continue;
            }
            if (t.captures == null) t.captures = new ArrayList<>(1);
            t.captures.add(new Capture(e.index(), i));
        }
    }

    /**
     * Runs one backward pass.
     *
     * @param roots edges at which the gradients start
     * @param grads the gradients, one per root
     * @param owned which gradients are donated
     * @param keepGraph whether saved tensors are retained
     * @param createGraph whether the pass is recorded
     * @param inputs edges at which to stop; null to run the whole graph
     * @param accumulates whether gradients of the inputs are accumulated instead of returned
     * @return the gradient of each input, or null if none reached it; empty if gradients are accumulated
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
        AllocationScope scope = freeing ? AllocationScope.openForLarge(LARGE) : null;
        Predicate<Storage> survives = s -> true;
        try {
            for (int i = 0; i < roots.size(); i++) deliver(roots.get(i), grads.get(i), owned[i], "GraphRoot", i);
            for (Edge root : roots) enqueue(task(root.node()));
            loop();
            for (int i = 0; callbacks != null && i < callbacks.size(); i++)
                callbacks.get(i).run();
            materializeResults();
            if (freeing) survives = results::contains;
        } finally {
            if (scope != null) scope.close(survives);
        }
    }

    /** Returns the run that the calling thread is in, or null. */
    public static @Nullable Engine current() {
        return CURRENT.get();
    }

    /** Runs work as part of another thread's run. */
    static void within(@Nullable Engine run, Runnable work) {
        CURRENT.set(run);
        try {
            work.run();
        } finally {
            CURRENT.remove();
        }
    }

    /** Returns whether gradients are computed for chosen inputs instead of all leaves. */
    public boolean isPartial() {
        return !everything;
    }

    /** Returns the value attached to this run under a key, created on first use; dropped with the run. */
    public <T> T attachment(Object key, Class<T> type, Supplier<T> make) {
        if (attachments == null) attachments = new IdentityHashMap<>();
        return type.cast(attachments.computeIfAbsent(key, k -> make.get()));
    }

    /** Runs an action after the running node. */
    public void afterNode(Runnable work) {
        if (afterNode == null) afterNode = new ArrayList<>();
        afterNode.add(work);
    }

    /** Runs an action at the end of this run. */
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

    /** Returns the running node, or null. */
    @Nullable
    public GraphNode running() {
        return running;
    }

    /** Returns whether any gradient is large enough for explicit freeing to pay. */
    private boolean isLarge() {
        for (Task t : tasks.values()) if (t.node.isLarge(LARGE)) return true;
        return false;
    }

    /** Materializes deferred results, so that they hold no reference into the graph. */
    private void materializeResults() {
        for (Tensor g : captured) if (g != null) results.add(Internals.storage(g));
        List<Storage> deferred = new ArrayList<>();
        for (Storage s : results) if (s.isDeferred()) deferred.add(s);
        if (!deferred.isEmpty()) FusionPolicy.evaluate(deferred);
    }

    private Task task(GraphNode node) {
        return tasks.computeIfAbsent(node, Task::new);
    }

    /** Counts the incoming edges of every node, and finds the nodes from which a requested input is reachable. */
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
                for (int k = 0; k < t.node.inputs() && !t.needed; k++) t.needed = needsGradient(t.node.next(k));
            }
        }
    }

    /** Returns whether a gradient is needed at an edge. */
    private boolean needsGradient(@Nullable Edge e) {
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
            if (RecordFunction.isActive()) recordEvaluation(t);
            else evaluate(t);
            tasks.remove(t.node);
        }
    }

    private void recordEvaluation(Task t) {
        int range = RecordFunction.startRange(
                RecordFunction.Kind.NODE, "autograd::engine::evaluate_function: " + t.node.name(), t.node.sequence());
        try {
            evaluate(t);
        } finally {
            RecordFunction.end(range);
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
            // As in PyTorch, tensor hooks apply to a returned gradient only if the node does not run.
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
            if (r != null && needsGradient(e)) deliver(e, r, fresh[i], node.name(), i);
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
        if (!RecordFunction.isActive()) return applyNode(t);
        int range = RecordFunction.startRange(RecordFunction.Kind.NODE, t.node.name(), t.node.sequence());
        try {
            return applyNode(t);
        } finally {
            RecordFunction.end(range);
        }
    }

    private @Nullable Tensor[] applyNode(Task t) {
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
        for (int i = 0; i < needs.length; i++) needs[i] = needsGradient(node.next(i));
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

    /** Returns which results are donated: fresh ones, and an owned gradient passed on to a single input. */
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
            // Versions do not depend on deferral: use the version of the in-place sum.
            int version = Internals.version((intoOld ? old : g)).current() + 1;
            while (Internals.version(sum).current() < version)
                Internals.version(sum).bump();
        }
        return sum;
    }

    /** Returns a gradient in its target's shape, dtype and device, reduced over broadcast dimensions. */
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
        // A real tensor's gradient is real.
        if (g.isComplex() && !want.dtype().isComplex()) g = g.real();
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

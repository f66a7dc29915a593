package dev.cotangent.internal.engine;

import dev.cotangent.Tensor;
import dev.cotangent.backend.Storage;
import dev.cotangent.internal.Internals;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory reachable from tensors: their storages, those of their gradients, and saved tensors of nodes recorded since
 * a given moment.
 */
public final class Reachability {
    private final long since;
    private final Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final ArrayDeque<GraphNode> nodes = new ArrayDeque<>();

    /** Creates a search limited to nodes recorded since {@link #now} returned that number. */
    public Reachability(long since) {
        this.since = since;
    }

    /** Returns the sequence number of the next recorded node. */
    public static long now() {
        return GraphNode.nextSequence();
    }

    /** Adds everything reachable from a tensor. */
    public void add(Tensor t) {
        visit(t);
        for (GraphNode node = nodes.poll(); node != null; node = nodes.poll()) {
            node.visitSaved(this::visit);
            for (Edge edge : node.edges()) if (edge != null) follow(edge.node());
        }
    }

    private void visit(Tensor t) {
        if (!seen.add(t)) return;
        storages.add(Internals.storage(t));
        AutogradMeta m = Internals.meta(t);
        if (m == null) return;
        Tensor grad = m.grad();
        if (grad != null) visit(grad);
        Tensor base = m.base();
        if (base != null) visit(base);
        follow(m.cachedGradFn());
    }

    private void follow(@Nullable GraphNode node) {
        if (node != null && node.sequence() >= since && seen.add(node)) nodes.add(node);
    }

    /** Returns whether a storage was reached. */
    public boolean reaches(Storage storage) {
        return storages.contains(storage);
    }
}

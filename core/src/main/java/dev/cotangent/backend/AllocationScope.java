package dev.cotangent.backend;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A scope (arena) that owns the storages its thread allocates, and frees them together; the basis of {@link
 * dev.cotangent.Scope}. Scopes of a thread nest; a storage belongs to the innermost scope of its allocating thread.
 */
public final class AllocationScope {
    private static final ThreadLocal<@Nullable AllocationScope> CURRENT = new ThreadLocal<>();
    /** Number of open scopes in all threads; if zero, the thread-local is not read. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static final int MIN_PRUNE_SIZE = 64;

    private final @Nullable AllocationScope outer;
    private final boolean collects;
    // Weak, so that the garbage collector can reclaim unreferenced storages of a long scope.
    private List<WeakReference<Storage>> storages = new ArrayList<>();
    private int pruneSize = MIN_PRUNE_SIZE;

    private final long smallest;

    private AllocationScope(@Nullable AllocationScope outer, boolean collects, long smallest) {
        this.outer = outer;
        this.collects = collects;
        this.smallest = smallest;
    }

    /**
     * Opens a scope in the calling thread.
     *
     * @param collects whether the scope owns allocations; false suspends the enclosing scopes
     */
    public static AllocationScope open(boolean collects) {
        return open(collects, 0);
    }

    /** Opens a scope in the calling thread that owns storages of at least that many elements. */
    public static AllocationScope openForLarge(long smallest) {
        return open(true, smallest);
    }

    private static AllocationScope open(boolean collects, long smallest) {
        AllocationScope l = new AllocationScope(CURRENT.get(), collects, smallest);
        CURRENT.set(l);
        OPEN.incrementAndGet();
        return l;
    }

    /** Returns the innermost scope of the calling thread, or null. */
    public static @Nullable AllocationScope current() {
        return OPEN.get() == 0 ? null : CURRENT.get();
    }

    /** Registers a new storage; returns the scope that owns it, or null. */
    static @Nullable AllocationScope register(Storage storage) {
        AllocationScope l = current();
        while (l != null && l.collects && storage.size() < l.smallest) l = l.outer;
        if (l == null || !l.collects) return null;
        l.add(storage);
        return l;
    }

    /**
     * Lets a storage that was made outside of every lifetime, such as by another thread, belong to the calling thread's
     * innermost one. The caller knows that nobody else keeps it.
     */
    public static void adopt(Storage storage) {
        AllocationScope l = current();
        if (l == null || !l.collects || storage.scope() != null) return;
        storage.moveTo(l);
        l.add(storage);
    }

    private void add(Storage storage) {
        if (storages.size() >= pruneSize) {
            storages.removeIf(r -> r.get() == null);
            pruneSize = Math.max(MIN_PRUNE_SIZE, 2 * storages.size());
        }
        storages.add(new WeakReference<>(storage));
    }

    /** Returns whether this scope owns a storage and is not closed. */
    public boolean owns(Storage storage) {
        return storage.scope() == this;
    }

    /** Returns whether this is the calling thread's innermost scope. */
    public boolean isInnermost() {
        return CURRENT.get() == this;
    }

    /**
     * Closes the calling thread's innermost scope: storages that survive move to the enclosing scope, the others are
     * freed.
     */
    public void close(Predicate<Storage> survives) {
        if (!isInnermost()) throw new IllegalStateException("not the innermost scope of this thread");
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
        OPEN.decrementAndGet();
        AllocationScope heir = outer != null && outer.collects ? outer : null;
        List<WeakReference<Storage>> all = storages;
        storages = new ArrayList<>(0);
        // Surviving pending results may read storages that are about to be freed.
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.scope() != this) continue;
            if (!survives.test(s)) s.materializeOutsideReaders(this);
            else if (s.isDeferred()) s.memory();
        }
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.scope() != this) continue;
            if (!survives.test(s)) {
                s.close();
            } else {
                s.moveTo(heir);
                if (heir != null) heir.add(s);
            }
        }
    }
}

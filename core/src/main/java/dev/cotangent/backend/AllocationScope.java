package dev.cotangent.backend;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a thread makes from some moment on, to be freed together: what {@link dev.cotangent.Scope} is made of. Lifetimes
 * of a thread lie within each other; a storage belongs to the innermost of the thread that made it.
 */
public final class AllocationScope {
    private static final ThreadLocal<@Nullable AllocationScope> CURRENT = new ThreadLocal<>();
    /** How many are open in all threads: where there is none, nothing is looked up. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static final int FEW = 64;

    private final @Nullable AllocationScope outer;
    private final boolean collects;
    // Weak, so that within a long scope the collector still finds what nobody refers to.
    private List<WeakReference<Storage>> made = new ArrayList<>();
    private int crowded = FEW;

    private final long smallest;

    private AllocationScope(@Nullable AllocationScope outer, boolean collects, long smallest) {
        this.outer = outer;
        this.collects = collects;
        this.smallest = smallest;
    }

    /**
     * Opens one for the calling thread.
     *
     * @param collects whether what is made belongs to it; false for a time in which it belongs to none
     */
    public static AllocationScope open(boolean collects) {
        return open(collects, 0);
    }

    /** Opens one for the calling thread, to which storages of that many elements or more belong. */
    public static AllocationScope openForLarge(long smallest) {
        return open(true, smallest);
    }

    private static AllocationScope open(boolean collects, long smallest) {
        AllocationScope l = new AllocationScope(CURRENT.get(), collects, smallest);
        CURRENT.set(l);
        OPEN.incrementAndGet();
        return l;
    }

    /** The innermost of the calling thread. */
    public static @Nullable AllocationScope current() {
        return OPEN.get() == 0 ? null : CURRENT.get();
    }

    /** Notes a storage that was made just now: the scope it belongs to. */
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
        if (made.size() >= crowded) {
            made.removeIf(r -> r.get() == null);
            crowded = Math.max(FEW, 2 * made.size());
        }
        made.add(new WeakReference<>(storage));
    }

    /** Whether a storage was made in this scope, and is not yet closed. */
    public boolean owns(Storage storage) {
        return storage.scope() == this;
    }

    /** Whether this is the innermost of the calling thread. */
    public boolean isInnermost() {
        return CURRENT.get() == this;
    }

    /**
     * Ends it, which must be the calling thread's innermost: what is kept belongs from now on to the one around it, all
     * else is closed.
     */
    public void close(Predicate<Storage> kept) {
        if (!isInnermost()) throw new IllegalStateException("not the innermost scope of this thread");
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
        OPEN.decrementAndGet();
        AllocationScope heir = outer != null && outer.collects ? outer : null;
        List<WeakReference<Storage>> all = made;
        made = new ArrayList<>(0);
        // What stays may be waiting to be computed from what does not.
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.scope() != this) continue;
            if (!kept.test(s)) s.materializeOutsideReaders(this);
            else if (s.isDeferred()) s.memory();
        }
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.scope() != this) continue;
            if (!kept.test(s)) {
                s.close();
            } else {
                s.moveTo(heir);
                if (heir != null) heir.add(s);
            }
        }
    }
}

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
public final class Lifetime {
    private static final ThreadLocal<@Nullable Lifetime> CURRENT = new ThreadLocal<>();
    /** How many are open in all threads: where there is none, nothing is looked up. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static final int FEW = 64;

    private final @Nullable Lifetime outer;
    private final boolean collects;
    // Weak, so that within a long lifetime the collector still finds what nobody refers to.
    private List<WeakReference<Storage>> made = new ArrayList<>();
    private int crowded = FEW;

    private final long smallest;

    private Lifetime(@Nullable Lifetime outer, boolean collects, long smallest) {
        this.outer = outer;
        this.collects = collects;
        this.smallest = smallest;
    }

    /**
     * Opens one for the calling thread.
     *
     * @param collects whether what is made belongs to it; false for a time in which it belongs to none
     */
    public static Lifetime open(boolean collects) {
        return open(collects, 0);
    }

    /** Opens one for the calling thread, to which storages of that many elements or more belong. */
    public static Lifetime openForLarge(long smallest) {
        return open(true, smallest);
    }

    private static Lifetime open(boolean collects, long smallest) {
        Lifetime l = new Lifetime(CURRENT.get(), collects, smallest);
        CURRENT.set(l);
        OPEN.incrementAndGet();
        return l;
    }

    /** The innermost of the calling thread. */
    public static @Nullable Lifetime current() {
        return OPEN.get() == 0 ? null : CURRENT.get();
    }

    /** Notes a storage that was made just now: the lifetime it belongs to. */
    static @Nullable Lifetime made(Storage storage) {
        Lifetime l = current();
        while (l != null && l.collects && storage.size() < l.smallest) l = l.outer;
        if (l == null || !l.collects) return null;
        l.add(storage);
        return l;
    }

    private void add(Storage storage) {
        if (made.size() >= crowded) {
            made.removeIf(r -> r.get() == null);
            crowded = Math.max(FEW, 2 * made.size());
        }
        made.add(new WeakReference<>(storage));
    }

    /** Whether a storage was made in this lifetime, and is not yet closed. */
    public boolean has(Storage storage) {
        return storage.lifetime() == this;
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
        if (!isInnermost()) throw new IllegalStateException("not the innermost lifetime of this thread");
        if (outer == null) CURRENT.remove();
        else CURRENT.set(outer);
        OPEN.decrementAndGet();
        Lifetime heir = outer != null && outer.collects ? outer : null;
        List<WeakReference<Storage>> all = made;
        made = new ArrayList<>(0);
        // What stays may be waiting to be computed from what does not.
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.lifetime() != this) continue;
            if (!kept.test(s)) s.settleOthers(this);
            else if (s.isDeferred()) s.memory();
        }
        for (WeakReference<Storage> r : all) {
            Storage s = r.get();
            if (s == null || s.lifetime() != this) continue;
            if (!kept.test(s)) {
                s.close();
            } else {
                s.handTo(heir);
                if (heir != null) heir.add(s);
            }
        }
    }
}

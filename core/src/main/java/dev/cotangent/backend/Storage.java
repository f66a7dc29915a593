package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of elements in the memory of a device, shared by all tensors that are views of it. What the memory is, is
 * between the storage and its backend: a Java array on the CPU, an address on a GPU. The elements may be an elementwise
 * result that is not computed yet: it is when the memory is first asked for.
 */
public final class Storage {
    /** What is to be computed from this memory later. */
    private static final class Readers {
        private final List<WeakReference<Storage>> list = new ArrayList<>(2);
        private int limit = 8;

        void add(WeakReference<Storage> reader) {
            if (list.size() >= limit) {
                list.removeIf(r -> pending(r) == null);
                limit = Math.max(8, 2 * list.size());
            }
            list.add(reader);
        }

        static @Nullable Deferred pending(WeakReference<Storage> reader) {
            Storage s = reader.get();
            return s == null ? null : s.pending();
        }
    }

    private final Backend backend;
    private final Dtype dtype;
    private final long size;
    /** The memory itself, or the {@link Deferred} that will fill it; null when it was freed. */
    private volatile @Nullable Object memory;

    private volatile @Nullable Lifetime lifetime;
    private volatile boolean exposed;
    private @Nullable Readers readers;

    /** Made by a backend around memory of its own. */
    public Storage(Backend backend, Dtype dtype, long size, Object memory) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        this.memory = memory;
        this.lifetime = Lifetime.made(this);
    }

    /** The backend that the memory belongs to. */
    public Backend backend() {
        return backend;
    }

    /** The device that the memory belongs to. */
    public Device device() {
        return backend.device();
    }

    /** The type of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** The number of elements. */
    public long size() {
        return size;
    }

    /**
     * The memory, with everything computed that was to be written there.
     *
     * @throws CotangentException where it was freed with its scope
     */
    public Object memory() {
        Object m = memory;
        if (m instanceof Deferred d) {
            d.evaluate(this);
            m = memory;
        }
        if (m == null) {
            throw new CotangentException("a tensor is used after the Scope in which it was made was closed; let it out"
                    + " with scope.keep(tensor), or make it in Scope.outside(() -> ...)");
        }
        return m;
    }

    /** Whether the memory was freed with the scope it was made in. */
    public boolean isClosed() {
        return memory == null;
    }

    @Nullable
    Lifetime lifetime() {
        return lifetime;
    }

    void handTo(@Nullable Lifetime heir) {
        lifetime = heir;
    }

    /** Frees the memory; a later use is an error. */
    void close() {
        Object m = memory;
        memory = null;
        lifetime = null;
        if (m != null && !(m instanceof Deferred) && !exposed) backend.free(m);
    }

    /** Frees the memory, of which the caller knows that nobody else refers to it. */
    public void discard() {
        settle();
        close();
    }

    /** Before this is closed: computes what reads it and is not closed with it. */
    void settleOthers(Lifetime closing) {
        for (Storage s : waiting()) if (s.lifetime != closing) s.memory();
    }

    /** Whether the elements are not computed yet. */
    public boolean isDeferred() {
        return memory instanceof Deferred;
    }

    /** What will fill the memory, or null where it is there. */
    @Nullable
    Deferred pending() {
        return memory instanceof Deferred d ? d : null;
    }

    /** Takes the memory of a storage of this kind, which nobody else has. */
    void fill(Storage computed) {
        Object m = computed.memory;
        computed.memory = null;
        computed.lifetime = null;
        memory = m;
    }

    /**
     * Says that the memory is also reached in ways that no call tells of, such as a Java array: nothing is computed from
     * it later than it is asked for.
     */
    public void expose() {
        exposed = true;
        settle();
    }

    boolean isExposed() {
        return exposed;
    }

    /** Notes that a deferred result will be computed from this memory. */
    synchronized void addReader(WeakReference<Storage> reader) {
        if (readers == null) readers = new Readers();
        readers.add(reader);
    }

    /**
     * To be called before the memory is written: what is to be computed from it later is computed now, or gets a copy of
     * the old elements.
     */
    public void settle() {
        if (readers != null) settleReaders();
    }

    private synchronized List<Storage> waiting() {
        if (readers == null) return List.of();
        List<Storage> waiting = new ArrayList<>();
        for (WeakReference<Storage> r : readers.list) {
            Storage s = r.get();
            if (s != null && s.isDeferred()) waiting.add(s);
        }
        return waiting;
    }

    private synchronized void settleReaders() {
        List<Storage> waiting = waiting();
        long elements = 0;
        for (Storage s : waiting) elements += s.size;
        Deferred first = waiting.isEmpty() ? null : waiting.getFirst().pending();
        if (elements < 2 * size || first == null || isDeferred()) {
            for (Storage s : waiting) s.memory();
        } else {
            Layout all = Layout.contiguous(size);
            Storage[] made = new Storage[1];
            first.inPlace(this, () -> {
                made[0] = backend.allocateUnset(dtype, size);
                backend.copy(new Strided(this, all), new Strided(made[0], all));
                return made;
            });
            Storage copy = made[0];
            for (Storage s : waiting) {
                Deferred d = s.pending();
                if (d != null) d.replace(this, copy);
                copy.addReader(new WeakReference<>(s));
            }
        }
        readers = null;
    }

    /** Says that the elements are kept for a backward pass, so that they are likely to be read again. */
    public void keep() {
        if (memory instanceof Deferred d) d.kept++;
    }

    /** Takes back one {@link #keep}. */
    public void letGo() {
        if (memory instanceof Deferred d) d.kept--;
    }
}

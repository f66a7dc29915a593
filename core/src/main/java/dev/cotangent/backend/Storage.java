package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

        static @Nullable PendingResult pending(WeakReference<Storage> reader) {
            Storage s = reader.get();
            return s == null ? null : s.pending();
        }
    }

    /**
     * The state of the elements. A storage is made {@link #PENDING} or {@link #MATERIALIZED}, and passes from the one to
     * the other and from both to {@link #RELEASED}, never back.
     */
    enum State {
        /** An expression says how the elements are computed; there is no memory yet. */
        PENDING,
        /** The elements are in memory. */
        MATERIALIZED,
        /** The memory was freed; a use is an error. */
        RELEASED
    }

    private static final VarHandle BUFFER = handle("buffer", Object.class);
    private static final VarHandle EXPRESSION = handle("expression", PendingResult.class);

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Storage.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Backend backend;
    private final Dtype dtype;
    private final long size;
    // The state, in two fields rather than an object of its own, so that memory is one load away: with a buffer it is
    // MATERIALIZED, with an expression PENDING, with neither RELEASED. Whoever computes writes the buffer first.
    /** The backend's memory. */
    private volatile @Nullable Object buffer;
    /** What will fill the buffer. */
    private volatile @Nullable PendingResult expression;

    private volatile @Nullable AllocationScope scope;
    private volatile boolean aliased;
    private @Nullable Readers readers;

    /** Creates a storage around memory of a backend. */
    public Storage(Backend backend, Dtype dtype, long size, Object buffer) {
        this(backend, dtype, size);
        // Nobody else sees this yet: release is enough, and no fence waits for what was written to fresh memory.
        BUFFER.setRelease(this, buffer);
    }

    private Storage(Backend backend, Dtype dtype, long size) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        AllocationScope current = AllocationScope.register(this);
        if (current != null) scope = current;
    }

    /** Returns a storage whose elements are computed when its memory is first asked for. */
    public static Storage pending(Backend backend, Dtype dtype, long size, PendingResult expression) {
        Storage storage = new Storage(backend, dtype, size);
        EXPRESSION.setRelease(storage, expression);
        return storage;
    }

    /** Returns the state; another thread may compute the elements at any time. */
    State state() {
        // The order counts: a computation writes the buffer before it takes the expression away.
        if (expression != null && buffer == null) return State.PENDING;
        return buffer != null ? State.MATERIALIZED : State.RELEASED;
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
        Object b = buffer;
        return b != null ? b : materialized();
    }

    private Object materialized() {
        PendingResult d = expression;
        if (d != null) d.evaluate(this);
        Object b = buffer;
        if (b == null) {
            throw new CotangentException("a tensor is used after the Scope in which it was made was closed; let it out"
                    + " with scope.keep(tensor), or make it in Scope.outside(() -> ...)");
        }
        return b;
    }

    /** Returns whether the memory was freed with the scope it was made in. */
    public boolean isClosed() {
        return state() == State.RELEASED;
    }

    @Nullable
    AllocationScope scope() {
        return scope;
    }

    void moveTo(@Nullable AllocationScope heir) {
        scope = heir;
    }

    /** Frees the memory; a later use is an error. */
    void close() {
        Object b = buffer;
        expression = null;
        buffer = null;
        scope = null;
        if (b != null && !aliased) backend.free(b);
    }

    /** Frees the memory, of which the caller knows that nobody else refers to it. */
    public void discard() {
        materializeReaders();
        close();
    }

    /** Before this is closed: computes what reads it and is not closed with it. */
    void materializeOutsideReaders(AllocationScope closing) {
        for (Storage s : waiting()) if (s.scope != closing) s.memory();
    }

    /** Returns whether the elements are not computed yet. */
    public boolean isDeferred() {
        return expression != null;
    }

    /** Returns what will fill the memory, or null where it is there. */
    public @Nullable PendingResult pending() {
        return expression;
    }

    /** Takes the memory of a storage of this kind, which nobody else has. */
    public void fill(Storage computed) {
        Object b = computed.buffer;
        computed.buffer = null;
        computed.scope = null;
        buffer = b;
        expression = null;
    }

    /**
     * Says that the memory is also reached in ways that no call tells of, such as a Java array: nothing is computed from
     * it later than it is asked for.
     */
    public void markAliased() {
        aliased = true;
        materializeReaders();
    }

    /** Returns whether the memory can be reached in ways that no call tells of. */
    public boolean isAliased() {
        return aliased;
    }

    /** Notes that a deferred result will be computed from this memory. */
    public synchronized void addReader(WeakReference<Storage> reader) {
        if (readers == null) readers = new Readers();
        readers.add(reader);
    }

    /**
     * To be called before the memory is written: what is to be computed from it later is computed now, or gets a copy of
     * the old elements.
     */
    public void materializeReaders() {
        if (readers != null) computeReaders();
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

    private synchronized void computeReaders() {
        List<Storage> waiting = waiting();
        long elements = 0;
        for (Storage s : waiting) elements += s.size;
        PendingResult first = waiting.isEmpty() ? null : waiting.getFirst().pending();
        if (elements < 2 * size || first == null || isDeferred()) {
            for (Storage s : waiting) s.memory();
        } else {
            Layout all = Layout.contiguous(size);
            Storage[] made = new Storage[1];
            first.runOnStream(this, () -> {
                made[0] = backend.allocateUnset(dtype, size);
                backend.copy(new Strided(this, all), new Strided(made[0], all));
                return made;
            });
            Storage copy = made[0];
            for (Storage s : waiting) {
                PendingResult d = s.pending();
                if (d != null) d.replace(this, copy);
                copy.addReader(new WeakReference<>(s));
            }
        }
        readers = null;
    }

    /** Says that the elements are kept for a backward pass, so that they are likely to be read again. */
    public void retain() {
        PendingResult d = expression;
        if (d != null) d.retain(1);
    }

    /** Takes back one {@link #retain}. */
    public void unretain() {
        PendingResult d = expression;
        if (d != null) d.retain(-1);
    }
}

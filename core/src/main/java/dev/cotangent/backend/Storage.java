package dev.cotangent.backend;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.internal.RecordFunction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A contiguous block of elements in a device's memory, shared by a tensor and its views. The buffer is opaque to all
 * but the backend: a Java array on the CPU, an address on a GPU. The elements may be a deferred element-wise result,
 * which is materialized on first access.
 */
public final class Storage {
    /** The pending results that read this memory. */
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
     * The state of the elements: a storage is created {@link #PENDING} or {@link #MATERIALIZED} and may only move on,
     * to {@link #RELEASED} at the end.
     */
    enum State {
        /** An expression defines the elements; there is no memory yet. */
        PENDING,
        /** The elements are in memory. */
        MATERIALIZED,
        /** The memory was freed; any use throws. */
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
    // Two fields instead of a state object keep the buffer one load away: a buffer means MATERIALIZED, an expression
    // PENDING, neither RELEASED. An evaluation sets the buffer before it clears the expression.
    /** The backend's buffer. */
    private volatile @Nullable Object buffer;
    /** Fills the buffer on first access. */
    private volatile @Nullable PendingResult expression;

    private volatile @Nullable AllocationScope scope;
    private volatile boolean aliased;
    private @Nullable Readers readers;

    /** Creates a storage around a backend's buffer. */
    public Storage(Backend backend, Dtype dtype, long size, Object buffer) {
        this(backend, dtype, size);
        // The storage is not published yet: a release store avoids a full fence.
        BUFFER.setRelease(this, buffer);
        if (RecordFunction.isActive()) RecordFunction.allocated(bytes(), device().isCpu());
    }

    private Storage(Backend backend, Dtype dtype, long size) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        AllocationScope current = AllocationScope.register(this);
        if (current != null) scope = current;
    }

    private long bytes() {
        return size * dtype.bytes();
    }

    /** Returns a storage whose elements are computed on first access. */
    public static Storage pending(Backend backend, Dtype dtype, long size, PendingResult expression) {
        Storage storage = new Storage(backend, dtype, size);
        EXPRESSION.setRelease(storage, expression);
        return storage;
    }

    /** Returns the state; another thread may materialize the elements at any time. */
    State state() {
        // Order matters: an evaluation sets the buffer before it clears the expression.
        if (expression != null && buffer == null) return State.PENDING;
        return buffer != null ? State.MATERIALIZED : State.RELEASED;
    }

    /** Returns the backend that owns the memory, or what the thread has put in front of it: {@link Interception}. */
    public Backend backend() {
        return Interception.of(backend);
    }

    /** Returns the device that owns the memory. */
    public Device device() {
        return backend.device();
    }

    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        return dtype;
    }

    /** Returns the number of elements. */
    public long size() {
        return size;
    }

    /**
     * Returns the buffer, materializing a pending result first.
     *
     * @throws CotangentException if it was freed with its scope
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

    /** Returns whether the memory was freed with its scope. */
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

    /** Frees the memory; a later use throws. */
    void close() {
        Object b = buffer;
        expression = null;
        buffer = null;
        scope = null;
        if (b == null || aliased) return;
        if (RecordFunction.isActive()) RecordFunction.allocated(-bytes(), device().isCpu());
        backend.free(b);
    }

    /** Frees the memory, which the caller knows to be unreferenced. */
    public void discard() {
        materializeReaders();
        close();
    }

    /** Materializes readers outside of a scope before this is freed with it. */
    void materializeOutsideReaders(AllocationScope closing) {
        for (Storage s : pendingReaders()) if (s.scope != closing) s.memory();
    }

    /** Returns whether the elements are not computed yet. */
    public boolean isDeferred() {
        return expression != null;
    }

    /** Returns the pending result, or null if the elements are in memory. */
    public @Nullable PendingResult pending() {
        return expression;
    }

    /** Takes over the buffer of an equal storage that has no other owner. */
    public void fill(Storage computed) {
        Object b = computed.buffer;
        computed.buffer = null;
        computed.scope = null;
        buffer = b;
        expression = null;
    }

    /**
     * Marks the memory as aliased outside of the library, such as by a Java array: results that read it are never
     * deferred.
     */
    public void markAliased() {
        aliased = true;
        materializeReaders();
    }

    /** Returns whether the memory is aliased outside of the library. */
    public boolean isAliased() {
        return aliased;
    }

    /** Registers a pending result that reads this memory. */
    public synchronized void addReader(WeakReference<Storage> reader) {
        if (readers == null) readers = new Readers();
        readers.add(reader);
    }

    /** Materializes pending readers, or copies the old elements for them; called before the memory is written. */
    public void materializeReaders() {
        if (readers != null) computeReaders();
    }

    private synchronized List<Storage> pendingReaders() {
        if (readers == null) return List.of();
        List<Storage> pendingReaders = new ArrayList<>();
        for (WeakReference<Storage> r : readers.list) {
            Storage s = r.get();
            if (s != null && s.isDeferred()) pendingReaders.add(s);
        }
        return pendingReaders;
    }

    private synchronized void computeReaders() {
        List<Storage> pendingReaders = pendingReaders();
        long elements = 0;
        for (Storage s : pendingReaders) elements += s.size;
        PendingResult first =
                pendingReaders.isEmpty() ? null : pendingReaders.getFirst().pending();
        if (elements < 2 * size || first == null || isDeferred()) {
            for (Storage s : pendingReaders) s.memory();
        } else {
            Layout all = Layout.contiguous(size);
            Storage[] copied = new Storage[1];
            first.runOnStream(this, () -> {
                copied[0] = backend.allocateUnset(dtype, size);
                backend.copy(new Strided(this, all), new Strided(copied[0], all));
                return copied;
            });
            Storage copy = copied[0];
            for (Storage s : pendingReaders) {
                PendingResult d = s.pending();
                if (d != null) d.replace(this, copy);
                copy.addReader(new WeakReference<>(s));
            }
        }
        readers = null;
    }

    /** Records that a backward pass has saved the elements, so that another read is likely. */
    public void retain() {
        PendingResult d = expression;
        if (d != null) d.retain(1);
    }

    /** Reverts one {@link #retain}. */
    public void unretain() {
        PendingResult d = expression;
        if (d != null) d.retain(-1);
    }
}

package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.internal.Internals;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Automatic mixed precision of a thread: operations call the method of the list that they are in, whose result is an operand of
 * the dtype to compute in. The lists are PyTorch's policies of CPU and CUDA (ATen/autocast_mode.h and autocast_mode.cpp).
 * Operands that are not floating point, or are float64, stay as they are.
 */
public final class AutocastMode {
    /** How many scopes are open in all threads: while there is none, an operation reads this and nothing else. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    private static final ThreadLocal<AutocastMode> CURRENT = ThreadLocal.withInitial(AutocastMode::new);

    /** The dtype of the scope, by whether the device is a CPU; null where autocast is off. */
    private @Nullable Dtype cpu;

    private @Nullable Dtype cuda;
    private boolean caching = true;
    private @Nullable Scope innermost;
    private final Map<Tensor, Tensor> casts = new IdentityHashMap<>();

    private AutocastMode() {}

    /** Returns the dtype that operations on a kind of device are cast to in this thread, or null if they are not. */
    public static @Nullable Dtype dtype(boolean isCpu) {
        if (OPEN.get() == 0) return null;
        AutocastMode mode = CURRENT.get();
        return isCpu ? mode.cpu : mode.cuda;
    }

    /**
     * Sets the mode of a kind of device until the scope is closed.
     *
     * @param dtype null to turn it off
     * @param caching whether casts of parameters are kept until the outermost scope is closed
     */
    public static Scope open(boolean isCpu, @Nullable Dtype dtype, boolean caching) {
        AutocastMode mode = CURRENT.get();
        Scope scope = new Scope(mode);
        mode.innermost = scope;
        if (isCpu) mode.cpu = dtype;
        else mode.cuda = dtype;
        mode.caching = caching;
        OPEN.incrementAndGet();
        return scope;
    }

    /** Restores the mode that was set before; close in the opening thread, innermost first. */
    public static final class Scope {
        private final AutocastMode mode;
        private final @Nullable Scope outer;
        private final @Nullable Dtype cpu;
        private final @Nullable Dtype cuda;
        private final boolean caching;
        private boolean closed;

        private Scope(AutocastMode mode) {
            this.mode = mode;
            outer = mode.innermost;
            cpu = mode.cpu;
            cuda = mode.cuda;
            caching = mode.caching;
        }

        /** Restores the mode. Throws if a scope that was opened later is open, or if another thread opened this one. */
        public void close() {
            if (closed) return;
            if (CURRENT.get() != mode)
                throw new CotangentException("an autocast scope is closed by the thread that opened it");
            if (mode.innermost != this)
                throw new CotangentException("an autocast scope that was opened later is still open: close it first");
            closed = true;
            OPEN.decrementAndGet();
            mode.innermost = outer;
            mode.cpu = cpu;
            mode.cuda = cuda;
            mode.caching = caching;
            if (outer == null) mode.casts.clear();
        }
    }

    private static boolean isEligible(Tensor t) {
        return t.dtype().isFloatingPoint() && t.dtype() != Dtype.FLOAT64;
    }

    private static boolean isView(Tensor t) {
        AutogradMeta m = Internals.meta(t);
        return m != null && m.base() != null;
    }

    private Tensor cast(Tensor t, Dtype dtype) {
        if (t.dtype() == dtype || !isEligible(t)) return t;
        boolean isParameter = caching
                && dtype != Dtype.FLOAT32
                && t.dtype() == Dtype.FLOAT32
                && t.requiresGrad()
                && t.isLeaf()
                && !isView(t)
                && GradMode.isEnabled();
        if (!isParameter) return t.to(dtype);
        Tensor known = casts.get(t);
        if (known == null) casts.put(t, known = t.to(dtype));
        return known;
    }

    private static @Nullable Tensor cast(@Nullable Tensor t, boolean onCpu, boolean onCuda, boolean single) {
        if (t == null) return null;
        AutocastMode mode = CURRENT.get();
        boolean isCpu = t.device().isCpu();
        Dtype dtype = isCpu ? mode.cpu : mode.cuda;
        if (dtype == null || !(isCpu ? onCpu : onCuda)) return t;
        return mode.cast(t, single ? Dtype.FLOAT32 : dtype);
    }

    @SuppressWarnings("unchecked") // Tensor is final.
    private static <T extends @Nullable Tensor> T as(@Nullable Tensor t) {
        return (T) t;
    }

    /** Returns an operand in the lower precision. */
    public static <T extends @Nullable Tensor> T lower(T t) {
        return OPEN.get() == 0 ? t : as(cast(t, true, true, false));
    }

    /** Returns operands in the lower precision. */
    public static Tensor[] lower(Tensor[] all) {
        if (OPEN.get() == 0) return all;
        Tensor[] out = new Tensor[all.length];
        for (int i = 0; i < all.length; i++) out[i] = lower(all[i]);
        return out;
    }

    /** Returns probabilities in float32 on the CPU; throws PyTorch's error on CUDA, where their logarithm is not safe. */
    public static Tensor probabilities(Tensor t) {
        if (OPEN.get() == 0) return t;
        if (!t.device().isCpu() && CURRENT.get().cuda != null) {
            throw new CotangentException(
                    "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.\n"
                            + "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
                            + "In this case, combine the two layers using"
                            + " torch.nn.functional.binary_cross_entropy_with_logits\n"
                            + "or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are\n"
                            + "safe to autocast. In Java, call binaryCrossEntropyWithLogits, or open"
                            + " Autocast.disable(device) around the loss");
        }
        return singleOnCpu(t);
    }

    /** Returns an operand in the lower precision on CUDA. */
    public static <T extends @Nullable Tensor> T lowerOnCuda(T t) {
        return OPEN.get() == 0 ? t : as(cast(t, false, true, false));
    }

    /** Returns an operand in float32. */
    public static <T extends @Nullable Tensor> T single(T t) {
        return OPEN.get() == 0 ? t : as(cast(t, true, true, true));
    }

    /** Returns an operand in float32 on CUDA. */
    public static <T extends @Nullable Tensor> T singleOnCuda(T t) {
        return OPEN.get() == 0 ? t : as(cast(t, false, true, true));
    }

    /** Returns an operand in float32 on the CPU. */
    public static <T extends @Nullable Tensor> T singleOnCpu(T t) {
        return OPEN.get() == 0 ? t : as(cast(t, true, false, true));
    }

    /** Returns float32 for a reduction on CUDA whose dtype is not given. */
    public static @Nullable Dtype singleOnCuda(Tensor t, @Nullable Dtype given) {
        if (OPEN.get() == 0 || given != null || t.device().isCpu()) return given;
        return CURRENT.get().cuda != null && isEligible(t) ? Dtype.FLOAT32 : null;
    }

    /** Returns an operand of an operation on CUDA in the wider dtype of it and another one. */
    public static <T extends @Nullable Tensor> T widestOnCuda(T t, @Nullable Tensor other) {
        if (OPEN.get() == 0 || t == null) return t;
        Dtype lower = CURRENT.get().cuda;
        if (lower == null || t.device().isCpu()) return t;
        return as(CURRENT.get().cast(t, widest(lower, t, other)));
    }

    /** Returns operands in their widest dtype. */
    public static List<Tensor> widest(List<Tensor> all) {
        if (OPEN.get() == 0 || all.isEmpty()) return all;
        Tensor first = all.getFirst();
        if (first == null) return all;
        Dtype lower = dtype(first.device().isCpu());
        if (lower == null || all.stream().anyMatch(t -> t == null)) return all;
        Dtype widest = widest(lower, all.toArray(Tensor[]::new));
        AutocastMode mode = CURRENT.get();
        return all.stream().map(t -> mode.cast(t, widest)).toList();
    }

    private static Dtype widest(Dtype lower, @Nullable Tensor... all) {
        for (Tensor t : all) {
            if (t != null && isEligible(t) && t.dtype() != lower) return Dtype.FLOAT32;
        }
        return lower;
    }
}

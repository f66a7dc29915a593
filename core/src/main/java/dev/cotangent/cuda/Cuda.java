package dev.cotangent.cuda;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.KernelWarmup;
import dev.cotangent.UnsupportedException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Accelerator;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.MemoryReport;
import java.util.List;

/** NVIDIA GPUs as devices; PyTorch's {@code torch.cuda}. */
public final class Cuda {
    private static final ThreadLocal<Integer> CURRENT = ThreadLocal.withInitial(() -> 0);

    private Cuda() {}

    /** Settings of matrix products; PyTorch's {@code torch.backends.cuda.matmul}. */
    public static final class Matmul {
        private static volatile boolean tf32 = Boolean.getBoolean("cotangent.cuda.allowTf32");

        private static volatile boolean reducedFloat16 = true;
        private static volatile boolean reducedBfloat16 = true;

        private Matmul() {}

        /**
         * Sets whether float32 products may use TF32, with 10 mantissa bits per factor; {@code
         * torch.backends.cuda.matmul.allow_tf32}. Off by default; the system property {@code cotangent.cuda.allowTf32}
         * sets the initial value.
         */
        public static void allowTf32(boolean allowed) {
            tf32 = allowed;
        }

        /**
         * Sets whether float16 products may add their partial sums in float16, which is faster where the inner dimension
         * is split, and may overflow; {@code torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction}. On by
         * default, as in PyTorch.
         */
        public static void allowFp16ReducedPrecisionReduction(boolean allowed) {
            reducedFloat16 = allowed;
        }

        /** Returns whether float16 products may add their partial sums in float16. */
        public static boolean allowsFp16ReducedPrecisionReduction() {
            return reducedFloat16;
        }

        /**
         * Sets whether bfloat16 products may add their partial sums in bfloat16; {@code
         * torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction}. On by default, as in PyTorch.
         */
        public static void allowBf16ReducedPrecisionReduction(boolean allowed) {
            reducedBfloat16 = allowed;
        }

        /** Returns whether bfloat16 products may add their partial sums in bfloat16. */
        public static boolean allowsBf16ReducedPrecisionReduction() {
            return reducedBfloat16;
        }

        /** Returns whether float32 products may use TF32. */
        public static boolean allowsTf32() {
            return tf32;
        }
    }

    /** Returns whether {@code .cuda()} works here. Never throws; {@link #status} returns the reason. */
    public static boolean isAvailable() {
        return deviceCount() > 0;
    }

    /** Returns the number of usable GPUs. */
    public static int deviceCount() {
        return Backends.probe("cuda").devices();
    }

    /** Returns the GPUs found, or why none is usable and the remedy. */
    public static String status() {
        return Backends.probe("cuda").message();
    }

    /** Returns the calling thread's current device index, used by {@code .cuda()}; initially 0. */
    public static int currentDevice() {
        return CURRENT.get();
    }

    /** Sets the calling thread's current device index, used by {@code .cuda()}. */
    public static void setDevice(int index) {
        Device device = Device.cuda(index);
        if (index != CURRENT.get()) accelerator(device);
        CURRENT.set(index);
    }

    private static Device current() {
        return Device.cuda(currentDevice());
    }

    static Accelerator accelerator(Device device) {
        if (Backends.of(device) instanceof Accelerator a) return a;
        throw new UnsupportedException("Device " + device + " has no streams");
    }

    /** Blocks until all work on all streams of the current device has finished. */
    public static void synchronize() {
        if (isAvailable()) synchronize(current());
    }

    /** Blocks until all work on all streams of a device has finished. */
    public static void synchronize(Device device) {
        accelerator(device).synchronize();
    }

    /** Returns the calling thread's current stream of the current device. */
    public static CudaStream currentStream() {
        return currentStream(current());
    }

    /** Returns the calling thread's current stream of a device. */
    public static CudaStream currentStream(Device device) {
        Accelerator a = accelerator(device);
        return new CudaStream(device, a, a.currentStream());
    }

    /** Returns the current device's default stream. */
    public static CudaStream defaultStream() {
        Accelerator a = accelerator(current());
        return new CudaStream(current(), a, a.defaultStream());
    }

    /** Sets the calling thread's current stream until the result is closed; {@code with torch.cuda.stream(s)}. */
    public static CudaStream.Use stream(CudaStream stream) {
        return stream.use();
    }

    /** Observes the steps of {@link #warmup}. */
    @FunctionalInterface
    public interface Progress {
        /** Reports that {@code done} of {@code all} steps have finished; {@code what} names the last. */
        void at(int done, int all, String what);
    }

    /** Compiles commonly used kernels for float32 on the current device, and caches them for all programs. */
    public static void warmup() {
        warmup(current(), List.of(Dtype.FLOAT32), (done, all, what) -> {});
    }

    /**
     * Compiles commonly used kernels on a device, and caches them for all programs.
     *
     * @param dtypes floating-point dtypes to compile for
     * @param progress receives every step
     * @return the number of steps
     */
    public static int warmup(Device device, List<Dtype> dtypes, Progress progress) {
        for (Dtype d : dtypes) {
            if (!d.isFloatingPoint()) throw new ValueException("warmup is for floating-point dtypes, got " + d);
        }
        return KernelWarmup.run(device, dtypes, progress);
    }

    /** Returns memory statistics of the current device. */
    public static MemoryReport memoryStats() {
        return memoryStats(current());
    }

    /** Returns memory statistics of a device. */
    public static MemoryReport memoryStats(Device device) {
        return accelerator(device).memoryReport();
    }

    /** Returns the current device's {@link #memoryStats()} as a table. */
    public static String memorySummary() {
        return memorySummary(current());
    }

    /** Returns a device's {@link #memoryStats(Device)} as a table. */
    public static String memorySummary(Device device) {
        return memoryStats(device).table(device.index());
    }

    /** Returns the allocated bytes of the current device. */
    public static long memoryAllocated() {
        return memoryStats().allocated().current();
    }

    /** Returns the peak of allocated bytes since {@link #resetPeakMemoryStats}. */
    public static long maxMemoryAllocated() {
        return memoryStats().allocated().peak();
    }

    /** Returns the bytes reserved from the current device, allocated or cached. */
    public static long memoryReserved() {
        return memoryStats().reserved().current();
    }

    /** Returns the peak of reserved bytes since {@link #resetPeakMemoryStats}. */
    public static long maxMemoryReserved() {
        return memoryStats().reserved().peak();
    }

    /** Resets the peaks to the current values. */
    public static void resetPeakMemoryStats() {
        accelerator(current()).resetPeaks();
    }

    /**
     * Limits the memory that this process reserves on the current device to a fraction of the device's; PyTorch's {@code
     * torch.cuda.set_per_process_memory_fraction}. Allocations beyond it fail as if the device had no more memory.
     *
     * @param fraction between 0 and 1
     */
    public static void setPerProcessMemoryFraction(double fraction) {
        setPerProcessMemoryFraction(fraction, current());
    }

    /**
     * Limits the memory that this process reserves on a device to a fraction of the device's; PyTorch's {@code
     * torch.cuda.set_per_process_memory_fraction}.
     *
     * @param fraction between 0 and 1
     */
    public static void setPerProcessMemoryFraction(double fraction, Device device) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new ValueException("Invalid fraction value: " + fraction + ". Allowed range: 0~1");
        }
        Accelerator a = accelerator(device);
        a.limitMemory((long) (fraction * a.memoryReport().total()));
    }

    /** Returns cached memory of all used devices, so that other processes can allocate it. */
    public static void emptyCache() {
        for (var backend : Backends.opened()) if (backend instanceof Accelerator a) a.emptyCache();
    }
}

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

    /** How matrices are multiplied; PyTorch's {@code torch.backends.cuda.matmul}. */
    public static final class Matmul {
        private static volatile boolean tf32 = Boolean.getBoolean("cotangent.cuda.allowTf32");

        private Matmul() {}

        /**
         * Lets products of float32 be computed in TF32, with 10 bits of each factor's fraction, or not, as at first; {@code
         * torch.backends.cuda.matmul.allow_tf32}. The system property {@code cotangent.cuda.allowTf32} says what holds at
         * the start.
         */
        public static void allowTf32(boolean allowed) {
            tf32 = allowed;
        }

        /** Whether products of float32 may be computed in TF32. */
        public static boolean allowsTf32() {
            return tf32;
        }
    }

    /** Whether {@code .cuda()} works here. Never throws; {@link #status} says why not. */
    public static boolean isAvailable() {
        return deviceCount() > 0;
    }

    /** How many GPUs can be used. */
    public static int deviceCount() {
        return Backends.probe("cuda").devices();
    }

    /** What was found, or why no GPU can be used and what to do about it. */
    public static String status() {
        return Backends.probe("cuda").message();
    }

    /** The index of the device that {@code .cuda()} means in the calling thread; 0 at first. */
    public static int currentDevice() {
        return CURRENT.get();
    }

    /** Says which device {@code .cuda()} means in the calling thread. */
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

    /** Waits until everything asked of the current device is done, on all of its streams. */
    public static void synchronize() {
        if (isAvailable()) synchronize(current());
    }

    /** Waits until everything asked of a device is done, on all of its streams. */
    public static void synchronize(Device device) {
        accelerator(device).synchronize();
    }

    /** The calling thread's current stream of the current device. */
    public static CudaStream currentStream() {
        return currentStream(current());
    }

    /** The calling thread's current stream of a device. */
    public static CudaStream currentStream(Device device) {
        Accelerator a = accelerator(device);
        return new CudaStream(device, a, a.currentStream());
    }

    /** The stream to which the current device's work goes unless told otherwise. */
    public static CudaStream defaultStream() {
        Accelerator a = accelerator(current());
        return new CudaStream(current(), a, a.defaultStream());
    }

    /** Makes a stream the calling thread's until what is returned is closed; {@code with torch.cuda.stream(s)}. */
    public static CudaStream.Use stream(CudaStream stream) {
        return stream.use();
    }

    /** Told of the steps of {@link #warmup}. */
    @FunctionalInterface
    public interface Progress {
        /** After {@code done} of {@code all} steps, the last of them being {@code what}. */
        void at(int done, int all, String what);
    }

    /** Compiles the kernels that most programs need for float32 on the current device, and keeps them for all programs. */
    public static void warmup() {
        warmup(current(), List.of(Dtype.FLOAT32), (done, all, what) -> {});
    }

    /**
     * Compiles the kernels that most programs need on a device, and keeps them for all programs.
     *
     * @param dtypes for which, floating point
     * @param progress told of every step
     * @return the number of steps
     */
    public static int warmup(Device device, List<Dtype> dtypes, Progress progress) {
        for (Dtype d : dtypes) {
            if (!d.isFloatingPoint()) throw new ValueException("warmup is for floating-point dtypes, got " + d);
        }
        return KernelWarmup.run(device, dtypes, progress);
    }

    /** How the current device's memory was used. */
    public static MemoryReport memoryStats() {
        return memoryStats(current());
    }

    /** How a device's memory was used. */
    public static MemoryReport memoryStats(Device device) {
        return accelerator(device).memoryReport();
    }

    /** The current device's {@link #memoryStats()} as a table. */
    public static String memorySummary() {
        return memorySummary(current());
    }

    /** A device's {@link #memoryStats(Device)} as a table. */
    public static String memorySummary(Device device) {
        return memoryStats(device).table(device.index());
    }

    /** Bytes of the current device's memory that are in use. */
    public static long memoryAllocated() {
        return memoryStats().allocated().current();
    }

    /** The most bytes that were in use, since {@link #resetPeakMemoryStats}. */
    public static long maxMemoryAllocated() {
        return memoryStats().allocated().peak();
    }

    /** Bytes taken from the current device, in use or kept for reuse. */
    public static long memoryReserved() {
        return memoryStats().reserved().current();
    }

    /** The most bytes that were taken, since {@link #resetPeakMemoryStats}. */
    public static long maxMemoryReserved() {
        return memoryStats().reserved().peak();
    }

    /** Lets the peaks start from what there is now. */
    public static void resetPeakMemoryStats() {
        accelerator(current()).resetPeaks();
    }

    /** Gives memory that is kept for reuse back to all devices that were used, so that other programs can have it. */
    public static void emptyCache() {
        for (var backend : Backends.opened()) if (backend instanceof Accelerator a) a.emptyCache();
    }
}

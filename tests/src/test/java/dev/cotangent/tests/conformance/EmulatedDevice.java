package dev.cotangent.tests.conformance;

import dev.cotangent.Device;
import dev.cotangent.backend.Backends;
import dev.cotangent.emulator.EmulatedCuda;
import org.junit.jupiter.api.Assumptions;

/** The emulated CUDA devices for a suite of tests: opens them, and reports leaks at its end. */
public final class EmulatedDevice {
    private static final int PATIENCE = 100;
    private static final long SEED = Long.getLong("contract.emulated.seed", 0);
    private static final long[] AT_FIRST = new long[EmulatedCuda.DEVICES];

    private EmulatedDevice() {}

    /** Returns whether a device can be emulated here, and prints the reason if not. */
    public static boolean isThere() {
        String obstacle = EmulatedCuda.obstacle();
        if (!obstacle.isEmpty()) System.out.println("Nothing is run on CUDA: " + obstacle);
        return obstacle.isEmpty();
    }

    /** Ends a test that needs one as skipped: a test, for a build to count, where a class without any would fail it. */
    public static void skip() {
        Assumptions.abort(EmulatedCuda.obstacle());
    }

    /**
     * Makes CUDA the emulated one and opens its devices. Every launch is run both ways. With a seed
     * ({@code -Dcontract.emulated.seed=N}) streams are late and interleaved at random, and functions differ from the
     * host's as CUDA's may.
     */
    public static void open() {
        EmulatedCuda emulator = EmulatedCuda.install();
        System.setProperty("cotangent.cuda.path", emulator.folder().toString());
        emulator.bothWays(true);
        emulator.asynchronous(SEED);
        emulator.perturbed(SEED != 0);
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) {
            Backends.of(Device.cuda(d));
            AT_FIRST[d] = emulator.allocations(d);
        }
    }

    /**
     * Returns the diagnostics at the end, after all tensors became unreachable: an allocation that is left on a device,
     * beyond those that it was opened with, or what the emulator complains of; an empty text where all is well.
     */
    public static String left() throws InterruptedException {
        EmulatedCuda emulator = EmulatedCuda.install();
        String found = emulator.diagnostics();
        if (!found.isEmpty()) return found;
        for (int i = 0; ; i++) {
            String left = allocations(emulator);
            if (left.isEmpty() || i == PATIENCE) return left;
            System.gc();
            Thread.sleep(20);
        }
    }

    private static String allocations(EmulatedCuda emulator) {
        StringBuilder left = new StringBuilder();
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) {
            // Asking takes back what the collector found.
            long live = Backends.of(Device.cuda(d)).memoryStats().live();
            long more = emulator.allocations(d) - AT_FIRST[d];
            if (live != 0 || more != 0) {
                left.append("device %d: %d allocations, %d bytes in use%n".formatted(d, more, live));
            }
        }
        return left.toString();
    }
}

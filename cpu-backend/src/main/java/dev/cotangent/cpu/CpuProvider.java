package dev.cotangent.cpu;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.BackendProvider;
import dev.cotangent.cpu.vector.VectorApi;
import dev.cotangent.internal.Logs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Offers the CPU. System properties: {@code cotangent.threads}, by default as many as there are processors;
 * {@code cotangent.vector=off} for scalar loops even where the Vector API is there, {@code cotangent.vector=now} for not
 * waiting with those of the Vector API until they are compiled; {@code cotangent.vector.bits} for the width of vectors,
 * by default the widest that Java uses on the processor, and 0 for scalar loops.
 */
public final class CpuProvider implements BackendProvider {
    private static final Logger LOG = Logs.of(CpuProvider.class);
    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String deviceType() {
        return "cpu";
    }

    @Override
    public String name() {
        return "CPU (Java)";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Probe probe() {
        String loops = switch (mode()) {
            case VECTOR -> "vectors of " + bits() + " bits (up to " + VectorApi.available() + " available)";
            case OFF -> "plain loops, as cotangent.vector=off says";
            case SCALAR -> "plain loops (vectors of up to " + VectorApi.available() + " bits available)";
            case MISSING -> "plain loops, for the module " + MODULE + " is not loaded (--add-modules " + MODULE + ")";
        };
        return new Probe(1, threads() + (threads() == 1 ? " thread, " : " threads, ") + loops);
    }

    @Override
    public Backend open(int index) {
        Mode mode = mode();
        if (mode == Mode.MISSING) {
            LOG.warn(
                    "Running on plain loops: start Java with --add-modules {} for loops several times as fast, or with "
                            + "-Dcotangent.vector=off to be told no more",
                    MODULE);
        }
        return new CpuBackend(
                threads(), mode == Mode.VECTOR ? vectors() : null, !setting().equals("now"));
    }

    private enum Mode {
        VECTOR,
        OFF,
        SCALAR,
        MISSING
    }

    private static String setting() {
        return System.getProperty("cotangent.vector", "on");
    }

    private static Mode mode() {
        if (setting().equals("off")) return Mode.OFF;
        if (!isLoaded()) return Mode.MISSING;
        return bits() == 0 ? Mode.SCALAR : Mode.VECTOR;
    }

    private static boolean isLoaded() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    private static int bits() {
        return VectorWidth.choose(VectorApi.available());
    }

    /** Returns the loops of the Vector API, or null if its module is not loaded or scalar loops were asked for. */
    public static @Nullable VectorLoops vectors() {
        return isLoaded() && bits() != 0 ? new VectorApi() : null;
    }

    /** Returns the vector loads and stores of bools, or null where vectors are off. */
    static VectorLoops.@Nullable Bools bools() {
        return mode() == Mode.VECTOR ? new VectorApi().bools() : null;
    }

    private static int threads() {
        String text = System.getProperty("cotangent.threads");
        if (text == null) return Runtime.getRuntime().availableProcessors();
        try {
            int threads = Integer.parseInt(text.strip());
            if (threads > 0) return threads;
        } catch (NumberFormatException e) {
            throw new CotangentException("cotangent.threads must be a number of at least 1, not '" + text + "'", e);
        }
        throw new CotangentException("cotangent.threads must be a number of at least 1, not '" + text + "'");
    }
}

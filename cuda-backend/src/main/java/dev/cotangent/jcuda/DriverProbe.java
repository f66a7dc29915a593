package dev.cotangent.jcuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cotangent.kernels.CudaLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Queries the driver and its devices without JCuda, whose classes stay unusable after a failed initialization. */
@SuppressWarnings("restricted")
final class DriverProbe {
    private static final int OLDEST = 12_000;
    private static final int COMPUTE_MODE = 20;
    private static final int PROHIBITED = 2;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    private final SymbolLookup symbols;
    private final Arena arena;

    /**
     * Result of the query.
     *
     * @param version version of the driver API, such as 12060 for 12.6
     * @param devices description of each device
     * @param problem why no device can be used and the remedy, or empty
     */
    record Found(int version, List<String> devices, String problem) {
        /** Returns the newest major version of CUDA that the driver supports. */
        int major() {
            return version / 1000;
        }

        private static Found none(String problem) {
            return new Found(0, List.of(), problem);
        }
    }

    private DriverProbe(SymbolLookup symbols, Arena arena) {
        this.symbols = symbols;
        this.arena = arena;
    }

    static Found probe() {
        String library = CudaLibraries.driver();
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            return Found.none(
                    "there is no NVIDIA driver: " + library + " was not found; install NVIDIA's driver, version"
                            + " 525 or newer (inside a container: start it with the NVIDIA container toolkit)");
        }
        try (Arena arena = Arena.ofConfined()) {
            return new DriverProbe(symbols, arena).query();
        } catch (NoSuchElementException e) {
            return Found.none(library + " is no CUDA driver: " + e.getMessage());
        }
    }

    private Found query() {
        int code = call("cuInit", JAVA_INT, 0);
        if (code != 0) return Found.none(initProblem(code));
        MemorySegment number = arena.allocate(JAVA_INT);
        call("cuDriverGetVersion", ADDRESS, number);
        int version = number.get(JAVA_INT, 0);
        if (version < OLDEST) {
            return Found.none("the NVIDIA driver is too old: it offers CUDA " + text(version)
                    + ", and 12.0 is needed; install driver 525 or newer");
        }
        code = call("cuDeviceGetCount", ADDRESS, number);
        int count = code == 0 ? number.get(JAVA_INT, 0) : 0;
        List<String> devices = new ArrayList<>();
        for (int d = 0; d < count; d++) {
            if (attribute(COMPUTE_MODE, d) == PROHIBITED) {
                return Found.none(
                        "device " + d + " is in compute mode \"prohibited\"; nvidia-smi -c 0 allows it again");
            }
            devices.add(describe(d));
        }
        if (devices.isEmpty()) {
            return Found.none("the driver offers no device" + (code == 0 ? "" : " (error " + code + ")")
                    + "; look at CUDA_VISIBLE_DEVICES");
        }
        return new Found(version, devices, "");
    }

    private static String initProblem(int code) {
        return switch (code) {
            case 100 ->
                "the NVIDIA driver finds no device (CUDA_ERROR_NO_DEVICE); look at CUDA_VISIBLE_DEVICES and nvidia-smi";
            case 34 ->
                "the CUDA library is a stub (CUDA_ERROR_STUB_LIBRARY); take the folder \"stubs\" out of"
                        + " LD_LIBRARY_PATH";
            case 803 ->
                "the NVIDIA driver's parts are of different versions (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH); restart the"
                        + " machine after the driver's update";
            case 46 ->
                "the device is in use exclusively (CUDA_ERROR_DEVICE_UNAVAILABLE); end the other process, or"
                        + " nvidia-smi -c 0";
            default -> "the NVIDIA driver cannot be initialised: cuInit gave error " + code + "; look at nvidia-smi";
        };
    }

    private String describe(int device) {
        MemorySegment name = arena.allocate(256);
        int code = call(
                "cuDeviceGetName", new MemoryLayout[] {ADDRESS, JAVA_INT, JAVA_INT}, new Object[] {name, 256, device});
        MemorySegment bytes = arena.allocate(JAVA_LONG);
        code += call("cuDeviceTotalMem_v2", new MemoryLayout[] {ADDRESS, JAVA_INT}, new Object[] {bytes, device});
        if (code != 0) return "device " + device;
        return "%s (%.1f GiB, compute capability %d.%d)"
                .formatted(
                        name.getString(0),
                        bytes.get(JAVA_LONG, 0) / (double) (1 << 30),
                        attribute(CAPABILITY_MAJOR, device),
                        attribute(CAPABILITY_MINOR, device));
    }

    private int attribute(int code, int device) {
        MemorySegment number = arena.allocate(JAVA_INT);
        call("cuDeviceGetAttribute", new MemoryLayout[] {ADDRESS, JAVA_INT, JAVA_INT}, new Object[] {
            number, code, device
        });
        return number.get(JAVA_INT, 0);
    }

    static String text(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private int call(String function, MemoryLayout type, Object argument) {
        return call(function, new MemoryLayout[] {type}, new Object[] {argument});
    }

    private int call(String function, MemoryLayout[] types, Object[] arguments) {
        try {
            return (int) Linker.nativeLinker()
                    .downcallHandle(symbols.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, types))
                    .invokeWithArguments(arguments);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(function + " cannot be called", e);
        }
    }
}

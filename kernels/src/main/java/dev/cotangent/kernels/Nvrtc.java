package dev.cotangent.kernels;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cotangent.CotangentException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/** Binding of NVRTC, NVIDIA's run-time compiler, which needs no GPU. Thread-safe. */
@SuppressWarnings("restricted")
public final class Nvrtc {
    /** Options of every compilation: no fused multiply-add, so that every operation is rounded separately. */
    public static final List<String> OPTIONS = List.of("--fmad=false", "--std=c++17");

    /** Integrated GPUs, whose machine code no other device runs. */
    private static final Set<Integer> TEGRA = Set.of(53, 62, 72, 87, 101, 110);

    private static final int LONGEST_NAME = 100;

    private final SymbolLookup symbols;
    private final Path path;
    private final String version;
    private final MethodHandle create;
    private final MethodHandle compile;
    private final MethodHandle destroy;
    private final List<Integer> architectures;
    private final MethodHandle ptxSize;
    private final MethodHandle ptx;
    private final MethodHandle cubinSize;
    private final MethodHandle cubin;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle errorString;

    private Nvrtc(Path path) {
        this.path = path;
        CudaLibraries.sibling(path, "libnvrtc-builtins").ifPresent(p -> SymbolLookup.libraryLookup(p, Arena.global()));
        symbols = SymbolLookup.libraryLookup(path, Arena.global());
        create = handle("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        compile = handle("nvrtcCompileProgram", ADDRESS, JAVA_INT, ADDRESS);
        destroy = handle("nvrtcDestroyProgram", ADDRESS);
        ptxSize = handle("nvrtcGetPTXSize", ADDRESS, ADDRESS);
        ptx = handle("nvrtcGetPTX", ADDRESS, ADDRESS);
        cubinSize = handle("nvrtcGetCUBINSize", ADDRESS, ADDRESS);
        cubin = handle("nvrtcGetCUBIN", ADDRESS, ADDRESS);
        logSize = handle("nvrtcGetProgramLogSize", ADDRESS, ADDRESS);
        log = handle("nvrtcGetProgramLog", ADDRESS, ADDRESS);
        errorString = Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow("nvrtcGetErrorString"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(JAVA_INT, 2);
            check("nvrtcVersion", call(handle("nvrtcVersion", ADDRESS, ADDRESS), numbers, numbers.asSlice(4)));
            version = numbers.getAtIndex(JAVA_INT, 0) + "." + numbers.getAtIndex(JAVA_INT, 1);
            check("nvrtcGetNumSupportedArchs", call(handle("nvrtcGetNumSupportedArchs", ADDRESS), numbers));
            MemorySegment all = arena.allocate(JAVA_INT, Math.max(1, numbers.get(JAVA_INT, 0)));
            check("nvrtcGetSupportedArchs", call(handle("nvrtcGetSupportedArchs", ADDRESS), all));
            architectures = Arrays.stream(all.toArray(JAVA_INT))
                    .limit(numbers.get(JAVA_INT, 0))
                    .sorted()
                    .boxed()
                    .toList();
        }
    }

    /**
     * Loads a library.
     *
     * @throws CotangentException if it cannot be loaded or is not NVRTC
     */
    public static Nvrtc load(Path library) {
        try {
            return new Nvrtc(library);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new CotangentException("NVRTC at " + library + " cannot be used: " + e.getMessage(), e);
        }
    }

    private MethodHandle handle(String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Returns the library's file. */
    public Path path() {
        return path;
    }

    /** Returns the version, such as {@code 12.6}. */
    public String version() {
        return version;
    }

    /** Returns the compute capabilities that it compiles for, such as 80 for 8.0, in ascending order. */
    public List<Integer> architectures() {
        return architectures;
    }

    /**
     * Returns what to compile for a device: its own architecture, else the newest older one of the same major version,
     * whose machine code the device runs, else the newest older virtual architecture, such as {@code compute_90}, whose
     * PTX the driver compiles for the device.
     *
     * @param capability the device's compute capability, such as 80
     * @throws CotangentException if every architecture it knows is newer than the device
     */
    public String target(int capability) {
        int best = 0;
        for (int known : architectures) {
            if (known == capability || known < capability && !TEGRA.contains(known)) best = known;
        }
        if (best == 0) {
            throw new CotangentException(
                    "NVRTC %s at %s compiles for compute capability %s and newer, and the device has %s: install an older NVRTC"
                            .formatted(version, path, text(architectures.getFirst()), text(capability)));
        }
        return (best / 10 == capability / 10 ? "sm_" : "compute_") + best;
    }

    private static String text(int capability) {
        return capability / 10 + "." + capability % 10;
    }

    /**
     * Result of a compilation.
     *
     * @param cubin the code for the device, machine code or PTX
     * @param log the compiler's warnings, or empty
     */
    public record Compiled(byte[] cubin, String log) {}

    /**
     * Compiles for an architecture, with {@link #OPTIONS}: to machine code for one such as {@code sm_80}, to PTX for a
     * virtual one such as {@code compute_80}.
     *
     * @throws CotangentException with the compiler's log if the source has errors
     */
    public Compiled compile(KernelSource source, String architecture) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ADDRESS);
            MemorySegment none = MemorySegment.NULL;
            check(
                    "nvrtcCreateProgram",
                    call(
                            create,
                            handle,
                            arena.allocateFrom(source.text()),
                            arena.allocateFrom("kernel.cu"),
                            0,
                            none,
                            none));
            MemorySegment program = handle.get(ADDRESS, 0);
            try {
                MemorySegment options = arena.allocate(ADDRESS, OPTIONS.size() + 1);
                options.setAtIndex(ADDRESS, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
                for (int i = 0; i < OPTIONS.size(); i++) {
                    options.setAtIndex(ADDRESS, i + 1, arena.allocateFrom(OPTIONS.get(i)));
                }
                int result = call(compile, program, OPTIONS.size() + 1, options);
                String output = new String(bytes(arena, logSize, log, program), StandardCharsets.UTF_8)
                        .replace("\0", "")
                        .strip();
                if (result != 0) {
                    throw new CotangentException("the kernel \"%s\" does not compile for %s with NVRTC %s (%s):%n%s"
                            .formatted(source.name(), architecture, version, name(result), output));
                }
                boolean virtual = architecture.startsWith("compute_");
                byte[] code = virtual ? bytes(arena, ptxSize, ptx, program) : bytes(arena, cubinSize, cubin, program);
                return new Compiled(code, output);
            } finally {
                call(destroy, handle);
            }
        }
    }

    private byte[] bytes(Arena arena, MethodHandle size, MethodHandle content, MemorySegment program) {
        MemorySegment count = arena.allocate(JAVA_LONG);
        check("nvrtcGet..Size", call(size, program, count));
        MemorySegment to = arena.allocate(Math.max(1, count.get(JAVA_LONG, 0)));
        check("nvrtcGet..", call(content, program, to));
        return to.asSlice(0, count.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new CotangentException("a call of NVRTC failed: " + e, e);
        }
    }

    private void check(String function, int code) {
        if (code != 0) throw new CotangentException("NVRTC error: " + name(code) + " in " + function);
    }

    /** Returns NVIDIA's name of an error. */
    private String name(int code) {
        try {
            MemorySegment text = (MemorySegment) errorString.invokeExact(code);
            return text.reinterpret(LONGEST_NAME).getString(0);
        } catch (Throwable e) {
            return "error " + code;
        }
    }
}

package dev.cotangent.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two emulated CUDA devices for Linux hosts with g++ or clang++: {@code libcuda.so.1}, {@code libnvrtc.so.12} and
 * {@code libcublas.so.12} in a folder, built on first use and cached. A CUDA backend that loads its libraries from there
 * runs as on a GPU, with kernels compiled by the host's compiler from the source for NVRTC.
 *
 * <pre>{@code
 * System.setProperty("cotangent.cuda.path", EmulatedCuda.install().folder().toString());
 * tensor(1.0, 2.0, 3.0).cuda();
 * }</pre>
 *
 * <p>Work on a created stream runs as late as possible, when something waits for it, so that an unsynchronized read misses
 * the result; the default stream runs work immediately, unless {@link #asynchronous} makes it late as well.
 *
 * <p>It reports what would fail on a GPU: reads of uninitialised memory (filled with a sentinel), writes out of bounds of
 * an allocation, invalid addresses, copies beyond an allocation, missing or divergent barriers (results that depend on the
 * order of threads, or a deadlock), calls on a thread without a context, memory of the wrong device; and of
 * {@link #instrumented} kernels every race, and streams that nothing orders. Timings mean nothing.
 */
@SuppressWarnings("restricted")
public final class EmulatedCuda {
    /** Number of emulated devices. */
    public static final int DEVICES = 2;

    /** Name of the property that instruments every kernel if {@code true}, set before {@link #install}. */
    public static final String INSTRUMENTED = "cotangent.emulator.instrumented";

    private static final List<String> FILES = List.of(
            "emulated.h",
            "device.h",
            "faults.h",
            "fibers.h",
            "checks.h",
            "streams.h",
            "driver.cpp",
            "nvrtc.cpp",
            "cublas.cpp",
            "cublas.map");
    private static final int MAX_DIAGNOSTICS = 1000;
    private static final int OUT_OF_MEMORY = 2;
    private static final int LAUNCH_FAILED = 719;

    private final Path folder;
    private final SymbolLookup symbols;

    private EmulatedCuda(Path folder) {
        this.folder = folder;
        this.symbols = SymbolLookup.libraryLookup(folder.resolve("libcuda.so.1"), Arena.global());
    }

    /** Returns why the host cannot emulate devices, or an empty string. */
    public static String obstacle() {
        if (!System.getProperty("os.name", "").equals("Linux")) return "the emulated CUDA device needs Linux";
        return compiler().isEmpty()
                ? "the emulated CUDA device needs a C++ compiler: install g++ or clang++, or name one in CXX"
                : "";
    }

    /**
     * Builds the libraries unless they are cached, in {@code $XDG_CACHE_HOME/cotangent/emulator} or the folder of the
     * property {@code cotangent.emulator.folder}.
     *
     * @throws IllegalStateException with the {@link #obstacle}
     * @throws UncheckedIOException with the compiler's output
     */
    public static EmulatedCuda install() {
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) throw new IllegalStateException(obstacle);
        try {
            return new EmulatedCuda(build());
        } catch (IOException e) {
            throw new UncheckedIOException("the emulated CUDA device cannot be built: " + e.getMessage(), e);
        }
    }

    /** Returns the folder of the libraries, for the property {@code cotangent.cuda.path}. */
    public Path folder() {
        return folder;
    }

    private static String compiler() {
        String named = System.getenv("CXX");
        List<String> names = named == null || named.isBlank() ? List.of("g++", "clang++") : List.of(named);
        for (String name : names) if (run(List.of(name, "--version"), null).code == 0) return name;
        return "";
    }

    private static Path build() throws IOException {
        String compiler = compiler();
        String home = System.getProperty("cotangent.emulator.folder");
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root = home != null
                ? Path.of(home)
                : (cache == null || cache.isBlank()
                                ? Path.of(System.getProperty("user.home"), ".cache")
                                : Path.of(cache))
                        .resolve("cotangent")
                        .resolve("emulator");
        String instrumented = "-DEMULATED_INSTRUMENTED=" + (Boolean.getBoolean(INSTRUMENTED) ? 1 : 0);
        Path done = root.resolve(name(compiler, instrumented)).toAbsolutePath();
        if (Files.isDirectory(done)) return done;
        Files.createDirectories(root);
        Path work = Files.createTempDirectory(
                root, "new", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String file : FILES) Files.write(work.resolve(file), resource(file));
        library(compiler, work, "driver.cpp", "libcuda.so.1", List.of("-ldl", instrumented));
        library(
                compiler,
                work,
                "nvrtc.cpp",
                "libnvrtc.so.12",
                List.of("-DEMULATED_COMPILER=\"" + compiler + "\"", "-DEMULATED_HEADERS=\"" + done + "\""));
        library(compiler, work, "cublas.cpp", "libcublas.so.12", List.of("-Wl,--version-script=cublas.map", "-ldl"));
        try {
            Files.move(work, done, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process has built the same libraries meanwhile.
            if (!Files.isDirectory(done)) throw e;
            try (Stream<Path> files = Files.list(work)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(work);
        }
        return done;
    }

    private static void library(String compiler, Path work, String source, String library, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                compiler,
                "-std=c++17",
                "-O2",
                "-fPIC",
                "-shared",
                "-ffp-contract=off",
                "-Wl,-soname," + library,
                "-o",
                library,
                source));
        command.addAll(options);
        Result result = run(command, work);
        if (result.code != 0) {
            throw new IOException(
                    String.join(" ", command) + " failed with status " + result.code + ":\n" + result.text);
        }
    }

    private record Result(int code, String text) {}

    private static Result run(List<String> command, @Nullable Path folder) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            if (folder != null) builder.directory(folder.toFile());
            Process process = builder.start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            return new Result(ended ? process.exitValue() : -1, text);
        } catch (IOException e) {
            return new Result(-1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(-1, "interrupted");
        }
    }

    private static String name(String compiler, String options) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(run(List.of(compiler, "--version"), null).text.getBytes(StandardCharsets.UTF_8));
            hash.update(options.getBytes(StandardCharsets.UTF_8));
            for (String file : FILES) hash.update(resource(file));
            return HexFormat.of().formatHex(hash.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EmulatedCuda.class.getResourceAsStream(name)) {
            if (in == null) throw new IOException("the resource " + name + " is missing");
            return in.readAllBytes();
        }
    }

    /** Returns the number of allocations on a device. */
    public long allocations(int device) {
        return (long) call("emu_live", FunctionDescriptor.of(JAVA_LONG, JAVA_INT), device);
    }

    /** Returns the allocated bytes of a device. */
    public long bytes(int device) {
        return (long) call("emu_live_bytes", FunctionDescriptor.of(JAVA_LONG, JAVA_INT), device);
    }

    /** Returns the number of kernels launched so far. */
    public long launches() {
        return (long) call("emu_launches", FunctionDescriptor.of(JAVA_LONG));
    }

    /** Sets the memory capacity of each device, by default 2 GiB. */
    public void capacity(long bytes) {
        call("emu_set_capacity", FunctionDescriptor.ofVoid(JAVA_LONG), bytes);
    }

    /**
     * Makes a future call of a function of the driver, of {@code nvrtcCompileProgram} or of
     * {@code cublasGemmStridedBatchedEx} fail.
     *
     * @param call the function's name as in CUDA's manual, such as {@code cuMemAlloc}
     * @param after number of calls that succeed before; -1 for every call to fail until the request is cancelled
     * @param error error code of the failing call; 0 cancels the request
     * @return whether an earlier request for that function was still pending
     */
    public boolean fail(String call, long after, int error) {
        try (Arena arena = Arena.ofConfined()) {
            FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
            return (int) call("emu_fail", type, arena.allocateFrom(call), after, error) != 0;
        }
    }

    /** Makes the allocation after {@code after} others fail with CUDA_ERROR_OUT_OF_MEMORY. */
    public void failAllocation(long after) {
        fail("cuMemAlloc", after, OUT_OF_MEMORY);
    }

    /** Makes the launch after {@code after} others fail with CUDA_ERROR_LAUNCH_FAILED. */
    public void failLaunch(long after) {
        fail("cuLaunchKernel", after, LAUNCH_FAILED);
    }

    /** Makes every call to a device fail with an error code, as after a fault; 0 restores it. */
    public void lose(int device, int error) {
        call("emu_lose_device", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT), device, error);
    }

    /** Sets whether threads and blocks run in descending order, which must not change results. */
    public void descending(boolean on) {
        call("emu_set_descending", FunctionDescriptor.ofVoid(JAVA_INT), on ? 1 : 0);
    }

    /**
     * Sets whether each launch runs twice on the same memory, with ascending and with descending threads. Different
     * results are reported, and the launch fails with CUDA_ERROR_LAUNCH_FAILED.
     */
    public void bothWays(boolean on) {
        call("emu_set_both_ways", FunctionDescriptor.ofVoid(JAVA_INT), on ? 1 : 0);
    }

    /** Sets whether launches are ignored, to measure only their cost for the caller. */
    public void idle(boolean on) {
        call("emu_set_idle", FunctionDescriptor.ofVoid(JAVA_INT), on ? 1 : 0);
    }

    /** Sets the version of CUDA that the driver reports, such as 12040 for 12.4; by default 12060. */
    public void driverVersion(int version) {
        call("emu_set_driver_version", FunctionDescriptor.ofVoid(JAVA_INT), version);
    }

    /** Sets the compute capability of the devices, such as 89 for 8.9; by default 80. NVRTC compiles for up to 90. */
    public void computeCapability(int capability) {
        call("emu_set_capability", FunctionDescriptor.ofVoid(JAVA_INT), capability);
    }

    /** Returns how often a function of the driver was called, by its name as in CUDA's manual. */
    public long calls(String function) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) call("emu_calls", FunctionDescriptor.of(JAVA_LONG, ADDRESS), arena.allocateFrom(function));
        }
    }

    /** Returns whether a device may access another's memory directly. */
    public boolean isPeer(int device, int other) {
        return (int) call("emu_peer", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), device, other) != 0;
    }

    /** Sets the compute mode of a device: 0 for default, 2 for prohibited. */
    public void computeMode(int device, int mode) {
        call("emu_set_mode", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT), device, mode);
    }

    /**
     * Makes the default stream run its work as late as created streams do, interleaves the work of all streams at
     * random, runs the nodes of graphs in a random order that their dependencies allow, and reports pinned memory that
     * changes before a copy has read it.
     *
     * @param seed seed of the order, which also decides how early work runs; 0 turns it off
     */
    public void asynchronous(long seed) {
        call("emu_set_asynchronous", FunctionDescriptor.ofVoid(JAVA_LONG), seed);
    }

    /**
     * Sets whether kernels compiled from now on are instrumented. Such a kernel fails when two of its threads access the
     * same byte without a barrier or an atomic operation and one of them writes, when it reads memory that nothing has
     * written, accesses an address not aligned to the access, or a byte next to an allocation; and when two streams
     * access the same memory, one of them writes, and neither waits for the other. A kernel takes about 20 times as
     * long. Kernels that a program has cached stay as they are: see {@link #INSTRUMENTED}.
     */
    public void instrumented(boolean on) {
        call("emu_set_instrumented", FunctionDescriptor.ofVoid(JAVA_INT), on ? 1 : 0);
    }

    /**
     * Compiles kernels from now on without one of their barriers, to see that a check finds it missing.
     *
     * @param number number of the barrier in the source, from 0; -1 for none
     */
    public void withoutBarrier(int number) {
        call("emu_set_missing_barrier", FunctionDescriptor.ofVoid(JAVA_INT), number);
    }

    /**
     * Sets whether functions such as {@code tanf} return results that differ from the host's by up to the maximal error
     * of CUDA's, always the same for the same argument.
     */
    public void perturbed(boolean on) {
        call("emu_set_perturbed", FunctionDescriptor.ofVoid(JAVA_INT), on ? 1 : 0);
    }

    /** Returns the first error reported since the last call, or an empty string. */
    public String diagnostics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(MAX_DIAGNOSTICS);
            call("emu_diagnostics", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), text, MAX_DIAGNOSTICS);
            return text.getString(0);
        }
    }

    private Object call(String function, FunctionDescriptor type, Object... arguments) {
        try {
            Object result = Linker.nativeLinker()
                    .downcallHandle(symbols.findOrThrow(function), type)
                    .invokeWithArguments(arguments);
            return result == null ? 0 : result;
        } catch (Throwable e) {
            throw new IllegalStateException(function + " of the emulated driver cannot be called", e);
        }
    }
}

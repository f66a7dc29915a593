package dev.cotangent.emulator.ptx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.emulator.ptx.PtxKernel.Dim;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the emulated devices execute the PTX that nvcc makes of the kernels, instead of the machine code of the host's
 * compiler. It has to be installed before the first kernel is compiled.
 */
@SuppressWarnings("restricted")
public final class PtxEngine {
    private static final AddressLayout TEXT = ADDRESS.withTargetLayout(
            java.lang.foreign.MemoryLayout.sequenceLayout(Long.MAX_VALUE / 2, ValueLayout.JAVA_BYTE));
    private static final int DIMENSIONS = 6;

    private final List<PtxModule> modules = new ArrayList<>();
    private final List<PtxKernel> functions = new ArrayList<>();
    private final MethodHandle find;
    private volatile @Nullable BiConsumer<PtxKernel, Counts> observer;

    private PtxEngine(SymbolLookup driver) {
        find = Linker.nativeLinker()
                .downcallHandle(driver.findOrThrow("emu_find"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, ADDRESS));
    }

    /** Returns why PTX cannot be made here, or an empty string. */
    public static String obstacle() {
        String other = EmulatedCuda.obstacle();
        if (!other.isEmpty()) return other;
        return compiler() == null ? "executing PTX needs nvcc on the PATH, or in NVCC" : "";
    }

    private static @Nullable String compiler() {
        String named = System.getenv("NVCC");
        if (named != null && !named.isBlank()) return named;
        String path = System.getenv("PATH");
        if (path == null) return null;
        for (String folder : path.split(java.io.File.pathSeparator)) {
            Path file = Path.of(folder, "nvcc");
            if (Files.isExecutable(file)) return file.toString();
        }
        return null;
    }

    /**
     * Installs the engine in the emulated driver of this process.
     *
     * @throws IllegalStateException with the {@link #obstacle}
     */
    public static PtxEngine install() {
        String obstacle = obstacle();
        String compiler = compiler();
        if (!obstacle.isEmpty() || compiler == null) throw new IllegalStateException(obstacle);
        SymbolLookup driver =
                SymbolLookup.libraryLookup(EmulatedCuda.install().folder().resolve("libcuda.so.1"), Arena.global());
        PtxEngine engine = new PtxEngine(driver);
        Arena arena = Arena.global();
        MemorySegment table = arena.allocate(ADDRESS, 3);
        table.setAtIndex(
                ADDRESS, 0, engine.stub("load", long.class, MemorySegment.class, MemorySegment.class, int.class));
        table.setAtIndex(
                ADDRESS,
                1,
                engine.stub("function", long.class, long.class, MemorySegment.class, MemorySegment.class, int.class));
        table.setAtIndex(
                ADDRESS,
                2,
                engine.stub(
                        "launch",
                        int.class,
                        long.class,
                        MemorySegment.class,
                        int.class,
                        MemorySegment.class,
                        int.class,
                        MemorySegment.class,
                        int.class));
        try {
            Linker.nativeLinker()
                    .downcallHandle(driver.findOrThrow("emu_set_ptx"), FunctionDescriptor.ofVoid(ADDRESS, ADDRESS))
                    .invokeExact(table, arena.allocateFrom(compiler));
        } catch (Throwable e) {
            throw new IllegalStateException("the engine cannot be installed", e);
        }
        return engine;
    }

    private MemorySegment stub(String method, Class<?> result, Class<?>... parameters) {
        try {
            MethodHandle handle = MethodHandles.lookup().bind(this, method, MethodType.methodType(result, parameters));
            FunctionDescriptor type = FunctionDescriptor.of(result == long.class ? JAVA_LONG : JAVA_INT);
            for (Class<?> p : parameters) {
                type = type.appendArgumentLayouts(
                        p == MemorySegment.class ? TEXT : p == long.class ? JAVA_LONG : JAVA_INT);
            }
            return Linker.nativeLinker().upcallStub(handle, type, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sets what is called with the counts of each launch, in the thread that runs it. */
    public void observe(BiConsumer<PtxKernel, Counts> observer) {
        this.observer = observer;
    }

    // Called by the driver, under its lock.

    private long load(MemorySegment text, MemorySegment error, int limit) {
        try {
            modules.add(PtxModule.parse(text.getString(0)));
            return modules.size() - 1;
        } catch (RuntimeException e) {
            write(error, limit, e);
            return -1;
        }
    }

    private static void write(MemorySegment error, int limit, Throwable e) {
        String message = e instanceof PtxException ? e.getMessage() : e.toString();
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, limit - 1);
        MemorySegment.copy(text, 0, error, ValueLayout.JAVA_BYTE, 0, length);
        error.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    }

    private long function(long module, MemorySegment name, MemorySegment sizes, int limit) {
        PtxKernel kernel = modules.get((int) module).kernels().get(name.getString(0));
        if (kernel == null || kernel.parameterSizes().size() > limit) return -1;
        int i = 0;
        for (int size : kernel.parameterSizes()) sizes.setAtIndex(JAVA_INT, i++, size);
        functions.add(kernel);
        return functions.size() - 1;
    }

    private int launch(
            long function,
            MemorySegment dimensions,
            int shared,
            MemorySegment parameters,
            int descending,
            MemorySegment error,
            int limit) {
        PtxKernel kernel = functions.get((int) function);
        try (DeviceMemory memory = new DeviceMemory(this::allocation)) {
            MemorySegment block = MemorySegment.ofArray(new byte[kernel.parameterBytes()]);
            for (int i = 0; i < kernel.parameterSizes().size(); i++) {
                int size = kernel.parameterSizes().get(i);
                MemorySegment value = parameters.getAtIndex(ADDRESS, i).reinterpret(size);
                MemorySegment.copy(value, 0, block, kernel.parameterOffsets().get(i), size);
            }
            int[] d = new int[DIMENSIONS];
            for (int i = 0; i < DIMENSIONS; i++) d[i] = dimensions.getAtIndex(JAVA_INT, i);
            Counts counts = kernel.launch(
                    new Dim(d[0], d[1], d[2]), new Dim(d[3], d[4], d[5]), shared, block, memory, descending);
            BiConsumer<PtxKernel, Counts> o = observer;
            if (o != null) o.accept(kernel, counts);
            return 0;
        } catch (RuntimeException | Error e) {
            write(error, limit, e);
            return 1;
        }
    }

    private @Nullable MemorySegment allocation(long address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment start = arena.allocate(JAVA_LONG);
            long size = (long) find.invokeExact(address, start);
            return size < 0
                    ? null
                    : MemorySegment.ofAddress(start.get(JAVA_LONG, 0)).reinterpret(size);
        } catch (Throwable e) {
            throw new IllegalStateException("emu_find of the emulated driver cannot be called", e);
        }
    }
}

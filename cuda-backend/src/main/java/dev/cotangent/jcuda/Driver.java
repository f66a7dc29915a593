package dev.cotangent.jcuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cotangent.kernels.CudaLibraries;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Direct bindings of the driver's calls on the hot path, since JCuda's translation of arguments costs several
 * times the call itself. Handles and addresses are {@code long}s.
 */
@SuppressWarnings("restricted")
final class Driver {
    private static final SymbolLookup SYMBOLS = SymbolLookup.libraryLookup(CudaLibraries.driver(), Arena.global());
    private static final MethodHandle LAUNCH = handle(
            "cuLaunchKernel",
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
    private static final MethodHandle FILL = handle("cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle COPY = handle("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle SET_CURRENT = handle("cuCtxSetCurrent", JAVA_LONG);

    private Driver() {}

    private static MethodHandle handle(String function, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(SYMBOLS.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Calls {@code cuLaunchKernel} with a two-dimensional grid and two-dimensional blocks. */
    static int launch(
            long function, int blocksX, int blocksY, int threadsX, int threadsY, long stream, long arguments) {
        try {
            return (int)
                    LAUNCH.invokeExact(function, blocksX, blocksY, 1, threadsX, threadsY, 1, 0, stream, arguments, 0L);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Calls {@code cuMemsetD8Async}. */
    static int fill(long to, byte value, long bytes, long stream) {
        try {
            return (int) FILL.invokeExact(to, value, bytes, stream);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Calls {@code cuMemcpyDtoDAsync}. */
    static int copy(long to, long from, long bytes, long stream) {
        try {
            return (int) COPY.invokeExact(to, from, bytes, stream);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** Calls {@code cuCtxSetCurrent}. */
    static int setCurrent(long context) {
        try {
            return (int) SET_CURRENT.invokeExact(context);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static RuntimeException failed(Throwable e) {
        if (e instanceof Error error) throw error;
        return e instanceof RuntimeException r ? r : new IllegalStateException(e);
    }
}

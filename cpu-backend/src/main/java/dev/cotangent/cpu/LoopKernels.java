package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What a backend has made so far: a kernel for each op and type, and what it compiled of each program. */
final class LoopKernels {
    private static final Reversal PLAIN_REVERSAL = new Reversal();

    /** The calls of a warm-up run, and the rows and elements of each. */
    private static final int CALLS = 50;

    private static final int ROWS = 4;
    private static final int LENGTH = 64;
    private static final int[] LENGTHS = {LENGTH, LENGTH, LENGTH - 3};

    private record Key(ScalarOp op, Dtype dtype) {}

    private final @Nullable VectorLoops vectors;
    private final boolean inBackground;
    private final AtomicReferenceArray<JitWarmup<RowLoop>> passes =
            new AtomicReferenceArray<>(2 * RowPass.values().length);
    private @Nullable JitWarmup<Reversal> reversal;
    private final Map<Key, LoopKernel> kernels = new ConcurrentHashMap<>();
    private final Map<Conversion.Pair, JitWarmup<Conversion>> converters = new ConcurrentHashMap<>();
    private final Map<Program, CompiledProgram> compiled = new WeakHashMap<>();
    private final Program.CacheKey<CompiledProgram> key = new Program.CacheKey<>(CompiledProgram.class);

    /** @param inBackground whether vector loops are warmed up in the background before they are used */
    LoopKernels(@Nullable VectorLoops vectors, boolean inBackground) {
        this.vectors = vectors;
        this.inBackground = inBackground;
    }

    @Nullable
    VectorLoops vectors() {
        return vectors;
    }

    /** Returns whether vector loops are warmed up in the background. */
    boolean isAside() {
        return inBackground;
    }

    /** Returns how many elements are left to scalar loops, where one takes that many tenths of a nanosecond. */
    long cold(int cost) {
        return LoopKernel.cold(cost, inBackground);
    }

    /** Returns the loop of a pass over rows of that many elements in all. */
    RowLoop pass(RowPass pass, Dtype dtype, long numel) {
        int at = 2 * pass.ordinal() + (dtype == Dtype.FLOAT64 ? 1 : 0);
        JitWarmup<RowLoop> known = passes.get(at);
        if (known == null) {
            passes.compareAndSet(at, null, warming(pass, dtype));
            known = passes.get(at);
        }
        return known.choose(numel);
    }

    private JitWarmup<RowLoop> warming(RowPass pass, Dtype dtype) {
        LoopProgram program = pass.program(dtype);
        RowLoop scalar = LoopGenerator.scalar(program);
        VectorLoops v = vectors;
        if (v == null) return new JitWarmup<>(scalar, () -> scalar, l -> {}, Long.MAX_VALUE, inBackground);
        long cold = LoopKernel.cold(LoopKernel.FUNCTION, inBackground);
        return new JitWarmup<>(scalar, () -> v.generate(program), l -> exercise(l, pass, dtype), cold, inBackground);
    }

    /** Runs a pass so often, and over so few elements, as makes the compiler act. */
    private static void exercise(RowLoop loop, RowPass pass, Dtype dtype) {
        Object[] arrays = new Object[pass.operands()];
        RegisterType kind = RegisterType.of(dtype);
        for (int k = 0; k < arrays.length; k++) arrays[k] = LoopKernel.numbers(kind, ROWS * LENGTH + 1);
        int[] starts = new int[arrays.length];
        int[] offsets = new int[arrays.length];
        int[] strides = new int[arrays.length];
        Arrays.fill(offsets, 1);
        Arrays.fill(strides, LENGTH);
        for (int i = 0; i < CALLS; i++) {
            // Whole vectors and not, several rows and one: what was never seen would be compiled anew.
            int n = LENGTHS[i % LENGTHS.length];
            loop.run(arrays, i % 3 == 0 ? offsets : starts, strides, i % 5 == 0 ? 1 : ROWS, n);
        }
    }

    /** Returns the loop that reverses rows, for a total number of elements. */
    synchronized Reversal reversal(long numel) {
        VectorLoops v = vectors;
        if (v == null) return PLAIN_REVERSAL;
        JitWarmup<Reversal> known = reversal;
        if (known == null) {
            long cold = LoopKernel.cold(LoopKernel.FUNCTION, inBackground);
            reversal = known = new JitWarmup<>(PLAIN_REVERSAL, v::reversal, Reversal::exercise, cold, inBackground);
        }
        return known.choose(numel);
    }

    /** Returns the loop that converts that many contiguous elements, or null where there is none for a pair of dtypes. */
    @Nullable
    Conversion conversion(Dtype from, Dtype to, long numel) {
        Conversion scalar = Converter.scalar(from, to);
        VectorLoops v = vectors;
        if (scalar == null || v == null || !v.hasConversion(from, to)) return scalar;
        Conversion.Pair pair = new Conversion.Pair(from, to, scalar);
        return converters.computeIfAbsent(pair, p -> converter(v, p)).choose(numel);
    }

    private JitWarmup<Conversion> converter(VectorLoops v, Conversion.Pair pair) {
        long cold = LoopKernel.cold(LoopKernel.FUNCTION, inBackground);
        Object x = RegisterCodec.of(pair.from()).allocate(Registers.BLOCK);
        Object y = RegisterCodec.of(pair.to()).allocate(Registers.BLOCK);
        return new JitWarmup<>(
                pair.scalar(),
                () -> v.conversion(pair),
                c -> {
                    for (int i = 0; i < CALLS; i++) c.run(x, 0, y, 0, Registers.BLOCK - i % 2);
                },
                cold,
                inBackground);
    }

    LoopKernel of(ScalarOp op, Dtype dtype) {
        return kernels.computeIfAbsent(new Key(op, dtype), k -> new LoopKernel(op, dtype, vectors, inBackground));
    }

    /** Returns a compiled program, cached by the program's identity and weakly referenced. */
    CompiledProgram of(Program program) {
        CompiledProgram code = program.cached(key);
        if (code != null) return code;
        synchronized (compiled) {
            code = compiled.get(program);
            if (code == null) compiled.put(program, code = new CompiledProgram(Lowering.lower(program), this));
        }
        program.cache(key, code);
        return code;
    }
}

package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.program.Program;
import dev.cotangent.program.ScalarOp;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a backend has made so far: a kernel for each op and type, and what it compiled of each program. */
final class Kernels {
    private static final Reversal PLAIN_REVERSAL = new Reversal();

    private record Key(ScalarOp op, Dtype dtype) {}

    private final @Nullable VectorLoops vectors;
    private final boolean aside;
    private @Nullable RowLoops plainRows;
    private @Nullable Warming<RowLoops> rows;
    private @Nullable Warming<Reversal> reversal;
    private final Map<Key, Kernel> kernels = new ConcurrentHashMap<>();
    private final Map<Program, Compiled> compiled = new WeakHashMap<>();

    /** @param aside whether vector loops are warmed aside before they are used */
    Kernels(@Nullable VectorLoops vectors, boolean aside) {
        this.vectors = vectors;
        this.aside = aside;
    }

    @Nullable
    VectorLoops vectors() {
        return vectors;
    }

    /** What is done with rows of float32 of so many elements in all. */
    synchronized RowLoops rows(long numel) {
        RowLoops plain = plainRows;
        if (plain == null) {
            plainRows = plain = FloatRowLoops.of(new FloatRows());
            VectorLoops v = vectors;
            long cold = Kernel.cold(Kernel.FUNCTION, aside);
            if (v != null)
                rows = new Warming<>(plain, () -> FloatRowLoops.of(v.rows()), FloatRowLoops::exercise, cold, aside);
        }
        return rows == null ? plain : rows.choose(numel);
    }

    /** Returns the loop that reverses rows, for so many elements in all. */
    synchronized Reversal reversal(long numel) {
        VectorLoops v = vectors;
        if (v == null) return PLAIN_REVERSAL;
        Warming<Reversal> known = reversal;
        if (known == null) {
            long cold = Kernel.cold(Kernel.FUNCTION, aside);
            reversal = known = new Warming<>(PLAIN_REVERSAL, v::reversal, Reversal::exercise, cold, aside);
        }
        return known.choose(numel);
    }

    Kernel of(ScalarOp op, Dtype dtype) {
        return kernels.computeIfAbsent(new Key(op, dtype), k -> new Kernel(op, dtype, vectors, aside));
    }

    /** A program compiled; programs are known by identity, and forgotten when nobody holds them any more. */
    Compiled of(Program program) {
        if (program.made(this) instanceof Compiled known) return known;
        Compiled code;
        synchronized (compiled) {
            code = compiled.get(program);
            if (code == null) compiled.put(program, code = new Compiled(program, this));
        }
        program.keep(this, code);
        return code;
    }
}

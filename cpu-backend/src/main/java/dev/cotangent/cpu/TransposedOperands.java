package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;

/** Copies large transposed operands into the iteration order of the output. */
final class TransposedOperands {
    /** Below this many elements a transposed operand fits the caches. */
    private static final int THRESHOLD = 1 << 16;

    /** Transposing an element takes as long as this many multiplications. */
    private static final int MULTIPLICATIONS = 2;

    private final CpuBackend backend;
    private final WorkerPool pool;
    private final MatMul matMul;

    TransposedOperands(CpuBackend backend, WorkerPool pool, MatMul matMul) {
        this.backend = backend;
        this.pool = pool;
        this.matMul = matMul;
    }

    /** Returns the operands with large transposed ones replaced by copies in the order of a layout. */
    Strided[] inOrder(Layout iterated, Strided[] ins) {
        if (iterated.numel() < THRESHOLD) return ins;
        Strided[] result = ins;
        for (int i = 0; i < ins.length; i++) {
            Layout layout = ins[i].layout();
            if (layout.isContiguous()) continue;
            Layout once = withoutBroadcast(layout);
            Layout dense = Layout.contiguous(once.sizes());
            BlockedTranspose transpose =
                    isBroadcastInRows(layout) ? null : BlockedTranspose.of(ins[i].with(once), dense);
            if (transpose == null) continue;
            Storage copy = backend.allocateUnset(ins[i].dtype(), once.numel());
            transpose(transpose, copy.dtype(), once.numel(), copy.memory());
            if (result == ins) result = ins.clone();
            result[i] = new Strided(copy, dense.expand(iterated.sizes()));
        }
        return result;
    }

    /** Runs a transposed copy into contiguous memory. */
    void transpose(BlockedTranspose transpose, Dtype dtype, long numel, Object target) {
        boolean hasMicroKernel = dtype == Dtype.FLOAT32 || dtype == Dtype.FLOAT64;
        transpose.run(pool, hasMicroKernel ? matMul.tile(dtype, numel * MULTIPLICATIONS) : null, target);
    }

    /** Frees the copies that {@link #inOrder} made; as storages, or an allocation scope would free them again. */
    static void discardCopies(Strided[] operands, Strided[] ins) {
        for (int i = 0; i < ins.length; i++) {
            if (operands[i] != ins[i]) operands[i].storage().discard();
        }
    }

    /** Returns a layout with size 1 in place of broadcast dimensions. */
    private static Layout withoutBroadcast(Layout layout) {
        for (int d = 0; d < layout.rank(); d++) {
            if (layout.stride(d) == 0 && layout.size(d) > 1) layout = layout.slice(d, 0, 1, 1);
        }
        return layout;
    }

    /** Returns whether all elements of a row are one. */
    private static boolean isBroadcastInRows(Layout layout) {
        int last = layout.rank() - 1;
        while (last > 0 && layout.size(last) == 1) last--;
        return layout.stride(last) == 0;
    }
}

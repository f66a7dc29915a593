package dev.cotangent.cpu;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MemoryStats;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Windows;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Computes in pure Java: memory is Java arrays of at most 2^31 - 1 elements, and a call returns when all is done. Thread-safe. */
public final class CpuBackend implements Backend {
    private static final long[] NO_SCALARS = {};

    /** From this many contiguous elements on, threads share a copy. */
    private static final int WORTH_SHARING = 1 << 18;

    private record DtypePair(Dtype from, Dtype to) {}

    private final BufferPool recycler = new BufferPool();
    private final LoopKernels kernels;
    private final WorkerPool pool;
    private final Reducer reducer;
    private final MatMul matMul;
    private final TransposedOperands transposed;
    private final ConvolutionGemm convolver;
    private final Sorter sorter;
    private final MaskedSelect masks;
    private final LinearAlgebra linearAlgebra;
    private final Fourier fourier;
    private final Map<DtypePair, Program> conversions = new ConcurrentHashMap<>();

    /**
     * Creates a backend; the first use of a loop of the Vector API waits until it is compiled.
     *
     * @param threads at least 1, the calling thread included
     * @param vectors null for scalar loops
     */
    public CpuBackend(int threads, @Nullable VectorLoops vectors) {
        this(threads, vectors, false);
    }

    /** Creates a backend whose loops, with {@code inBackground}, are compiled in the background while scalar ones are used. */
    CpuBackend(int threads, @Nullable VectorLoops vectors, boolean inBackground) {
        kernels = new LoopKernels(vectors, inBackground);
        pool = new WorkerPool(threads);
        reducer = new Reducer(kernels, pool);
        matMul = new MatMul(this, pool, reducer, vectors, inBackground);
        transposed = new TransposedOperands(this, pool, matMul);
        convolver = new ConvolutionGemm(this, pool, matMul);
        sorter = new Sorter(this, pool);
        masks = new MaskedSelect(this, pool);
        linearAlgebra = new LinearAlgebra(this, pool);
        fourier = new Fourier(this, pool, vectors, inBackground);
    }

    LoopKernels kernels() {
        return kernels;
    }

    MatMul matMul() {
        return matMul;
    }

    @Override
    public Device device() {
        return Device.cpu();
    }

    @Override
    public Storage allocate(Dtype dtype, long size) {
        return allocate(dtype, size, true);
    }

    @Override
    public Storage allocateUnset(Dtype dtype, long size) {
        return allocate(dtype, size, false);
    }

    private Storage allocate(Dtype dtype, long size, boolean zeroed) {
        if (size > Integer.MAX_VALUE - 8) {
            throw new CotangentException("a tensor on the CPU has at most 2147483639 elements, but " + size + " of "
                    + dtype.torchName() + " were asked for");
        }
        RegisterCodec elements = RegisterCodec.of(dtype);
        Object used = recycler.take(elements, (int) size);
        if (used != null) {
            if (zeroed) elements.segment(used).fill((byte) 0);
            return new Storage(this, dtype, size, used);
        }
        try {
            return new Storage(this, dtype, size, fresh(elements, (int) size));
        } catch (OutOfMemoryError e) {
            throw new CotangentException(
                    "not enough memory: you tried to allocate " + size * dtype.bytes() + " bytes for " + size + " of "
                            + dtype.torchName() + ", and the heap of this Java process may grow to "
                            + Runtime.getRuntime().maxMemory() + " bytes (java -Xmx sets it)",
                    e);
        }
    }

    private Object fresh(RegisterCodec elements, int size) {
        try {
            return elements.allocate(size);
        } catch (OutOfMemoryError e) {
            if (recycler.bytes() == 0) throw e;
            recycler.clear();
            return elements.allocate(size);
        }
    }

    @Override
    public void free(Object memory) {
        recycler.give(memory);
    }

    @Override
    public @Nullable Storage share(Dtype dtype, Object array) {
        if (RegisterCodec.of(dtype).arrayType() != array.getClass()) return null;
        return new Storage(this, dtype, Array.getLength(array), array);
    }

    @Override
    public Object array(Storage storage) {
        return storage.memory();
    }

    @Override
    public void write(Storage to, long start, MemorySegment from) {
        int bytes = to.dtype().bytes();
        MemorySegment memory = RegisterCodec.of(to.dtype()).segment(to.memory());
        MemorySegment.copy(from, 0, memory, start * bytes, from.byteSize() / bytes * bytes);
    }

    @Override
    public void read(Storage from, long start, MemorySegment to) {
        int bytes = from.dtype().bytes();
        MemorySegment memory = RegisterCodec.of(from.dtype()).segment(from.memory());
        MemorySegment.copy(memory, start * bytes, to, 0, to.byteSize() / bytes * bytes);
    }

    @Override
    public void copy(Strided from, Strided to) {
        if (from.dtype() == to.dtype()
                && from.layout().isContiguous()
                && to.layout().isContiguous()
                && to.numel() < WORTH_SHARING) {
            System.arraycopy(
                    from.storage().memory(),
                    (int) from.layout().offset(),
                    to.storage().memory(),
                    (int) to.layout().offset(),
                    (int) to.numel());
            return;
        }
        if (from.numel() == 0) return;
        if (from.dtype() == to.dtype()) {
            BlockedTranspose transposition = BlockedTranspose.of(from, to.layout());
            if (transposition != null) {
                transposed.transpose(
                        transposition, from.dtype(), to.numel(), to.storage().memory());
                return;
            }
            Copier.copy(kernels, pool, from, to);
            return;
        }
        if (from.layout().isContiguous() && to.layout().isContiguous()) {
            Conversion conversion = kernels.conversion(from.dtype(), to.dtype(), to.numel());
            if (conversion != null) {
                Converter.run(conversion, pool, from, to);
                return;
            }
        }
        Program convert = conversions.computeIfAbsent(
                new DtypePair(from.dtype(), to.dtype()),
                c -> new Program(
                        List.of(c.from),
                        List.of(),
                        List.of(new Exprs().input(0, c.from).cast(c.to))));
        pointwise(convert, new Strided[] {to}, new Strided[] {from}, NO_SCALARS);
    }

    @Override
    public void fill(Strided to, long bits) {
        Fill.fill(pool, to, bits);
    }

    @Override
    public void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars) {
        long numel = outs[0].numel();
        if (numel == 0) return;
        CompiledProgram code = kernels.of(program);
        Layout walked = outs[0].layout();
        if (numel <= Registers.BLOCK && walked.isContiguous()) {
            if (code.runSmall(outs[0].storage().memory(), (int) walked.offset(), ins, scalars, (int) numel)) return;
        }
        int[] order = walked.isContiguous() ? null : StridedIterator.byStride(walked);
        Strided[] operands = order == null ? transposed.inOrder(walked, ins) : ins;
        ProgramExecution evaluation = new ProgramExecution(code, outs, operands, order, numel, scalars);
        pool.run(
                numel,
                evaluation.unit(),
                code.cost,
                (from, to) -> evaluation.evaluator().range(from, to));
        TransposedOperands.discardCopies(operands, ins);
    }

    @Override
    public void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        // Reductions that round have the order of the shape, so large transposed operands are copied.
        boolean inOrder = Reducer.rounds(kind, program) && out.numel() > 0;
        Strided[] operands = inOrder ? transposed.inOrder(ins[0].layout(), ins) : ins;
        reducer.reduce(kind, program, out, operands, scalars);
        TransposedOperands.discardCopies(operands, ins);
    }

    @Override
    public void scan(Scan kind, Strided in, Strided out, int dim) {
        PrefixScan.scan(pool, kind, in, out, dim);
    }

    @Override
    public void matmul(Strided a, Strided b, Strided c, Strided out, double alpha, double beta) {
        matMul.multiply(a, b, c, out, alpha, beta);
    }

    @Override
    public void convolution(Strided in, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        if (ConvolutionGemm.takes(weight.dtype(), conv, in, weight, out))
            convolver.forward(in, weight, bias, conv, out);
        else Backend.super.convolution(in, weight, bias, conv, out);
    }

    @Override
    public void convolutionInputBackward(
            Strided g, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        if (ConvolutionGemm.takes(weight.dtype(), conv, g, weight, out))
            convolver.inputBackward(g, weight, bias, conv, out);
        else Backend.super.convolutionInputBackward(g, weight, bias, conv, out);
    }

    @Override
    public void convolutionWeightBackward(Strided in, Strided g, Convolution conv, Strided out) {
        if (ConvolutionGemm.takes(out.dtype(), conv, in, g, out)) convolver.weightBackward(in, g, conv, out);
        else Backend.super.convolutionWeightBackward(in, g, conv, out);
    }

    @Override
    public void gather(Strided in, int dim, Strided index, Strided out) {
        GatherScatter.gather(pool, in, dim, index, out);
    }

    @Override
    public void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        GatherScatter.scatter(kernels, pool, kind, to, dim, index, from);
    }

    @Override
    public void addRows(Strided from, Strided fromIndex, Strided to, Strided toIndex) {
        boolean contiguous = from.layout().stride(1) == 1 && to.layout().stride(1) == 1;
        if (contiguous && ScatterLoops.isDirect(to.dtype()))
            GatherScatter.addRows(kernels, pool, from, fromIndex, to, toIndex);
        else Backend.super.addRows(from, fromIndex, to, toIndex);
    }

    @Override
    public void sort(Strided in, int dim, boolean descending, Strided values, Strided indices) {
        sorter.sort(in, dim, descending, values, indices);
    }

    @Override
    public void topk(Strided in, int dim, boolean largest, Strided values, Strided indices) {
        sorter.topk(in, dim, largest, values, indices);
    }

    @Override
    public void kth(Strided in, int dim, long rank, Strided indices) {
        sorter.kth(in, dim, rank, indices);
    }

    @Override
    public void median(Strided in, int dim, boolean ignoreNan, Strided indices) {
        sorter.median(in, dim, ignoreNan, indices);
    }

    @Override
    public void mode(Strided in, int dim, Strided indices) {
        sorter.mode(in, dim, indices);
    }

    @Override
    public void searchsorted(Strided sorted, Strided values, boolean right, Strided out) {
        BinarySearch.searchsorted(this, pool, sorted, values, right, out);
    }

    @Override
    public void scanExtreme(Scan kind, Strided in, int dim, Strided values, Strided indices) {
        boolean known = PrefixScan.extreme(pool, kind, in, dim, values, indices);
        if (!known) Backend.super.scanExtreme(kind, in, dim, values, indices);
    }

    @Override
    public void logcumsumexp(Strided in, int dim, Strided out) {
        PrefixScan.logcumsumexp(kernels, pool, in, dim, out);
    }

    @Override
    public void triangle(Strided in, boolean upper, long diagonal, Strided out) {
        Copier.triangle(pool, in, upper, diagonal, out);
    }

    @Override
    public void addOverlapping(Strided from, Strided to) {
        GatherScatter.addOverlapping(from, to);
    }

    @Override
    public Strided nonzero(Strided in) {
        return masks.nonzero(in);
    }

    @Override
    public void coordinates(Strided positions, long[] sizes, Strided out) {
        MaskedSelect.coordinates(pool, positions, sizes, out);
    }

    @Override
    public void linearIndex(Strided[] indices, long[] sizes, Strided out) {
        GatherScatter.linearIndex(pool, indices, sizes, out);
    }

    @Override
    public Strided maskedSelect(Strided in, Strided mask) {
        return masks.select(in, mask);
    }

    @Override
    public long maskedScatter(Strided to, Strided mask, Strided source) {
        return masks.scatter(to, mask, source);
    }

    @Override
    public void random(Distribution kind, Strided out, long seed, long position) {
        Fill.random(pool, kind, out, seed, position);
    }

    @Override
    public void synchronize() {
        // Everything is done when a call returns.
    }

    @Override
    public MemoryStats memoryStats() {
        Runtime runtime = Runtime.getRuntime();
        long kept = recycler.bytes();
        return new MemoryStats(runtime.totalMemory() - runtime.freeMemory() - kept, kept, runtime.maxMemory());
    }

    @Override
    public void softmax(Strided in, Strided out, int dim, boolean log) {
        RowPasses rows = rows(in, dim, in, out);
        if (rows != null) rows.softmax(in, out, log);
        else Backend.super.softmax(in, out, dim, log);
    }

    @Override
    public void softmaxBackward(Strided gradient, Strided result, Strided out, int dim, boolean log) {
        Strided g = dense(gradient);
        RowPasses rows = rows(out, dim, g, result, out);
        if (rows != null) rows.softmaxBackward(g, result, out, log);
        else Backend.super.softmaxBackward(g, result, out, dim, log);
    }

    /** Copies an expanded gradient, as that of a sum, or a transposed one, since rows are faster. */
    private Strided dense(Strided g) {
        if (g.layout().isContiguous()) return g;
        Layout flat = Layout.contiguous(g.layout().sizes());
        Strided copy = new Strided(allocateUnset(g.dtype(), g.numel()), flat);
        copy(g, copy);
        return copy;
    }

    /** Returns the passes over rows along a dimension; null if it is not the last or rows are not contiguous. */
    private @Nullable RowPasses rows(Strided shape, int dim, Strided... operands) {
        boolean last = dim == shape.layout().rank() - 1;
        return last ? RowPasses.of(kernels, pool, shape.layout().size(dim), operands) : null;
    }

    @Override
    public void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        int dims = RowPasses.reducedDims(in, mean);
        RowPasses rows = in.storage() == out.storage() ? null : rows(dims, in, mean, in, out);
        if (rows != null && rows.isRow(weight, dims) && rows.isRow(bias, dims)) {
            rows.normalize(in, weight, bias, eps, out, mean, rstd);
        } else {
            Backend.super.normalize(in, weight, bias, eps, out, mean, rstd);
        }
    }

    @Override
    public void batchNormalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided var,
            Strided rstd) {
        ChannelLoops loops = ChannelLoops.of(kernels, pool, mean, in, out);
        boolean fits = loops != null && loops.takes(weight) && loops.takes(bias);
        if (fits) loops.normalize(in, weight, bias, eps, out, mean, var, rstd);
        else Backend.super.batchNormalize(in, weight, bias, eps, out, mean, var, rstd);
    }

    @Override
    public void normalizeBackward(
            Strided gradient, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        Strided g = dense(gradient);
        ChannelLoops loops = ChannelLoops.of(kernels, pool, mean, in, g, out);
        if (loops != null && loops.takes(weight)) {
            loops.normalizeBackward(g, in, mean, rstd, weight, out, null, null);
            return;
        }
        int dims = RowPasses.reducedDims(in, mean);
        RowPasses rows = rows(dims, in, mean, g, in, out);
        if (rows != null && rows.isRow(weight, dims))
            rows.normalizeBackward(g, in, mean, rstd, weight, out, null, null);
        else Backend.super.normalizeBackward(g, in, mean, rstd, weight, out);
    }

    @Override
    public void normalizeWeightBackward(Strided gradient, Strided in, Strided mean, Strided rstd, Strided out) {
        Strided g = dense(gradient);
        int dims = RowPasses.reducedDims(in, mean);
        RowPasses rows = rows(dims, in, mean, g, in);
        boolean fits = rows != null && rows.takesSums(out, dims);
        if (fits) rows.normalizeBackward(g, in, mean, rstd, null, null, out, null);
        else Backend.super.normalizeWeightBackward(g, in, mean, rstd, out);
    }

    @Override
    public void normalizeBackward(
            Strided gradient,
            Strided in,
            Strided mean,
            Strided rstd,
            @Nullable Strided weight,
            Strided out,
            Strided ofWeight,
            @Nullable Strided ofBias) {
        Strided g = dense(gradient);
        ChannelLoops loops = ChannelLoops.of(kernels, pool, mean, in, g, out);
        if (loops != null
                && loops.takes(weight)
                && ChannelLoops.isPerChannel(ofWeight, in)
                && ChannelLoops.isPerChannel(ofBias, in)) {
            loops.normalizeBackward(g, in, mean, rstd, weight, out, ofWeight, ofBias);
            return;
        }
        int dims = RowPasses.reducedDims(in, mean);
        RowPasses rows = rows(dims, in, mean, g, in, out);
        boolean fits = rows != null
                && rows.isRow(weight, dims)
                && rows.takesSums(ofWeight, dims)
                && (ofBias == null || rows.takesSums(ofBias, dims));
        if (fits) rows.normalizeBackward(g, in, mean, rstd, weight, out, ofWeight, ofBias);
        else Backend.super.normalizeBackward(g, in, mean, rstd, weight, out, ofWeight, ofBias);
    }

    @Override
    public void nll(
            Strided logs,
            int dim,
            Strided target,
            @Nullable Strided weight,
            long ignored,
            Strided losses,
            Strided weights) {
        if (NegativeLogLikelihood.takes(logs, dim, target)) {
            new NegativeLogLikelihood(logs, dim, target, weight, ignored).forward(losses, weights);
        } else {
            Backend.super.nll(logs, dim, target, weight, ignored, losses, weights);
        }
    }

    @Override
    public void nllBackward(Strided g, int dim, Strided target, @Nullable Strided weight, long ignored, Strided out) {
        if (NegativeLogLikelihood.takes(out, dim, target)) {
            fill(out, 0);
            new NegativeLogLikelihood(out, dim, target, weight, ignored).backward(g);
        } else {
            Backend.super.nllBackward(g, dim, target, weight, ignored, out);
        }
    }

    @Override
    public void windowSum(Strided in, Windows[] windows, double divisor, Strided out) {
        WindowLoops loops = WindowLoops.of(pool, in, windows, out);
        if (loops != null) loops.sum(divisor);
        else Backend.super.windowSum(in, windows, divisor, out);
    }

    @Override
    public void windowMax(Strided in, Windows[] windows, Strided out, @Nullable Strided indices) {
        boolean isContiguous = indices == null || indices.layout().isContiguous();
        WindowLoops loops = isContiguous ? WindowLoops.of(pool, in, windows, out) : null;
        if (loops != null) loops.max(indices);
        else Backend.super.windowMax(in, windows, out, indices);
    }

    @Override
    public void addInPlanes(Strided from, Strided index, Strided to) {
        if (!WindowLoops.addInPlanes(pool, from, index, to)) Backend.super.addInPlanes(from, index, to);
    }

    @Override
    public void attention(
            Strided q,
            Strided k,
            Strided v,
            @Nullable Strided mask,
            boolean causal,
            double scale,
            Strided out,
            Strided logs) {
        if (AttentionLoops.takes(q, k, v)) {
            new AttentionLoops(kernels, pool, matMul, q, k, v, mask, causal, scale).forward(out, logs);
        } else {
            Backend.super.attention(q, k, v, mask, causal, scale, out, logs);
        }
    }

    @Override
    public void attentionBackward(
            Strided g,
            Strided q,
            Strided k,
            Strided v,
            @Nullable Strided mask,
            boolean causal,
            double scale,
            Strided out,
            Strided logs,
            Strided ofQ,
            Strided ofK,
            Strided ofV) {
        if (AttentionLoops.takes(q, k, v)) {
            new AttentionLoops(kernels, pool, matMul, q, k, v, mask, causal, scale)
                    .backward(g, out, logs, ofQ, ofK, ofV);
        } else {
            Backend.super.attentionBackward(g, q, k, v, mask, causal, scale, out, logs, ofQ, ofK, ofV);
        }
    }

    /** Returns the rows over the last dimensions, or null if others are reduced or operands are not in rows. */
    private @Nullable RowPasses rows(int dims, Strided in, Strided mean, Strided... operands) {
        Layout all = in.layout();
        long length = 1;
        for (int d = all.rank() - dims; d < all.rank(); d++) length *= all.size(d);
        boolean inRows = mean.numel() * length == in.numel();
        return inRows ? RowPasses.of(kernels, pool, length, operands) : null;
    }

    @Override
    public void fourier(FourierTransform transform, Strided in, Strided out, int dim) {
        fourier.run(transform, in, out, dim);
    }

    @Override
    public void lapack(LapackRoutine routine, Strided[] operands, boolean... flags) {
        linearAlgebra.run(routine, operands, flags);
    }
}

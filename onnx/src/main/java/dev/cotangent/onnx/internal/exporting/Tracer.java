package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Warnings;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Convolution;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.LapackRoutine;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MemoryStats;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Windows;
import dev.cotangent.ir.Program;
import dev.cotangent.onnx.OnnxException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend that computes by another one, and writes a node for every operation on traced values. What is not here is
 * recorded as the operations that its default is written with.
 */
final class Tracer implements Backend {
    private final Backend behind;
    private final TraceGraph graph;
    private final TracedMemory memory;
    private final OperatorNodes nodes;
    private final boolean recordsConstants;
    private boolean busy;
    private boolean warned;

    /**
     * Creates a tracer.
     *
     * @param recordsConstants whether operations on constants are recorded as well, whose sizes may vary
     */
    Tracer(Backend behind, TraceGraph graph, boolean recordsConstants) {
        this.behind = behind;
        this.graph = graph;
        this.recordsConstants = recordsConstants;
        memory = new TracedMemory(graph, behind);
        nodes = new OperatorNodes(graph);
    }

    TracedMemory memory() {
        return memory;
    }

    /** Returns what is called in a backend's place. */
    Backend front(Backend backend) {
        if (busy) return backend;
        if (backend == behind || backend == this) return this;
        throw new OnnxException(
                "a module is traced on one device, but it uses " + backend.device() + " besides " + behind.device());
    }

    <T> T untraced(Supplier<T> work) {
        boolean before = busy;
        busy = true;
        try {
            return work.get();
        } finally {
            busy = before;
        }
    }

    /** Computes, and records if an input is traced. */
    private void record(List<Strided> ins, List<Strided> outs, Runnable compute, Supplier<List<TraceValue>> record) {
        boolean traced = recordsConstants;
        for (Strided s : ins) traced |= memory.isTraced(s.storage());
        if (!traced) {
            behind(compute);
            for (Strided s : outs) memory.writeConstant(s);
            return;
        }
        List<TraceValue> values = untraced(record);
        for (Strided s : outs)
            untraced(() -> {
                memory.beforeWrite(s);
                return s;
            });
        behind(compute);
        for (int i = 0; i < outs.size(); i++) memory.write(outs.get(i), values.get(i));
    }

    private void record(List<Strided> ins, Strided out, Runnable compute, Supplier<TraceValue> record) {
        record(ins, List.of(out), compute, () -> List.of(record.get()));
    }

    private void behind(Runnable compute) {
        untraced(() -> {
            compute.run();
            return this;
        });
    }

    private static List<Strided> present(@Nullable Strided... all) {
        List<Strided> list = new ArrayList<>();
        for (Strided s : all) if (s != null) list.add(s);
        return list;
    }

    private TraceValue read(Strided s) {
        return memory.read(s);
    }

    private OnnxException none(String operation) {
        return new OnnxException(operation + " has no ONNX form");
    }

    /** Runs an operation that has no form, if it is one of constants. */
    private <T> T constant(String operation, List<Strided> ins, List<Strided> outs, Supplier<T> compute) {
        for (Strided s : ins) if (memory.isTraced(s.storage())) throw none(operation);
        T result = untraced(compute);
        for (Strided s : outs) memory.writeConstant(s);
        return result;
    }

    private void constant(String operation, List<Strided> ins, List<Strided> outs, Runnable compute) {
        constant(operation, ins, outs, () -> {
            compute.run();
            return operation;
        });
    }

    // Memory

    @Override
    public Device device() {
        return behind.device();
    }

    @Override
    public Storage allocate(Dtype dtype, long size) {
        return untraced(() -> behind.allocate(dtype, size));
    }

    @Override
    public Storage allocateUnset(Dtype dtype, long size) {
        Storage s = untraced(() -> behind.allocateUnset(dtype, size));
        memory.uninitialized(s);
        return s;
    }

    @Override
    public @Nullable Storage share(Dtype dtype, Object array) {
        return untraced(() -> behind.share(dtype, array));
    }

    @Override
    public @Nullable Object array(Storage storage) {
        warnOfRead(storage);
        return behind.array(storage);
    }

    @Override
    public void free(Object buffer) {
        behind.free(buffer);
    }

    @Override
    public void write(Storage to, long start, MemorySegment from) {
        if (memory.isTraced(to)) throw none("writing of elements from the host into a computed tensor");
        behind(() -> behind.write(to, start, from));
        memory.forget(to);
    }

    @Override
    public void read(Storage from, long start, MemorySegment to) {
        warnOfRead(from);
        behind(() -> behind.read(from, start, to));
    }

    private void warnOfRead(Storage s) {
        if (warned || !memory.isTraced(s)) return;
        warned = true;
        Warnings.warn("Onnx.export: the module reads elements of a computed tensor on the host, such as by item(). What"
                + " it makes of them, and the branches that it takes, are constants of the model.");
    }

    @Override
    public @Nullable Object streamKey() {
        return null;
    }

    @Override
    public void synchronize() {
        behind.synchronize();
    }

    @Override
    public MemoryStats memoryStats() {
        return behind.memoryStats();
    }

    // Element-wise operations, copies and reductions

    @Override
    public void copy(Strided from, Strided to) {
        record(List.of(from), to, () -> behind.copy(from, to), () -> graph.cast(read(from), to.dtype()));
    }

    @Override
    public void fill(Strided to, long bits) {
        record(List.of(), to, () -> behind.fill(to, bits), () -> nodes.filled(to, bits));
    }

    @Override
    public void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars) {
        record(List.of(ins), List.of(outs), () -> behind.pointwise(program, outs, ins, scalars), () -> {
            List<TraceValue> results = new ArrayList<>();
            for (TraceValue v : ScalarNodes.of(graph, program, broadcast(ins), scalars)) {
                results.add(graph.expand(v, outs[0].layout().sizes()));
            }
            return results;
        });
    }

    private TraceValue[] broadcast(Strided[] ins) {
        TraceValue[] values = new TraceValue[ins.length];
        for (int i = 0; i < ins.length; i++) values[i] = memory.readBroadcast(ins[i]);
        return values;
    }

    @Override
    public void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        record(List.of(ins), out, () -> behind.reduce(kind, program, out, ins, scalars), () -> {
            TraceValue x =
                    ScalarNodes.of(graph, program, broadcast(ins), scalars).getFirst();
            return nodes.reduced(kind, graph.expand(x, ins[0].layout().sizes()), out);
        });
    }

    @Override
    public void scan(Scan kind, Strided in, Strided out, int dim) {
        record(List.of(in), out, () -> behind.scan(kind, in, out, dim), () -> {
            if (kind != Scan.SUM) throw none("a cumulative " + kind.name().toLowerCase(java.util.Locale.ROOT));
            return graph.node("CumSum", out.dtype(), out.layout().sizes(), read(in), graph.integer(dim));
        });
    }

    @Override
    public void matmul(Strided a, Strided b, Strided c, Strided out, double alpha, double beta) {
        record(
                beta == 0 ? List.of(a, b) : List.of(a, b, c),
                // A batch of one is written as a matrix.
                out.layout().size(0) == 1 ? OperatorNodes.first(out) : out,
                () -> behind.matmul(a, b, c, out, alpha, beta),
                () -> nodes.product(memory, a, b, beta == 0 ? null : c, out, alpha, beta));
    }

    @Override
    public void softmax(Strided in, Strided out, int dim, boolean log) {
        record(
                List.of(in),
                out,
                () -> behind.softmax(in, out, dim, log),
                () -> graph.node(
                        log ? "LogSoftmax" : "Softmax",
                        out.dtype(),
                        out.layout().sizes(),
                        TraceGraph.attributes("axis", (long) dim),
                        read(in)));
    }

    // Indexing, sorting

    @Override
    public void gather(Strided in, int dim, Strided index, Strided out) {
        record(
                List.of(in, index),
                out,
                () -> behind.gather(in, dim, index, out),
                () -> nodes.gathered(memory, in, dim, index, out));
    }

    @Override
    public void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        record(
                List.of(to, index, from),
                to,
                () -> behind.scatter(kind, to, dim, index, from),
                () -> nodes.scattered(kind, read(to), dim, read(index), read(from)));
    }

    @Override
    public void sort(Strided in, int dim, boolean descending, Strided values, Strided indices) {
        record(
                List.of(in),
                List.of(values, indices),
                () -> behind.sort(in, dim, descending, values, indices),
                () -> nodes.sorted(read(in), dim, descending, values, indices));
    }

    @Override
    public void topk(Strided in, int dim, boolean largest, Strided values, Strided indices) {
        record(
                List.of(in),
                List.of(values, indices),
                () -> behind.topk(in, dim, largest, values, indices),
                () -> nodes.sorted(read(in), dim, largest, values, indices));
    }

    @Override
    public void triangle(Strided in, boolean upper, long diagonal, Strided out) {
        record(
                List.of(in),
                out,
                () -> behind.triangle(in, upper, diagonal, out),
                () -> graph.node(
                        "Trilu",
                        out.dtype(),
                        out.layout().sizes(),
                        TraceGraph.attributes("upper", upper ? 1L : 0L),
                        read(in),
                        graph.integer(diagonal)));
    }

    @Override
    public void linearIndex(Strided[] indices, long[] sizes, Strided out) {
        record(
                List.of(indices),
                out,
                () -> behind.linearIndex(indices, sizes, out),
                () -> graph.expand(
                        nodes.linear(broadcast(indices), sizes), out.layout().sizes()));
    }

    @Override
    public Strided nonzero(Strided in) {
        return constant(
                "nonzero, whose result has a size that depends on data,",
                List.of(in),
                List.of(),
                () -> behind.nonzero(in));
    }

    @Override
    public Strided maskedSelect(Strided in, Strided mask) {
        return constant(
                "masked_select, whose result has a size that depends on data,",
                List.of(in, mask),
                List.of(),
                () -> behind.maskedSelect(in, mask));
    }

    @Override
    public long maskedScatter(Strided to, Strided mask, Strided source) {
        return constant(
                "masked_scatter", List.of(to, mask, source), List.of(to), () -> behind.maskedScatter(to, mask, source));
    }

    @Override
    public void coordinates(Strided positions, long[] sizes, Strided out) {
        constant(
                "the indices of nonzero elements",
                List.of(positions),
                List.of(out),
                () -> behind.coordinates(positions, sizes, out));
    }

    @Override
    public void searchsorted(Strided sorted, Strided values, boolean right, Strided out) {
        constant(
                "searchsorted",
                List.of(sorted, values),
                List.of(out),
                () -> behind.searchsorted(sorted, values, right, out));
    }

    @Override
    public void addOverlapping(Strided from, Strided to) {
        constant(
                "fold, or another sum of windows that overlap,",
                List.of(from, to),
                List.of(to),
                () -> behind.addOverlapping(from, to));
    }

    @Override
    public void mode(Strided in, int dim, Strided indices) {
        constant("mode", List.of(in), List.of(indices), () -> behind.mode(in, dim, indices));
    }

    @Override
    public void random(Distribution kind, Strided out, long seed, long position) {
        throw none("drawing random numbers (call eval() on the module if it has a dropout)");
    }

    @Override
    public void lapack(LapackRoutine routine, Strided[] operands, boolean... flags) {
        constant(
                "linear algebra (" + routine.name().toLowerCase(java.util.Locale.ROOT) + ")",
                List.of(operands),
                List.of(operands),
                () -> behind.lapack(routine, operands, flags));
    }

    // Networks

    @Override
    public void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        record(
                present(in, weight, bias),
                List.of(out, mean, rstd),
                () -> behind.normalize(in, weight, bias, eps, out, mean, rstd),
                () -> nodes.normalized(
                        read(in), broadcastOr(weight), broadcastOr(bias), eps, mean.layout(), mean.dtype()));
    }

    private @Nullable TraceValue broadcastOr(@Nullable Strided s) {
        return s == null ? null : memory.readBroadcast(s);
    }

    @Override
    public void convolution(Strided in, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        record(
                present(in, weight, bias),
                out,
                () -> behind.convolution(in, weight, bias, conv, out),
                () -> nodes.convolution(read(in), read(weight), readOr(bias), conv, out));
    }

    private @Nullable TraceValue readOr(@Nullable Strided s) {
        return s == null ? null : read(s);
    }

    @Override
    public void convolutionInputBackward(
            Strided g, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        record(
                present(g, weight, bias),
                out,
                () -> behind.convolutionInputBackward(g, weight, bias, conv, out),
                () -> nodes.transposedConvolution(read(g), read(weight), readOr(bias), conv, out));
    }

    @Override
    public void windowSum(Strided in, Windows[] windows, double divisor, Strided out) {
        record(
                List.of(in),
                out,
                () -> behind.windowSum(in, windows, divisor, out),
                () -> WindowNodes.sum(graph, read(in), windows, divisor, out));
    }

    @Override
    public void windowMax(Strided in, Windows[] windows, Strided out, @Nullable Strided indices) {
        record(
                List.of(in),
                present(out, indices),
                () -> behind.windowMax(in, windows, out, indices),
                () -> WindowNodes.max(graph, read(in), windows, out, indices));
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
        record(
                present(q, k, v, mask),
                List.of(out, logs),
                () -> behind.attention(q, k, v, mask, causal, scale, out, logs),
                () -> nodes.attention(read(q), read(k), read(v), broadcastOr(mask), causal, scale, out, logs));
    }

    /** Returns the value of a tensor's memory, as the module's output. */
    TraceValue output(Strided s) {
        return untraced(() -> read(s));
    }

    /** Runs a function while this stands in front of the device's backend. */
    <T> T run(Function<Tracer, T> work) {
        try {
            return dev.cotangent.backend.Interception.during(this::front, () -> work.apply(this));
        } catch (OnnxException e) {
            throw e;
        } catch (CotangentException e) {
            throw new OnnxException("the module cannot be run with these inputs: " + e.getMessage(), e);
        }
    }

    static boolean isBroadcast(Layout layout, int except) {
        for (int d = 0; d < layout.rank(); d++) {
            if (d != except && layout.size(d) != 1 && layout.stride(d) != 0) return false;
        }
        return true;
    }
}

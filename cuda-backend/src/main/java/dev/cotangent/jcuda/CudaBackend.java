package dev.cotangent.jcuda;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.backend.Accelerator;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.MemoryReport;
import dev.cotangent.backend.MemoryStats;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Logs;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.kernels.CollapsedDimensions;
import dev.cotangent.kernels.KernelSources;
import dev.cotangent.kernels.Nvrtc;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Backend of one GPU. Work is submitted to the calling thread's current stream; only reads and {@link #synchronize}
 * block. An index out of range is reported by the kernel and raised at the next synchronization.
 */
public final class CudaBackend implements Accelerator {
    private static final Logger LOG = Logs.of(CudaBackend.class);
    private static final long[] NONE = {};
    private static final Map<List<Dtype>, Program> CASTS = new ConcurrentHashMap<>();
    private static final Map<Dtype, Program> FILLS = new ConcurrentHashMap<>();

    private final Device name;
    private final CudaDevice device;
    private final KernelCache kernels;
    private final RowKernels rows;
    private final IndexKernels indexing;
    private final @Nullable CublasGemm gemm;

    CudaBackend(CudaDevice device, Nvrtc nvrtc) {
        this.name = Device.cuda(device.index());
        this.device = device;
        this.kernels = new KernelCache(device, nvrtc);
        this.rows = new RowKernels(device, kernels);
        this.indexing = new IndexKernels(this, device, kernels, rows);
        this.gemm = gemm(device);
    }

    /** Returns cuBLAS, or null without it: a cuBLAS that cannot be used must not keep the device from opening. */
    private static @Nullable CublasGemm gemm(CudaDevice device) {
        if (!Jcuda.boot()) return null;
        try {
            return new CublasGemm(device);
        } catch (CotangentException e) {
            LOG.warn("cuBLAS cannot be used, matrix products run on kernels of our own: {}", e.getMessage());
            return null;
        }
    }

    /** Returns the address of the first element, for work on a stream. */
    static long address(DeviceStream stream, Strided s) {
        return memory(s.storage()).address(stream)
                + s.layout().offset() * s.dtype().bytes();
    }

    private static DeviceMemory memory(Storage storage) {
        return (DeviceMemory) storage.memory();
    }

    static long[] addresses(DeviceStream stream, Strided... operands) {
        long[] all = new long[operands.length];
        for (int i = 0; i < all.length; i++) all[i] = address(stream, operands[i]);
        return all;
    }

    /** Returns whether indices need 64 bits. */
    static boolean wide(long elements, CollapsedDimensions... dims) {
        if (elements > Integer.MAX_VALUE) return true;
        for (CollapsedDimensions w : dims) if (w.reach() > Integer.MAX_VALUE) return true;
        return false;
    }

    @Override
    public Device device() {
        return name;
    }

    @Override
    public Storage allocate(Dtype dtype, long size) {
        Storage storage = allocateUnset(dtype, size);
        DeviceStream stream = device.currentStream();
        stream.zero(memory(storage).address(stream), size * dtype.bytes());
        return storage;
    }

    @Override
    public Storage allocateUnset(Dtype dtype, long size) {
        if (size > Long.MAX_VALUE / 16) throw new CotangentException("no device has memory for " + size + " elements");
        long bytes = size * dtype.bytes();
        DeviceMemory memory =
                device.allocator().allocate(bytes, device.currentStream().freeList());
        return new Storage(this, dtype, size, memory);
    }

    @Override
    public void free(Object memory) {
        device.allocator().free((DeviceMemory) memory);
    }

    @Override
    public void write(Storage to, long start, MemorySegment from) {
        DeviceStream stream = device.currentStream();
        stream.requireNotCapturing(
                "a copy from the host's memory", "make the tensor before the capture, and fill it there");
        device.staging(from.byteSize())
                .write(stream, memory(to).address(stream) + start * to.dtype().bytes(), from);
        Reference.reachabilityFence(to);
    }

    @Override
    public void read(Storage from, long start, MemorySegment to) {
        DeviceStream stream = device.currentStream();
        stream.requireNotCapturing(
                "the reading of a value (item, toString, cpu, a condition)", "read it after a replay");
        device.staging(to.byteSize())
                .read(
                        stream,
                        memory(from).address(stream) + start * from.dtype().bytes(),
                        to);
        stream.raiseFailure();
        Reference.reachabilityFence(from);
    }

    @Override
    public boolean receive(Strided from, Strided to) {
        if (!(from.backend() instanceof CudaBackend sender)) return false;
        DeviceStream theirs = sender.device.currentStream();
        DeviceStream ours = device.currentStream();
        theirs.copy(
                address(theirs, from),
                ours,
                address(ours, to),
                to.numel() * to.dtype().bytes());
        Reference.reachabilityFence(from);
        Reference.reachabilityFence(to);
        return true;
    }

    @Override
    public void copy(Strided from, Strided to) {
        if (to.numel() == 0) return;
        if (from.dtype() == to.dtype()
                && from.layout().isContiguous()
                && to.layout().isContiguous()) {
            DeviceStream stream = device.currentStream();
            stream.copy(
                    address(stream, from),
                    address(stream, to),
                    to.numel() * to.dtype().bytes());
            Reference.reachabilityFence(from);
            Reference.reachabilityFence(to);
            return;
        }
        Program cast = CASTS.computeIfAbsent(
                List.of(from.dtype(), to.dtype()),
                types -> new Program(
                        List.of(types.get(0)),
                        List.of(),
                        List.of(new Exprs().input(0, types.get(0)).cast(types.get(1)))));
        pointwise(cast, new Strided[] {to}, new Strided[] {from}, NONE);
    }

    @Override
    public void fill(Strided to, long bits) {
        if (bits == 0 && to.layout().isContiguous()) {
            DeviceStream stream = device.currentStream();
            stream.zero(address(stream, to), to.numel() * to.dtype().bytes());
            Reference.reachabilityFence(to);
            return;
        }
        Program fill = FILLS.computeIfAbsent(
                to.dtype(), d -> new Program(List.of(), List.of(d), List.of(new Exprs().scalar(0, d))));
        pointwise(fill, new Strided[] {to}, new Strided[0], new long[] {bits});
    }

    @Override
    public void pointwise(Program program, Strided[] outs, Strided[] ins, long[] scalars) {
        long n = outs[0].numel();
        if (n == 0) return;
        DeviceStream stream = device.currentStream();
        int count = outs.length + ins.length;
        long[] addresses = new long[count];
        boolean contiguous = true;
        boolean aligned = true;
        int width = KernelSources.vectorWidth(program);
        for (int k = 0; k < count; k++) {
            Strided s = k < outs.length ? outs[k] : ins[k - outs.length];
            addresses[k] = address(stream, s);
            contiguous &= s.layout().isContiguous();
            aligned &= (addresses[k] & (Math.min(16L, (long) width * s.dtype().bytes()) - 1)) == 0;
        }
        CollapsedDimensions dims = contiguous ? null : collapse(outs, ins);
        boolean wide = n > Integer.MAX_VALUE || dims != null && wide(n, dims);
        KernelCache.Elementwise kernel = kernels.pointwise(program, wide);
        LaunchArguments a = LaunchArguments.start(wide).index(n);
        if (dims == null || dims.isContiguous()) {
            long vectors = aligned ? n / width : 0;
            a.index(vectors).longs(addresses).longs(scalars);
            device.launch(stream, kernel.contiguous(), vectors > 0 ? vectors : n, a);
        } else {
            a.dims(dims, count).longs(addresses).longs(scalars);
            device.launch(stream, kernel.strided(), n, a);
        }
        Reference.reachabilityFence(outs);
        Reference.reachabilityFence(ins);
    }

    private static CollapsedDimensions collapse(Strided[] outs, Strided[] ins) {
        long[][] strides = new long[outs.length + ins.length][];
        for (int k = 0; k < strides.length; k++) {
            Strided s = k < outs.length ? outs[k] : ins[k - outs.length];
            strides[k] = s.layout().strides();
        }
        return CollapsedDimensions.anyOrder(outs[0].layout().sizes(), strides);
    }

    @Override
    public void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (out.numel() == 0) return;
        rows.reduce(kind, program, out, ins, scalars);
        Reference.reachabilityFence(out);
        Reference.reachabilityFence(ins);
    }

    @Override
    public void scan(Scan kind, Strided in, Strided out, int dim) {
        if (out.numel() == 0) return;
        rows.scan(kind, in, out, dim);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(out);
    }

    @Override
    public void softmax(Strided in, Strided out, int dim, boolean log) {
        if (out.numel() == 0) return;
        rows.softmax(in, out, dim, log);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(out);
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
        if (mean.numel() == 0) return;
        rows.normalize(in, weight, bias, eps, out, mean, rstd);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(weight);
        Reference.reachabilityFence(bias);
        Reference.reachabilityFence(out);
        Reference.reachabilityFence(mean);
        Reference.reachabilityFence(rstd);
    }

    @Override
    public void softmaxBackward(Strided g, Strided result, Strided out, int dim, boolean log) {
        if (out.numel() == 0) return;
        rows.softmaxBackward(g, result, out, dim, log);
        Reference.reachabilityFence(g);
        Reference.reachabilityFence(result);
        Reference.reachabilityFence(out);
    }

    @Override
    public void normalizeBackward(
            Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        if (out.numel() == 0) return;
        rows.normalizeBackward(g, in, mean, rstd, weight, out);
        Reference.reachabilityFence(g);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(mean);
        Reference.reachabilityFence(rstd);
        Reference.reachabilityFence(weight);
        Reference.reachabilityFence(out);
    }

    @Override
    public void sort(Strided in, int dim, boolean descending, Strided values, Strided indices) {
        if (in.numel() == 0) return;
        rows.sort(in, dim, descending, values, indices);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(values);
        Reference.reachabilityFence(indices);
    }

    @Override
    public void matmul(Strided a, Strided b, Strided summand, Strided c, double alpha, double beta) {
        if (c.numel() == 0) return;
        if (beta != 0 && summand != c) copy(summand, c);
        if (gemm != null && CublasGemm.supports(a, c)) {
            Strided x = CublasGemm.readable(a.layout()) ? a : packed(a, true);
            Strided y = CublasGemm.readable(b.layout()) ? b : packed(b, true);
            Strided z = CublasGemm.writable(c.layout()) ? c : packed(c, beta != 0);
            gemm.multiply(device.currentStream(), x, y, z, alpha, beta);
            if (z != c) copy(z, c);
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(y);
            Reference.reachabilityFence(z);
        } else {
            tiled(a, b, c, alpha, beta);
        }
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
        Reference.reachabilityFence(c);
    }

    private Strided packed(Strided s, boolean copied) {
        Layout layout = Layout.contiguous(s.layout().sizes());
        Strided packed = new Strided(
                new Storage(
                        this,
                        s.dtype(),
                        s.numel(),
                        device.allocator()
                                .allocate(
                                        s.numel() * s.dtype().bytes(),
                                        device.currentStream().freeList())),
                layout);
        if (copied) copy(s, packed);
        return packed;
    }

    private void tiled(Strided a, Strided b, Strided c, double alpha, double beta) {
        DeviceStream stream = device.currentStream();
        Layout out = c.layout();
        long inner = a.layout().size(2);
        long maxSpan = Math.max(Math.max(a.layout().storageSpan(), b.layout().storageSpan()), out.storageSpan());
        boolean wide = maxSpan > Integer.MAX_VALUE;
        long tiles = (out.size(1) + 15) / 16 * ((out.size(2) + 15) / 16);
        if (tiles > Integer.MAX_VALUE) throw new CotangentException("a product of " + out + " is too large");
        LaunchArguments arguments = LaunchArguments.start(wide)
                .index(out.size(0))
                .index(out.size(1))
                .index(inner)
                .index(out.size(2))
                .indices(out.strides())
                .indices(a.layout().strides())
                .indices(b.layout().strides())
                .longs(addresses(stream, c, a, b))
                .number(alpha)
                .number(beta);
        var module = kernels.of(List.of("matmul", c.dtype(), wide), () -> KernelSources.matmul(c.dtype(), wide));
        device.launch(
                stream, module.kernel("matmul"), (int) tiles, (int) Math.min(out.size(0), 65535), 16, 16, arguments);
    }

    @Override
    public void gather(Strided in, int dim, Strided index, Strided out) {
        if (out.numel() == 0) return;
        indexing.gather(in, dim, index, out);
        Reference.reachabilityFence(in);
        Reference.reachabilityFence(index);
        Reference.reachabilityFence(out);
    }

    @Override
    public void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        if (from.numel() == 0) return;
        indexing.scatter(kind, to, dim, index, from);
        Reference.reachabilityFence(to);
        Reference.reachabilityFence(index);
        Reference.reachabilityFence(from);
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
        Strided[] operands = {losses, weights, target, logs};
        indexing.nll("nll", operands, logs, dim, weight, ignored);
        Reference.reachabilityFence(operands);
        Reference.reachabilityFence(weight);
    }

    @Override
    public void nllBackward(Strided g, int dim, Strided target, @Nullable Strided weight, long ignored, Strided out) {
        fill(out, 0);
        Strided[] operands = {out, out, target, g};
        indexing.nll("nll_backward", operands, out, dim, weight, ignored);
        Reference.reachabilityFence(operands);
        Reference.reachabilityFence(weight);
    }

    @Override
    public void random(Distribution kind, Strided out, long seed, long position) {
        long n = out.numel();
        if (n == 0) return;
        DeviceStream stream = device.currentStream();
        CollapsedDimensions dims =
                CollapsedDimensions.of(out.layout().sizes(), out.layout().strides());
        boolean wide = wide(n, dims);
        GraphCapture capture = stream.capture();
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .dims(dims, 1)
                .longs(address(stream, out))
                .number(seed)
                .number(capture == null ? position : position - capture.startPosition())
                .number(capture == null ? 0L : capture.randomState(seed, position));
        var module = kernels.of(
                List.of("random", kind, out.dtype(), wide), () -> KernelSources.random(kind, out.dtype(), wide));
        device.launch(stream, module.kernel("draw"), n, a);
        Reference.reachabilityFence(out);
    }

    @Override
    public void synchronize() {
        device.synchronize();
    }

    @Override
    public MemoryStats memoryStats() {
        CachingAllocator a = device.allocator();
        return new MemoryStats(a.live(), a.cached(), a.total());
    }

    // Streams

    @Override
    public @Nullable Object streamKey() {
        DeviceStream stream = device.currentStream();
        return stream.capture() == null ? stream : null;
    }

    @Override
    public void runOnStream(Object key, Supplier<Storage[]> work) {
        DeviceStream target = ((DeviceStream) key).streamForDeferred();
        DeviceStream current = device.currentStream();
        if (target == current) {
            work.get();
            return;
        }
        device.setCurrentStream(target);
        Storage[] results;
        try {
            results = work.get();
        } finally {
            device.setCurrentStream(current);
        }
        // Streams that waited for the target before the deferred work was submitted must wait for it now.
        DeviceEvent done = new DeviceEvent(device, false, false);
        done.record(target);
        for (Storage s : results) memory(s).setReady(done);
        current.waitForDeferred(done);
    }

    @Override
    public Stream defaultStream() {
        return device.defaultStream();
    }

    @Override
    public Stream currentStream() {
        return device.currentStream();
    }

    @Override
    public void setCurrentStream(Stream stream) {
        DeviceStream current = device.currentStream();
        DeviceStream next = (DeviceStream) stream;
        if (next.capture() != current.capture()) {
            current.requireNotCapturing(
                    "work of a stream that has no part in it", "let that stream wait for the current one first");
        }
        device.setCurrentStream(next);
    }

    @Override
    public Stream newStream(int priority) {
        DeviceStream stream = device.nextStream(priority);
        prepare(stream);
        return stream;
    }

    @Override
    public Event newEvent(boolean timing) {
        return new DeviceEvent(device, timing, false);
    }

    @Override
    public Capture capture(long seed, long position, Runnable work) {
        return GraphCapture.of(device, this::prepare, seed, position, work);
    }

    /** Creates what cannot be created during a capture. */
    private void prepare(DeviceStream stream) {
        if (gemm != null) gemm.prepare(stream);
    }

    @Override
    public MemoryReport memoryReport() {
        return device.allocator().report();
    }

    @Override
    public void limitMemory(long bytes) {
        device.allocator().setLimit(bytes);
    }

    @Override
    public void resetPeaks() {
        device.allocator().resetPeaks();
    }

    @Override
    public void emptyCache() {
        device.allocator().empty();
    }

    CachingAllocator allocator() {
        return device.allocator();
    }
}

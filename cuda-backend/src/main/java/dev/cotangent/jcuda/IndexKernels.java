package dev.cotangent.jcuda;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Scatter;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.kernels.CollapsedDimensions;
import dev.cotangent.kernels.KernelSources;
import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Indexed kernels: gather, scatter and negative log likelihood. */
final class IndexKernels {
    /** Minimal size of the indexed dimension for a scatter by a sorted index. */
    private static final long SORT_MIN_SIZE = 128;

    /** Number of lines from which a thread per line is enough. */
    private static final long SORT_MAX_LINES = 1 << 14;

    private final CudaBackend backend;
    private final CudaDevice device;
    private final KernelCache kernels;
    private final RowKernels rows;

    IndexKernels(CudaBackend backend, CudaDevice device, KernelCache kernels, RowKernels rows) {
        this.backend = backend;
        this.device = device;
        this.kernels = kernels;
        this.rows = rows;
    }

    void gather(Strided in, int dim, Strided index, Strided out) {
        long n = out.numel();
        DeviceStream stream = device.currentStream();
        long[] strides = in.layout().strides().clone();
        long along = strides[dim];
        strides[dim] = 0;
        CollapsedDimensions dims = CollapsedDimensions.of(
                out.layout().sizes(),
                out.layout().strides(),
                strides,
                index.layout().strides());
        boolean wide = CudaBackend.wide(n, dims) || in.layout().storageSpan() > Integer.MAX_VALUE;
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .dims(dims, 3)
                .longs(CudaBackend.addresses(stream, out, in, index))
                .number(in.layout().size(dim))
                .index(along)
                .number(dim)
                .number(stream.failure());
        var module = kernels.of(List.of("gather", out.dtype(), wide), () -> KernelSources.gather(out.dtype(), wide));
        device.launch(stream, module.kernel("gather"), n, a);
    }

    void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        DeviceStream stream = device.currentStream();
        long n = from.numel();
        long[] sizes = from.layout().sizes();
        long[] targetStrides = to.layout().strides().clone();
        targetStrides[dim] = 0;
        CollapsedDimensions all = CollapsedDimensions.of(
                sizes, targetStrides, index.layout().strides(), from.layout().strides());
        boolean wide = CudaBackend.wide(n, all) || to.layout().storageSpan() > Integer.MAX_VALUE;
        var module = kernels.of(
                List.of("scatter", kind, to.dtype(), wide), () -> KernelSources.scatter(kind, to.dtype(), wide));
        try (CachingAllocator.Scratch invalid = device.allocator().scratch(4, stream.freeList())) {
            stream.zero(invalid.address(), 4);
            scatter(module, to, dim, index, from, all, targetStrides, wide, invalid.address());
        }
    }

    private void scatter(
            KernelCache.Module module,
            Strided to,
            int dim,
            Strided index,
            Strided from,
            CollapsedDimensions all,
            long[] targetStrides,
            boolean wide,
            long invalid) {
        DeviceStream stream = device.currentStream();
        long n = from.numel();
        long[] sizes = from.layout().sizes();
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .dims(all, 3)
                .longs(CudaBackend.addresses(stream, to, index, from))
                .number(to.layout().size(dim))
                .number(dim)
                .number(stream.failure())
                .number(invalid);
        device.launch(stream, module.kernel("check"), n, a);
        long[] lineSizes = sizes.clone();
        lineSizes[dim] = 1;
        Strided shared = sharedLine(index, dim);
        if (sizes[dim] >= SORT_MIN_SIZE && (shared != null || n / sizes[dim] < SORT_MAX_LINES)) {
            scatterSorted(module, to, dim, index, shared, from, lineSizes, targetStrides, wide, invalid);
            return;
        }
        CollapsedDimensions lines = CollapsedDimensions.of(
                lineSizes,
                targetStrides,
                index.layout().strides(),
                from.layout().strides());
        a = LaunchArguments.start(wide)
                .index(lines.numel())
                .index(sizes[dim])
                .index(to.layout().stride(dim))
                .index(index.layout().stride(dim))
                .index(from.layout().stride(dim))
                .dims(lines, 3)
                .longs(CudaBackend.addresses(stream, to, index, from))
                .number(invalid);
        device.launch(stream, module.kernel("scatter"), lines.numel(), a);
    }

    /** Returns one line of an index that is the same for all lines, else null. */
    private static @Nullable Strided sharedLine(Strided index, int dim) {
        Layout all = index.layout();
        for (int d = 0; d < all.rank(); d++) if (d != dim && all.size(d) > 1 && all.stride(d) != 0) return null;
        return index.with(Layout.of(new long[] {all.size(dim)}, new long[] {all.stride(dim)}, all.offset()));
    }

    /** Scatters by a stably sorted index: one thread combines all elements of a target, in their order. */
    private void scatterSorted(
            KernelCache.Module module,
            Strided to,
            int dim,
            Strided index,
            @Nullable Strided shared,
            Strided from,
            long[] lineSizes,
            long[] targetStrides,
            boolean wide,
            long invalid) {
        DeviceStream stream = device.currentStream();
        Strided unsorted = shared == null ? index : shared;
        Layout layout = Layout.contiguous(unsorted.layout().sizes());
        Strided order = new Strided(backend.allocateUnset(Dtype.INT64, layout.numel()), layout);
        Strided targets = new Strided(backend.allocateUnset(Dtype.INT64, layout.numel()), layout);
        rows.sort(unsorted, shared == null ? dim : 0, false, targets, order);
        long[] strides = shared == null ? layout.strides() : new long[lineSizes.length];
        CollapsedDimensions lines = CollapsedDimensions.of(
                lineSizes, targetStrides, strides, from.layout().strides());
        long n = from.numel();
        LaunchArguments a = LaunchArguments.start(wide)
                .index(lines.numel())
                .index(n / lines.numel())
                .index(to.layout().stride(dim))
                .index(shared == null ? layout.stride(dim) : 1)
                .index(from.layout().stride(dim))
                .dims(lines, 3)
                .longs(CudaBackend.addresses(stream, to, targets, from, order))
                .number(invalid);
        device.launch(stream, module.kernel("segments"), n, a);
        Reference.reachabilityFence(order);
        Reference.reachabilityFence(targets);
        for (Storage s : new Storage[] {order.storage(), targets.storage()}) backend.free(s.memory());
    }

    /** Launches over losses, weights, targets and log-probabilities, or backward over the result twice, targets and gradients. */
    void nll(String kernel, Strided[] operands, Strided classes, int dim, @Nullable Strided weight, long ignored) {
        Layout shape = operands[2].layout();
        long n = shape.numel();
        if (n == 0) return;
        DeviceStream stream = device.currentStream();
        long[][] strides = new long[4][];
        long[] addresses = new long[5];
        long maxSpan = n;
        for (int k = 0; k < 4; k++) {
            strides[k] = operands[k].layout().strides();
            addresses[k] = CudaBackend.address(stream, operands[k]);
            maxSpan = Math.max(maxSpan, operands[k].layout().storageSpan());
        }
        boolean wide = maxSpan > Integer.MAX_VALUE;
        addresses[4] = weight == null ? 0 : CudaBackend.address(stream, weight);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .dims(CollapsedDimensions.of(shape.sizes(), strides), 4)
                .longs(addresses)
                .number(classes.layout().size(dim))
                .index(classes.layout().stride(dim))
                .index(weight == null ? 0 : weight.layout().stride(0))
                .number(ignored)
                .number(dim)
                .number(stream.failure());
        Dtype dtype = classes.dtype();
        var module = kernels.of(List.of("nll", dtype, wide), () -> KernelSources.nll(dtype, wide));
        device.launch(stream, module.kernel(kernel), n, a);
    }
}

package dev.cotangent.jcuda;

import dev.cotangent.Dtype;
import dev.cotangent.UnsupportedException;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Program;
import dev.cotangent.kernels.CollapsedDimensions;
import dev.cotangent.kernels.KernelSources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kernels over lines: reductions, scans, softmax, normalization and sorting. Their partitioning depends on sizes alone. */
final class RowKernels {
    private static final int THREADS = 256;
    private static final int RUN = 1024;
    /** Number of elements per result above which several blocks share them. */
    private static final long SPLIT_MIN_COUNT = 16_384;

    private static final long PART = 8192;
    private static final int PARTS = 64;
    private static final long SPLIT_MAX_RESULTS = 2048;
    private static final long FULL_BLOCK_MAX_RESULTS = 32;
    private static final int SECTOR = 8;

    private final CudaDevice device;
    private final KernelCache kernels;

    RowKernels(CudaDevice device, KernelCache kernels) {
        this.device = device;
        this.kernels = kernels;
    }

    /** Returns the smallest power of two not below {@code n}, at most the limit. */
    private static int powerOfTwo(long n, int limit) {
        return n <= 1 ? 1 : (int) Math.min(limit, Long.highestOneBit(n - 1) << 1);
    }

    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        DeviceStream stream = device.currentStream();
        Layout shape = ins[0].layout();
        int rank = shape.rank();
        long[] outSizes = out.layout().sizes();
        long[] reducedSizes = new long[rank];
        for (int d = 0; d < rank; d++) reducedSizes[d] = outSizes[d] == shape.size(d) ? 1 : shape.size(d);
        long[][] outStrides = new long[ins.length + 1][];
        long[][] reducedStrides = new long[ins.length + 1][];
        Strided[] all = new Strided[ins.length + 1];
        outStrides[0] = out.layout().strides();
        reducedStrides[0] = new long[rank];
        all[0] = out;
        for (int k = 1; k <= ins.length; k++) {
            all[k] = ins[k - 1];
            outStrides[k] = reducedStrides[k] = ins[k - 1].layout().strides();
        }
        CollapsedDimensions outer = CollapsedDimensions.of(outSizes, outStrides);
        CollapsedDimensions reduced = CollapsedDimensions.of(reducedSizes, reducedStrides);
        long results = outer.numel();
        long count = reduced.numel();
        long parts =
                count > SPLIT_MIN_COUNT && results < SPLIT_MAX_RESULTS ? Math.min(PARTS, (count + PART - 1) / PART) : 1;
        long part = (count + parts - 1) / parts;
        if (part > 0) parts = Math.max(1, (count + part - 1) / part);
        boolean columns = results > 1 && reduced.innermost(1) > outer.innermost(1);
        // Depends on sizes alone, so that the sum is the same for every layout; 8 lanes read a whole sector.
        int lanes = powerOfTwo(part / 4, results < FULL_BLOCK_MAX_RESULTS ? THREADS : SECTOR);
        int groups = powerOfTwo(results, THREADS / lanes);
        boolean wide =
                CudaBackend.wide(Math.max(count, results * parts), outer, reduced) || maxSpan(ins) > Integer.MAX_VALUE;
        Dtype result = out.dtype();
        var module = kernels.of(
                program, List.of(kind, result, wide), () -> KernelSources.reduce(kind, program, result, wide));
        long[] addresses = CudaBackend.addresses(stream, all);
        CachingAllocator.Scratch scratch = parts > 1
                ? device.allocator().scratch(parts * results * KernelSources.accumulatorBytes(), stream.freeList())
                : null;
        try {
            long partial = scratch == null ? 0 : scratch.address();
            LaunchArguments a = LaunchArguments.start(wide)
                    .index(results)
                    .index(count)
                    .index(part)
                    .number(lanes)
                    .number(columns ? 1 : 0)
                    .dims(outer, all.length)
                    .dims(reduced, all.length)
                    .longs(addresses)
                    .longs(scalars)
                    .number(partial);
            int blocks = blocks((results + groups - 1) / groups);
            device.launch(stream, module.kernel("reduce"), blocks, (int) parts, lanes * groups, 1, a);
            if (scratch == null) return;
            a = LaunchArguments.start(wide)
                    .index(results)
                    .number((int) parts)
                    .dims(outer, all.length)
                    .longs(addresses)
                    .number(partial);
            device.launch(stream, module.kernel("finish"), results, a);
        } finally {
            if (scratch != null) scratch.close();
        }
    }

    private static long maxSpan(Strided[] ins) {
        long maxSpan = 0;
        for (Strided in : ins)
            maxSpan = Math.max(maxSpan, in.layout().storageSpan() - in.layout().offset());
        return maxSpan;
    }

    private static int blocks(long blocks) {
        if (blocks <= Integer.MAX_VALUE) return (int) blocks;
        throw new UnsupportedException("a kernel of " + blocks + " blocks is more than CUDA allows");
    }

    /** Returns an operand with at least one dimension. */
    private static Strided atLeast1d(Strided s) {
        return s.layout().rank() == 0 ? s.with(s.layout().unsqueeze(0)) : s;
    }

    private static CollapsedDimensions lines(int dim, Strided... operands) {
        long[] sizes = operands[0].layout().sizes().clone();
        sizes[dim] = 1;
        long[][] strides = new long[operands.length][];
        for (int k = 0; k < strides.length; k++)
            strides[k] = operands[k].layout().strides();
        return CollapsedDimensions.of(sizes, strides);
    }

    private static boolean wide(long n, Strided... operands) {
        return n > Integer.MAX_VALUE || maxSpan(operands) > Integer.MAX_VALUE;
    }

    void scan(Scan kind, Strided from, Strided to, int dim) {
        DeviceStream stream = device.currentStream();
        Strided in = atLeast1d(from);
        Strided out = atLeast1d(to);
        long length = out.layout().size(dim);
        CollapsedDimensions dims = lines(dim, out, in);
        boolean wide = wide(out.numel(), out, in);
        var module =
                kernels.of(List.of("scan", kind, out.dtype(), wide), () -> KernelSources.scan(kind, out.dtype(), wide));
        LaunchArguments a = LaunchArguments.start(wide)
                .index(dims.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(in.layout().stride(dim))
                .dims(dims, 2)
                .longs(CudaBackend.addresses(stream, out, in));
        if (length <= 32 || dims.numel() >= 1 << 14) {
            device.launch(stream, module.kernel("lines"), dims.numel(), a);
        } else {
            int blocks = (int) Math.min(dims.numel(), 1 << 16);
            device.launch(stream, module.kernel("blocks"), blocks, 1, powerOfTwo(length, THREADS), 1, a);
        }
    }

    void softmax(Strided from, Strided to, int dim, boolean log) {
        DeviceStream stream = device.currentStream();
        Strided in = atLeast1d(from);
        Strided out = atLeast1d(to);
        long length = out.layout().size(dim);
        CollapsedDimensions dims = lines(dim, out, in);
        boolean wide = wide(out.numel(), out, in);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(dims.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(in.layout().stride(dim))
                .dims(dims, 2)
                .longs(CudaBackend.addresses(stream, out, in));
        int blocks = (int) Math.min(dims.numel(), 1 << 16);
        var module = softmax(out.dtype(), log, wide);
        device.launch(stream, module.kernel("softmax"), blocks, 1, Math.max(32, powerOfTwo(length, THREADS)), 1, a);
    }

    private KernelCache.Module softmax(Dtype dtype, boolean log, boolean wide) {
        return kernels.of(List.of("softmax", dtype, log, wide), () -> KernelSources.softmax(dtype, log, wide));
    }

    void softmaxBackward(Strided gradient, Strided result, Strided to, int dim, boolean log) {
        DeviceStream stream = device.currentStream();
        Strided g = atLeast1d(gradient);
        Strided y = atLeast1d(result);
        Strided out = atLeast1d(to);
        long length = out.layout().size(dim);
        CollapsedDimensions dims = lines(dim, out, g, y);
        boolean wide = wide(out.numel(), out, g, y);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(dims.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(g.layout().stride(dim))
                .index(y.layout().stride(dim))
                .dims(dims, 3)
                .longs(CudaBackend.addresses(stream, out, g, y));
        int blocks = (int) Math.min(dims.numel(), 1 << 16);
        var module = softmax(out.dtype(), log, wide);
        device.launch(
                stream, module.kernel("softmax_backward"), blocks, 1, Math.max(32, powerOfTwo(length, THREADS)), 1, a);
    }

    void normalize(
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        Grouped grouped = Grouped.of(mean, out, in, weight, bias);
        DeviceStream stream = device.currentStream();
        LaunchArguments a = grouped.arguments(stream, mean, rstd).number(eps);
        Dtype dtype = in.dtype();
        Dtype scale = weight == null ? dtype : weight.dtype();
        Dtype shift = bias == null ? dtype : bias.dtype();
        launch(stream, "normalize", grouped, List.of(dtype, scale, shift), a);
    }

    void normalizeBackward(Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        Grouped grouped = Grouped.of(mean, out, in, g, weight);
        DeviceStream stream = device.currentStream();
        LaunchArguments a = grouped.arguments(stream, mean, rstd);
        Dtype scale = weight == null ? in.dtype() : weight.dtype();
        // Shares the module of a forward pass whose weight and bias have the same type.
        launch(stream, "normalize_backward", grouped, List.of(in.dtype(), scale, scale), a);
    }

    private void launch(DeviceStream stream, String kernel, Grouped grouped, List<Dtype> types, LaunchArguments a) {
        boolean wide = grouped.wide;
        var module = kernels.of(
                List.of("normalize", types, wide),
                () -> KernelSources.normalize(types.get(0), types.get(1), types.get(2), wide));
        int blocks = (int) Math.min(grouped.groups.numel(), 1 << 16);
        int threads = Math.max(32, powerOfTwo(grouped.within.numel(), THREADS));
        device.launch(stream, module.kernel(kernel), blocks, 1, threads, 1, a);
    }

    /** Operands of one shape (absent ones null), in groups that are reduced to one element each. */
    private record Grouped(
            @Nullable Strided[] operands, CollapsedDimensions groups, CollapsedDimensions within, boolean wide) {
        /** Creates groups over the dimensions in which {@code reduced} has size 1; the first two operands are not null. */
        static Grouped of(Strided reduced, @Nullable Strided... operands) {
            long[] outer = reduced.layout().sizes();
            long[] inner = new long[outer.length];
            long[][] strides = new long[operands.length][outer.length];
            long n = 0;
            long maxSpan = 0;
            for (int k = 0; k < operands.length; k++) {
                Strided s = operands[k];
                if (s == null) continue;
                strides[k] = s.layout().strides();
                long[] sizes = s.layout().sizes();
                for (int d = 0; d < inner.length; d++) inner[d] = outer[d] == sizes[d] ? 1 : sizes[d];
                n = s.numel();
                maxSpan = Math.max(maxSpan, maxSpan(new Strided[] {s}));
            }
            CollapsedDimensions groups = CollapsedDimensions.of(outer, strides);
            CollapsedDimensions within = CollapsedDimensions.of(inner, strides);
            boolean wide = CudaBackend.wide(n, groups, within) || maxSpan > Integer.MAX_VALUE;
            return new Grouped(operands, groups, within, wide);
        }

        LaunchArguments arguments(DeviceStream stream, Strided mean, Strided rstd) {
            long[] addresses = new long[operands.length];
            for (int k = 0; k < addresses.length; k++) {
                Strided s = operands[k];
                addresses[k] = s == null ? 0 : CudaBackend.address(stream, s);
            }
            return LaunchArguments.start(wide)
                    .index(groups.numel())
                    .index(within.numel())
                    .dims(groups, operands.length)
                    .dims(within, operands.length)
                    .longs(addresses)
                    .number(CudaBackend.address(stream, mean))
                    .number(CudaBackend.address(stream, rstd));
        }
    }

    void sort(Strided from, int dim, boolean descending, Strided toValues, Strided toIndices) {
        DeviceStream stream = device.currentStream();
        Strided in = atLeast1d(from);
        Strided values = atLeast1d(toValues);
        Strided indices = atLeast1d(toIndices);
        long length = in.layout().size(dim);
        if (length > Integer.MAX_VALUE) {
            throw new UnsupportedException("sort of " + length + " elements along one dimension; at most 2^31 - 1");
        }
        CollapsedDimensions dims = lines(dim, values, indices, in);
        long n = in.numel();
        boolean wide = wide(n, values, indices, in);
        var module = kernels.of(List.of("sort", in.dtype(), wide), () -> KernelSources.sort(in.dtype(), wide));
        long[] addresses = CudaBackend.addresses(stream, values, indices, in);
        long bytes = n * KernelSources.sortEntryBytes();
        boolean merging = length > RUN;
        try (CachingAllocator.Scratch first = device.allocator().scratch(bytes, stream.freeList());
                CachingAllocator.Scratch second = device.allocator().scratch(merging ? bytes : 1, stream.freeList())) {
            long source = first.address();
            long target = second.address();
            LaunchArguments a = LaunchArguments.start(wide)
                    .index(dims.numel())
                    .number((int) length)
                    .index(in.layout().stride(dim))
                    .number(descending ? -1L : 0L)
                    .dims(dims, 3)
                    .longs(addresses)
                    .number(source);
            int blocks = blocks((length + RUN - 1) / RUN * dims.numel());
            device.launch(stream, module.kernel("runs"), blocks, 1, Math.max(32, powerOfTwo(length, THREADS)), 1, a);
            for (long width = RUN; width < length; width *= 2) {
                a = LaunchArguments.start(wide)
                        .index(n)
                        .number((int) length)
                        .number((int) width)
                        .number(source)
                        .number(target);
                device.launch(stream, module.kernel("merge"), n, a);
                long swap = source;
                source = target;
                target = swap;
            }
            a = LaunchArguments.start(wide)
                    .index(n)
                    .number((int) length)
                    .index(values.layout().stride(dim))
                    .index(indices.layout().stride(dim))
                    .index(in.layout().stride(dim))
                    .dims(dims, 3)
                    .longs(addresses)
                    .number(source);
            device.launch(stream, module.kernel("finish"), n, a);
        }
    }
}

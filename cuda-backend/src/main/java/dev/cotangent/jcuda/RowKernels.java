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

/** What goes along lines: reductions, running results, softmax, sorting. How the work is shared depends on sizes alone. */
final class RowKernels {
    private static final int THREADS = 256;
    private static final int RUN = 1024;
    /** From so many elements of one result on, several blocks share them. */
    private static final long LONG = 16_384;

    private static final long PART = 8192;
    private static final int PARTS = 64;
    private static final long FEW = 2048;
    private static final long MANY = 32;
    private static final int SECTOR = 8;

    private final CudaDevice device;
    private final KernelCache kernels;

    RowKernels(CudaDevice device, KernelCache kernels) {
        this.device = device;
        this.kernels = kernels;
    }

    /** The lowest power of two that is not below, between 1 and a limit that is one itself. */
    private static int power(long n, int limit) {
        return n <= 1 ? 1 : (int) Math.min(limit, Long.highestOneBit(n - 1) << 1);
    }

    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        DeviceStream queue = device.queue();
        Layout shape = ins[0].layout();
        int rank = shape.rank();
        long[] keptSizes = out.layout().sizes();
        long[] joinedSizes = new long[rank];
        for (int d = 0; d < rank; d++) joinedSizes[d] = keptSizes[d] == shape.size(d) ? 1 : shape.size(d);
        long[][] keptStrides = new long[ins.length + 1][];
        long[][] joinedStrides = new long[ins.length + 1][];
        Strided[] all = new Strided[ins.length + 1];
        keptStrides[0] = out.layout().strides();
        joinedStrides[0] = new long[rank];
        all[0] = out;
        for (int k = 1; k <= ins.length; k++) {
            all[k] = ins[k - 1];
            keptStrides[k] = joinedStrides[k] = ins[k - 1].layout().strides();
        }
        CollapsedDimensions kept = CollapsedDimensions.of(keptSizes, keptStrides);
        CollapsedDimensions joined = CollapsedDimensions.of(joinedSizes, joinedStrides);
        long results = kept.numel();
        long count = joined.numel();
        long parts = count > LONG && results < FEW ? Math.min(PARTS, (count + PART - 1) / PART) : 1;
        long part = (count + parts - 1) / parts;
        if (part > 0) parts = Math.max(1, (count + part - 1) / part);
        boolean columns = results > 1 && joined.innermost(1) > kept.innermost(1);
        // By sizes alone, so that the same numbers give the same sum in every layout; 8 lanes read a whole sector.
        int lanes = power(part / 4, results < MANY ? THREADS : SECTOR);
        int groups = power(results, THREADS / lanes);
        boolean wide =
                CudaBackend.wide(Math.max(count, results * parts), kept, joined) || most(ins) > Integer.MAX_VALUE;
        Dtype result = out.dtype();
        var module = kernels.of(
                program, List.of(kind, result, wide), () -> KernelSources.reduce(kind, program, result, wide));
        long[] addresses = CudaBackend.addresses(queue, all);
        CachingAllocator.Scratch scratch = parts > 1
                ? device.allocator().scratch(parts * results * KernelSources.partBytes(), queue.shelf())
                : null;
        try {
            long partial = scratch == null ? 0 : scratch.address();
            LaunchArguments a = LaunchArguments.start(wide)
                    .index(results)
                    .index(count)
                    .index(part)
                    .number(lanes)
                    .number(columns ? 1 : 0)
                    .walk(kept, all.length)
                    .walk(joined, all.length)
                    .longs(addresses)
                    .longs(scalars)
                    .number(partial);
            int blocks = blocks((results + groups - 1) / groups);
            device.launch(queue, module.kernel("reduce"), blocks, (int) parts, lanes * groups, 1, a);
            if (scratch == null) return;
            a = LaunchArguments.start(wide)
                    .index(results)
                    .number((int) parts)
                    .walk(kept, all.length)
                    .longs(addresses)
                    .number(partial);
            device.launch(queue, module.kernel("finish"), results, a);
        } finally {
            if (scratch != null) scratch.close();
        }
    }

    private static long most(Strided[] ins) {
        long most = 0;
        for (Strided in : ins)
            most = Math.max(most, in.layout().storageSpan() - in.layout().offset());
        return most;
    }

    private static int blocks(long blocks) {
        if (blocks <= Integer.MAX_VALUE) return (int) blocks;
        throw new UnsupportedException("a kernel of " + blocks + " blocks is more than CUDA takes");
    }

    /** An operand as lines: where each starts, and the step along it. A number is a line of one. */
    private static Strided lined(Strided s) {
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
        return n > Integer.MAX_VALUE || most(operands) > Integer.MAX_VALUE;
    }

    void scan(Scan kind, Strided from, Strided to, int dim) {
        DeviceStream queue = device.queue();
        Strided in = lined(from);
        Strided out = lined(to);
        long length = out.layout().size(dim);
        CollapsedDimensions walk = lines(dim, out, in);
        boolean wide = wide(out.numel(), out, in);
        var module =
                kernels.of(List.of("scan", kind, out.dtype(), wide), () -> KernelSources.scan(kind, out.dtype(), wide));
        LaunchArguments a = LaunchArguments.start(wide)
                .index(walk.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(in.layout().stride(dim))
                .walk(walk, 2)
                .longs(CudaBackend.addresses(queue, out, in));
        if (length <= 32 || walk.numel() >= 1 << 14) {
            device.launch(queue, module.kernel("lines"), walk.numel(), a);
        } else {
            int blocks = (int) Math.min(walk.numel(), 1 << 16);
            device.launch(queue, module.kernel("blocks"), blocks, 1, power(length, THREADS), 1, a);
        }
    }

    void softmax(Strided from, Strided to, int dim, boolean log) {
        DeviceStream queue = device.queue();
        Strided in = lined(from);
        Strided out = lined(to);
        long length = out.layout().size(dim);
        CollapsedDimensions walk = lines(dim, out, in);
        boolean wide = wide(out.numel(), out, in);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(walk.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(in.layout().stride(dim))
                .walk(walk, 2)
                .longs(CudaBackend.addresses(queue, out, in));
        int blocks = (int) Math.min(walk.numel(), 1 << 16);
        var module = softmax(out.dtype(), log, wide);
        device.launch(queue, module.kernel("softmax"), blocks, 1, Math.max(32, power(length, THREADS)), 1, a);
    }

    private KernelCache.Module softmax(Dtype dtype, boolean log, boolean wide) {
        return kernels.of(List.of("softmax", dtype, log, wide), () -> KernelSources.softmax(dtype, log, wide));
    }

    void softmaxBackward(Strided gradient, Strided result, Strided to, int dim, boolean log) {
        DeviceStream queue = device.queue();
        Strided g = lined(gradient);
        Strided y = lined(result);
        Strided out = lined(to);
        long length = out.layout().size(dim);
        CollapsedDimensions walk = lines(dim, out, g, y);
        boolean wide = wide(out.numel(), out, g, y);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(walk.numel())
                .index(length)
                .index(out.layout().stride(dim))
                .index(g.layout().stride(dim))
                .index(y.layout().stride(dim))
                .walk(walk, 3)
                .longs(CudaBackend.addresses(queue, out, g, y));
        int blocks = (int) Math.min(walk.numel(), 1 << 16);
        var module = softmax(out.dtype(), log, wide);
        device.launch(queue, module.kernel("softmax_backward"), blocks, 1, Math.max(32, power(length, THREADS)), 1, a);
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
        DeviceStream queue = device.queue();
        LaunchArguments a = grouped.arguments(queue, mean, rstd).number(eps);
        Dtype dtype = in.dtype();
        Dtype scale = weight == null ? dtype : weight.dtype();
        Dtype shift = bias == null ? dtype : bias.dtype();
        launch(queue, "normalize", grouped, List.of(dtype, scale, shift), a);
    }

    void normalizeBackward(Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        Grouped grouped = Grouped.of(mean, out, in, g, weight);
        DeviceStream queue = device.queue();
        LaunchArguments a = grouped.arguments(queue, mean, rstd);
        Dtype scale = weight == null ? in.dtype() : weight.dtype();
        // The very module of a forward pass whose weight and bias are of one type.
        launch(queue, "normalize_backward", grouped, List.of(in.dtype(), scale, scale), a);
    }

    private void launch(DeviceStream queue, String kernel, Grouped grouped, List<Dtype> types, LaunchArguments a) {
        boolean wide = grouped.wide;
        var module = kernels.of(
                List.of("normalize", types, wide),
                () -> KernelSources.normalize(types.get(0), types.get(1), types.get(2), wide));
        int blocks = (int) Math.min(grouped.groups.numel(), 1 << 16);
        int threads = Math.max(32, power(grouped.within.numel(), THREADS));
        device.launch(queue, module.kernel(kernel), blocks, 1, threads, 1, a);
    }

    /** Operands of one shape, those that are absent null, by groups that are joined to one element each. */
    private record Grouped(
            @Nullable Strided[] operands, CollapsedDimensions groups, CollapsedDimensions within, boolean wide) {
        /** Groups over the dimensions in which {@code joined} has size 1; the first two operands are there. */
        static Grouped of(Strided joined, @Nullable Strided... operands) {
            long[] kept = joined.layout().sizes();
            long[] inner = new long[kept.length];
            long[][] strides = new long[operands.length][kept.length];
            long n = 0;
            long most = 0;
            for (int k = 0; k < operands.length; k++) {
                Strided s = operands[k];
                if (s == null) continue;
                strides[k] = s.layout().strides();
                long[] sizes = s.layout().sizes();
                for (int d = 0; d < inner.length; d++) inner[d] = kept[d] == sizes[d] ? 1 : sizes[d];
                n = s.numel();
                most = Math.max(most, most(new Strided[] {s}));
            }
            CollapsedDimensions groups = CollapsedDimensions.of(kept, strides);
            CollapsedDimensions within = CollapsedDimensions.of(inner, strides);
            boolean wide = CudaBackend.wide(n, groups, within) || most > Integer.MAX_VALUE;
            return new Grouped(operands, groups, within, wide);
        }

        LaunchArguments arguments(DeviceStream queue, Strided mean, Strided rstd) {
            long[] addresses = new long[operands.length];
            for (int k = 0; k < addresses.length; k++) {
                Strided s = operands[k];
                addresses[k] = s == null ? 0 : CudaBackend.address(queue, s);
            }
            return LaunchArguments.start(wide)
                    .index(groups.numel())
                    .index(within.numel())
                    .walk(groups, operands.length)
                    .walk(within, operands.length)
                    .longs(addresses)
                    .number(CudaBackend.address(queue, mean))
                    .number(CudaBackend.address(queue, rstd));
        }
    }

    void sort(Strided from, int dim, boolean descending, Strided toValues, Strided toIndices) {
        DeviceStream queue = device.queue();
        Strided in = lined(from);
        Strided values = lined(toValues);
        Strided indices = lined(toIndices);
        long length = in.layout().size(dim);
        if (length > Integer.MAX_VALUE) {
            throw new UnsupportedException("sort of " + length + " elements along one dimension; at most 2^31 - 1");
        }
        CollapsedDimensions walk = lines(dim, values, indices, in);
        long n = in.numel();
        boolean wide = wide(n, values, indices, in);
        var module = kernels.of(List.of("sort", in.dtype(), wide), () -> KernelSources.sort(in.dtype(), wide));
        long[] addresses = CudaBackend.addresses(queue, values, indices, in);
        long bytes = n * KernelSources.placeBytes();
        boolean merging = length > RUN;
        try (CachingAllocator.Scratch first = device.allocator().scratch(bytes, queue.shelf());
                CachingAllocator.Scratch second = device.allocator().scratch(merging ? bytes : 1, queue.shelf())) {
            long here = first.address();
            long there = second.address();
            LaunchArguments a = LaunchArguments.start(wide)
                    .index(walk.numel())
                    .number((int) length)
                    .index(in.layout().stride(dim))
                    .number(descending ? -1L : 0L)
                    .walk(walk, 3)
                    .longs(addresses)
                    .number(here);
            int blocks = blocks((length + RUN - 1) / RUN * walk.numel());
            device.launch(queue, module.kernel("runs"), blocks, 1, Math.max(32, power(length, THREADS)), 1, a);
            for (long width = RUN; width < length; width *= 2) {
                a = LaunchArguments.start(wide)
                        .index(n)
                        .number((int) length)
                        .number((int) width)
                        .number(here)
                        .number(there);
                device.launch(queue, module.kernel("merge"), n, a);
                long swap = here;
                here = there;
                there = swap;
            }
            a = LaunchArguments.start(wide)
                    .index(n)
                    .number((int) length)
                    .index(values.layout().stride(dim))
                    .index(indices.layout().stride(dim))
                    .index(in.layout().stride(dim))
                    .walk(walk, 3)
                    .longs(addresses)
                    .number(here);
            device.launch(queue, module.kernel("finish"), n, a);
        }
    }
}

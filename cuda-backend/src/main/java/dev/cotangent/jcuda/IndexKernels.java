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

/** What goes by an index: gathering, scattering, likelihoods of classes. */
final class IndexKernels {
    /** From so many elements along the dimension on, and below so many lines, an index is sorted before it is followed. */
    private static final long LONG = 128;

    private static final long FEW = 1 << 14;

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
        DeviceStream queue = device.queue();
        long[] steps = in.layout().strides().clone();
        long along = steps[dim];
        steps[dim] = 0;
        CollapsedDimensions walk = CollapsedDimensions.of(
                out.layout().sizes(),
                out.layout().strides(),
                steps,
                index.layout().strides());
        boolean wide = CudaBackend.wide(n, walk) || in.layout().storageSpan() > Integer.MAX_VALUE;
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .walk(walk, 3)
                .longs(CudaBackend.addresses(queue, out, in, index))
                .number(in.layout().size(dim))
                .index(along)
                .number(dim)
                .number(queue.failure());
        var module = kernels.of(List.of("gather", out.dtype(), wide), () -> KernelSources.gather(out.dtype(), wide));
        device.launch(queue, module.kernel("gather"), n, a);
    }

    void scatter(Scatter kind, Strided to, int dim, Strided index, Strided from) {
        DeviceStream queue = device.queue();
        long n = from.numel();
        long[] sizes = from.layout().sizes();
        long[] places = to.layout().strides().clone();
        places[dim] = 0;
        CollapsedDimensions all = CollapsedDimensions.of(
                sizes, places, index.layout().strides(), from.layout().strides());
        boolean wide = CudaBackend.wide(n, all) || to.layout().storageSpan() > Integer.MAX_VALUE;
        var module = kernels.of(
                List.of("scatter", kind, to.dtype(), wide), () -> KernelSources.scatter(kind, to.dtype(), wide));
        long failure = queue.failure();
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .walk(all, 3)
                .longs(CudaBackend.addresses(queue, to, index, from))
                .number(to.layout().size(dim))
                .number(dim)
                .number(failure);
        device.launch(queue, module.kernel("check"), n, a);
        long[] heads = sizes.clone();
        heads[dim] = 1;
        Strided one = oneLine(index, dim);
        if (sizes[dim] >= LONG && (one != null || n / sizes[dim] < FEW)) {
            sorted(module, kind, to, dim, index, one, from, heads, places, wide);
            return;
        }
        CollapsedDimensions lines = CollapsedDimensions.of(
                heads, places, index.layout().strides(), from.layout().strides());
        a = LaunchArguments.start(wide)
                .index(lines.numel())
                .index(sizes[dim])
                .index(to.layout().stride(dim))
                .index(index.layout().stride(dim))
                .index(from.layout().stride(dim))
                .walk(lines, 3)
                .longs(CudaBackend.addresses(queue, to, index, from))
                .number(failure);
        device.launch(queue, module.kernel("scatter"), lines.numel(), a);
    }

    /** An index that is the same for all lines, as one of them; null where it is not. */
    private static @Nullable Strided oneLine(Strided index, int dim) {
        Layout all = index.layout();
        for (int d = 0; d < all.rank(); d++) if (d != dim && all.size(d) > 1 && all.stride(d) != 0) return null;
        return index.with(Layout.of(new long[] {all.size(dim)}, new long[] {all.stride(dim)}, all.offset()));
    }

    /** Sorts the index, stably, so that what meets in one place lies together, in its order: a thread for each place. */
    private void sorted(
            KernelCache.Module module,
            Scatter kind,
            Strided to,
            int dim,
            Strided index,
            @Nullable Strided one,
            Strided from,
            long[] heads,
            long[] places,
            boolean wide) {
        DeviceStream queue = device.queue();
        Strided followed = one == null ? index : one;
        Layout layout = Layout.contiguous(followed.layout().sizes());
        Strided order = new Strided(backend.allocateUnset(Dtype.INT64, layout.numel()), layout);
        Strided targets = new Strided(backend.allocateUnset(Dtype.INT64, layout.numel()), layout);
        rows.sort(followed, one == null ? dim : 0, false, targets, order);
        long[] steps = one == null ? layout.strides() : new long[heads.length];
        CollapsedDimensions lines =
                CollapsedDimensions.of(heads, places, steps, from.layout().strides());
        long n = from.numel();
        LaunchArguments a = LaunchArguments.start(wide)
                .index(lines.numel())
                .index(n / lines.numel())
                .index(to.layout().stride(dim))
                .index(one == null ? layout.stride(dim) : 1)
                .index(from.layout().stride(dim))
                .walk(lines, 3)
                .longs(CudaBackend.addresses(queue, to, targets, from, order))
                .number(queue.failure());
        device.launch(queue, module.kernel("segments"), n, a);
        Reference.reachabilityFence(order);
        Reference.reachabilityFence(targets);
        for (Storage s : new Storage[] {order.storage(), targets.storage()}) backend.free(s.memory());
    }

    /** Losses, weights, targets and logarithms; or, backward, twice the result, targets and gradients. */
    void nll(String kernel, Strided[] operands, Strided classes, int dim, @Nullable Strided weight, long ignored) {
        Layout shape = operands[2].layout();
        long n = shape.numel();
        if (n == 0) return;
        DeviceStream queue = device.queue();
        long[][] strides = new long[4][];
        long[] addresses = new long[5];
        long most = n;
        for (int k = 0; k < 4; k++) {
            strides[k] = operands[k].layout().strides();
            addresses[k] = CudaBackend.address(queue, operands[k]);
            most = Math.max(most, operands[k].layout().storageSpan());
        }
        boolean wide = most > Integer.MAX_VALUE;
        addresses[4] = weight == null ? 0 : CudaBackend.address(queue, weight);
        LaunchArguments a = LaunchArguments.start(wide)
                .index(n)
                .walk(CollapsedDimensions.of(shape.sizes(), strides), 4)
                .longs(addresses)
                .number(classes.layout().size(dim))
                .index(classes.layout().stride(dim))
                .index(weight == null ? 0 : weight.layout().stride(0))
                .number(ignored)
                .number(dim)
                .number(queue.failure());
        Dtype dtype = classes.dtype();
        var module = kernels.of(List.of("nll", dtype, wide), () -> KernelSources.nll(dtype, wide));
        device.launch(queue, module.kernel(kernel), n, a);
    }
}

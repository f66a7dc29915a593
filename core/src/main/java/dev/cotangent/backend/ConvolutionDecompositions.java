package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions as matrix products of patches of the input, which are copied for a few images at a time; written with the
 * primitives of {@link Backend}. Half types are computed in float32.
 */
final class ConvolutionDecompositions {
    private static final long[] NONE = {};

    /** Elements of patches at a time. */
    private static final long ROOM = 1L << 23;

    private final Backend backend;
    private final Convolution conv;
    private final Dtype dtype;
    private final int dims;
    private final long groups;
    /** Sizes of the input, the kernel and the output. */
    private final long[] inner;

    private final long[] kernel;
    private final long[] outer;
    private final long images;
    private final long channels;
    private final long filters;
    private final long positions;
    private final long taps;

    private ConvolutionDecompositions(Backend backend, Strided in, Strided weight, Strided out, Convolution conv) {
        this.backend = backend;
        this.conv = conv;
        dims = conv.dims();
        groups = conv.groups();
        dtype = weight.dtype().isHalf() ? Dtype.FLOAT32 : weight.dtype();
        inner = spatial(in);
        kernel = spatial(weight);
        outer = spatial(out);
        images = in.layout().size(0);
        channels = in.layout().size(1) / groups;
        filters = out.layout().size(1) / groups;
        positions = product(outer);
        taps = product(kernel);
    }

    static void forward(
            Backend backend, Strided in, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        if (out.numel() == 0) return;
        new ConvolutionDecompositions(backend, in, weight, out, conv).forward(in, weight, bias, out);
    }

    static void inputBackward(
            Backend backend, Strided g, Strided weight, @Nullable Strided bias, Convolution conv, Strided out) {
        if (out.numel() == 0) return;
        new ConvolutionDecompositions(backend, out, weight, g, conv).inputBackward(g, weight, bias, out);
    }

    static void weightBackward(Backend backend, Strided in, Strided g, Convolution conv, Strided out) {
        if (out.numel() == 0) return;
        if (in.numel() == 0 || g.numel() == 0) backend.fill(out, 0);
        else new ConvolutionDecompositions(backend, in, out, g, conv).weightBackward(in, g, out);
    }

    private void forward(Strided in, Strided weight, @Nullable Strided bias, Strided out) {
        Strided matrix = filters(weight);
        Strided summand = bias == null ? null : wide(bias);
        for (long n = 0, some; n < images; n += some) {
            some = Math.min(chunk(), images - n);
            Strided patches = patches(slice(in, n, some));
            Strided product = fresh(groups, filters, some * positions);
            Strided c = summand == null ? product : expanded(summand, some * positions);
            backend.matmul(matrix, patches, c, product, 1, summand == null ? 0 : 1);
            backend.copy(with(product, filters, some), byGroup(slice(out, n, some), filters));
            patches.storage().discard();
            product.storage().discard();
        }
    }

    private void inputBackward(Strided g, Strided weight, @Nullable Strided bias, Strided out) {
        Strided matrix = filters(weight);
        Strided transposed = matrix.with(matrix.layout().transpose(1, 2));
        Program sum = Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    return new Program(
                            List.of(dtype, dtype),
                            List.of(),
                            List.of(e.input(0, dtype).add(e.input(1, dtype))));
                },
                "sum of two",
                dtype);
        Strided summand = bias == null ? null : wide(bias);
        for (long n = 0, some; n < images; n += some) {
            some = Math.min(chunk(), images - n);
            Strided gradient = dense(byGroup(slice(g, n, some), filters));
            Strided product = fresh(groups, channels * taps, some * positions);
            Strided flat = gradient.with(Layout.contiguous(groups, filters, some * positions));
            backend.matmul(transposed, flat, product, product, 1, 0);
            Strided image = padded(some);
            backend.fill(image, 0);
            Layout windows = windows(image, some);
            Layout all = Layout.contiguous(sizes(some));
            for (long k = 0; k < taps; k++) {
                Strided at = image.with(tap(windows, k));
                backend.pointwise(sum, new Strided[] {at}, new Strided[] {at, product.with(tap(all, k))}, NONE);
            }
            Strided center = center(image);
            if (summand != null) {
                Layout l = summand.layout();
                long[] sizes = center.layout().sizes();
                long[] strides = new long[sizes.length];
                strides[1] = l.stride(0);
                Strided b = summand.with(Layout.of(sizes, strides, l.offset()));
                backend.pointwise(sum, new Strided[] {center}, new Strided[] {center, b}, NONE);
            }
            backend.copy(center, slice(out, n, some));
            gradient.storage().discard();
            product.storage().discard();
            image.storage().discard();
        }
    }

    private void weightBackward(Strided in, Strided g, Strided out) {
        Strided total = fresh(groups, filters, channels * taps);
        for (long n = 0, some; n < images; n += some) {
            some = Math.min(chunk(), images - n);
            Strided patches = patches(slice(in, n, some));
            Strided gradient = dense(byGroup(slice(g, n, some), filters));
            Strided flat = gradient.with(Layout.contiguous(groups, filters, some * positions));
            Strided across = patches.with(patches.layout().transpose(1, 2));
            backend.matmul(flat, across, total, total, 1, n == 0 ? 0 : 1);
            patches.storage().discard();
            gradient.storage().discard();
        }
        backend.copy(total.with(Layout.contiguous(out.layout().sizes())), out);
    }

    private long chunk() {
        return Math.max(1, ROOM / Math.max(1, groups * channels * taps * positions));
    }

    /** Returns the patches of some images: [groups, channels * taps, images * positions]. */
    private Strided patches(Strided in) {
        long some = in.layout().size(0);
        Strided image = padded(some);
        boolean isPadded = false;
        for (int d = 0; d < dims; d++) isPadded |= image.layout().size(d + 2) != inner[d];
        if (isPadded) backend.fill(image, 0);
        backend.copy(in, center(image));
        Strided out = fresh(sizes(some));
        backend.copy(image.with(windows(image, some)), out);
        image.storage().discard();
        return out.with(Layout.contiguous(groups, channels * taps, some * positions));
    }

    /** Returns memory for some padded images. */
    private Strided padded(long some) {
        long[] sizes = new long[dims + 2];
        sizes[0] = some;
        sizes[1] = groups * channels;
        for (int d = 0; d < dims; d++) sizes[d + 2] = inner[d] + 2 * conv.padding(d);
        return fresh(sizes);
    }

    private Strided center(Strided image) {
        Layout l = image.layout();
        for (int d = 0; d < dims; d++) l = l.slice(d + 2, conv.padding(d), inner[d], 1);
        return image.with(l);
    }

    /** Returns what the kernel sees of padded images, in the shape of {@link #sizes}. */
    private Layout windows(Strided image, long some) {
        Layout l = image.layout();
        long[] strides = new long[2 * dims + 3];
        strides[0] = channels * l.stride(1);
        strides[1] = l.stride(1);
        strides[dims + 2] = l.stride(0);
        for (int d = 0; d < dims; d++) {
            strides[2 + d] = conv.dilation(d) * l.stride(d + 2);
            strides[dims + 3 + d] = conv.stride(d) * l.stride(d + 2);
        }
        return Layout.of(sizes(some), strides, l.offset());
    }

    /** Returns groups, channels, kernel, images, output. */
    private long[] sizes(long some) {
        long[] sizes = new long[2 * dims + 3];
        sizes[0] = groups;
        sizes[1] = channels;
        sizes[dims + 2] = some;
        System.arraycopy(kernel, 0, sizes, 2, dims);
        System.arraycopy(outer, 0, sizes, dims + 3, dims);
        return sizes;
    }

    /** Returns what one element of the kernel sees. */
    private Layout tap(Layout windows, long k) {
        Layout l = windows;
        for (int d = dims - 1; d >= 0; d--) {
            l = l.select(2 + d, k % kernel[d]);
            k /= kernel[d];
        }
        return l;
    }

    /** Returns the weight as [groups, filters, channels * taps]. */
    private Strided filters(Strided weight) {
        return dense(weight).with(Layout.contiguous(groups, filters, channels * taps));
    }

    /** Returns [groups, channels of a group, images, ...] of [images, channels, ...]. */
    private Strided byGroup(Strided x, long each) {
        Layout l = x.layout();
        long[] sizes = new long[dims + 3];
        long[] strides = new long[dims + 3];
        sizes[0] = groups;
        strides[0] = each * l.stride(1);
        sizes[1] = each;
        strides[1] = l.stride(1);
        sizes[2] = l.size(0);
        strides[2] = l.stride(0);
        System.arraycopy(l.sizes(), 2, sizes, 3, dims);
        System.arraycopy(l.strides(), 2, strides, 3, dims);
        return x.with(Layout.of(sizes, strides, l.offset()));
    }

    private Strided with(Strided product, long each, long some) {
        long[] sizes = new long[dims + 3];
        sizes[0] = groups;
        sizes[1] = each;
        sizes[2] = some;
        System.arraycopy(outer, 0, sizes, 3, dims);
        return product.with(Layout.contiguous(sizes));
    }

    /** Returns a bias as what the products of each filter begin with. */
    private Strided expanded(Strided bias, long columns) {
        Layout l = bias.layout();
        long step = l.stride(0);
        long[] sizes = {groups, filters, columns};
        return bias.with(Layout.of(sizes, new long[] {filters * step, step, 0}, l.offset()));
    }

    private Strided wide(Strided x) {
        return x.dtype() == dtype ? x : dense(x);
    }

    private Strided dense(Strided x) {
        Strided copy = fresh(x.layout().sizes());
        backend.copy(x, copy);
        return copy;
    }

    private Strided fresh(long... sizes) {
        return Decompositions.fresh(backend, dtype, Layout.contiguous(sizes));
    }

    private static Strided slice(Strided x, long first, long some) {
        return x.with(x.layout().slice(0, first, some, 1));
    }

    private static long[] spatial(Strided x) {
        long[] sizes = x.layout().sizes();
        return java.util.Arrays.copyOfRange(sizes, 2, sizes.length);
    }

    private static long product(long[] sizes) {
        long n = 1;
        for (long s : sizes) n *= s;
        return n;
    }
}

package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Convolutions. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void register() {
        tensor("Conv", v(1, 11, 22), c -> conv(c, c.x(0), c.x(1), c.opt(2)));
        tensor(
                "ConvInteger",
                v(10),
                c -> conv(c, centered(c, 0, 2), centered(c, 1, 3), null).to(dev.cotangent.Dtype.INT32));
        tensor("ConvTranspose", v(1, 11, 22), ConvolutionOperators::convTranspose);
        tensor("Col2Im", v(18), ConvolutionOperators::col2Im);
    }

    /** Returns the integers of an input without its zero point, in a dtype that holds the products. */
    private static Tensor centered(Call c, int x, int zero) {
        Tensor value = c.x(x).toDouble();
        if (!c.has(zero)) return value;
        Tensor z = c.x(zero).toDouble();
        if (z.numel() == 1) return value.sub(z.reshape());
        // One for each filter.
        long[] shape = new long[value.dim()];
        Arrays.fill(shape, 1);
        shape[0] = z.numel();
        return value.sub(z.reshape(shape));
    }

    /** Returns an attribute with a number for each spatial dimension. */
    static long[] each(Call c, String name, int dims, long other) {
        long[] given = c.ints(name);
        long[] all = given;
        if (all == null) {
            all = new long[dims];
            Arrays.fill(all, other);
        }
        if (all.length != dims) throw c.error("has " + all.length + " " + name + " of " + dims + " dimensions");
        return all;
    }

    /**
     * Returns the padding before and after each spatial dimension.
     *
     * @param spans the input elements that a window spans
     */
    static long[][] pads(Call c, long[] sizes, long[] spans, long[] strides) {
        int dims = sizes.length;
        long[][] pads = new long[dims][2];
        String auto = c.s("auto_pad", "NOTSET");
        long[] given = c.ints("pads");
        for (int d = 0; d < dims; d++) {
            switch (auto) {
                case "NOTSET" -> {
                    if (given == null) continue;
                    if (given.length != 2 * dims) {
                        throw c.error("has " + given.length + " pads of " + dims + " dimensions");
                    }
                    pads[d] = new long[] {given[d], given[d + dims]};
                }
                case "VALID" -> {}
                case "SAME_UPPER", "SAME_LOWER" -> {
                    long outputs = (sizes[d] + strides[d] - 1) / strides[d];
                    long all = Math.max(0, (outputs - 1) * strides[d] + spans[d] - sizes[d]);
                    long less = all / 2;
                    pads[d] = auto.equals("SAME_UPPER") ? new long[] {less, all - less} : new long[] {all - less, less};
                }
                default -> throw c.error("has the auto_pad '" + auto + "'");
            }
        }
        return pads;
    }

    static long[] spatial(Tensor x) {
        long[] sizes = x.shape().toArray();
        return Arrays.copyOfRange(sizes, Math.min(2, sizes.length), sizes.length);
    }

    /** Returns the sizes that windows of a kernel span. */
    static long[] spans(long[] kernel, long[] dilations) {
        long[] spans = new long[kernel.length];
        for (int d = 0; d < spans.length; d++) spans[d] = dilations[d] * (kernel[d] - 1) + 1;
        return spans;
    }

    /** Pads the spatial dimensions explicitly. */
    static Tensor padded(Tensor x, long[][] pads, Number value) {
        boolean any = false;
        long[] all = new long[2 * pads.length];
        for (int d = 0; d < pads.length; d++) {
            int at = 2 * (pads.length - 1 - d);
            all[at] = pads[d][0];
            all[at + 1] = pads[d][1];
            any |= all[at] != 0 || all[at + 1] != 0;
        }
        return any ? x.constantPadNd(all, value) : x;
    }

    static boolean isSymmetric(long[][] pads) {
        for (long[] p : pads) if (p[0] != p[1]) return false;
        return true;
    }

    static long[] before(long[][] pads) {
        return Arrays.stream(pads).mapToLong(p -> p[0]).toArray();
    }

    private static Tensor conv(Call c, Tensor x, Tensor w, @Nullable Tensor bias) {
        int dims = x.dim() - 2;
        checkDims(c, dims);
        if (w.dim() != x.dim()) throw c.error("has a weight of shape " + w.shape() + " and an input of " + x.shape());
        long[] strides = each(c, "strides", dims, 1);
        long[] dilations = each(c, "dilations", dims, 1);
        long[][] pads = pads(c, spatial(x), spans(spatial(w), dilations), strides);
        if (!isSymmetric(pads)) {
            x = padded(x, pads, 0);
            pads = new long[dims][2];
        }
        var options = Tensors.convOptions()
                .stride(strides)
                .padding(before(pads))
                .dilation(dilations)
                .groups(c.i("group", 1));
        return switch (dims) {
            case 1 -> x.conv1d(w, bias, options);
            case 2 -> x.conv2d(w, bias, options);
            default -> x.conv3d(w, bias, options);
        };
    }

    static void checkDims(Call c, int dims) {
        if (dims < 1 || dims > 3) throw c.error("has " + dims + " spatial dimensions: 1 to 3 are supported");
    }

    private static Tensor convTranspose(Call c) {
        Tensor x = c.x(0);
        Tensor w = c.x(1);
        Tensor bias = c.opt(2);
        int dims = x.dim() - 2;
        checkDims(c, dims);
        long[] strides = each(c, "strides", dims, 1);
        long[] dilations = each(c, "dilations", dims, 1);
        long[] extra = each(c, "output_padding", dims, 0);
        long[] spans = spans(spatial(w), dilations);
        long[] in = spatial(x);
        long[] wanted = c.ints("output_shape");
        String auto = c.s("auto_pad", "NOTSET");
        long[][] pads = new long[dims][2];
        if (wanted != null || auto.startsWith("SAME")) {
            for (int d = 0; d < dims; d++) {
                long to = wanted == null ? in[d] * strides[d] : wanted[wanted.length - dims + d];
                long all = strides[d] * (in[d] - 1) + extra[d] + spans[d] - to;
                if (all < 0) {
                    // The output is larger than all that is computed: the rest is the bias.
                    extra[d] -= all;
                    all = 0;
                }
                long less = all / 2;
                pads[d] = auto.equals("SAME_UPPER") ? new long[] {less, all - less} : new long[] {all - less, less};
            }
        } else {
            pads = pads(c, in, spans, strides);
        }
        // All is computed without padding, which then is cut off.
        var options = Tensors.convTransposeOptions()
                .stride(strides)
                .dilation(dilations)
                .groups(c.i("group", 1));
        Tensor y = switch (dims) {
            case 1 -> x.convTranspose1d(w, null, options);
            case 2 -> x.convTranspose2d(w, null, options);
            default -> x.convTranspose3d(w, null, options);
        };
        long[][] more = new long[dims][2];
        for (int d = 0; d < dims; d++) more[d][1] = extra[d];
        y = padded(y, more, 0);
        for (int d = 0; d < dims; d++) {
            long size = y.size(2 + d) - pads[d][0] - pads[d][1];
            if (size < 0) throw c.error("pads more than it computes");
            y = y.narrow(2 + d, pads[d][0], size);
        }
        if (bias == null) return y;
        long[] shape = new long[dims + 1];
        Arrays.fill(shape, 1);
        shape[0] = bias.numel();
        return y.add(bias.reshape(shape));
    }

    /** Adds blocks into an image of any number of dimensions: one element of all blocks at a time. */
    private static Tensor col2Im(Call c) {
        Tensor x = c.x(0);
        long[] image = c.longs(1);
        long[] block = c.longs(2);
        int dims = image.length;
        long[] strides = each(c, "strides", dims, 1);
        long[] dilations = each(c, "dilations", dims, 1);
        long[][] pads = pads(c, image, spans(block, dilations), strides);
        long[] count = new long[dims];
        long[] full = new long[dims];
        long elements = 1;
        for (int d = 0; d < dims; d++) {
            full[d] = image[d] + pads[d][0] + pads[d][1];
            count[d] = (full[d] - dilations[d] * (block[d] - 1) - 1) / strides[d] + 1;
            elements *= block[d];
        }
        long[] strideOf = new long[dims];
        long positions = 1;
        for (int d = dims - 1; d >= 0; d--) {
            strideOf[d] = positions;
            positions *= full[d];
        }
        long blocks = Arrays.stream(count).reduce(1, (a, b) -> a * b);
        long[] index = new long[Math.toIntExact(elements * blocks)];
        for (int e = 0; e < elements; e++) {
            for (int b = 0; b < blocks; b++) {
                long at = 0;
                long restE = e;
                long restB = b;
                for (int d = dims - 1; d >= 0; d--) {
                    at += (restE % block[d] * dilations[d] + restB % count[d] * strides[d]) * strideOf[d];
                    restE /= block[d];
                    restB /= count[d];
                }
                index[(int) (e * blocks + b)] = at;
            }
        }
        long n = x.size(0);
        long channels = x.size(1) / elements;
        Tensor flat = x.newZeros(n, channels, positions)
                .indexAdd(2, Tensors.tensor(index).to(x.device()), x.reshape(n, channels, elements * blocks));
        long[] sizes = new long[dims + 2];
        sizes[0] = n;
        sizes[1] = channels;
        System.arraycopy(full, 0, sizes, 2, dims);
        Tensor y = flat.reshape(sizes);
        for (int d = 0; d < dims; d++) y = y.narrow(2 + d, pads[d][0], image[d]);
        return y;
    }
}

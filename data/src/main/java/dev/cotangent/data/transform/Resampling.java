package dev.cotangent.data.transform;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.internal.ops.movement.HostOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Resizes images with a filter as wide as a pixel of the result, one direction after the other, as Pillow and PyTorch's
 * {@code interpolate(antialias=True)} do. Works on the host, without gradients.
 */
final class Resampling {
    private Resampling() {}

    /** For each pixel of a row of the result: where its pixels start, and their weights. */
    private record Taps(int[] start, float[][] weights) {
        static Taps of(int in, int out, Filter filter) {
            int[] start = new int[out];
            float[][] weights = new float[out][];
            double scale = (double) in / out;
            for (int i = 0; i < out; i++) {
                if (filter == Filter.NEAREST) {
                    start[i] = Math.min((int) Math.floor(i * (float) scale), in - 1);
                    weights[i] = new float[] {1};
                    continue;
                }
                double wide = Math.max(scale, 1);
                double support = filter.support() * wide;
                double centre = scale * (i + 0.5);
                int from = Math.max((int) (centre - support + 0.5), 0);
                int to = Math.min((int) (centre + support + 0.5), in);
                double[] w = new double[to - from];
                double total = 0;
                for (int j = 0; j < w.length; j++) total += w[j] = filter.weight((j + from - centre + 0.5) / wide);
                start[i] = from;
                weights[i] = new float[w.length];
                for (int j = 0; j < w.length; j++) weights[i][j] = (float) (w[j] / total);
            }
            return new Taps(start, weights);
        }
    }

    static Tensor resize(Tensor image, int height, int width, Filter filter) {
        int h = Math.toIntExact(image.size(-2));
        int w = Math.toIntExact(image.size(-1));
        if (h == height && w == width) return image;
        long[] sizes = image.shape().toArray();
        sizes[sizes.length - 2] = height;
        sizes[sizes.length - 1] = width;
        int planes = h * w == 0 ? 0 : Math.toIntExact(image.numel() / ((long) h * w));
        float[] to = new float[Math.multiplyExact(planes, Math.multiplyExact(height, width))];
        Source source = Source.of(image);
        Taps across = Taps.of(w, width, filter);
        Taps down = Taps.of(h, height, filter);
        // First what makes the image smaller, or grow less.
        boolean downFirst = height <= h;
        float[] between = new float[downFirst ? height * w : h * width];
        float[] row = new float[w];
        for (int p = 0; p < planes; p++) {
            int out = p * height * width;
            if (downFirst) {
                Arrays.fill(between, 0);
                int first = 0;
                for (int y = 0; y < h; y++) {
                    source.read((p * h + y) * w, row);
                    while (first < height && down.start[first] + down.weights[first].length <= y) first++;
                    for (int i = first; i < height && down.start[i] <= y; i++) {
                        add(down.weights[i][y - down.start[i]], row, 0, between, i * w, w);
                    }
                }
                for (int y = 0; y < height; y++) across(across, between, y * w, to, out + y * width);
            } else {
                for (int y = 0; y < h; y++) {
                    source.read((p * h + y) * w, row);
                    across(across, row, 0, between, y * width);
                }
                for (int y = 0; y < height; y++) {
                    float[] weights = down.weights[y];
                    for (int j = 0; j < weights.length; j++) {
                        add(weights[j], between, (down.start[y] + j) * width, to, out + y * width, width);
                    }
                }
            }
        }
        if (!image.dtype().isFloatingPoint()) {
            boolean bytes = image.dtype() == Dtype.UINT8;
            for (int i = 0; i < to.length; i++) {
                to[i] = (float) Math.rint(to[i]);
                if (bytes) to[i] = Math.clamp(to[i], 0f, 255f);
            }
        }
        return Tensors.fromNumpy(NdArray.wrap(Dtype.FLOAT32, to, sizes)).to(image.device(), image.dtype());
    }

    private static void add(float weight, float[] from, int at, float[] to, int start, int count) {
        for (int x = 0; x < count; x++) to[start + x] += weight * from[at + x];
    }

    private static void across(Taps taps, float[] from, int at, float[] to, int start) {
        for (int x = 0; x < taps.start.length; x++) {
            float[] weights = taps.weights[x];
            int first = at + taps.start[x];
            float sum = 0;
            for (int j = 0; j < weights.length; j++) sum += weights[j] * from[first + j];
            to[start + x] = sum;
        }
    }

    /** Elements of an image, row-major. */
    private interface Source {
        /** Reads as many as the array holds. */
        void read(int start, float[] to);

        static Source of(Tensor image) {
            if (image.dtype() != Dtype.UINT8) {
                float[] all = image.detach().toFloatArray();
                return (start, to) -> System.arraycopy(all, start, to, 0, to.length);
            }
            byte[] all = new byte[Math.toIntExact(image.numel())];
            HostOps.read(image, Dtype.UINT8, MemorySegment.ofArray(all));
            return (start, to) -> {
                for (int i = 0; i < to.length; i++) to[i] = all[start + i] & 255;
            };
        }
    }
}

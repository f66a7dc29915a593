package dev.cotangent.cpu;

/**
 * Describes some channels of images with zeros around them, as a convolution reads them: rows are divided by the
 * remainder of their columns by a step, so that elements with that stride are contiguous. Where there is nothing to add
 * and nothing to divide, images are read where they are.
 */
final class PaddedImages {
    private static final int D = 0;
    private static final int H = 1;
    private static final int W = 2;

    private final int channels;
    private final int total;
    private final int[] size;
    private final int[] before;
    private final int[] padded = new int[3];
    private final int phases;
    private final boolean direct;

    /** From one row to the next. */
    final int pitch;

    /** From one slice of a volume to the next. */
    final int slice;

    private final int phase;

    /** From one channel to the next. */
    final int channel;

    /** From one image to the next. */
    final int image;

    /**
     * Describes images.
     *
     * @param channels how many are read together
     * @param total channels of an image
     * @param size depth, height and width
     * @param before zeros before each
     * @param after zeros after each
     * @param phases the step from column to column
     */
    PaddedImages(int channels, int total, int[] size, int[] before, int[] after, int phases) {
        this.channels = channels;
        this.total = total;
        this.size = size;
        this.before = before;
        this.phases = phases;
        boolean same = phases == 1;
        for (int d = 0; d < padded.length; d++) {
            padded[d] = size[d] + before[d] + after[d];
            same &= padded[d] == size[d];
        }
        direct = same;
        pitch = Math.ceilDiv(padded[W], phases);
        slice = pitch * padded[H];
        phase = slice * padded[D];
        channel = phase * phases;
        image = channel * (direct ? total : channels);
    }

    /** Returns whether images are read without a copy. */
    boolean isDirect() {
        return direct;
    }

    /** Returns the elements of a number of padded images. */
    int elements(int images) {
        return Math.multiplyExact(image, images);
    }

    /** Returns the channels that are read at once. */
    int channels() {
        return channels;
    }

    /** Returns the offset of a padded element in its channel. */
    int at(int z, int y, int x) {
        return x % phases * phase + z * slice + y * pitch + x / phases;
    }

    /** Returns the offset of a group's first channel in images without padding. */
    int start(int firstImage, int firstChannel) {
        return (firstImage * total + firstChannel) * size[D] * size[H] * size[W];
    }

    /** Copies channels, counted over some images from one on, to padded ones, around which there are zeros. */
    void fill(Object from, int i, int firstImage, int firstChannel, Object to, long first, long end) {
        int plane = size[D] * size[H] * size[W];
        for (int c = (int) first; c < end; c++) {
            int at = i + ((firstImage + c / channels) * total + firstChannel + c % channels) * plane;
            int into = c / channels * image + c % channels * channel;
            for (int z = 0; z < size[D]; z++) {
                for (int y = 0; y < size[H]; y++, at += size[W]) {
                    int o = into + (z + before[D]) * slice + (y + before[H]) * pitch;
                    if (phases == 1) System.arraycopy(from, at, to, o + before[W], size[W]);
                    else divide(from, at, to, o);
                }
            }
        }
    }

    private void divide(Object from, int i, Object to, int o) {
        for (int p = 0; p < phases; p++) {
            // The first column of the row with this remainder.
            int first = Math.floorMod(p - before[W], phases);
            int j = o + p * phase + (first + before[W]) / phases;
            int n = Math.ceilDiv(size[W] - first, phases);
            if (from instanceof float[] x) {
                float[] y = (float[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + first + e * phases];
            } else {
                double[] x = (double[]) from;
                double[] y = (double[]) to;
                for (int e = 0; e < n; e++) y[j + e] = x[i + first + e * phases];
            }
        }
    }
}

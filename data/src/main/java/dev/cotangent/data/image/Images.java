package dev.cotangent.data.image;

import dev.cotangent.Dtype;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.data.FileException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javax.imageio.ImageIO;

/**
 * Between image files and tensors of shape {@code [channels, height, width]}; PyTorch's {@code torchvision.io}. Read are the
 * formats of {@link ImageIO}: PNG, JPEG, GIF, BMP, TIFF, and with libraries of TwelveMonkeys on the class path more of them.
 */
public final class Images {
    private Images() {}

    /** Reads a file as uint8 of three channels, red, green and blue; transparency is left out. */
    public static Tensor read(Path file) {
        return tensor(decode(file), ImageMode.RGB);
    }

    /** Reads a file as uint8. */
    public static Tensor read(Path file, ImageMode mode) {
        Arguments.notNull("read", "mode", mode);
        return tensor(decode(file), mode);
    }

    private static BufferedImage decode(Path file) {
        Arguments.notNull("read", "file", file);
        return Reading.of(file, () -> {
            if (Files.isDirectory(file)) throw new FileException(file, "it is a folder, not a file", null);
            if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
            BufferedImage image;
            try {
                image = ImageIO.read(file.toFile());
            } catch (IOException | RuntimeException e) {
                throw new FileException(
                        file,
                        "the image is damaged, or of a kind that Java does not read (" + e.getMessage()
                                + "); the library com.twelvemonkeys.imageio:imageio-jpeg reads more kinds of JPEG",
                        e);
            }
            if (image != null) return image;
            throw new FileException(
                    file,
                    "no reader knows its format; there are readers of "
                            + String.join(", ", new TreeSet<>(List.of(ImageIO.getReaderFileSuffixes())))
                            + ". Add one, such as com.twelvemonkeys.imageio:imageio-webp, to the class path",
                    null);
        });
    }

    /** Returns an image as uint8. */
    public static Tensor tensor(BufferedImage image, ImageMode mode) {
        int height = image.getHeight();
        int width = image.getWidth();
        int pixels = Math.multiplyExact(height, width);
        byte[] out = new byte[Math.multiplyExact(pixels, mode.channels())];
        boolean direct = image.getColorModel() instanceof ComponentColorModel
                && image.getSampleModel().getSampleSize(0) >= 8
                && image.getRaster().getNumBands() <= 4;
        int[] row = new int[width * 4];
        for (int y = 0; y < height; y++) {
            if (direct) samples(image.getRaster(), y, row);
            else colours(image, y, row);
            for (int x = 0; x < width; x++) {
                int r = row[4 * x];
                int g = row[4 * x + 1];
                int b = row[4 * x + 2];
                int at = y * width + x;
                if (mode == ImageMode.GRAY) {
                    // ITU-R BT.601 in 16 bits, as in Pillow's convert("L").
                    out[at] = (byte) ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
                } else {
                    out[at] = (byte) r;
                    out[at + pixels] = (byte) g;
                    out[at + 2 * pixels] = (byte) b;
                }
            }
        }
        return Tensors.fromNumpy(NdArray.wrap(Dtype.UINT8, out, mode.channels(), height, width));
    }

    /** Samples as they are: Java's own conversion takes gray for linear light, and would brighten it. */
    private static void samples(Raster raster, int y, int[] row) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int shift = raster.getSampleModel().getSampleSize(0) - 8;
        int[] all = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, (int[]) null);
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) row[4 * x + c] = all[x * bands + (bands >= 3 ? c : 0)] >> shift;
        }
    }

    private static void colours(BufferedImage image, int y, int[] row) {
        int width = image.getWidth();
        int[] argb = image.getRGB(0, y, width, 1, null, 0, width);
        for (int x = 0; x < width; x++) {
            row[4 * x] = argb[x] >> 16 & 255;
            row[4 * x + 1] = argb[x] >> 8 & 255;
            row[4 * x + 2] = argb[x] & 255;
        }
    }

    /**
     * Returns a tensor of shape {@code [1 or 3, height, width]} as an image: uint8, or floating point in [0, 1], which is
     * clamped.
     */
    public static BufferedImage image(Tensor image) {
        Arguments.notNull("image", "image", image);
        if (image.dim() != 3 || image.size(0) != 1 && image.size(0) != 3) {
            throw new ValueException("an image has the shape [1 or 3, height, width], got " + image.shape());
        }
        Tensor bytes = image.dtype().isFloatingPoint()
                ? image.detach().toFloat().mul(255).add(0.5).clamp(0, 255).toByte()
                : image.toByte();
        int[] values = bytes.toIntArray();
        int height = (int) image.size(1);
        int width = (int) image.size(2);
        int pixels = height * width;
        boolean gray = image.size(0) == 1;
        BufferedImage out =
                new BufferedImage(width, height, gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < pixels; i++) {
            if (gray) out.getRaster().setSample(i % width, i / width, 0, values[i]);
            else out.setRGB(i % width, i / width, values[i] << 16 | values[i + pixels] << 8 | values[i + 2 * pixels]);
        }
        return out;
    }

    /** Writes {@link #image} in the format that the file's name ends with, such as PNG; the file is there whole or not at all. */
    public static void write(Tensor image, Path file) {
        BufferedImage pixels = image(image);
        String name = file.getFileName().toString();
        String format = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Reading.of(file, () -> {
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), name, ".part");
            try {
                if (!ImageIO.write(pixels, format, part.toFile())) {
                    throw new FileException(file, "no writer knows the format '" + format + "'; write a .png", null);
                }
                return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        });
    }
}

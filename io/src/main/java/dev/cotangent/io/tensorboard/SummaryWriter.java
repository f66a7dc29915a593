package dev.cotangent.io.tensorboard;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;

/**
 * Writes scalars, histograms, images and texts for TensorBoard; PyTorch's {@code SummaryWriter}. Thread-safe.
 *
 * <pre>{@code
 * try (SummaryWriter writer = new SummaryWriter(Path.of("runs/first"))) {
 *     writer.addScalar("loss/train", loss.itemDouble(), step);
 * }
 * }</pre>
 *
 * <p>{@code tensorboard --logdir runs} shows the folder's files. A file is a row of records, each with its length and
 * checksums (TensorFlow's {@code TFRecord}), of {@code Event} messages.
 */
public final class SummaryWriter implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** As in PyTorch: the most events that are lost if the process is killed. */
    private static final int QUEUE = 10;

    // Fields of the message Event.
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    // Fields of the message Summary.Value.
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int IMAGE = 4;
    private static final int HISTOGRAM = 5;
    private static final int TENSOR = 8;
    private static final int METADATA = 9;

    private static final int STRING_TYPE = 7;

    private final Path file;
    private final InstantSource clock;
    private final OutputStream out;
    private int pending;
    private boolean closed;

    /** Creates a file in a folder, which is made if there is none. */
    public SummaryWriter(Path folder) {
        this(folder, InstantSource.system());
    }

    SummaryWriter(Path folder, InstantSource clock) {
        this.clock = clock;
        String host = System.getenv().getOrDefault("HOSTNAME", "localhost");
        this.file = Arguments.notNull("SummaryWriter", "folder", folder)
                .resolve("events.out.tfevents." + clock.instant().getEpochSecond() + "." + host + "."
                        + ProcessHandle.current().pid() + "." + COUNT.getAndIncrement());
        try {
            Files.createDirectories(folder);
            out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
        } catch (IOException e) {
            throw failed(e);
        }
        write(event().text(FILE_VERSION, "brain.Event:2"));
        flush();
    }

    private CotangentException failed(IOException e) {
        return new CotangentException("cannot write " + file + ": " + e, e);
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Adds a number; {@code add_scalar}. */
    public SummaryWriter addScalar(String tag, double value, long step) {
        return add(tag, step, new ProtoMessage(), v -> v.float32(SIMPLE_VALUE, (float) value));
    }

    /**
     * Adds the distribution of a tensor's elements, such as a parameter's or its gradient's; {@code add_histogram}. Elements
     * that are not finite are left out.
     */
    public SummaryWriter addHistogram(String tag, Tensor values, long step) {
        Tensor t = Arguments.notNull("add_histogram", "values", values);
        ValueHistogram histogram =
                ValueHistogram.of(t.detach().flatten().to(Dtype.FLOAT64).toDoubleArray());
        return add(tag, step, new ProtoMessage(), v -> v.message(HISTOGRAM, histogram.message()));
    }

    /**
     * Adds an image; {@code add_image}.
     *
     * @param image channels, height and width; 1 channel (grey), 3 (red, green, blue) or 4 (with alpha); of uint8, or of
     *     floating point from 0 to 1
     */
    public SummaryWriter addImage(String tag, Tensor image, long step) {
        Tensor t = Arguments.notNull("add_image", "image", image).detach();
        boolean bytes = t.dtype() == Dtype.UINT8;
        if (t.dim() != 3
                || t.size(0) != 1 && t.size(0) != 3 && t.size(0) != 4
                || t.numel() == 0
                || !bytes && !t.dtype().isFloatingPoint()) {
            throw new ValueException(
                    "an image has 1, 3 or 4 channels, a height and a width, of uint8 or floating point," + " but got "
                            + t.dtype() + " of " + t.shape());
        }
        int channels = (int) t.size(0);
        int height = Math.toIntExact(t.size(1));
        int width = Math.toIntExact(t.size(2));
        double[] values = t.flatten().to(Dtype.FLOAT64).toDoubleArray();
        byte[] png = png(values, bytes ? 1 : 255, channels, height, width);
        ProtoMessage message = new ProtoMessage()
                .integer(1, height)
                .integer(2, width)
                .integer(3, channels)
                .bytes(4, png);
        return add(tag, step, new ProtoMessage(), v -> v.message(IMAGE, message));
    }

    private static byte[] png(double[] values, int scale, int channels, int height, int width) {
        int kind = switch (channels) {
            case 1 -> BufferedImage.TYPE_BYTE_GRAY;
            case 3 -> BufferedImage.TYPE_INT_RGB;
            default -> BufferedImage.TYPE_INT_ARGB;
        };
        BufferedImage image = new BufferedImage(width, height, kind);
        int[] pixel = new int[channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    pixel[c] = (int) Math.clamp(scale * values[(c * height + y) * width + x], 0, 255);
                }
                image.getRaster().setPixel(x, y, pixel);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new CotangentException("cannot encode an image of " + height + " x " + width + ": " + e, e);
        }
        return png.toByteArray();
    }

    /** Adds a text, in Markdown; {@code add_text}. */
    public SummaryWriter addText(String tag, String text, long step) {
        byte[] bytes = Arguments.notNull("add_text", "text", text).getBytes(StandardCharsets.UTF_8);
        ProtoMessage shape = new ProtoMessage().message(2, new ProtoMessage().integer(1, 1));
        ProtoMessage tensor =
                new ProtoMessage().integer(1, STRING_TYPE).message(2, shape).bytes(8, bytes);
        ProtoMessage plugin = new ProtoMessage().text(1, "text");
        return add(tag + "/text_summary", step, new ProtoMessage().message(1, plugin), v -> v.message(TENSOR, tensor));
    }

    private interface Content {
        ProtoMessage addTo(ProtoMessage value);
    }

    private SummaryWriter add(String tag, long step, ProtoMessage metadata, Content content) {
        ProtoMessage value = new ProtoMessage().text(TAG, Arguments.notNull("SummaryWriter", "tag", tag));
        content.addTo(value);
        if (metadata.toByteArray().length > 0) value.message(METADATA, metadata);
        write(event().integer(STEP, step).message(SUMMARY, new ProtoMessage().message(1, value)));
        return this;
    }

    private ProtoMessage event() {
        Instant now = clock.instant();
        return new ProtoMessage().float64(WALL_TIME, now.getEpochSecond() + now.getNano() * 1e-9);
    }

    private synchronized void write(ProtoMessage event) {
        if (closed) throw new CotangentException("the SummaryWriter of " + file + " is closed");
        byte[] data = event.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(checksum(record.array(), 8));
        record.put(data).putInt(checksum(data, data.length));
        try {
            out.write(record.array());
            if (++pending >= QUEUE) flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Computes the CRC-32C, rotated and shifted as TensorFlow's records have it. */
    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    /** Flushes added events to the operating system; {@code flush}. */
    public synchronized void flush() {
        pending = 0;
        try {
            if (!closed) out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes pending events and closes the file; {@code close}. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        try {
            out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}

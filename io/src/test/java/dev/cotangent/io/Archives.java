package dev.cotangent.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Writes zip archives, which are not forced to the disk: that takes the time of many tests. */
final class Archives {
    @FunctionalInterface
    interface Content {
        void write(ZipWriter zip) throws IOException;
    }

    private Archives() {}

    static void write(Path file, Map<String, byte[]> entries) throws IOException {
        write(file, zip -> {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                zip.store(e.getKey(), e.getValue().length, to -> {
                    ByteBuffer data = ByteBuffer.wrap(e.getValue());
                    while (data.hasRemaining()) to.write(data);
                });
            }
        });
    }

    static void write(Path file, Content content) throws IOException {
        // Some file systems flush a file that is written over.
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ZipWriter zip = new ZipWriter(channel);
            content.write(zip);
            zip.finish();
        }
    }
}

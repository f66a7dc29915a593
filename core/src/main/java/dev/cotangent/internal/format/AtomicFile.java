package dev.cotangent.internal.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Replaces a file as a whole. A reader, at any time or after a crash of the process or of the machine, finds the
 * old content or the new one, never a part: the content is written to a temporary file in the same folder, forced to the
 * disk and renamed.
 */
public final class AtomicFile {
    /** Ends the names of temporary files, which begin with a dot and the name of the file to be replaced. */
    public static final String TEMPORARY = ".tmp";

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it from position 0 on. */
        void write(FileChannel channel) throws IOException;
    }

    private AtomicFile() {}

    /** Writes a file, or replaces it; on an error or exception the old one stays as it was. Follows symbolic links. */
    public static void write(Path file, Content content) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                content.write(channel);
                channel.force(true);
            }
            move(temporary, target);
            forceFolder(target.getParent());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Forces the new name to the disk, on the systems that let a folder be opened. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no folders; there the rename is in the file system's journal.
        }
    }
}

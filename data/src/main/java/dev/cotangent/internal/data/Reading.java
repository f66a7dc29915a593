package dev.cotangent.internal.data;

import dev.cotangent.CotangentException;
import dev.cotangent.UnsupportedException;
import dev.cotangent.data.FileException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Opens files and creates the exceptions for broken ones. */
public final class Reading {
    private Reading() {}

    /** Work that may fail in ways of its library. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /** Does it. */
        T run() throws Exception;
    }

    /** Does something with a file; what fails becomes a {@link FileException}. */
    public static <T extends @Nullable Object> T of(Path file, Work<T> work) {
        try {
            return work.run();
        } catch (CotangentException e) {
            throw e;
        } catch (Exception e) {
            throw failure(file, e);
        }
    }

    /**
     * Does something with a file by an optional library.
     *
     * @param what such as {@code reading CSV files}
     * @param library its group and name
     */
    public static <T extends @Nullable Object> T by(String what, String library, Path file, Work<T> work) {
        try {
            return of(file, work);
        } catch (NoClassDefFoundError e) {
            throw new UnsupportedException(
                    what + " needs the library " + library + " (missing: "
                            + String.valueOf(e.getMessage()).replace('/', '.')
                            + "); add it to the dependencies of the application, docs/how-to/load-data.md says in"
                            + " which version",
                    e);
        }
    }

    /** Returns the exception for a broken file. */
    public static FileException failure(Path file, Exception e) {
        String said = String.valueOf(e.getMessage());
        String message = switch (e) {
            case NoSuchFileException _ ->
                "there is no such file; look at the path, which counts from "
                        + Path.of("").toAbsolutePath();
            case AccessDeniedException _ -> "the file may not be read: check its permissions";
            case EOFException _ -> "the file ends too early: it is cut off, get it again (" + said + ")";
            case ZipException _ -> "the compressed data is damaged: get the file again (" + said + ")";
            case CharacterCodingException _ -> "the text is not in the expected encoding: give the charset of the file";
            default -> (Files.isDirectory(file) ? "it is a folder, not a file" : said) + suffix(e);
        };
        return new FileException(file, message, e);
    }

    private static String suffix(Exception e) {
        return e instanceof IOException ? "" : " (" + e.getClass().getSimpleName() + ")";
    }

    /** Opens a file, decompressed where its name ends with {@code .gz}. */
    public static InputStream open(Path file) {
        return of(file, () -> {
            InputStream in = Files.newInputStream(file);
            if (!isGzip(file)) return new BufferedInputStream(in, 1 << 16);
            try {
                return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
            } catch (IOException e) {
                in.close();
                throw e;
            }
        });
    }

    /** Returns whether a file's name says that it is compressed by gzip. */
    public static boolean isGzip(Path file) {
        return file.toString().endsWith(".gz");
    }

    /** Closes something; a failure to do so is a {@link FileException}. */
    public static void close(Path file, @Nullable AutoCloseable closeable) {
        if (closeable == null) return;
        of(file, () -> {
            closeable.close();
            return closeable;
        });
    }
}

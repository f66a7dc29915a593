package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.UnsupportedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** A file that is mapped to memory, for reading. */
final class MappedFile implements AutoCloseable {
    private final Path path;
    private final String kind;
    private final Arena arena;
    private final MemorySegment bytes;

    private MappedFile(Path path, String kind, Arena arena) {
        this.path = path;
        this.kind = kind;
        this.arena = arena;
        try {
            bytes = map();
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    private MemorySegment map() {
        if (Files.isDirectory(path)) throw new CotangentException("cannot read " + path + ": it is a folder");
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw new CotangentException("cannot read " + path + ": there is no such file", e);
        } catch (IOException e) {
            throw new CotangentException("cannot read " + path + ": " + e, e);
        }
    }

    /**
     * Maps a file, for any thread.
     *
     * @param kind what it is read as, with an article
     */
    static MappedFile open(Path path, String kind) {
        return new MappedFile(path, kind, Arena.ofShared());
    }

    /** Maps a file and parses it in this thread. */
    static <T> T read(Path path, String kind, Function<MemorySegment, T> parser) {
        // To close the memory of one thread takes no handshake with all others.
        try (MappedFile file = new MappedFile(path, kind, Arena.ofConfined())) {
            return file.parse(parser);
        }
    }

    /** Calls a parser; a fault that it finds is thrown with the name of the file. */
    <T> T parse(Function<MemorySegment, T> parser) {
        try {
            return parser.apply(bytes);
        } catch (Malformed e) {
            throw new FileFormatException(path, kind, e.fault(), e);
        } catch (UnsupportedException e) {
            throw new UnsupportedException("cannot read " + path + " as " + kind + ": " + e.getMessage(), e);
        } catch (InternalError e) {
            // Thrown by the JVM where a mapped file has become shorter.
            throw new CotangentException("cannot read " + path + ": it was changed while it was read", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}

package dev.cotangent.io;

import dev.cotangent.CotangentException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive in memory, whose stored entries are read in place: PKWARE's APPNOTE 6.3.10 with the 64-bit extensions,
 * entries stored or deflated. Entries that overlap, so that a small archive could unpack to a large one, are refused.
 */
final class ZipArchive {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int END_SIZE = 22;
    private static final int LOCATOR_SIZE = 20;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final long ESCAPE32 = 0xFFFFFFFFL;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    /** How many times its size a deflated block can become. */
    private static final long LARGEST_RATIO = 1032;

    private static final long FIRST_BUFFER = 1 << 16;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final long CHUNK = 1 << 28;

    private record Entry(String name, int method, long crc, long compressed, long size, MemorySegment data) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Directory(long count, long offset, long size) {}

    private record Extent(String name, long start, long end) {}

    /** Reads the directory of an archive. */
    ZipArchive(MemorySegment file) {
        Bytes bytes = new Bytes(file, "the zip archive");
        Directory directory = directory(bytes);
        List<Extent> extents = new ArrayList<>();
        Bytes in = new Bytes(file.asSlice(0, directory.offset + directory.size), "the directory of the zip archive")
                .at(directory.offset);
        for (long i = 0; i < directory.count; i++) read(in, file, directory, extents);
        extents.sort(Comparator.comparingLong(Extent::start));
        for (int i = 1; i < extents.size(); i++) {
            if (extents.get(i).start < extents.get(i - 1).end) {
                throw new Malformed("entries " + extents.get(i - 1).name + " and " + extents.get(i).name
                        + " of the zip archive overlap");
            }
        }
    }

    /** Returns whether a file begins as an archive does. */
    static boolean isZip(MemorySegment file) {
        return file.byteSize() >= 4 && new Bytes(file, "").i32() == LOCAL;
    }

    private static Directory directory(Bytes file) {
        long last = file.size() - END_SIZE;
        for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
            if (file.at(at).i32() == END && file.at(at + END_SIZE - 2).u16() == last - at) {
                return directory(file, at);
            }
        }
        throw new Malformed("the zip archive has no directory at its end, so it was not written whole");
    }

    private static Directory directory(Bytes file, long end) {
        file.at(end + 10);
        Directory directory = new Directory(file.u16(), 0, 0);
        long size = file.u32();
        directory = new Directory(directory.count, file.u32(), size);
        long start = end;
        if (end >= LOCATOR_SIZE && file.at(end - LOCATOR_SIZE).i32() == LOCATOR64) {
            start = file.skip(4).i64();
            if (start < 0 || start > end - LOCATOR_SIZE || file.at(start).i32() != END64) {
                throw new Malformed("the zip archive's 64-bit directory is not where it is said to be");
            }
            file.skip(28);
            long count = file.i64();
            size = file.i64();
            directory = new Directory(count, file.i64(), size);
        }
        if (directory.offset < 0
                || directory.size < 0
                || directory.offset > start
                || directory.size > start - directory.offset) {
            throw new Malformed("the zip archive's directory lies outside of it");
        }
        return directory;
    }

    private void read(Bytes in, MemorySegment file, Directory directory, List<Extent> extents) {
        if (in.i32() != CENTRAL) throw new Malformed("the zip archive's directory is broken");
        int flags = in.skip(4).u16();
        int method = in.u16();
        long crc = in.skip(4).u32();
        long compressed = in.u32();
        long size = in.u32();
        int nameLength = in.u16();
        int extraLength = in.u16();
        int commentLength = in.u16();
        long header = in.skip(8).u32();
        String name = in.text(nameLength);
        long extraEnd = in.position() + extraLength;
        while (in.position() + 4 <= extraEnd) {
            int id = in.u16();
            int length = in.u16();
            long next = in.position() + length;
            if (id == 1) {
                if (size == ESCAPE32) size = in.i64();
                if (compressed == ESCAPE32) compressed = in.i64();
                if (header == ESCAPE32) header = in.i64();
            }
            in.at(next);
        }
        in.at(extraEnd).skip(commentLength);
        if ((flags & ENCRYPTED) != 0) throw new Malformed("entry " + name + " of the zip archive is encrypted");
        if (method != STORED && method != DEFLATED) {
            throw new Malformed("entry " + name + " of the zip archive is compressed by method " + method
                    + ", neither stored nor deflated");
        }
        boolean sane = compressed >= 0
                && size >= 0
                && (method == STORED ? compressed == size : size / LARGEST_RATIO <= compressed);
        if (!sane) {
            throw new Malformed("entry " + name + " of the zip archive cannot have " + Long.toUnsignedString(size)
                    + " bytes, being stored in " + Long.toUnsignedString(compressed));
        }
        Bytes local = new Bytes(file.asSlice(0, directory.offset), "entry " + name + " of the zip archive").at(header);
        if (local.i32() != LOCAL) throw new Malformed("entry " + name + " is not where the zip archive has it");
        int localName = local.skip(22).u16();
        int localExtra = local.u16();
        if (!local.text(localName).equals(name)) throw new Malformed("entry " + name + " has two names");
        MemorySegment data = local.skip(localExtra).slice(compressed);
        extents.add(new Extent(name, header, local.position()));
        if (entries.put(name, new Entry(name, method, crc, compressed, size, data)) != null) {
            throw new Malformed("entry " + name + " is twice in the zip archive");
        }
    }

    /** Returns the names of the entries, in the order of the directory. */
    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Returns the size of an entry, or -1 if there is none of that name. */
    long size(String name) {
        Entry entry = entries.get(name);
        return entry == null ? -1 : entry.size;
    }

    /** Returns the bytes of an entry, which if it is stored are those of the archive; null if there is none of that name. */
    @Nullable
    MemorySegment data(String name, boolean verify) {
        Entry entry = entries.get(name);
        if (entry == null) return null;
        MemorySegment data = entry.method == STORED ? entry.data : inflate(entry);
        if (verify && crc(data) != entry.crc) {
            throw new Malformed("entry " + name + " of the zip archive is damaged: its checksum is not the recorded one"
                    + " (Torch.loadOptions().verifyChecksums(false) reads it all the same)");
        }
        return data;
    }

    private static long crc(MemorySegment data) {
        CRC32 crc = new CRC32();
        for (long done = 0; done < data.byteSize(); done += CHUNK) {
            crc.update(
                    data.asSlice(done, Math.min(CHUNK, data.byteSize() - done)).asByteBuffer());
        }
        return crc.getValue();
    }

    private static MemorySegment inflate(Entry entry) {
        if (entry.size > LARGEST_ARRAY || entry.compressed > LARGEST_ARRAY) {
            throw new Malformed("entry " + entry.name + " of the zip archive is deflated and has " + entry.size
                    + " bytes, more than is read; store it without compression");
        }
        // Grows with the decompressed data, as the claimed size may be wrong.
        byte[] bytes = new byte[(int) Math.min(entry.size, Math.max(FIRST_BUFFER, 2 * entry.compressed))];
        int count = 0;
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(entry.data.asByteBuffer());
            while (true) {
                int more = inflater.inflate(bytes, count, bytes.length - count);
                count += more;
                if (more > 0) continue;
                if (count < bytes.length || bytes.length == entry.size) break;
                bytes = Arrays.copyOf(bytes, (int) Math.min(entry.size, 2L * bytes.length));
            }
            if (count < entry.size || inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
                throw new Malformed("entry " + entry.name + " of the zip archive does not have " + entry.size
                        + " bytes when inflated");
            }
        } catch (DataFormatException e) {
            throw new Malformed("entry " + entry.name + " of the zip archive is damaged: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new CotangentException(
                    "not enough memory to inflate entry " + entry.name + " of a zip archive, which has " + entry.size
                            + " bytes (java -Xmx sets what there is)",
                    e);
        }
        return MemorySegment.ofArray(bytes);
    }
}

package dev.cotangent.backend;

import java.util.Locale;

/**
 * Statistics of a device's memory; those of PyTorch's {@code torch.cuda.memory_stats}.
 *
 * @param allocated bytes of allocated blocks, whether or not still referenced
 * @param reserved bytes of segments taken from the device, allocated or cached
 * @param allocations number of allocated blocks
 * @param segments number of segments taken from the device
 * @param retries number of allocations that succeeded only after cached memory was freed
 * @param collections number of garbage collections triggered by lack of memory
 * @param failures number of failed allocations
 * @param total bytes of memory that the device has
 */
public record MemoryReport(
        Gauge allocated,
        Gauge reserved,
        Gauge allocations,
        Gauge segments,
        long retries,
        long collections,
        long failures,
        long total) {
    /**
     * A statistic that rises and falls.
     *
     * @param current current value
     * @param peak highest value so far
     * @param added total of all increases
     * @param removed total of all decreases
     */
    public record Gauge(long current, long peak, long added, long removed) {}

    private static final int WIDTH = 75;

    /** Returns a table such as that of {@code torch.cuda.memory_summary}. */
    public String table(int device) {
        StringBuilder t = new StringBuilder();
        rule(t, '=');
        line(t, "CUDA memory summary, device " + device);
        rule(t, '-');
        String first = "out of memory: " + failures;
        String second = "retries after freeing: " + retries;
        String third = "collections: " + collections;
        t.append("|")
                .append(centred(first, 24))
                .append('|')
                .append(centred(second, 27))
                .append('|')
                .append(centred(third, 22))
                .append("|\n");
        rule(t, '=');
        row(t, "Metric", "Cur Usage", "Peak Usage", "Tot Alloc", "Tot Freed");
        rule(t, '-');
        bytes(t, "Allocated memory", allocated);
        bytes(t, "Reserved memory", reserved);
        counts(t, "Allocations", allocations);
        counts(t, "Segments", segments);
        rule(t, '-');
        line(t, text(total) + " on the device");
        rule(t, '=');
        return t.toString();
    }

    private static void rule(StringBuilder t, char c) {
        t.append('|').append(String.valueOf(c).repeat(WIDTH)).append("|\n");
    }

    private static void line(StringBuilder t, String text) {
        t.append('|').append(centred(text, WIDTH)).append("|\n");
    }

    private static String centred(String text, int width) {
        int before = Math.max(0, width - text.length()) / 2;
        return " ".repeat(before) + text + " ".repeat(Math.max(0, width - text.length() - before));
    }

    private static void row(StringBuilder t, String name, String... cells) {
        t.append("| ").append(String.format(Locale.ROOT, "%-22s", name));
        for (String cell : cells) t.append('|').append(centred(cell, 12));
        t.append("|\n");
    }

    private static void bytes(StringBuilder t, String name, Gauge g) {
        row(t, name, text(g.current), text(g.peak), text(g.added), text(g.removed));
    }

    private static void counts(StringBuilder t, String name, Gauge g) {
        row(t, name, count(g.current), count(g.peak), count(g.added), count(g.removed));
    }

    private static String count(long n) {
        return n < 10_000_000 ? Long.toString(n) : n / 1000 + " K";
    }

    /** Returns a size in bytes, or in KiB, MiB and so on from 10,000 of the smaller unit. */
    private static String text(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        int unit = 0;
        long n = bytes;
        while (n >= 10_000 && unit < units.length - 1) {
            n /= 1024;
            unit++;
        }
        return n + " " + units[unit];
    }
}

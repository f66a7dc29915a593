package dev.cotangent.profiler;

import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The events of a profile, summed by name: PyTorch's {@code key_averages}. */
public final class KeyAverages {
    private record Key(String name, List<List<Long>> shapes) {}

    private final List<FunctionEventAvg> rows;
    private final boolean showsMemory;

    private KeyAverages(List<FunctionEventAvg> rows, boolean showsMemory) {
        this.rows = List.copyOf(rows);
        this.showsMemory = showsMemory;
    }

    static KeyAverages of(List<ProfilerEvent> events, boolean byShape, boolean showsMemory, long host, long device) {
        Map<Key, FunctionEventAvg> sums = new LinkedHashMap<>();
        for (ProfilerEvent e : events) {
            Key key = new Key(e.name(), byShape ? e.inputShapes() : List.of());
            FunctionEventAvg sum = sums.get(key);
            if (sum == null) sum = new FunctionEventAvg(key.name, key.shapes, 0, 0, 0, 0, 0, 0, 0);
            sums.put(key, sum.plus(e));
        }
        List<FunctionEventAvg> rows = new ArrayList<>(sums.values());
        if (host != 0 || device != 0) {
            rows.add(new FunctionEventAvg("[memory]", List.of(), 0, 0, 0, host, host, device, device));
        }
        return new KeyAverages(rows, showsMemory);
    }

    /** Returns the rows, in the order of first calls. */
    public List<FunctionEventAvg> rows() {
        return rows;
    }

    /**
     * Returns the sum of the rows of a name, such as {@code "aten::mul"}; with {@code count} 0 if there is none.
     */
    public FunctionEventAvg get(String key) {
        Arguments.notNull("get", "key", key);
        FunctionEventAvg sum = new FunctionEventAvg(key, List.of(), 0, 0, 0, 0, 0, 0, 0);
        for (FunctionEventAvg r : rows) {
            if (!r.key().equals(key)) continue;
            sum = new FunctionEventAvg(
                    key,
                    List.of(),
                    sum.count() + r.count(),
                    sum.cpuTimeTotal() + r.cpuTimeTotal(),
                    sum.selfCpuTimeTotal() + r.selfCpuTimeTotal(),
                    sum.cpuMemoryUsage() + r.cpuMemoryUsage(),
                    sum.selfCpuMemoryUsage() + r.selfCpuMemoryUsage(),
                    sum.deviceMemoryUsage() + r.deviceMemoryUsage(),
                    sum.selfDeviceMemoryUsage() + r.selfDeviceMemoryUsage());
        }
        return sum;
    }

    /** Returns the time of all events, nested ones counted once, in nanoseconds. */
    public long selfCpuTimeTotal() {
        return rows.stream().mapToLong(FunctionEventAvg::selfCpuTimeTotal).sum();
    }

    /** Returns options for {@link #table(TableOptions)}: not sorted, at most 100 rows. */
    public static TableOptions options() {
        return TableOptions.DEFAULT;
    }

    /** Returns a table in the order of first calls. */
    public String table() {
        return table(TableOptions.DEFAULT);
    }

    /** Returns a table as PyTorch prints it. */
    public String table(TableOptions options) {
        Arguments.notNull("table", "options", options);
        if (rows.isEmpty()) return "";
        SortKey key = options.sortBy();
        List<FunctionEventAvg> sorted = new ArrayList<>(rows);
        if (key != null) sorted.sort(Comparator.comparingLong((FunctionEventAvg r) -> -key.of(r)));
        boolean shapes = rows.stream().anyMatch(r -> !r.inputShapes().isEmpty());
        boolean device = rows.stream().anyMatch(r -> r.selfDeviceMemoryUsage() != 0);
        List<String> headers =
                new ArrayList<>(List.of("Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg"));
        if (showsMemory) headers.addAll(List.of("CPU Mem", "Self CPU Mem"));
        if (device) headers.addAll(List.of("Device Mem", "Self Dev Mem"));
        headers.add("# of Calls");
        if (shapes) headers.add("Input Shapes");

        int[] widths = new int[headers.size()];
        Arrays.fill(widths, 12);
        int nameWidth = rows.stream().mapToInt(r -> r.key().length()).max().orElse(0) + 4;
        widths[0] = Math.min(nameWidth, options.maxNameColumnWidth());
        int shapesWidth = rows.stream()
                        .mapToInt(r -> r.inputShapes().toString().length())
                        .max()
                        .orElse(0)
                + 4;
        if (shapes) widths[widths.length - 1] = Math.min(shapesWidth, options.maxShapesColumnWidth());

        StringBuilder rule = new StringBuilder();
        for (int w : widths) rule.append("-".repeat(w)).append("  ");
        StringBuilder text = new StringBuilder();
        if (options.header() != null) {
            text.append("=".repeat(rule.length() - 2)).append('\n');
            text.append(options.header()).append('\n');
        }
        text.append(rule).append('\n');
        line(text, widths, headers);
        text.append(rule).append('\n');
        long all = selfCpuTimeTotal();
        int limit = options.rowLimit() < 0 ? sorted.size() : Math.min(sorted.size(), options.rowLimit());
        for (FunctionEventAvg r : sorted.subList(0, limit)) {
            List<String> cells = new ArrayList<>(List.of(
                    cut(r.key(), options.maxNameColumnWidth()),
                    share(r.selfCpuTimeTotal(), all),
                    time(r.selfCpuTimeTotal()),
                    share(r.cpuTimeTotal(), all),
                    time(r.cpuTimeTotal()),
                    time(r.cpuTime())));
            if (showsMemory) cells.addAll(List.of(bytes(r.cpuMemoryUsage()), bytes(r.selfCpuMemoryUsage())));
            if (device) cells.addAll(List.of(bytes(r.deviceMemoryUsage()), bytes(r.selfDeviceMemoryUsage())));
            cells.add(String.valueOf(r.count()));
            if (shapes) {
                String s = r.inputShapes().toString();
                cells.add(s.substring(0, Math.min(s.length(), widths[widths.length - 1])));
            }
            line(text, widths, cells);
        }
        text.append(rule).append('\n');
        return text.append("Self CPU time total: ")
                .append(time(all))
                .append('\n')
                .toString();
    }

    private static void line(StringBuilder text, int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            text.append(" ".repeat(Math.max(0, widths[i] - cells.get(i).length())))
                    .append(cells.get(i))
                    .append("  ");
        }
        text.append('\n');
    }

    private static String cut(String name, int width) {
        return name.length() >= width - 3 ? name.substring(0, width - 3) + "..." : name;
    }

    private static String time(long nanoseconds) {
        double us = nanoseconds / 1e3;
        if (us >= 1e6) return String.format(Locale.ROOT, "%.3fs", us / 1e6);
        if (us >= 1e3) return String.format(Locale.ROOT, "%.3fms", us / 1e3);
        return String.format(Locale.ROOT, "%.3fus", us);
    }

    private static String share(long part, long all) {
        return all == 0 ? "NaN" : String.format(Locale.ROOT, "%.2f%%", part * 100.0 / all);
    }

    private static String bytes(long n) {
        double size = Math.abs((double) n);
        if (size >= 1 << 30) return String.format(Locale.ROOT, "%.2f GB", n / (double) (1 << 30));
        if (size >= 1 << 20) return String.format(Locale.ROOT, "%.2f MB", n / (double) (1 << 20));
        if (size >= 1 << 10) return String.format(Locale.ROOT, "%.2f KB", n / (double) (1 << 10));
        return n + " B";
    }

    @Override
    public String toString() {
        return table();
    }
}

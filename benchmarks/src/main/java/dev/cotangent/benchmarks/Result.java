package dev.cotangent.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Result of a case.
 *
 * @param ours our microseconds, the median of the rounds
 * @param peers results of the peers that have the case
 * @param limit minimal microseconds on the hardware, or NaN if unknown
 * @param bytes bytes of Java's heap that a run of ours allocates
 */
record Result(String name, int threads, String device, double ours, List<Peer> peers, double limit, double bytes) {
    private static final int NAME = 44;

    /**
     * A peer's time for the same case.
     *
     * @param name its name for {@code --peer}
     * @param micros the median of the rounds
     * @param ratio the median of the rounds' ratios of the peer's time to ours: above 1 we are faster
     */
    record Peer(String name, double micros, double ratio) {}

    /** Returns the ratio to the best peer, or NaN if there is none. */
    double ratio() {
        return peers.stream().mapToDouble(Peer::ratio).min().orElse(Double.NaN);
    }

    private double ratio(String peer) {
        return peers.stream()
                .filter(p -> p.name.equals(peer))
                .mapToDouble(Peer::ratio)
                .findFirst()
                .orElse(Double.NaN);
    }

    private double micros(String peer) {
        return peers.stream()
                .filter(p -> p.name.equals(peer))
                .mapToDouble(Peer::micros)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns the header of the table with the given peers. */
    static String header(List<String> peers) {
        List<String> titles = new ArrayList<>(List.of("ours us"));
        for (String p : peers) titles.addAll(List.of(wide(p, p + " us"), "ratio"));
        if (peers.size() > 1) titles.add("to best");
        titles.addAll(List.of("limit us", "of limit", "allocated"));
        return row("case", titles);
    }

    /** Returns the row of the table with the given peers. */
    String line(List<String> peers) {
        List<String> cells = new ArrayList<>(List.of(number(ours)));
        for (String p : peers) cells.addAll(List.of(wide(p, number(micros(p))), ratioText(ratio(p))));
        if (peers.size() > 1) cells.add(ratioText(ratio()));
        cells.add(number(limit));
        cells.add(Double.isNaN(limit) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * limit / ours));
        cells.add(size(bytes));
        return row(name, cells);
    }

    /** Pads a cell to the width of a peer's title. */
    private static String wide(String peer, String text) {
        return String.format(Locale.ROOT, "%" + (peer.length() + 4) + "s", text);
    }

    private static String row(String name, List<String> cells) {
        return cells.stream()
                .map(c -> String.format(Locale.ROOT, "%12s", c))
                .collect(Collectors.joining(" ", String.format(Locale.ROOT, "%-" + NAME + "s ", name), ""));
    }

    private static String ratioText(double ratio) {
        return Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    private static String size(double bytes) {
        if (Double.isNaN(bytes)) return "-";
        if (bytes < 10_000) return String.format(Locale.ROOT, "%.0f B", bytes);
        return String.format(Locale.ROOT, bytes < 1e7 ? "%.0f kB" : "%.1f MB", bytes / (bytes < 1e7 ? 1e3 : 1e6));
    }

    /** Formats a time with three significant digits or more. */
    private static String number(double micros) {
        if (Double.isNaN(micros)) return "-";
        int places = micros >= 1000 ? 0 : micros >= 10 ? 1 : micros >= 0.1 ? 3 : 5;
        return String.format(Locale.ROOT, "%." + places + "f", micros);
    }

    /** Returns the machine and the results as JSON. */
    static String json(Machine machine, List<Result> results) {
        return results.stream()
                .map(Result::json)
                .collect(Collectors.joining(
                        ",\n", "{\n\"machine\": " + machine.json() + ",\n\"results\": [\n", "\n]\n}\n"));
    }

    private String json() {
        String theirs = peers.stream()
                .map(p -> "\"%s\": {\"us\": %s, \"ratio\": %s}".formatted(p.name, json(p.micros), json(p.ratio)))
                .collect(Collectors.joining(", "));
        return ("  {\"case\": \"%s\", \"threads\": %d, \"device\": \"%s\", \"ours_us\": %s, \"peers\": {%s},"
                        + " \"ratio\": %s, \"limit_us\": %s, \"ours_bytes\": %s}")
                .formatted(name, threads, device, json(ours), theirs, json(ratio()), json(limit), json(bytes));
    }

    private static String json(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.6g", value);
    }

    /** Returns the results that have a ratio, lowest first. */
    static List<Result> compared(List<Result> results) {
        return results.stream()
                .filter(r -> !Double.isNaN(r.ratio()))
                .sorted(Comparator.comparingDouble(Result::ratio))
                .toList();
    }

    /** Returns the geometric mean and distribution of the ratios, or an empty string if there is none. */
    static String summary(List<Result> results) {
        List<Result> compared = compared(results);
        if (compared.isEmpty()) return "";
        return String.format(
                Locale.ROOT,
                "geometric mean of %d ratios: %.2f; %.1f %% at 0.9 or more, %.1f %% at 1 or more, %d below 0.5",
                compared.size(),
                geometricMean(compared),
                100 * share(compared, 0.9),
                100 * share(compared, 1),
                compared.stream().filter(r -> r.ratio() < 0.5).count());
    }

    private static double share(List<Result> results, double least) {
        return (double) results.stream().filter(r -> r.ratio() >= least).count() / results.size();
    }

    /** Returns the geometric mean of the ratios, or NaN if there is none. */
    static double geometricMean(List<Result> results) {
        return Math.exp(
                results.stream().mapToDouble(r -> Math.log(r.ratio())).average().orElse(Double.NaN));
    }
}

package dev.cotangent.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What was measured of a case; NaN where there is no peer or no limit.
 *
 * @param ours microseconds, the median of the rounds
 * @param peer likewise
 * @param ratio the median of the rounds' ratios of the peer's time to ours: above 1 we are faster
 * @param limit microseconds that the hardware needs at least
 * @param bytes of Java's heap that a run of ours allocates
 */
record Result(
        String name, int threads, String device, double ours, double peer, double ratio, double limit, double bytes) {
    private static final int NAME = 34;

    static String header() {
        return String.format(
                Locale.ROOT,
                "%-" + NAME + "s %12s %12s %8s %12s %9s %12s",
                "case",
                "ours us",
                "peer us",
                "ratio",
                "limit us",
                "of limit",
                "allocated");
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-" + NAME + "s %12s %12s %8s %12s %9s %12s",
                name,
                number(ours),
                number(peer),
                Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
                number(limit),
                Double.isNaN(limit) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * limit / ours),
                size(bytes));
    }

    private static String size(double bytes) {
        if (Double.isNaN(bytes)) return "-";
        if (bytes < 10_000) return String.format(Locale.ROOT, "%.0f B", bytes);
        return String.format(Locale.ROOT, bytes < 1e7 ? "%.0f kB" : "%.1f MB", bytes / (bytes < 1e7 ? 1e3 : 1e6));
    }

    /** Three digits at least, and none that mean nothing. */
    private static String number(double micros) {
        if (Double.isNaN(micros)) return "-";
        int places = micros >= 1000 ? 0 : micros >= 10 ? 1 : micros >= 0.1 ? 3 : 5;
        return String.format(Locale.ROOT, "%." + places + "f", micros);
    }

    static String json(List<Result> results) {
        return results.stream().map(Result::json).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    private String json() {
        return ("  {\"case\": \"%s\", \"threads\": %d, \"device\": \"%s\", \"ours_us\": %s, \"peer_us\": %s,"
                        + " \"ratio\": %s, \"limit_us\": %s, \"ours_bytes\": %s}")
                .formatted(name, threads, device, json(ours), json(peer), json(ratio), json(limit), json(bytes));
    }

    private static String json(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.6g", value);
    }

    /** The geometric mean of the ratios; NaN where there is none. */
    static double geometricMean(List<Result> results) {
        return Math.exp(
                results.stream().mapToDouble(r -> Math.log(r.ratio)).average().orElse(Double.NaN));
    }
}

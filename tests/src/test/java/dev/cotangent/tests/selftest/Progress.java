package dev.cotangent.tests.selftest;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Counts what comes of the units, from several threads, and says now and then how far it is. */
final class Progress implements AutoCloseable {
    private static final int SECONDS_BETWEEN = 10;
    private static final int LONGEST = 400;

    private final PrintWriter err;
    private final long start = System.nanoTime();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());
    private final List<Outcome.Remark> failures = new ArrayList<>();
    private final List<Outcome.Remark> skips = new ArrayList<>();
    private int passed;

    Progress(PrintWriter err) {
        this.err = err;
        clock.scheduleAtFixedRate(this::say, SECONDS_BETWEEN, SECONDS_BETWEEN, TimeUnit.SECONDS);
    }

    synchronized void passed(int count) {
        passed += count;
    }

    /** Prints a name, a tab and the reason, with line breaks written as {@code \n}. */
    synchronized void failed(String remark) {
        failures.add(parsed(remark));
    }

    synchronized void skipped(String remark) {
        skips.add(parsed(remark));
    }

    private static Outcome.Remark parsed(String remark) {
        String[] parts = remark.split("\t", 2);
        String reason = parts.length > 1 ? parts[1] : "";
        return new Outcome.Remark(parts[0], reason.translateEscapes());
    }

    synchronized List<Outcome.Remark> failures() {
        return List.copyOf(failures);
    }

    synchronized boolean nothing() {
        return passed == 0 && failures.isEmpty() && skips.isEmpty();
    }

    synchronized String summary() {
        return "%d passed, %d failed, %d skipped".formatted(passed, failures.size(), skips.size());
    }

    private void say() {
        err.printf("%s, after %d s%n", summary(), seconds());
        err.flush();
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    synchronized String json(String device) {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("device", device).put("seconds", seconds());
        root.put("passed", passed).put("failed", failures.size()).put("skipped", skips.size());
        remarks(root.putArray("failures"), failures);
        remarks(root.putArray("skips"), skips);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void remarks(ArrayNode array, List<Outcome.Remark> remarks) {
        for (Outcome.Remark r : remarks) array.addObject().put("name", r.name()).put("reason", r.reason());
    }

    /** Returns the beginning of a reason, in one line. */
    static String shortened(String reason) {
        String line = reason.replace("\n", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}

package dev.cotangent.benchmarks;

import dev.cotangent.CotangentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Our side and the peers' as processes whose measurements of a case are interleaved. */
final class Comparison implements AutoCloseable {
    /** Share of the time that the compiler works, above which runs still get faster. */
    private static final double COMPILING = 0.02;

    private static final int MAX_RUNS = 10_000_000;
    private static final double LONG_RUN = 0.3;
    private static final int ROUNDS_OF_LONG_RUNS = 3;

    private final Side us;
    private final Map<String, Side> peers = new LinkedHashMap<>();
    private final String device;
    private final int threads;
    private final Pace pace;

    /**
     * Starts the processes.
     *
     * @param peers the Python of each peer in Python, else an empty string
     * @param java options of our side's JVM
     */
    Comparison(String device, int threads, Map<String, String> peers, List<String> java, Pace pace) {
        this.device = device;
        this.threads = threads;
        this.pace = pace;
        us = Side.engine(OurEngine.NAME, device, threads, java);
        try {
            peers.forEach((name, python) -> this.peers.put(name, open(name, python)));
        } catch (CotangentException e) {
            close();
            throw e;
        }
    }

    private Side open(String name, String python) {
        return python.isEmpty()
                ? Side.engine(name, device, threads, List.of())
                : Side.python(name, python, device, threads);
    }

    /** Returns the names of the sides. */
    String title() {
        List<String> names = peers.values().stream().map(Side::name).toList();
        return us.name() + (names.isEmpty() ? "" : " against " + String.join(" and ", names));
    }

    /** Returns the names of the peers. */
    Set<String> peers() {
        return peers.keySet();
    }

    /** Returns our side's description of its threads and vectors. */
    String engine() {
        return us.engine();
    }

    /** Returns whether all processes are alive, as after a difference between results. */
    boolean isAlive() {
        return us.isAlive() && peers.values().stream().allMatch(Side::isAlive);
    }

    /**
     * Prepares a case and compares the results; returns the peers that have it.
     *
     * @throws CotangentException if the results differ, or one side fails
     */
    Map<String, Side> prepare(Case c) {
        Inputs.Checksum ours = Objects.requireNonNull(us.prepare(c));
        Map<String, Side> able = new LinkedHashMap<>();
        peers.forEach((name, side) -> {
            Inputs.Checksum theirs = side.prepare(c);
            if (theirs == null) return;
            if ((c.peer() == null || c.peer().compared()) && !ours.agrees(theirs)) {
                throw new CotangentException("the results differ: " + ours + ", of " + name + " " + theirs);
            }
            able.put(name, side);
        });
        return able;
    }

    /**
     * Measures a case.
     *
     * @throws CotangentException if the results differ, or one side fails
     */
    Result measure(Case c, int rounds, boolean limits) {
        Map<String, Side> able = prepare(c);
        List<Side> sides = new ArrayList<>(List.of(us));
        sides.addAll(able.values());
        int[] runs = new int[sides.size()];
        double longest = 0;
        for (int s = 0; s < runs.length; s++) {
            runs[s] = warmUp(sides.get(s), s == 0 ? pace.quietSeconds() : pace.peerQuietSeconds());
            longest = Math.max(longest, sides.get(s).run(1));
        }
        int enough = longest > LONG_RUN ? Math.min(rounds, ROUNDS_OF_LONG_RUNS) : rounds;
        double[][] micros = new double[runs.length][enough];
        for (int i = 0; i < enough; i++) {
            for (int s = 0; s < runs.length; s++) micros[s][i] = 1e6 * runAfterPause(sides.get(s), runs[s]) / runs[s];
        }
        List<Result.Peer> peerResults = new ArrayList<>();
        int s = 1;
        for (String name : able.keySet()) {
            double[] theirs = micros[s++];
            double[] ratios = new double[enough];
            for (int i = 0; i < enough; i++) ratios[i] = theirs[i] / micros[0][i];
            peerResults.add(new Result.Peer(name, median(theirs), median(ratios)));
        }
        double bytes = us.bytes(runs[0]);
        double limit = limits ? 1e6 * us.limit() : Double.NaN;
        return new Result(c.name(), threads, device, median(micros[0]), peerResults, limit, bytes);
    }

    /** Runs until nothing is left to compile, and returns the number of runs of a round. */
    private int warmUp(Side side, double quietSeconds) {
        int runs = 1;
        double spent = 0;
        double idle = 0;
        double compiled = side.compiled();
        while (true) {
            double last = side.run(runs);
            spent += last;
            // Compilations count at their end, so a short pause does not mean that none is running.
            double now = side.compiled();
            idle = now - compiled < COMPILING * last ? idle + last : 0;
            compiled = now;
            boolean full = last >= pace.round() / 2 || runs == MAX_RUNS;
            if (full && (idle > quietSeconds || spent > pace.longestWarmUp())) return runs;
            runs = Math.clamp(Math.round(runs * Math.min(pace.round() / last, 10)), 1, MAX_RUNS);
        }
    }

    /** Returns the seconds of some runs, after a pause in which the threads of the other sides go to sleep. */
    private double runAfterPause(Side side, int runs) {
        try {
            Thread.sleep(pace.pauseMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return side.run(runs);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Ends the processes. */
    @Override
    public void close() {
        us.close();
        for (Side peer : peers.values()) peer.close();
    }
}

package dev.cotangent.benchmarks;

/**
 * Durations of the measurement of a case.
 *
 * @param round seconds of a round of measurements, or of one run if that is longer
 * @param quietSeconds seconds without compilation after which a side is warm
 * @param longestWarmUp maximal seconds of the warm-up
 * @param peerQuietSeconds {@code quietSeconds} of a peer, which compiles nothing
 * @param pauseMillis pause before a round, in which the threads of the other sides go to sleep
 */
record Pace(double round, double quietSeconds, double longestWarmUp, double peerQuietSeconds, int pauseMillis) {
    /** Pace for dozens of cases. */
    static final Pace THOROUGH = new Pace(0.05, 1.5, 20, 1.5, 20);

    /** Pace for thousands of cases. */
    static final Pace QUICK = new Pace(0.02, 0.2, 3, 0.02, 5);
}

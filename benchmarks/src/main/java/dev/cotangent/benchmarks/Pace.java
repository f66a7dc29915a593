package dev.cotangent.benchmarks;

/**
 * How long a case is measured.
 *
 * @param round seconds that a round of measurements takes, or one run if that is longer
 * @param settled seconds without compilation after which a side is warm
 * @param longestWarmUp seconds after which it is warm in any case
 * @param peerSettled as {@code settled}, of a peer, which compiles nothing
 * @param pauseMillis before a round, in which the threads of the other side go to sleep
 */
record Pace(double round, double settled, double longestWarmUp, double peerSettled, int pauseMillis) {
    /** For some dozens of cases. */
    static final Pace THOROUGH = new Pace(0.05, 1.5, 20, 1.5, 20);

    /** For thousands. */
    static final Pace QUICK = new Pace(0.02, 0.2, 3, 0.02, 5);
}

package dev.cotangent.tests.conformance;

/**
 * One check of the conformance suite.
 *
 * @param name the name of the check; it also seeds the random numbers of the check
 * @param body the code to run, which throws an {@link AssertionError} if the device does not conform
 */
public record Check(String name, Body body) {
    /** What a check does. */
    @FunctionalInterface
    public interface Body {
        /** Runs with the numbers of one trial. */
        void run(Trial trial);
    }

    /** Runs this on a device, with a seed that a failure names. */
    public void run(Lab lab) {
        long seed = lab.seed() * 0x9E3779B97F4A7C15L + name.hashCode();
        try {
            body.run(new Trial(lab, seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "%s on %s: %s%nreplay with -Dcontract.seed=%d"
                            .formatted(name, lab.device().device(), e, lab.seed()),
                    e);
        }
    }
}

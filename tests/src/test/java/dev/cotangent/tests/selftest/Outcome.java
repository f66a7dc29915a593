package dev.cotangent.tests.selftest;

import java.util.List;

/**
 * What came of something that was run.
 *
 * @param passed how many records or checks were right
 * @param failed those that were wrong
 * @param skipped those that could not be run
 */
public record Outcome(int passed, List<Remark> failed, List<Remark> skipped) {
    /**
     * Something that did not pass.
     *
     * @param name what it was
     * @param reason why
     */
    public record Remark(String name, String reason) {}
}

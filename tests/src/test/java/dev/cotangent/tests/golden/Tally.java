package dev.cotangent.tests.golden;

import dev.cotangent.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What came of the records of one kind. */
final class Tally {
    /** A record that is wrong or that could not be run, and why. */
    record Remark(String id, String reason) {}

    /** Numbers of one operator. */
    static final class Counts {
        private int passed;
        private int failed;
        private int unsupported;

        int passed() {
            return passed;
        }

        int failed() {
            return failed;
        }

        int unsupported() {
            return unsupported;
        }

        /** Whether all there is passed. */
        boolean whole() {
            return passed > 0 && failed == 0 && unsupported == 0;
        }
    }

    /** One record: returns what is wrong, or null. */
    @FunctionalInterface
    interface Check {
        @Nullable
        String run() throws Exception;
    }

    private final Counts all = new Counts();
    private final Map<String, Counts> operators = new TreeMap<>();
    private final List<Remark> failures = new ArrayList<>();
    private final List<Remark> unsupported = new ArrayList<>();

    /** Runs a record and counts what comes of it, for an operator too if it belongs to one. */
    void record(@Nullable String operator, String id, Check check) {
        Counts own = operator == null ? new Counts() : operators.computeIfAbsent(operator, k -> new Counts());
        try {
            String wrong = check.run();
            if (wrong == null) {
                all.passed++;
                own.passed++;
                return;
            }
            failures.add(new Remark(id, wrong));
        } catch (NotOffered | UnsupportedException e) {
            all.unsupported++;
            own.unsupported++;
            unsupported.add(new Remark(id, String.valueOf(e.getMessage())));
            return;
        } catch (Exception | StackOverflowError | AssertionError e) {
            failures.add(new Remark(id, raised(e)));
        }
        all.failed++;
        own.failed++;
    }

    private static String raised(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        boolean ours = e instanceof dev.cotangent.CotangentException;
        return "raised " + e.getClass().getSimpleName() + ": " + e.getMessage()
                + (ours || trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Numbers of all records. */
    Counts counts() {
        return all;
    }

    /** Numbers of each operator. */
    Map<String, Counts> operators() {
        return operators;
    }

    /** What is wrong. */
    List<Remark> failures() {
        return failures;
    }

    /** What could not be run. */
    List<Remark> unsupported() {
        return unsupported;
    }
}

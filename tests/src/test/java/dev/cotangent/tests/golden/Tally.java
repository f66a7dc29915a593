package dev.cotangent.tests.golden;

import dev.cotangent.UnsupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
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

        /** Returns whether all records passed. */
        boolean whole() {
            return passed > 0 && failed == 0 && unsupported == 0;
        }
    }

    /** Runs one record: returns the reason of a failure, or null. */
    @FunctionalInterface
    interface Check {
        @Nullable
        String run() throws Exception;
    }

    private final Predicate<String> chosen;
    private final Counts all = new Counts();
    private final Map<String, Counts> operators = new TreeMap<>();
    private final List<Remark> failures = new ArrayList<>();
    private final List<Remark> unsupported = new ArrayList<>();

    /** Creates a tally of the records whose ids match. */
    Tally(Predicate<String> chosen) {
        this.chosen = chosen;
    }

    /**
     * Runs a record if it is one of the chosen, and counts what comes of it, for an operator too if it belongs to one.
     * For several threads at once.
     */
    void record(@Nullable String operator, String id, Check check) {
        if (!chosen.test(id)) return;
        String wrong = null;
        String missing = null;
        try {
            wrong = check.run();
        } catch (NotOffered e) {
            missing = String.valueOf(e.getMessage());
        } catch (UnsupportedException e) {
            String message = String.valueOf(e.getMessage());
            // A dtype that an operation refuses is a fault, an operation or a mode that is not there is not.
            if (message.contains("\" not implemented for '")) wrong = raised(e);
            else missing = message;
        } catch (Exception | StackOverflowError | AssertionError e) {
            wrong = raised(e);
        }
        synchronized (this) {
            count(all, wrong, missing);
            if (operator != null) count(operators.computeIfAbsent(operator, k -> new Counts()), wrong, missing);
            if (wrong != null) failures.add(new Remark(id, wrong));
            if (missing != null) unsupported.add(new Remark(id, missing));
        }
    }

    private static void count(Counts counts, @Nullable String wrong, @Nullable String missing) {
        if (wrong != null) counts.failed++;
        else if (missing != null) counts.unsupported++;
        else counts.passed++;
    }

    private static String raised(Throwable e) {
        StackTraceElement[] trace = e.getStackTrace();
        boolean ours = e instanceof dev.cotangent.CotangentException;
        return "raised " + e.getClass().getSimpleName() + ": " + e.getMessage()
                + (ours || trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** Returns the counts of all records. */
    Counts counts() {
        return all;
    }

    /** Returns the counts of each operator. */
    Map<String, Counts> operators() {
        return operators;
    }

    /** Returns the failed records. */
    List<Remark> failures() {
        return failures;
    }

    /** Returns the records that could not be run. */
    List<Remark> unsupported() {
        return unsupported;
    }
}

package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import picocli.CommandLine.Command;

/** Placeholder of {@code cotangent selftest} without the tests on the class path, so that the help lists it. */
@Command(name = NotBuilt.SELFTEST, description = NotBuilt.DESCRIPTION, mixinStandardHelpOptions = true)
public final class NotBuilt implements Subcommand {
    /** Name of the command. */
    public static final String SELFTEST = "selftest";

    /** Description of the command. */
    public static final String DESCRIPTION =
            "Runs the conformance suite and PyTorch's recorded results on a device of this machine.";

    @Override
    public Integer call() {
        throw new CotangentException("the tests are not on the class path: './cotangent selftest' in a checkout builds"
                + " them in, and the archive of './cotangent bundle' has them");
    }
}

package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import picocli.CommandLine.Command;

/** Takes the place of {@code cotangent selftest} where the tests are not on the class path, so that the help names it. */
@Command(name = NotBuilt.SELFTEST, description = NotBuilt.DESCRIPTION, mixinStandardHelpOptions = true)
public final class NotBuilt implements Subcommand {
    /** The command's name. */
    public static final String SELFTEST = "selftest";

    /** The command's description. */
    public static final String DESCRIPTION =
            "Runs the conformance suite and PyTorch's recorded results on a device of this machine.";

    @Override
    public Integer call() {
        throw new CotangentException("the tests are not on the class path: './cotangent selftest' in a checkout builds"
                + " them in, and the archive of './cotangent bundle' has them");
    }
}

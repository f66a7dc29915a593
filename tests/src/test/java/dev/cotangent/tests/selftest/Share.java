package dev.cotangent.tests.selftest;

import static dev.cotangent.Tensors.ones;

import dev.cotangent.Device;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.tests.conformance.EmulatedDevice;
import dev.cotangent.tests.conformance.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that runs a share of the units and prints their outcomes line by line, so that its parent knows
 * even of a crash what it was. A GPU that an error has left unusable ends the process, too: the next one has a new
 * context.
 *
 * <p>The lines are {@code begin NAME}; {@code failed NAME}, {@code skipped NAME} with a tabulator and the reason;
 * {@code end PASSED}; and {@code trouble TEXT} where it cannot begin.
 */
final class Share {
    /** The exit status after a unit that has left the device unusable. */
    private static final int DEVICE_LOST = 3;

    private Share() {}

    /**
     * Takes device, folder of golden data, beginning of the names, whether all, this share, number of shares, units
     * done.
     */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // Nothing but these lines may stand on standard output.
        System.setOut(System.err);
        boolean emulated = args[0].startsWith(DeviceOption.EMULATED);
        var sample = new Sample(!emulated || Boolean.parseBoolean(args[3]));
        int share = Integer.parseInt(args[4]);
        int shares = Integer.parseInt(args[5]);
        int done = Integer.parseInt(args[6]);
        Device device;
        try {
            device = DeviceOption.open(args[0]);
            if (emulated) EmulatedDevice.open();
        } catch (RuntimeException e) {
            out.println("trouble " + oneLine(String.valueOf(e.getMessage())));
            return;
        }
        List<Unit> wanted = Unit.all(Path.of(args[1]), device, sample).stream()
                .filter(u -> u.name().startsWith(args[2]))
                .toList();
        List<Unit> mine = new ArrayList<>();
        for (int i = share; i < wanted.size(); i += shares) mine.add(wanted.get(i));
        if (!device.isCpu() && !mine.isEmpty()) mine.add(Unit.nothingIsLeft(device, emulated));
        for (Unit unit : mine.subList(done, mine.size())) {
            out.println("begin " + unit.name());
            Outcome outcome = unit.body().get();
            outcome.failed().forEach(r -> out.println("failed " + r.name() + "\t" + oneLine(r.reason())));
            outcome.skipped().forEach(r -> out.println("skipped " + r.name() + "\t" + oneLine(r.reason())));
            out.println("end " + outcome.passed());
            if (!outcome.failed().isEmpty() && !works(device)) System.exit(DEVICE_LOST);
        }
    }

    private static boolean works(Device device) {
        try {
            return ones(3).to(device).add(1).sum().itemDouble() == 6;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String oneLine(String text) {
        return text.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n").replace('\t', ' ');
    }
}

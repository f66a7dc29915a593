package dev.cotangent.tests.selftest;

import dev.cotangent.Device;
import dev.cotangent.backend.Backends;
import dev.cotangent.tests.conformance.Check;
import dev.cotangent.tests.conformance.EmulatedDevice;
import dev.cotangent.tests.conformance.Lab;
import dev.cotangent.tests.conformance.Sample;
import dev.cotangent.tests.golden.GoldenRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A unit of work: a check of the conformance suite, or a record or a file of golden data.
 *
 * @param name begins with {@code conformance/} or {@code golden/}
 * @param body runs it
 */
record Unit(String name, Supplier<Outcome> body) {
    private static final int PATIENCE = 100;

    /** Returns all units in a fixed order. */
    static List<Unit> all(Path golden, Device device, Sample sample) throws IOException {
        List<Unit> all = new ArrayList<>();
        Lab lab = sample.lab(device);
        sample.chapters()
                .forEach((chapter, checks) -> checks.get()
                        .forEach(check -> all.add(check("conformance/" + chapter + "/" + check.name(), check, lab))));
        for (GoldenRun.Part part : GoldenRun.parts(golden)) {
            all.add(new Unit("golden/" + part.name(), () -> part.run(device, sample::has)));
        }
        return all;
    }

    private static Unit check(String name, Check check, Lab lab) {
        return new Unit(name, () -> {
            try {
                check.run(lab);
                return passed();
            } catch (AssertionError | RuntimeException e) {
                return failed(name, String.valueOf(e.getMessage()));
            }
        });
    }

    /**
     * Creates the last unit, which checks that no memory of a CUDA device is in use and that an emulated one has no
     * diagnostics.
     */
    static Unit nothingIsLeft(Device device, boolean emulated) {
        String name = "conformance/memory/nothing is left";
        return new Unit(name, () -> {
            try {
                String left = emulated ? EmulatedDevice.left() : live(device);
                return left.isEmpty() ? passed() : failed(name, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return failed(name, "interrupted");
            }
        });
    }

    private static String live(Device device) throws InterruptedException {
        for (int i = 0; ; i++) {
            long live = Backends.of(device).memoryStats().live();
            if (live == 0) return "";
            if (i == PATIENCE) return live + " bytes in use";
            System.gc();
            Thread.sleep(20);
        }
    }

    private static Outcome passed() {
        return new Outcome(1, List.of(), List.of());
    }

    private static Outcome failed(String name, String why) {
        return new Outcome(0, List.of(new Outcome.Remark(name, why)), List.of());
    }
}

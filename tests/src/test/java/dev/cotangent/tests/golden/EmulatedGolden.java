package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.tests.contract.EmulatedDevice;
import dev.cotangent.tests.contract.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The golden data on the emulated CUDA devices: one record in so many, by their ids and {@code contract.seed}, or with
 * {@code -Dcontract.thorough=true} every one. The report is {@code target/golden-report-cuda.json}.
 */
class EmulatedGolden {
    private static final int SHARE = Boolean.getBoolean("contract.thorough") ? 1 : 8;

    @BeforeAll
    static void install() {
        assumeTrue(EmulatedDevice.isThere(), EmulatedCuda::obstacle);
        EmulatedDevice.open();
    }

    @Test
    void agreesWithPyTorch() throws IOException {
        Report report =
                GoldenRun.run(GoldenTest.folder(), List.of(Device.cuda(0), Device.cuda(1)), EmulatedGolden::chosen);
        report.write(Path.of("target/golden-report-cuda.json"));
        System.out.println(report.summary());
        assertEquals(0, report.failed(), () -> "records that disagree with PyTorch:\n" + report.failures());
    }

    private static boolean chosen(String id) {
        return Math.floorMod((id + Long.getLong(Lab.SEED, 1)).hashCode(), SHARE) == 0;
    }

    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (EmulatedDevice.isThere()) assertEquals("", EmulatedDevice.left());
    }
}

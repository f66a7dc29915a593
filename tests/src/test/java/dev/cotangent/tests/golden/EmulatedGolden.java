package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Device;
import dev.cotangent.tests.conformance.EmulatedDevice;
import dev.cotangent.tests.conformance.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The golden data on the emulated CUDA devices: a {@link Sample} of the records, or with
 * {@code -Dcontract.thorough=true} every one. The report is {@code target/golden-report-cuda.json}.
 */
class EmulatedGolden {
    private static boolean there;

    @BeforeAll
    static void install() {
        there = EmulatedDevice.isThere();
        if (there) EmulatedDevice.open();
    }

    @Test
    void agreesWithPyTorch() throws IOException {
        if (!there) EmulatedDevice.skip();
        Report report = GoldenRun.run(
                GoldenTest.folder(), List.of(Device.cuda(0), Device.cuda(1)), Sample.fromProperties()::has);
        report.write(Path.of("target/golden-report-cuda.json"));
        System.out.println(report.summary());
        assertEquals(0, report.failed(), () -> "records that disagree with PyTorch:\n" + report.failures());
    }

    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (there) assertEquals("", EmulatedDevice.left());
    }
}

package dev.cotangent.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Device;
import dev.cotangent.emulator.EmulatedCuda;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Both contracts on the emulated CUDA devices, a check on each at a time, and what the emulator saw meanwhile: no
 * diagnostics, and no memory left in use.
 *
 * <p>A {@link Sample} of it, or all with {@code -Dcontract.thorough=true}.
 */
class EmulatedConformance {
    private static final Sample SAMPLE = Sample.fromProperties();
    private static final BlockingQueue<Lab> LABS = new ArrayBlockingQueue<>(EmulatedCuda.DEVICES);

    @BeforeAll
    static void install() {
        if (!EmulatedDevice.isThere()) return;
        EmulatedDevice.open();
        for (int d = 0; d < EmulatedCuda.DEVICES; d++) LABS.add(SAMPLE.lab(Device.cuda(d)));
    }

    @TestFactory
    Stream<DynamicNode> conformance() {
        if (LABS.isEmpty()) return Stream.of(DynamicTest.dynamicTest("on CUDA", EmulatedDevice::skip));
        return BackendConformanceTest.nodes(SAMPLE.chapters(), EmulatedConformance::run);
    }

    private static void run(Check check) throws InterruptedException {
        Lab lab = LABS.take();
        try {
            check.run(lab);
        } finally {
            LABS.add(lab);
        }
    }

    @AfterAll
    static void nothingIsLeft() throws InterruptedException {
        if (!LABS.isEmpty()) assertEquals("", EmulatedDevice.left());
    }
}

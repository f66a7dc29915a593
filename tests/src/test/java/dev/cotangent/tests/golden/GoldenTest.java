package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The golden data of the folder {@code golden.dir} on the device {@code golden.device}. The report is
 * {@code target/golden-report.json}, the reasons {@code target/golden-details.txt}.
 */
class GoldenTest {
    /** Operators of the project's own copy that were whole once stay whole. */
    private static final long WHOLE_OPERATORS = 400;

    private static final Path EDGES = Path.of("src/test/resources/golden-edges");

    private static final Path OWN = Path.of("src/test/resources/golden").toAbsolutePath();

    /** Returns the folder of the project's own copy. */
    static Path own() {
        return OWN;
    }

    /** Returns the folder {@code golden.dir}, relative to the folder in which Maven was called. */
    static Path folder() {
        return Path.of(System.getProperty("launch.dir", ""), "x")
                .resolveSibling(System.getProperty("golden.dir", OWN.toString()));
    }

    @Test
    void agreesWithPyTorch() throws IOException {
        Path folder = folder();
        Report report = GoldenRun.run(folder, Device.parse(System.getProperty("golden.device", "cpu")));
        report.write(Path.of("target/golden-report.json"));
        System.out.println(report.summary());
        String failures = report.failures();
        assertEquals(0, report.failed(), () -> "records that disagree with PyTorch:\n" + failures);
        if (Files.isSameFile(folder, OWN)) {
            long whole = report.wholeOperators();
            assertTrue(whole >= WHOLE_OPERATORS, () -> whole + " operators have nothing unsupported");
        }
    }

    /**
     * Compares values, gradients and second derivatives at zeros, infinities, NaN, and the ends of the pieces of
     * functions.
     */
    @Test
    void agreesAtTheEdges() throws IOException {
        Report report = GoldenRun.run(EDGES, Device.parse(System.getProperty("golden.device", "cpu")));
        assertEquals(0, report.failed(), () -> "records that disagree with PyTorch:\n" + report.failures());
        assertEquals(0, report.of("ops").counts().unsupported());
        assertTrue(report.of("ops").counts().passed() > 500);
        assertTrue(report.of("gradgrad").counts().passed() > 100);
    }
}

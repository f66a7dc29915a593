package dev.cotangent.tests.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Device;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Random index expressions and what PyTorch made of them; {@code indexing_golden.py} wrote them down. */
class IndexingGoldenTest {
    @Test
    void agreesWithPyTorch() throws IOException {
        Report report = GoldenRun.run(Path.of("src/test/resources/indexing"), Device.cpu());
        assertEquals(0, report.failed(), report::failures);
        assertTrue(report.wholeOperators() == 2, report::summary);
    }
}

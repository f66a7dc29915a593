package dev.cotangent.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ONNX's backend tests, where they are: {@code -Donnx.nodes=FOLDER,FOLDER}. docs/how-to/onnx.md says where to get them. */
class OnnxNodeTest {
    @Test
    void nodeTestsPassOrAreUnsupported() throws IOException {
        String folders = System.getProperty("onnx.nodes", "");
        assumeFalse(folders.isEmpty(), "no folder of ONNX's node tests is given: -Donnx.nodes=FOLDER");
        for (String folder : folders.split(",")) {
            NodeTests.Report report = NodeTests.run(Path.of(folder));
            System.out.println(folder + ": " + report);
            if (Boolean.getBoolean("onnx.unsupported")) {
                report.unsupported.forEach((name, why) -> System.out.println("unsupported " + name + ": " + why));
            }
            assertTrue(report.passed > 0, () -> "no test in " + folder);
            assertEquals(Map.of(), report.failed);
        }
    }
}

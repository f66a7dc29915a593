package dev.cotangent.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.cli.ChildJvm;
import dev.cotangent.emulator.EmulatedCuda;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** On a host without a C++ compiler what runs on the emulated devices is skipped, says so, and does not fail. */
class WithoutACompilerTest {
    private static final String OBSTACLE =
            "the emulated CUDA device needs a C++ compiler: install g++ or clang++, or name one in CXX";

    /** Runs where there is no compiler. */
    public static void main(String[] args) throws InterruptedException {
        EmulatedConformance.install();
        new EmulatedConformance().conformance().forEach(node -> {
            try {
                ((DynamicTest) node).getExecutable().execute();
                System.out.println("not skipped: " + node.getDisplayName());
            } catch (TestAbortedException e) {
                System.out.println("skipped: " + e.getMessage());
            } catch (Throwable e) {
                System.out.println("failed: " + e);
            }
        });
        EmulatedConformance.nothingIsLeft();
        try {
            EmulatedCuda.install();
        } catch (IllegalStateException e) {
            System.out.println("raised: " + e.getMessage());
        }
    }

    @Test
    void isSkippedWithTheReason(@TempDir Path empty) throws IOException, InterruptedException {
        assumeTrue(
                System.getProperty("os.name", "").equals("Linux"), "elsewhere there is no emulated device in any case");
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(List.of(), WithoutACompilerTest.class));
        builder.environment().put("PATH", empty.toString());
        builder.environment().remove("CXX");
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals("""
            Nothing is run on CUDA: %1$s
            skipped: %1$s
            raised: %1$s
            """.formatted(OBSTACLE), said);
    }
}

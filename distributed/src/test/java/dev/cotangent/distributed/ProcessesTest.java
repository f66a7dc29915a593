package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Real processes. */
class ProcessesTest {
    private static Process start(int rank, int n, int port, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .putAll(Map.of(
                        "RANK", String.valueOf(rank),
                        "WORLD_SIZE", String.valueOf(n),
                        "MASTER_ADDR", "127.0.0.1",
                        "MASTER_PORT", String.valueOf(port),
                        "COTANGENT_TOKEN", "a secret"));
        return builder.start();
    }

    private static String line(BufferedReader reader) throws IOException {
        return String.valueOf(reader.readLine());
    }

    @Test
    void aKilledProcessEndsTheOthersWithAnErrorThatNamesIt() throws Exception {
        int n = 3;
        int port = Ranks.freePort();
        List<Process> all = new ArrayList<>();
        List<BufferedReader> outputs = new ArrayList<>();
        try {
            for (int r = 0; r < n; r++) {
                Process p = start(r, n, port, "for-ever");
                all.add(p);
                outputs.add(p.inputReader(StandardCharsets.UTF_8));
            }
            for (BufferedReader out : outputs) assertEquals("sum 3.0", line(out));
            all.get(2).destroyForcibly();
            for (int r = 0; r < 2; r++) {
                String error = line(outputs.get(r));
                assertTrue(error.startsWith("error ") && error.contains("rank 2"), error);
                assertTrue(all.get(r).waitFor(60, TimeUnit.SECONDS));
                assertEquals(3, all.get(r).exitValue());
            }
        } finally {
            all.forEach(Process::destroyForcibly);
        }
    }
}

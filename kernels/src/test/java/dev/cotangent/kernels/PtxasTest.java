package dev.cotangent.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests by nvcc and ptxas that no kernel spills registers to memory, for every architecture. A sample, or with
 * {@code -Dcontract.thorough=true} every source, whose resources are then in {@code target/ptxas.csv}. It needs no GPU.
 */
class PtxasTest {
    private static final List<String> ARCHITECTURES = List.of("75", "80", "90", "100");
    private static final boolean THOROUGH = Boolean.getBoolean("contract.thorough");
    private static final int SAMPLE = 97;
    private static final Pattern FUNCTION = Pattern.compile("Compiling entry function '(\\w+)' for 'sm_(\\d+)a?'");
    private static final Pattern STACK =
            Pattern.compile("(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern USED = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    @TempDir
    Path folder;

    /** Resources of one kernel for one architecture. */
    private record Kernel(
            String source, String name, String architecture, int registers, int stack, int spills, int shared) {}

    @Test
    void noKernelSpills() throws Exception {
        assumeTrue(run(List.of("nvcc", "--version")).code == 0, "nvcc was not found, so nothing was compiled");
        List<KernelSource> sources = new ArrayList<>(EverySource.templates());
        for (var program : EverySource.random(40, 7)) sources.add(KernelSources.pointwise(program, false));
        List<Kernel> all = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            if (THOROUGH || i % SAMPLE == 0) all.addAll(compile(sources.get(i)));
        }
        List<String> lines = new ArrayList<>(List.of("kernel;source;architecture;registers;stack;spills;shared"));
        for (Kernel k : all) {
            lines.add(String.join(
                    ";",
                    k.name,
                    k.source,
                    k.architecture,
                    "" + k.registers,
                    "" + k.stack,
                    "" + k.spills,
                    "" + k.shared));
            assertEquals(0, k.spills, k.toString());
            assertTrue(k.registers <= 128 && k.shared <= 49152, k.toString());
        }
        assertFalse(all.isEmpty());
        if (THOROUGH) Files.write(Path.of("target/ptxas.csv"), lines);
    }

    private List<Kernel> compile(KernelSource source) throws Exception {
        Path file = folder.resolve("kernel.cu");
        Files.writeString(file, source.text());
        Path ptx = folder.resolve("kernel.ptx");
        List<Kernel> all = new ArrayList<>();
        // PTX of the oldest architecture, and of the first with native conversions of bfloat16, which all others run.
        for (String virtual : List.of("75", "80")) {
            Output front = run(List.of(
                    "nvcc",
                    "-ptx",
                    "-arch=compute_" + virtual,
                    "-fmad=false",
                    "-std=c++17",
                    "-o",
                    ptx.toString(),
                    file.toString()));
            assertEquals(0, front.code, source.name() + ": " + front.text);
            assertEquals("", front.text, source.name());
            for (String architecture : ARCHITECTURES) {
                if (virtual.equals("75") != architecture.equals("75")) continue;
                Output back = run(List.of(
                        "ptxas", "-v", "-arch=sm_" + architecture, "-o", folder + "/kernel.cubin", ptx.toString()));
                assertEquals(0, back.code, source.name() + ": " + back.text);
                parse(source.name(), back.text, all);
            }
        }
        return all;
    }

    private static void parse(String source, String text, List<Kernel> all) {
        String name = "";
        String architecture = "";
        int stack = 0;
        int spills = 0;
        for (String line : text.lines().toList()) {
            Matcher function = FUNCTION.matcher(line);
            Matcher frame = STACK.matcher(line);
            Matcher used = USED.matcher(line);
            if (function.find()) {
                name = function.group(1);
                architecture = function.group(2);
            } else if (frame.find()) {
                stack = Integer.parseInt(frame.group(1));
                spills = Integer.parseInt(frame.group(2)) + Integer.parseInt(frame.group(3));
            } else if (used.find()) {
                Matcher shared = SHARED.matcher(line);
                int bytes = shared.find() ? Integer.parseInt(shared.group(1)) : 0;
                all.add(new Kernel(source, name, architecture, Integer.parseInt(used.group(1)), stack, spills, bytes));
            }
        }
    }

    private record Output(int code, String text) {}

    private static Output run(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        } catch (IOException e) {
            return new Output(-1, String.valueOf(e.getMessage()));
        }
    }
}

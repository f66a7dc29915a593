package dev.cotangent.tests.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.cli.ChildJvm;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.cli.TrainingSteps;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Adam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kernels that a sample of a training had compiled are those that another training of the kind needs. */
class WarmTrainingTest {
    /** Says how many kernels there are after a sample, and after a training of other sizes with layers of its own. */
    public static void main(String[] args) throws IOException {
        Device device = DeviceOption.open(DeviceOption.EMULATED);
        for (int width : new int[] {16, 256}) TrainingSteps.train(0, device, Dtype.FLOAT32, width);
        System.out.println(kernels(args[0]));
        for (int width : new int[] {6, 192}) {
            var network = new Sequential(
                            new Linear(width + 3, width),
                            new ReLU(),
                            new Linear(width, width),
                            new ReLU(),
                            new Linear(width, 7))
                    .to(device);
            var adam = new Adam(network.parameters(), 0.01);
            Tensor x = Tensors.rand(width, width + 3).to(device);
            Tensor labels = Tensors.zeros(width).to(Dtype.INT64).to(device);
            for (int i = 0; i < 4; i++) {
                adam.zeroGrad();
                network.forward(x).crossEntropy(labels).backward();
                adam.step();
            }
        }
        System.out.println(kernels(args[0]));
    }

    private static long kernels(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(f -> f.toString().endsWith(".cubin")).count();
        }
    }

    @Test
    void aTrainingOfAnotherSizeCompilesNothingMore(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(EmulatedCuda.obstacle().isEmpty(), EmulatedCuda::obstacle);
        List<String> command = ChildJvm.command(
                List.of("-Dcotangent.cuda.kernels=" + folder), WarmTrainingTest.class, folder.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        List<String> counts = said.lines().toList();
        assertTrue(Integer.parseInt(counts.getFirst()) > 10, said);
        assertEquals(counts.getFirst(), counts.getLast());
    }
}

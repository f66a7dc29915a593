package dev.cotangent.benchmarks;

import static dev.cotangent.Tensors.rand;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.cli.DeviceOption;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A program that ends before the JVM is warm, and its equivalent in Python. */
final class ColdStart {
    /** Script with the device and the number of threads as arguments. */
    static final String PYTHON = """
        import sys, torch
        torch.set_num_threads(int(sys.argv[2]))
        a, b = torch.rand(512, 512, device=sys.argv[1]), torch.rand(512, 512, device=sys.argv[1])
        c = a.mm(b)
        print(((-(c * b + 0.5)).exp() * c).sum().itemDouble())
        """;

    private ColdStart() {}

    /** Runs the program on the device of its argument. */
    public static void main(String[] args) {
        Device device = DeviceOption.open(args[0]);
        Tensor a = rand(512, 512).to(device);
        Tensor b = rand(512, 512).to(device);
        Tensor c = a.mm(b);
        System.out.println(c.mul(b).add(0.5).neg().exp().mul(c).sum().itemDouble());
    }

    /** Returns the microseconds from the start of a process to its end, by name. */
    static Map<String, Double> micros(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int status = process.waitFor();
        if (status != 0) throw new CotangentException(command.getFirst() + " failed with status " + status);
        return Map.of("cold_start", (System.nanoTime() - start) / 1e3);
    }
}

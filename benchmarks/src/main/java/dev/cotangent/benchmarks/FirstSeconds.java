package dev.cotangent.benchmarks;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.cli.DeviceOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Training steps of a small perceptron since the start of a process, and the equivalent in Python. */
final class FirstSeconds {
    private static final int SECONDS = 10;
    private static final int[] STEPS = {100, 1000};
    private static final int[] WIDTHS = {64, 128, 10};
    private static final int BATCH = 32;

    /** Script with the device, the number of threads and the start time in seconds as arguments. */
    static final String PYTHON = """
        import sys, time
        begin = float(sys.argv[3])
        import torch
        torch.set_num_threads(int(sys.argv[2]))
        device = sys.argv[1]
        model = torch.nn.Sequential(
            torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)).to(device)
        images = torch.rand(32, 64, device=device)
        labels = (torch.arange(32) * 7 % 10).to(device)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
        ends = [time.time() - begin]
        while ends[-1] < 10:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            ends.append(time.time() - begin)
        for n in 100, 1000:
            if len(ends) > n:
                print("first_steps/%d" % n, (ends[n] - ends[0]) / n * 1e6)
        for s in range(10):
            spans = [b - a for a, b in zip(ends, ends[1:]) if s <= a < s + 1]
            if spans:
                print("second/%d" % (s + 1), sum(spans) / len(spans) * 1e6)
        """;

    private FirstSeconds() {}

    /** Runs steps and prints their times; its arguments are the device and the time of the start in seconds. */
    public static void main(String[] args) {
        double begin = Double.parseDouble(args[1]);
        // Steps are timed by the finer clock, whose origin is arbitrary.
        double zero = System.nanoTime() / 1e9 - (System.currentTimeMillis() / 1e3 - begin);
        Device device = DeviceOption.open(args[0]);
        Work work = Perceptron.training(device, WIDTHS, BATCH, false);
        List<Double> ends = new ArrayList<>();
        List<Double> compiled = new ArrayList<>();
        var compiler = ManagementFactory.getCompilationMXBean();
        double now = System.nanoTime() / 1e9 - zero;
        ends.add(now);
        while (now < SECONDS) {
            work.run();
            now = System.nanoTime() / 1e9 - zero;
            ends.add(now);
            if (now > compiled.size() + 1) compiled.add(compiler.getTotalCompilationTime() / 1e3);
        }
        figures(ends).forEach(FirstSeconds::print);
        for (int s = 0; s < compiled.size(); s++) {
            print("compiler/" + (s + 1), 1e6 * (compiled.get(s) - (s == 0 ? 0 : compiled.get(s - 1))));
        }
    }

    /**
     * Returns the microseconds of a step in the first steps, and in each second.
     *
     * @param ends seconds since the start: of the first step's beginning, and of every step's end
     */
    static Map<String, Double> figures(List<Double> ends) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (int n : STEPS) {
            if (ends.size() > n) figures.put("first_steps/" + n, (ends.get(n) - ends.getFirst()) / n * 1e6);
        }
        for (int s = 0; s < SECONDS; s++) {
            double spent = 0;
            int count = 0;
            for (int i = 1; i < ends.size(); i++) {
                if (ends.get(i - 1) < s || ends.get(i - 1) >= s + 1) continue;
                spent += ends.get(i) - ends.get(i - 1);
                count++;
            }
            if (count > 0) figures.put("second/" + (s + 1), spent / count * 1e6);
        }
        return figures;
    }

    private static void print(String name, double micros) {
        System.out.printf(Locale.ROOT, "%s %.3f%n", name, micros);
    }

    /** Starts a process with the time as its last argument, and returns the microseconds that it prints, by name. */
    static Map<String, Double> micros(List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.add(String.format(Locale.ROOT, "%.3f", System.currentTimeMillis() / 1e3));
        Process process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Double> micros = new LinkedHashMap<>();
        for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            String[] words = line.split(" ");
            if (words.length == 2) micros.put(words[0], Double.parseDouble(words[1]));
        }
        int status = process.waitFor();
        if (status != 0) throw new CotangentException(command.getFirst() + " failed with status " + status);
        return micros;
    }
}

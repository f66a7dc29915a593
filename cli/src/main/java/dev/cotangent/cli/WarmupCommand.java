package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.cuda.Cuda;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cotangent warmup}: compiles and caches the kernels that most programs need. */
@Command(
        name = "warmup",
        description = "Compiles the CUDA kernels that most programs need, so that their first run need not.",
        mixinStandardHelpOptions = true)
final class WarmupCommand implements Callable<Integer> {
    @Mixin
    private DeviceOption device = new DeviceOption();

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            split = ",",
            defaultValue = "float32",
            converter = DtypeConverter.class,
            description = "Dtypes of the kernels, such as float32,bfloat16 (default: float32).")
    private List<Dtype> dtypes = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Device chosen = device.choose();
        if (chosen.isCpu()) throw new CotangentException("there is nothing to compile for the CPU. " + Cuda.status());
        long start = System.nanoTime();
        int trainings = TrainingSteps.count(dtypes);
        int single = Cuda.warmup(chosen, dtypes, (done, steps, what) -> report(out, done, steps + trainings, what));
        TrainingSteps.run(chosen, dtypes, (done, steps, what) -> report(out, single + done, single + trainings, what));
        out.printf("%d steps in %.1f s%n", single + trainings, (System.nanoTime() - start) / 1e9);
        out.flush();
        return 0;
    }

    private static void report(PrintWriter out, int done, int all, String what) {
        out.printf("%3d of %d  %s%n", done, all, what);
        out.flush();
    }
}

package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.cli.ChildJvm;
import dev.cotangent.cli.DeviceOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The cases under JMH. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CaseBenchmark {
    /** Name of the case. */
    @Param({})
    public String name = "";

    /** Device, in the syntax of {@code --device}. */
    @Param("cpu")
    public String place = "cpu";

    private Case known = new Case("", 0, 0, _ -> this::none);
    private Work work = this::none;
    private Backend backend = Backends.of(Device.cpu());

    /** Creates the operands. */
    @Setup
    public void prepare() {
        Device device = DeviceOption.open(place);
        backend = Backends.of(device);
        known = Cases.all().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
        work = known.onDevice().apply(device);
        work.reset();
    }

    private Tensor none() {
        throw new IllegalStateException("no case is prepared");
    }

    /** Runs the case once and waits for its end. */
    @Benchmark
    public Object once() {
        Tensor result = OurEngine.once(known, work);
        backend.synchronize();
        return result;
    }

    static void run(List<String> names, String place, int threads) throws RunnerException {
        var options = new OptionsBuilder()
                .include(CaseBenchmark.class.getName())
                .param("name", names.toArray(String[]::new))
                .param("place", place)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500))
                .jvmArgs(ChildJvm.OPTIONS.toArray(String[]::new))
                .jvmArgsAppend("-Dcotangent.threads=" + threads);
        new Runner(options.build()).run();
    }
}

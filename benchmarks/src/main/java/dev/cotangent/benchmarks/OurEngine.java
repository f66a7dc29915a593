package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backends;
import dev.cotangent.benchmarks.operators.Operators;
import dev.cotangent.cli.DeviceOption;
import dev.cotangent.internal.Internals;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Cotangent as an engine of the benchmark. */
public final class OurEngine implements Engine {
    /** Name of the engine. */
    static final String NAME = "cotangent";

    private final Map<String, Case> cases = Stream.concat(Cases.all().stream(), Operators.cases().stream())
            .collect(Collectors.toMap(Case::name, c -> c));
    private Device device = Device.cpu();
    private Limits limits = _ -> Double.NaN;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String open(String place, int threads) {
        device = DeviceOption.open(place);
        // The speed of an emulated device is meaningless.
        if (!place.startsWith(DeviceOption.EMULATED)) limits = Limits.of(device, threads);
        return "Cotangent on Java " + Runtime.version().feature();
    }

    @Override
    public @Nullable Prepared prepare(String name) {
        Case known = cases.get(name);
        return known == null ? null : new Ready(known, known.onDevice().apply(device), device, limits);
    }

    private record Ready(Case known, Work work, Device device, Limits limits) implements Prepared {
        @Override
        public void run(int times) {
            for (int i = 0; i < times; i++) once(known, work);
            Backends.of(device).synchronize();
        }

        @Override
        public Inputs.Checksum checksum() {
            return Inputs.Checksum.of(work.outcome().stream().map(OurEngine::elements));
        }

        @Override
        public void reset() {
            work.reset();
            Backends.of(device).synchronize();
        }

        @Override
        public double limit() {
            return limits.seconds(known);
        }
    }

    private static float[] elements(Tensor t) {
        return t.detach().to(Dtype.FLOAT32).cpu().contiguous().toFloatArray();
    }

    /** Runs a case once, in a scope if it uses much memory, and materializes its result. */
    static Tensor once(Case known, Work work) {
        if (!known.isScoped()) return materialize(work.run());
        try (var _ = Scope.open()) {
            return materialize(work.run());
        }
    }

    /** Materializes a tensor whose computation may be deferred. */
    static Tensor materialize(@Nullable Tensor t) {
        Internals.strided(Objects.requireNonNull(t));
        return t;
    }

    static Tensor gradient(Tensor t) {
        return Objects.requireNonNull(t.grad());
    }
}

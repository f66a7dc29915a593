package dev.cotangent.examples.digits;

import dev.cotangent.Device;
import dev.cotangent.cli.WarmupTraining;
import java.io.IOException;

/** Warm-up of the kernels that {@link TrainDigits} needs. */
public final class DigitsWarmup implements WarmupTraining {
    @Override
    public String name() {
        return "training of digits";
    }

    @Override
    public void run(Device device) throws IOException {
        TrainDigits.sample(device);
    }
}

package dev.cotangent.examples;

import dev.cotangent.Cuda;
import dev.cotangent.Device;
import dev.cotangent.ValueException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --device}, and the best device there is where it is not given. */
public final class DeviceOption {
    private static final class Converter implements ITypeConverter<Device> {
        @Override
        public Device convert(String text) {
            if (!text.matches("cpu|cuda(:[0-9]{1,3})?")) {
                throw new TypeConversionException("'" + text + "' is no device: cpu, cuda or cuda:1 are");
            }
            try {
                return Device.parse(text);
            } catch (ValueException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            converter = Converter.class,
            description = "cpu, cuda or cuda:1 (default: the best there is).")
    private @Nullable Device device;

    /** What was asked for, else the first CUDA device if there is one, else the CPU. */
    public Device choose() {
        if (device != null) return device;
        return Cuda.isAvailable() ? Device.cuda(0) : Device.cpu();
    }
}

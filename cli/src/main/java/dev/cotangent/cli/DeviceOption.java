package dev.cotangent.cli;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.backend.Backends;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.emulator.EmulatedCuda;
import dev.cotangent.emulator.ptx.PtxEngine;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --device}, by default the best device available. */
public final class DeviceOption {
    /** Name of the first emulated CUDA device; {@code emulated:1} is the second. */
    public static final String EMULATED = "emulated";

    /** Name of the first emulated CUDA device that executes PTX. */
    public static final String PTX = "ptx";

    private static final class Converter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.matches("cpu|(cuda|emulated|ptx)(:[0-9]{1,3})?")) return text;
            throw new TypeConversionException("'" + text + "' is no device: cpu, cuda, cuda:1, emulated or ptx are");
        }
    }

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            converter = Converter.class,
            description = "cpu, cuda, cuda:1, emulated or ptx (default: the best available).")
    private @Nullable String name;

    /** Returns the option's value as given, or {@code otherwise} if it is absent. */
    public String name(String otherwise) {
        return name == null ? otherwise : name;
    }

    /** Returns the device of the option, else the first CUDA device if any, else the CPU. */
    public Device choose() {
        if (name != null) return open(name);
        return Cuda.isAvailable() ? Device.cuda(0) : Device.cpu();
    }

    /**
     * Returns the device of a name. {@code emulated} installs the emulated driver, which must precede any other use of
     * CUDA; {@code ptx} does, too, and makes it execute the PTX of the kernels.
     *
     * @throws CotangentException with the reason if there is no such device
     */
    public static Device open(String name) {
        if (name.startsWith(EMULATED) || name.startsWith(PTX)) {
            try {
                System.setProperty(
                        "cotangent.cuda.path", EmulatedCuda.install().folder().toString());
                if (name.startsWith(PTX)) PtxEngine.install();
            } catch (IllegalStateException | UncheckedIOException e) {
                throw new CotangentException(String.valueOf(e.getMessage()), e);
            }
        }
        Device device = Device.parse(name.replace(EMULATED, "cuda").replace(PTX, "cuda"));
        Backends.of(device);
        return device;
    }
}

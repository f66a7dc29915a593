package dev.cotangent;

import dev.cotangent.backend.Backends;
import dev.cotangent.internal.Arguments;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The location of a tensor's memory: PyTorch's {@code torch.device}.
 *
 * @param type the device type, {@code cpu} or {@code cuda}
 * @param index the index among devices of the type, from 0; always 0 for the CPU
 */
public record Device(String type, int index) implements TensorOptions {
    private static final Device CPU = new Device("cpu", 0);

    /** Throws a ValueException if the type is empty or the index negative. */
    public Device {
        if (Arguments.notNull("Device", "type", type).isEmpty())
            throw new ValueException("Device string must not be empty: use cpu, cuda or cuda:0");
        if (index < 0) throw new ValueException("Device index must not be negative, got " + index);
    }

    /** Returns the CPU. */
    public static Device cpu() {
        return CPU;
    }

    /** Returns the first CUDA device. */
    public static Device cuda() {
        return cuda(0);
    }

    /** Returns a CUDA device. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /**
     * Parses {@code cpu}, {@code cuda}, {@code cuda:1} or the device name of another backend. Throws a ValueException
     * for other text, such as {@code gpu}, listing the known names.
     */
    public static Device parse(String text) {
        if (Arguments.notNull("Device.parse", "text", text).isEmpty()) throw invalid(text, "");
        int colon = text.indexOf(':');
        String type = colon < 0 ? text : text.substring(0, colon);
        String number = colon < 0 ? "0" : text.substring(colon + 1);
        Set<String> types = new TreeSet<>(List.of("cpu", "cuda"));
        Backends.providers().forEach(p -> types.add(p.deviceType()));
        if (!types.contains(type)) {
            throw invalid(
                    text,
                    "Expected one of " + String.join(", ", types) + " device type at start of device string: " + type
                            + ". ");
        }
        // At most four digits: no machine has more devices.
        if (!number.matches("[0-9]{1,4}")) throw invalid(text, "");
        return type.equals("cpu") ? CPU : new Device(type, Integer.parseInt(number));
    }

    private static ValueException invalid(String text, String reason) {
        return new ValueException((reason.isEmpty() ? "Invalid device string: '" + text + "'. " : reason)
                + "A device is named cpu, cuda or cuda:0 (Device.cuda(0)); an NVIDIA GPU is cuda, not gpu.");
    }

    @Override
    public Dtype dtypeOr(Dtype other) {
        return other;
    }

    @Override
    public Device deviceOr(Device other) {
        return this;
    }

    @Override
    public boolean requiresGrad() {
        return false;
    }

    /** Returns whether this is the CPU. */
    public boolean isCpu() {
        return type.equals("cpu");
    }

    /** Returns {@code cpu} or, for other devices, a name such as {@code cuda:0}. */
    @Override
    public String toString() {
        return isCpu() ? type : type + ":" + index;
    }
}

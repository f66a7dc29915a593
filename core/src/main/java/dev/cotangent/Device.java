package dev.cotangent;

/**
 * Where a tensor's memory is: PyTorch's {@code torch.device}.
 *
 * @param type the kind of device, {@code cpu} or {@code cuda}
 * @param index which one of its kind, from 0; always 0 for the CPU
 */
public record Device(String type, int index) {
    private static final Device CPU = new Device("cpu", 0);

    /** Checks that the type is named and the index not negative. */
    public Device {
        if (type.isEmpty()) throw new ValueException("a device needs a type, such as cpu or cuda:0");
        if (index < 0) throw new ValueException("Device index must not be negative, got " + index);
    }

    /** The CPU. */
    public static Device cpu() {
        return CPU;
    }

    /** The first CUDA device. */
    public static Device cuda() {
        return cuda(0);
    }

    /** The CUDA device of that index. */
    public static Device cuda(int index) {
        return new Device("cuda", index);
    }

    /** Reads {@code cpu}, {@code cuda} or {@code cuda:1}. */
    public static Device parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) return text.equals("cpu") ? CPU : new Device(text, 0);
        try {
            return new Device(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new ValueException("Invalid device string: '" + text + "'", e);
        }
    }

    /** Whether this is the CPU. */
    public boolean isCpu() {
        return type.equals("cpu");
    }

    /** {@code cpu} or, for everything else, {@code cuda:0}. */
    @Override
    public String toString() {
        return isCpu() ? type : type + ":" + index;
    }
}

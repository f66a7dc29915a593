package dev.cotangent.io;

import dev.cotangent.Device;

/**
 * Options of reading files, for {@link Torch}, {@link Safetensors} and {@link Npz}. Immutable; each method returns
 * changed options: {@code Torch.loadOptions().device(Device.cuda(0))}.
 *
 * @param toDevice where tensors are put, whatever device they were saved from; {@code map_location}
 * @param isVerifying whether checksums are compared, where the file has some
 * @param isComplexAsReal whether complex tensors become real ones with a last dimension of 2
 */
public record LoadOptions(Device toDevice, boolean isVerifying, boolean isComplexAsReal) {
    static final LoadOptions DEFAULT = new LoadOptions(Device.cpu(), true, false);

    /** Puts the tensors on a device, whatever device they were saved from; {@code map_location}. */
    public LoadOptions device(Device device) {
        return new LoadOptions(device, isVerifying, isComplexAsReal);
    }

    /**
     * Compares the checksums of zip archives, as is the default, or leaves it. PyTorch writes none after {@code
     * torch.serialization.set_crc32_options(False)}.
     */
    public LoadOptions verifyChecksums(boolean value) {
        return new LoadOptions(toDevice, value, isComplexAsReal);
    }

    /**
     * Reads a complex tensor as a real one with a last dimension of 2, real and imaginary part, as {@code
     * torch.view_as_real} has it.
     */
    public LoadOptions complexAsReal(boolean value) {
        return new LoadOptions(toDevice, isVerifying, value);
    }
}

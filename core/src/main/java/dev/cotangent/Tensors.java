package dev.cotangent;

import dev.cotangent.backend.Backends;
import dev.cotangent.op.Factories;
import dev.cotangent.op.HostOps;
import java.lang.foreign.MemorySegment;

/** Where tensors come from; made to be imported statically. PyTorch's functions of the module {@code torch}. */
public final class Tensors {
    private Tensors() {}

    /** A tensor with one dimension of these float32 elements. */
    public static Tensor tensor(float... values) {
        return HostOps.write(
                Factories.zeros(Dtype.FLOAT32, Device.cpu(), values.length), MemorySegment.ofArray(values));
    }

    /**
     * A tensor of an array, sharing its memory where that is a Java array; an array with a negative stride raises a
     * ValueException. {@code torch.from_numpy}.
     */
    public static Tensor fromNumpy(NdArray array) {
        return Tensor.wrap(array.strided(Backends.of(Device.cpu())));
    }

    /** A shape, to tell sizes from other arguments. */
    public static Shape shape(long... sizes) {
        return Shape.of(sizes);
    }

    /** Zeros, float32; {@code torch.zeros}. */
    public static Tensor zeros(long... sizes) {
        return Factories.zeros(Dtype.FLOAT32, Device.cpu(), sizes);
    }

    /** Ones, float32; {@code torch.ones}. */
    public static Tensor ones(long... sizes) {
        return Factories.ones(Dtype.FLOAT32, Device.cpu(), sizes);
    }

    /** Sets the seed of the random numbers; {@code torch.manual_seed}. */
    public static void manualSeed(long seed) {
        Generator.standard().manualSeed(seed);
    }
}

package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.backend.MersenneTwister;
import dev.cotangent.internal.Arguments;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link Generator} for a checkpoint. That of {@link Generator#pytorch} has PyTorch's bytes under {@code
 * "state"}: what {@code Generator.get_state()} returns and {@code set_state} takes.
 */
public final class GeneratorState {
    private static final String KIND = "kind";
    private static final String SEED = "seed";
    private static final String POSITION = "position";
    private static final String STATE = "state";
    private static final String PHILOX = "philox";
    private static final String PYTORCH = "pytorch";

    private GeneratorState() {}

    /** Returns the state of a generator, of numbers, texts and tensors. */
    public static Map<String, Object> stateDict(Generator generator) {
        Generator.State s =
                Arguments.notNull("stateDict", "generator", generator).state();
        Map<String, Object> out = new LinkedHashMap<>();
        MersenneTwister twister = s.twister();
        out.put(KIND, twister == null ? PHILOX : PYTORCH);
        out.put(SEED, s.seed());
        if (twister == null) {
            out.put(POSITION, s.position());
        } else {
            byte[] bytes = twister.state(s.seed());
            out.put(STATE, Tensors.fromNumpy(NdArray.wrap(Dtype.UINT8, bytes, bytes.length)));
        }
        return out;
    }

    /** Sets the state of a generator to what {@link #stateDict} returned. Throws if it is no such state. */
    public static void loadStateDict(Generator generator, Map<?, ?> state) {
        Arguments.notNull("loadStateDict", "generator", generator);
        Object kind = Arguments.notNull("loadStateDict", "state", state).get(KIND);
        long seed = number(state, SEED);
        if (PHILOX.equals(kind)) {
            generator.setState(new Generator.State(seed, number(state, POSITION), null));
        } else if (PYTORCH.equals(kind)) {
            generator.setState(new Generator.State(seed, 0, MersenneTwister.ofState(bytes(state.get(STATE)))));
        } else {
            throw new ValueException("no state of a generator: its kind is " + kind);
        }
    }

    /** Sets the state of a generator to PyTorch's {@code Generator.get_state()}, a tensor of bytes, and so its kind too. */
    public static void setPyTorchState(Generator generator, Tensor state) {
        byte[] bytes = bytes(Arguments.notNull("set_state", "state", state));
        long seed = 0;
        for (int i = 7; i >= 0; i--) seed = seed << 8 | bytes[i] & 0xFF;
        generator.setState(new Generator.State(seed, 0, MersenneTwister.ofState(bytes)));
    }

    private static byte[] bytes(@Nullable Object value) {
        if (value instanceof Tensor t && t.dtype() == Dtype.UINT8 && t.dim() == 1 && t.numel() > Long.BYTES) {
            long[] values = t.toLongArray();
            byte[] bytes = new byte[values.length];
            for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) values[i];
            return bytes;
        }
        throw new ValueException("RNG state must be a torch.ByteTensor");
    }

    private static long number(Map<?, ?> state, String name) {
        if (state.get(name) instanceof Number n) return n.longValue();
        throw new CotangentException("no state of a generator: \"" + name + "\" is " + state.get(name));
    }
}

package dev.cotangent.io;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.UnsupportedException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads contents of PyTorch's files, written by {@code make.py}, that the golden data do not have. */
class TorchFilesTest {
    private static final Path FILES = Path.of("src/test/resources/files");

    @ParameterizedTest
    @ValueSource(strings = {"protocol2.pt", "protocol4.pt", "protocol5.pt", "legacy.pt"})
    void readsAllThatWeightsOnlyAllows(String name) {
        Map<?, ?> all = (Map<?, ?>) Torch.load(FILES.resolve(name));
        assertTrue(arange(3).to(Dtype.FLOAT32).equal((Tensor) all.get("odd")));
        assertEquals(
                List.of("weight", "bias"),
                List.copyOf(Torch.stateDict(all.get("state")).keySet()));
        assertEquals(Map.of(2L, 1L, 4L, 1L), ((Map<?, ?>) all.get("scheduler")).get("milestones"));
        Map<Object, Object> ordered = new LinkedHashMap<>();
        ordered.put("z", 1L);
        ordered.put("a", 2L);
        assertEquals(ordered.toString(), all.get("ordered").toString());
        assertEquals(Map.of("k", List.of(1L)), all.get("default"));
        assertArrayEquals(new byte[] {0, -1}, (byte[]) all.get("bytes"));
        assertEquals(Set.of(1L, 2L), all.get("set"));
        assertEquals(Shape.of(3, 4), all.get("size"));
        assertEquals(Dtype.FLOAT16, all.get("dtype"));
        assertEquals(Device.cuda(1), all.get("device"));
        assertEquals(
                List.of(
                        0L,
                        255L,
                        256L,
                        65535L,
                        65536L,
                        -1L,
                        (1L << 31) - 1,
                        1L << 31,
                        Long.MIN_VALUE,
                        BigInteger.TWO.pow(63),
                        BigInteger.TWO.pow(200)),
                all.get("integers"));
        assertEquals(List.of(0.1, -0.0, Double.POSITIVE_INFINITY, Double.NaN), all.get("floats"));
        assertSame(all.get("floats"), all.get("same"));
        Map<?, ?> keys = (Map<?, ?>) all.get("keys");
        assertEquals(Arrays.asList(1L, Tuple.of(1L, "b"), null), new ArrayList<>(keys.keySet()));
        Tensor gradient = (Tensor) all.get("gradient");
        assertTrue(gradient.requiresGrad() && gradient.isLeaf());
        List<?> views = (List<?>) all.get("again");
        Tensor base = (Tensor) views.getFirst();
        base.get(1).fill_(-1);
        assertTrue(base.t().equal((Tensor) views.get(1)));
        assertTrue(base.get(1).equal((Tensor) views.get(2)));
        assertTrue(base.get(":, ::2").equal((Tensor) views.get(3)));
        assertTrue(base.expand(2, 3, 4).equal((Tensor) views.get(4)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "torchscript.pt | a program of TorchScript; save its state_dict()",
                "module.pt | its pickle names torch.nn.modules.linear.Linear",
                "none.pt | there is no such file",
                "'' | it is a folder",
                "saved.safetensors | begins neither as a zip archive nor as a pickle",
                "saved.npz | the zip archive has no entry data.pkl",
            })
    void refuses(String name, String reason) {
        Exception e = assertThrows(CotangentException.class, () -> Torch.load(FILES.resolve(name)));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("files"), e::toString);
    }

    @Test
    void saysWhichDtypeItDoesNotHave() {
        Exception e = assertThrows(UnsupportedException.class, () -> Torch.load(FILES.resolve("uint16.pt")));
        assertTrue(String.valueOf(e.getMessage()).contains("uint16.pt"), e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("torch.uint16"), e::toString);
    }

    @Test
    void saysWhatIsNoStateDict() {
        assertThrows(TypeException.class, () -> Torch.loadStateDict(FILES.resolve("saved.pt")));
        assertThrows(TypeException.class, () -> Torch.stateDict(List.of()));
        Exception e = assertThrows(CotangentException.class, () -> Safetensors.load(FILES.resolve("saved.pt")));
        assertTrue(
                String.valueOf(e.getMessage()).contains("as a safetensors file: its header is said to have"),
                e::toString);
    }
}

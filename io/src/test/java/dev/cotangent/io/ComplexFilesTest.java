package dev.cotangent.io;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Complex tensors in PyTorch's checkpoints and safetensors files. */
class ComplexFilesTest {
    @TempDir
    private Path folder;

    private static final Tensor Z = tensor(Complex.of(1, 2), Complex.of(3, -4), Complex.of(5, 6), Complex.of(7, 8))
            .view(2, 2);

    @Test
    void checkpointsKeepViewsAndResolveConjugates() {
        Tensor z = Z.to(COMPLEX128).clone();
        Path file = folder.resolve("z.pt");
        Torch.save(List.of(z, z.t(), z.get(1), z.conj()), file);
        List<?> all = (List<?>) Torch.load(file);
        assertTrue(((Tensor) all.get(0)).equal(z));
        assertTrue(((Tensor) all.get(1)).equal(z.t()));
        assertTrue(((Tensor) all.get(3)).equal(z.conj()));
        ((Tensor) all.get(2)).zero_();
        assertEquals(0, ((Tensor) all.get(0)).get(1, 1).itemComplex().abs());
        List<?> parts = (List<?>) Torch.load(file, Torch.loadOptions().complexAsReal(true));
        assertTrue(((Tensor) parts.get(0)).equal(z.viewAsReal()));
        assertThrows(CotangentException.class, () -> Torch.save(List.of(z, z.viewAsReal()), file));
    }

    @Test
    void safetensorsHoldThem() {
        Path file = folder.resolve("z.safetensors");
        Safetensors.save(Map.of("z", Z.t().conj(), "r", ones(3)), file);
        Map<String, Tensor> all = Safetensors.load(file);
        assertTrue(all.get("z").equal(Z.t().conj()));
        assertEquals(COMPLEX64, all.get("z").dtype());
    }
}

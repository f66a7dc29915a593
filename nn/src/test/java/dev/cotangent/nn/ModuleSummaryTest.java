package dev.cotangent.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleSummaryTest {
    @Test
    void listsLayersWithMultiplyAdds() {
        Module model = new Sequential(
                new Conv2d(4, 8, 3, Conv2d.options().padding(1).groups(2)),
                new BatchNorm2d(8),
                new ReLU(),
                new ConvTranspose2d(8, 2, 2, ConvTranspose2d.options().stride(2)),
                new Flatten(),
                new Linear(200, 3));
        model.getSubmodule("5").requiresGrad_(false);
        ModuleSummary summary = ModuleSummary.of(model, Tensors.zeros(2, 4, 5, 5));
        // 2 x 8 x 25 outputs of 2 x 9 products; 2 x 8 x 25 inputs that go to 2 x 4 outputs; 2 x 3 outputs of 200
        // products.
        assertEquals(
                List.of(7200L, 0L, 0L, 3200L, 0L, 1200L),
                summary.rows().stream().map(ModuleSummary.Row::multiplyAdds).toList());
        assertEquals(
                List.of(152L, 16L, 0L, 66L, 0L, 603L),
                summary.rows().stream().map(ModuleSummary.Row::parameters).toList());
        assertEquals(837, summary.parameters());
        assertEquals(234, summary.trainableParameters());
        assertEquals(11600, summary.multiplyAdds());
        assertTrue(model.isTraining());
        assertEquals(0, model.getBuffer("1.num_batches_tracked").itemLong());
        assertEquals(
                """
                Layer  Type             Output          Parameters  Multiply-adds  Output bytes
                0      Conv2d           [2, 8, 5, 5]           152          7,200         1,600\
                """,
                summary.toString()
                        .lines()
                        .limit(2)
                        .reduce((a, b) -> a + "\n" + b)
                        .orElseThrow());
        assertTrue(
                summary.toString()
                        .endsWith("\n"
                                + "Sequential: 837 parameters, 234 trainable; 11,600 multiply-adds; 8,024 bytes of"
                                + " outputs"),
                summary.toString());
    }

    @Test
    void aLayerThatIsUsedTwiceHasItsParametersOnce() {
        Linear shared = new Linear(3, 3);
        ModuleSummary summary = ModuleSummary.of(new Sequential(shared, new ReLU(), shared), Tensors.zeros(1, 3));
        assertEquals(
                List.of(12L, 0L, 0L),
                summary.rows().stream().map(ModuleSummary.Row::parameters).toList());
        assertEquals(18, summary.multiplyAdds());
        assertThrows(ValueException.class, () -> ModuleSummary.of(shared));
    }
}

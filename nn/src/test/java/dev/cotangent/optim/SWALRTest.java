package dev.cotangent.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.optim.SWALR.AnnealStrategy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates of torch.optim.swa_utils.SWALR of PyTorch 2.13, from 0.1 to 0.5. */
class SWALRTest {
    private static Optimizer sgd() {
        return new SGD(List.of(Tensors.ones(1).requiresGrad_()), 0.1);
    }

    private static void check(int epochs, AnnealStrategy strategy, double... expected) {
        Optimizer optimizer = sgd();
        SWALR scheduler = new SWALR(optimizer, 0.5, epochs, strategy);
        double[] found = new double[expected.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = scheduler.getLastLr()[0];
            optimizer.step();
            scheduler.step();
        }
        assertArrayEquals(expected, found, 1e-12);
    }

    @Test
    void ratesAreBroughtToTheirEndAndStay() {
        check(4, AnnealStrategy.COS, 0.1, 0.15857864376269049, 0.3, 0.4414213562373095, 0.5, 0.5);
        check(3, AnnealStrategy.LINEAR, 0.1, 0.23333333333333334, 0.36666666666666664, 0.5, 0.5, 0.5);
        check(0, AnnealStrategy.COS, 0.5, 0.5);
    }

    @Test
    void thereIsARateForEachGroup() {
        Optimizer optimizer = sgd();
        ValueException e = assertThrows(
                ValueException.class, () -> new SWALR(optimizer, new double[] {1, 2, 3}, 2, AnnealStrategy.COS));
        assertEquals(
                "swa_lr must have the same length as optimizer.param_groups. swa_lr has 3 values, param_groups has 1.",
                e.getMessage());
        assertThrows(ValueException.class, () -> new SWALR(optimizer, 1, -1, AnnealStrategy.COS));
    }
}

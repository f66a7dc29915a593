package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.TripletMarginWithDistanceLoss;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** The triplet loss with a distance of one's own; the numbers are PyTorch 2.13's. */
class TripletLossTest {
    @Test
    void takesAnyDistance() {
        Tensor anchor = tensor(new double[][] {{1, 2}, {0, -1}}).requiresGrad_();
        Tensor near = tensor(new double[][] {{1.5, 2}, {1, 1}});
        Tensor far = tensor(new double[][] {{0, 2.5}, {-1, 2}});
        BinaryOperator<Tensor> manhattan = (a, b) -> a.sub(b).abs().sum(-1);
        Tensor mean = anchor.tripletMarginWithDistanceLoss(near, far, manhattan, 1.25, false, "mean");
        assertEquals(0.25, mean.itemDouble(), 1e-12);
        Tensor sum = anchor.tripletMarginWithDistanceLoss(near, far, manhattan, 0.5, true, "sum");
        assertEquals(0.5, sum.itemDouble(), 1e-12);
        assertArrayEquals(
                new double[] {-0.0, 0, -1, -1}, Autograd.grad(sum, anchor).get().toDoubleArray(), 1e-12);
        Tensor euclidean = anchor.tripletMarginWithDistanceLoss(near, far, 1, false, "mean");
        assertEquals(0.2278770860913263, euclidean.itemDouble(), 1e-12);

        var module = new TripletMarginWithDistanceLoss(TripletMarginWithDistanceLoss.options()
                .distanceFunction(manhattan)
                .margin(1.25));
        assertEquals(0.25, module.call(anchor, near, far).itemDouble(), 1e-12);
        var standard = new TripletMarginWithDistanceLoss();
        assertEquals(0.2278770860913263, standard.call(anchor, near, far).itemDouble(), 1e-12);
        assertEquals(
                "TripletMarginWithDistanceLoss(\n  (distance_function): PairwiseDistance()\n)", standard.toString());
    }
}

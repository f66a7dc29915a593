package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;

import dev.cotangent.examples.tour.Fragment;

/** The example of the README. */
public final class Readme {
    private Readme() {}

    @Fragment("README the first example")
    static void example() {
        var x = tensor(new float[][] {{1, 2}, {3, -1}}).requiresGrad_(true);
        var y = x.mul(x).mean();
        print(y);
        y.backward();
        print(x.grad());

        var w = zeros(2).requiresGrad_(true);
        for (int step = 0; step < 20; step++) {
            x.detach().matmul(w).sub(tensor(5, 1)).square().mean().backward();
            w.data().sub_(w.grad().mul(0.1));
            w.grad().zero_();
        }
        print(w);
    }
}

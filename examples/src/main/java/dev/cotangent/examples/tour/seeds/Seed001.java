package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;

import dev.cotangent.autograd.Variable;
import dev.cotangent.examples.tour.Fragment;

/** Tutorial 001: Variable: data, grad, grad_fn. */
final class Seed001 {
    private Seed001() {}

    @Fragment("001.1 the gradient of what does not require one")
    static void noGrad() {
        var x = Variable.of(ones(2, 2), false);
        var temp = Variable.of(zeros(2, 2), true);

        var y = x.add(temp).add(2);
        y = y.mean();
        y.backward();
        print(x.grad());
    }

    @Fragment("001.2 the gradient of what does")
    static void grad() {
        var x = Variable.of(ones(2, 2), false);
        var temp = Variable.of(zeros(2, 2), true);

        var y = x.add(temp).add(2);
        y = y.mean();
        y.backward();
        print(temp.grad());
    }

    @Fragment("001.3 nothing requires a gradient")
    static void nothing() {
        var x = Variable.of(ones(2, 2), false);

        var y = x.add(2);
        y = y.mean();
        y.backward();
        print(x.grad());
    }

    @Fragment("001.4 grad_fn")
    static void gradFn() {
        var x = Variable.of(ones(2, 2), false);

        var y = x.add(2);
        y = y.mean();
        print(y.gradFn());
    }

    @Fragment("001.5 gradients accumulate, grad.data.zero_()")
    static void accumulate() {
        var x = Variable.of(ones(2, 2), true);
        for (int i = 0; i < 3; i++) {
            var y = x.mul(3).mean();
            y.backward();
            print(x.grad());
        }
        x.grad().data().zero_();
        print(x.grad());
        var y = x.mul(3).mean();
        y.backward();
        print(x.grad());
    }

    @Fragment("001.6 grad stays the same object while accumulating")
    static void sameObject() {
        var x = Variable.of(ones(2), true);
        x.mul(3).sum().backward();
        var g = x.grad();
        x.mul(3).sum().backward();
        print(g, g == x.grad(), g.requiresGrad(), g.gradFn());
        x.setGrad(null);
        x.mul(3).sum().backward();
        print(g, x.grad(), g == x.grad());
    }
}

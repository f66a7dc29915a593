package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;

import dev.cotangent.autograd.Variable;
import dev.cotangent.examples.tour.Fragment;
import dev.cotangent.internal.Internals;

/** Tutorial 002: detach and data. */
final class Seed002 {
    private Seed002() {}

    @Fragment("002.1 one element needs no gradient argument")
    static void oneElement() {
        var a = Variable.of(tensor(new float[][] {{2, 3}}), true);
        print(a.type());
        var w = Variable.of(ones(2, 1), true);
        var out = a.mm(w);
        out.backward();
        print("gradients are:%s".formatted(w.grad().data()));
        print("gradients are:%s".formatted(a.grad().data()));
    }

    @Fragment("002.2 a matrix needs one")
    static void matrix() {
        var a = Variable.of(tensor(new float[][] {{2, 3}, {1, 2}}), true);
        print(a.type());
        var w = Variable.of(ones(2, 2), true);
        var out = a.mm(w);
        out.backward(tensor(new float[][] {{1, 1}, {1, 1}}));
        print("gradients are:%s".formatted(w.grad().data()));
        print("gradients are:%s".formatted(a.grad().data()));
    }

    @Fragment("002.3 the commented second backward")
    static void secondBackward() {
        var a = Variable.of(tensor(new float[][] {{2, 3}}), true);
        var w = Variable.of(ones(2, 1), true);
        var out = a.mm(w);
        out.backward();
        print(w.grad(), a.grad());
        out.backward();
    }

    @Fragment("002.4 modify through detach(): caught")
    static void throughDetach() {
        var a = floatTensor(1, 2, 3).requiresGrad_(true);
        var out = a.sigmoid();
        var c = out.detach();
        print(c, c.requiresGrad(), Internals.storage(c) == Internals.storage(out));
        c.zero_();
        print(out);
        out.sum().backward();
    }

    @Fragment("002.5 modify through .data: not caught, gradient silently wrong")
    static void throughData() {
        var a = floatTensor(1, 2, 3).requiresGrad_(true);
        var out = a.sigmoid();
        var c = out.data();
        print(
                c,
                c.requiresGrad(),
                Internals.version(out).current(),
                Internals.version(c).current());
        c.zero_();
        print(out, Internals.version(out).current(), Internals.version(c).current());
        out.sum().backward();
        print(a.grad());
    }

    @Fragment("002.6 backward of a matrix with no argument")
    static void noArgument() {
        var a = Variable.of(tensor(new float[][] {{2, 3}, {1, 2}}), true);
        var w = Variable.of(ones(2, 2), true);
        var out = a.mm(w);
        out.backward();
    }

    @Fragment("002.7 gradient argument of another shape")
    static void otherShape() {
        var a = Variable.of(tensor(new float[][] {{2, 3}, {1, 2}}), true);
        var w = Variable.of(ones(2, 2), true);
        var out = a.mm(w);
        out.backward(floatTensor(1, 1));
    }

    @Fragment("002.8 an integer tensor cannot require grad")
    static void integers() {
        Variable.of(tensor(new long[][] {{2, 3}}), true);
    }

    @Fragment("002.9 requires_grad_ on an integer tensor")
    static void integersLater() {
        var a = tensor(new long[] {2, 3});
        a.requiresGrad_(true);
    }

    @Fragment("002.10 requires_grad=True at construction of an integer tensor")
    static void integersAtOnce() {
        Variable.of(tensor(new long[] {2, 3}), true);
    }
}

package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;
import static dev.cotangent.examples.tour.Python.tuple;
import static dev.cotangent.examples.tour.Rejected.doesNotCompile;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.examples.tour.Fragment;
import java.util.List;
import java.util.function.UnaryOperator;

/** backward and autograd.grad. */
final class Backward {
    private Backward() {}

    @Fragment("B.1 second backward")
    static void second() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(x).sum();
        y.backward();
        y.backward();
    }

    @Fragment("B.1b second backward where nothing was saved")
    static void nothingSaved() {
        var x = ones(3).requiresGrad_(true);
        var y = x.add(2).sum();
        y.backward();
        y.backward();
        print(x.grad());
    }

    @Fragment("B.2 a shared part of a graph")
    static void shared() {
        var x = ones(3).requiresGrad_(true);
        var h = x.mul(x);
        var a = h.sum();
        var b = h.mul(2).sum();
        a.backward();
        b.backward();
    }

    @Fragment("B.2b the same, retained")
    static void sharedRetained() {
        var x = ones(3).requiresGrad_(true);
        var h = x.mul(x);
        var a = h.sum();
        var b = h.mul(2).sum();
        a.backward(Autograd.options().retainGraph());
        b.backward();
        print(x.grad());
    }

    @Fragment("B.3 reading a freed saved tensor")
    static void readFreed() {
        var x = ones(3).requiresGrad_(true);
        var y = x.exp();
        var f = y.gradFn();
        print(f.savedTensors().getFirst());
        y.sum().backward();
        f.savedTensors().getFirst();
    }

    @Fragment("B.4 .grad of a non-leaf")
    static void gradOfResult() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.sum().backward();
        print(y.grad());
    }

    @Fragment("B.5 retain_grad")
    static void retainGrad() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.retainGrad();
        y.sum().backward();
        print(y.grad(), y.retainsGrad(), x.retainsGrad());
    }

    @Fragment("B.5b retain_grad without requires_grad")
    static void retainGradWithout() {
        var x = ones(3);
        x.retainGrad();
    }

    @Fragment("B.6 autograd.grad with an unused input")
    static void unused() {
        var x = ones(3).requiresGrad_(true);
        var u = ones(3).requiresGrad_(true);
        var y = x.mul(2).sum();
        Autograd.grad(y, x, u).run();
    }

    @Fragment("B.6b allow_unused")
    static void allowUnused() {
        var x = ones(3).requiresGrad_(true);
        var u = ones(3).requiresGrad_(true);
        var y = x.mul(2).sum();
        print(tuple(Autograd.grad(y, x, u).allowUnused().run()));
    }

    @Fragment("B.7 autograd.grad w.r.t. something that does not require grad")
    static void withoutGrad() {
        var x = ones(3).requiresGrad_(true);
        var u = ones(3);
        var y = x.mul(u).sum();
        Autograd.grad(y, x, u).run();
    }

    @Fragment("B.8 autograd.grad w.r.t. an intermediate")
    static void intermediate() {
        var x = ones(3).requiresGrad_(true);
        var h = x.mul(3);
        var y = h.mul(h).sum();
        print(tuple(Autograd.grad(y, h).run()));
        print(x.grad());
    }

    @Fragment("B.9 backward(inputs=)")
    static void inputs() {
        var x = ones(3).requiresGrad_(true);
        var w = ones(3).requiresGrad_(true);
        x.mul(w).sum().backward(Autograd.options().inputs(x));
        print(x.grad(), w.grad());
    }

    @Fragment("B.9b backward(inputs=[non-leaf])")
    static void inputsResult() {
        var x = ones(3).requiresGrad_(true);
        var h = x.mul(2);
        h.mul(2).sum().backward(Autograd.options().inputs(h));
        print(h.grad(), x.grad());
    }

    @Fragment("B.9c backward(inputs=[])")
    static void inputsEmpty() {
        var x = ones(3).requiresGrad_(true);
        x.mul(2).sum().backward(Autograd.options().inputs());
    }

    @Fragment("B.10 create_graph")
    static void createGraph() {
        var x = floatTensor(1, 2, 3).requiresGrad_(true);
        var y = x.pow(3).sum();
        var g = Autograd.grad(y, x).createGraph().run().getFirst();
        print(g);
        var h = Autograd.grad(g.sum(), x).run().getFirst();
        print(h);
    }

    @Fragment("B.10b backward(create_graph=True)")
    static void backwardCreateGraph() {
        var x = floatTensor(1, 2, 3).requiresGrad_(true);
        var y = x.pow(3).sum();
        y.backward(Autograd.options().createGraph());
        print(x.grad());
    }

    @Fragment("B.11 grad_outputs count")
    static void count() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        Autograd.grad(List.of(y, y.mul(2)), List.of(x)).gradOutputs(ones(3)).run();
    }

    @Fragment("B.12 backward with a scalar gradient for a vector")
    static void scalarGradient() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.backward(scalar(1f));
    }

    @Fragment("B.12b gradient of shape (3,1) for (3,)")
    static void columnGradient() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.backward(ones(3, 1));
    }

    @Fragment("B.12c gradient argument that is not a tensor")
    static void notTensor() {
        doesNotCompile("""
            var x = ones(3).requiresGrad_(true);
            var y = x.mul(2);
            y.backward(List.of(1f, 1f, 1f));
            """);
    }

    @Fragment("B.12d gradient of float64 for float32")
    static void otherDtype() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.backward(ones(FLOAT64, 3));
        print(x.grad(), x.grad().dtype());
    }

    @Fragment("B.12e a gradient of one element and shape (1,1) for shape (1,)")
    static void oneElement() {
        var x = ones(1).requiresGrad_(true);
        var y = x.mul(2);
        y.backward(ones(1, 1));
    }

    @Fragment("B.13 backward of a leaf itself")
    static void leaf() {
        var x = scalar(3f).requiresGrad_(true);
        x.backward();
        print(x.grad());
    }

    @Fragment("B.14 backward of an integer result")
    static void integer() {
        var x = tensor(new long[] {3});
        x.backward();
    }

    @Fragment("B.15 no_grad")
    static void noGrad() {
        var x = ones(3).requiresGrad_(true);
        Tensor y;
        try (var _ = Autograd.noGrad()) {
            y = x.mul(2);
        }
        print(y, y.requiresGrad(), Autograd.isGradEnabled());
    }

    @Fragment("B.16 a hook")
    static void hook() {
        var x = ones(3).requiresGrad_(true);
        var h = x.registerHook(g -> g.mul(10));
        x.mul(2).sum().backward();
        print(x.grad());
        h.run();
        x.setGrad(null);
        x.mul(2).sum().backward();
        print(x.grad());
    }

    @Fragment("B.16b a hook on something that does not require grad")
    static void hookWithout() {
        var x = ones(3);
        x.registerHook(g -> g);
    }

    @Fragment("B.17 deepcopy of a non-leaf")
    static void deepCopy() {
        var x = ones(3).requiresGrad_(true);
        x.mul(2).deepCopy();
    }

    @Fragment("B.18 broadcasting: gradient is summed back to the shape of the leaf")
    static void broadcasting() {
        var x = ones(2, 3).requiresGrad_(true);
        var b = ones(3).requiresGrad_(true);
        var s = ones().requiresGrad_(true);
        x.add(b).mul(s).sum().backward();
        print(x.grad(), b.grad(), s.grad());
    }

    @Fragment("B.19 grad dtype follows the leaf")
    static void leafDtype() {
        var x = ones(2).requiresGrad_(true);
        var d = ones(FLOAT64, 2).requiresGrad_(true);
        x.mul(d).sum().backward();
        print(x.mul(d).dtype(), x.grad().dtype(), d.grad().dtype());
    }

    @Fragment("B.20 sub-gradients")
    static void subgradients() {
        var x = floatTensor(-1, 0, 2).requiresGrad_(true);
        List<UnaryOperator<Tensor>> functions = List.of(
                t -> t.abs(),
                t -> t.relu(),
                t -> t.sign(),
                t -> t.clampMin(0),
                t -> t.clamp(0, 2),
                t -> t.sqrt(),
                t -> t.pow(0),
                t -> t.norm(),
                t -> t.maximum(zeros(3)),
                t -> t.max(),
                t -> stack(List.of(t, t)).amax());
        for (var f : functions) {
            print(Autograd.grad(f.apply(x).sum(), x).run().getFirst());
        }
    }

    @Fragment("B.21 max() with ties")
    static void ties() {
        var x = floatTensor(1, 3, 3).requiresGrad_(true);
        print(
                tuple(Autograd.grad(x.max(), x).run()),
                tuple(Autograd.grad(x.max(0).values(), x).run()),
                tuple(Autograd.grad(x.amax(0), x).run()),
                tuple(Autograd.grad(x.median(), x).run()));
    }
}

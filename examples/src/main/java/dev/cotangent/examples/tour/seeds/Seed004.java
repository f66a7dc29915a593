package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;

import dev.cotangent.autograd.Variable;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.examples.tour.BestDevice;
import dev.cotangent.examples.tour.Fragment;

/** Tutorial 004: PyTorch in practice: Variable. */
final class Seed004 {
    private Seed004() {}

    @Fragment("004.1 an empty Variable")
    static void empty() {
        var a = Variable.of();
        print(a);
        print(a.shape(), a.type(), a.dim(), a.numel());
    }

    @Fragment("004.2 a Variable of a matrix")
    static void matrix() {
        var a = Variable.of();
        print(a);
        var b = Variable.of(tensor(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}));
        print(b);
    }

    @Fragment("004.3 data, grad, grad_fn")
    static void attributes() {
        var a = Variable.of();
        print(a);
        var b = Variable.of(tensor(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}));
        print(b);
        print(b.data());
        print(b.grad());
        print(b.gradFn());
    }

    @Fragment("004.4 requires_grad")
    static void requiresGrad() {
        var x = Variable.of(floatTensor(2), true);
        print(x);
    }

    @Fragment("004.5 y1, y2")
    static void results() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
    }

    @Fragment("004.6 y1.backward()")
    static void backward1() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        y1.backward();
        print(x.grad());
        print(w.grad());
        print(b.grad());
    }

    @Fragment("004.7 y2.backward(x): x itself (value 2) is the gradient argument")
    static void backwardOfX() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        y2.backward(x);
        print(x.grad());
        print(w.grad());
        print(b.grad());
    }

    @Fragment("004.8 y2.backward()")
    static void backward2() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        y2.backward();
        print(x.grad());
        print(w.grad());
        print(b.grad());
    }

    @Fragment("004.9 y1.backward() then y2.backward(): sums")
    static void bothBackward() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        y1.backward();
        print(x.grad(), w.grad(), b.grad());
        y2.backward();
        print(x.grad(), w.grad(), b.grad());
    }

    @Fragment("004.10 y2.backward(a) with a = 5")
    static void backwardOfA() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        var a = Variable.of(floatTensor(5), true);
        y2.backward(a);
        print(x.grad());
        print(w.grad());
        print(b.grad());
        print(a.grad());
    }

    @Fragment("004.11 y2.backward twice")
    static void twice() {
        var x = Variable.of(floatTensor(2), true);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        var b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        y2.backward(x);
        y2.backward();
    }

    @Fragment("004.12 vector")
    static void vector() {
        var c = randn(3);
        print(c);
        c = Variable.of(c, true);
        print(c);
        var y3 = c.mul(2);
        print(y3);
        y3.backward(floatTensor(1, 0.1f, 0.01f));
        print(c.grad());
    }

    @Fragment("004.12b gradient of ones")
    static void ones() {
        var c = Variable.of(floatTensor(1, 2, 3), true);
        var y3 = c.mul(2);
        y3.backward(floatTensor(1, 1, 1));
        print(c.grad());
    }

    @Fragment("004.13 cuda, guarded")
    static void cudaGuarded() {
        var c = Variable.of(floatTensor(1, 2, 3), true);
        print(Cuda.isAvailable());
        if (Cuda.isAvailable()) {
            var d = c.cuda();
            print(d);
        }
    }

    @Fragment("004.13b cuda(), not guarded")
    static void cuda() {
        var c = Variable.of(floatTensor(1, 2, 3), true);
        c.cuda();
    }

    @Fragment("004.13c the same on the best device there is")
    static void bestDevice() {
        var device = BestDevice.get();
        var c = Variable.of(floatTensor(1, 2, 3), true);
        var d = c.to(device);
        print(device, d);
        d.mul(d).sum().backward();
        print(c.grad());
    }

    @Fragment("004.14 numpy() of a tensor that requires grad")
    static void numpyOfGrad() {
        var e = Variable.of(floatTensor(4), true);
        var f = e.numpy();
        print(f);
    }

    @Fragment("004.15 requires_grad=False")
    static void numpy() {
        var e = Variable.of(floatTensor(4), false);
        var f = e.numpy();
        print(f);
    }

    @Fragment("004.16 detach().numpy(), from_numpy, Variable")
    static void sharedMemory() {
        var e = Variable.of(floatTensor(4), true);
        var f = e.detach().numpy();
        print(f);
        var g = fromNumpy(f);
        print(g);
        g = Variable.of(g, true);
        print(g);
        f.at(0).set(7);
        print(e, g);
    }

    @Fragment("004.17 the whole final program")
    static void whole() {
        var a = Variable.of();
        print(a);
        var b = Variable.of(tensor(new float[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}));
        print(b);
        print(b.data());
        print(b.grad());
        print(b.gradFn());
        var x = Variable.of(floatTensor(2), true);
        print(x);
        var w = Variable.of(floatTensor(3), true);
        print(w);
        b = Variable.of(floatTensor(4), true);
        print(b);
        var y1 = w.mul(x).add(b);
        print(y1);
        var y2 = w.mul(x).add(b.mul(x));
        print(y2);
        a = Variable.of(floatTensor(5), true);
        y2.backward(a);
        print(x.grad());
        print(w.grad());
        print(b.grad());
        var c = randn(3);
        print(c);
        c = Variable.of(c, true);
        print(c);
        var y3 = c.mul(2);
        print(y3);
        y3.backward(floatTensor(1, 0.1f, 0.01f));
        print(c.grad());
        if (Cuda.isAvailable()) {
            var d = c.cuda();
            print(d);
        }
        var e = Variable.of(floatTensor(4), true);
        var f = e.detach().numpy();
        print(f);
        var g = fromNumpy(f);
        print(g);
        g = Variable.of(g, true);
        print(g);
    }
}

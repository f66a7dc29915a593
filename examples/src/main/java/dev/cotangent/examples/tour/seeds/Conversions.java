package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;
import static dev.cotangent.examples.tour.Rejected.doesNotCompile;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Variable;
import dev.cotangent.examples.tour.Fragment;
import dev.cotangent.internal.engine.AccumulateGrad;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Parameter;
import java.util.List;

/** Conversions, printing and small errors. */
final class Conversions {
    private Conversions() {}

    @Fragment("C.1 item and bool")
    static void item() {
        print(
                floatTensor(4).item(),
                floatTensor(0).itemBoolean(),
                scalar(3.7f).itemLong(),
                scalar(2L).itemDouble());
        ones(2).item();
    }

    @Fragment("C.1b bool of two values")
    static void boolOfTwo() {
        ones(2).itemBoolean();
    }

    @Fragment("C.1c bool of none")
    static void boolOfNone() {
        tensor().itemBoolean();
    }

    @Fragment("C.2 len of a scalar")
    static void len() {
        scalar(1f).len();
    }

    @Fragment("C.3 iterate over a scalar")
    static void iterate() {
        for (Tensor t : scalar(1f)) {
            print(t);
        }
    }

    @Fragment("C.4 index out of range")
    static void outOfRange() {
        ones(3).get(3);
    }

    @Fragment("C.4b in the second dimension")
    static void outOfRange2() {
        ones(2, 3).get(0, 3);
    }

    @Fragment("C.4c too many indices")
    static void tooMany() {
        ones(2, 3).get(0, 0, 0);
    }

    @Fragment("C.4d index a scalar")
    static void indexScalar() {
        scalar(1f).get(0);
    }

    @Fragment("C.5 broadcasting mismatch")
    static void broadcasting() {
        ones(2, 3).add(ones(2));
    }

    @Fragment("C.6 mm mismatch")
    static void mm() {
        ones(2, 3).mm(ones(2, 3));
    }

    @Fragment("C.6b mm of a vector")
    static void mmVector() {
        ones(3).mm(ones(3, 2));
    }

    @Fragment("C.6c matmul mismatch")
    static void matmul() {
        ones(2, 3).matmul(ones(2, 3));
    }

    @Fragment("C.6d mm dtypes")
    static void mmDtypes() {
        ones(2, 2).mm(ones(FLOAT64, 2, 2));
    }

    @Fragment("C.7 view")
    static void view() {
        ones(2, 3).view(4);
    }

    @Fragment("C.7b view of a transposed")
    static void viewTransposed() {
        ones(2, 3).t().view(6);
    }

    @Fragment("C.7c reshape")
    static void reshape() {
        ones(2, 3).reshape(4, -1);
    }

    @Fragment("C.7d two -1")
    static void twoInferred() {
        ones(2, 3).reshape(-1, -1);
    }

    @Fragment("C.8 dimension out of range")
    static void dimension() {
        ones(2, 3).sum(2);
    }

    @Fragment("C.9 mean of integers")
    static void meanOfIntegers() {
        tensor(new long[] {1, 2}).mean();
    }

    @Fragment("C.10 cat")
    static void catSizes() {
        cat(List.of(ones(2, 3), ones(3, 2)));
    }

    @Fragment("C.10b cat of nothing")
    static void catNothing() {
        cat(List.of());
    }

    @Fragment("C.10c stack")
    static void stackSizes() {
        stack(List.of(ones(2), ones(3)));
    }

    @Fragment("C.11 max of empty")
    static void maxOfEmpty() {
        tensor().max();
    }

    @Fragment("C.11b argmax of empty")
    static void argmaxOfEmpty() {
        tensor().argmax();
    }

    @Fragment("C.11c sum, prod, mean of empty")
    static void sumOfEmpty() {
        var e = tensor();
        print(e.sum(), e.prod(), e.mean(), e.std(), e.any(), e.all());
    }

    @Fragment("C.12 integer division")
    static void division() {
        var t = tensor(new long[] {7, -7});
        print(t.div(2), t.floorDivide(2), t.remainder(3), t.fmod(3));
    }

    @Fragment("C.12b integer division by zero")
    static void byZero() {
        tensor(new long[] {7}).floorDivide(0);
    }

    @Fragment("C.12c float division by zero")
    static void floatByZero() {
        var t = floatTensor(7, -7, 0);
        print(t.div(0), t.floorDivide(0), floatTensor(7, -7).remainder(0));
    }

    @Fragment("C.13 types")
    static void types() {
        var tensors = List.of(
                floatTensor(1),
                tensor(new float[] {1}),
                tensor(new double[] {1}),
                tensor(new long[] {1}),
                tensor(new int[] {1}),
                floatTensor(1).to(UINT8),
                tensor(new boolean[] {true}),
                scalar(1L),
                scalar(1f),
                scalar(true),
                floatTensor(1, 2.5f),
                empty(2).zero_(),
                arange(3),
                arange(3.0));
        for (Tensor t : tensors) {
            print(t.type(), t.dtype(), t.shape(), t);
        }
    }

    @Fragment("C.14 Tensor(2, 3) and Tensor of shape")
    static void shapes() {
        print(
                empty(2, 3).shape(),
                floatTensor(2, 3).shape(),
                Variable.of().shape(),
                tensor().shape(),
                tensor(new float[1][0]).shape(),
                shape(2, 3),
                shape(),
                shape(1));
    }

    @Fragment("C.15 ragged data")
    static void ragged() {
        tensor(new long[][] {{1, 2}, {3}});
    }

    @Fragment("C.16 grad_fn printing")
    static void gradFn() {
        var x = ones(2, 3).requiresGrad_(true);
        var f = x.mul(2).gradFn();
        print(f.name(), f.toString().substring(0, 13), f.name());
    }

    @Fragment("C.17 next_functions")
    static void nextFunctions() {
        var w = ones(1).requiresGrad_(true);
        var x = ones(1);
        var y = w.mul(x).add(2);
        var mul = y.gradFn().nextFunctions().get(0).node();
        print(mul.name(), y.gradFn().nextFunctions().get(1));
        print(mul.nextFunctions().get(0).node().name(), mul.nextFunctions().get(1));
        print(((AccumulateGrad) mul.nextFunctions().get(0).node()).variable() == w);
    }

    @Fragment("C.18 parameters")
    static void parameters() {
        var p = Parameter.of(ones(2));
        print(p);
        print(new Linear(2, 1, false).weight().shape(), new Linear(2, 3));
    }

    @Fragment("C.19 Variable of a non-tensor")
    static void nonTensor() {
        doesNotCompile("""
            Variable.of(List.of(1, 2));
            """);
    }

    @Fragment("C.20 a Variable is a Tensor")
    static void isTensor() {
        var v = Variable.of(ones(1));
        print(v.getClass(), v instanceof Tensor);
    }

    @Fragment("C.21 Variable with requires_grad of a non-leaf")
    static void nonLeaf() {
        var x = ones(2).requiresGrad_(true);
        var y = x.mul(2);
        var v = Variable.of(y);
        print(v, v.isLeaf(), v == y);
        v = Variable.of(y, true);
        print(v, v.isLeaf());
    }

    @Fragment("C.22 volatile (gone since 0.4)")
    static void volatileGone() {
        doesNotCompile("""
            boolean isVolatile = true;
            Variable.of(ones(1), false, isVolatile);
            """);
    }
}

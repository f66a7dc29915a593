package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;

import dev.cotangent.autograd.Variable;
import dev.cotangent.examples.tour.Fragment;

/** Tutorial 000: what is a Variable. */
final class Seed000 {
    private Seed000() {}

    @Fragment("000.1 definition")
    static void definition() {
        var x = randn(3);
        x = Variable.of(x, true);
        print(x);
    }

    @Fragment("000.2 backward without requires_grad")
    static void withoutGrad() {
        var matrix1 = tensor(new float[][] {{2, 2}, {1, 1}});
        var matrix2 = ones(2, 2);
        var matrix3 = tensor(new float[][] {{1, 1}, {2, 2}});
        var variable1 = Variable.of(matrix1);
        var variable2 = Variable.of(matrix2);
        var variable3 = Variable.of(matrix3);
        var matrix = variable3.add(variable2).add(variable1);
        matrix.backward();
        print(variable1.grad());
        print(variable2.grad());
        print(variable3.grad());
    }

    @Fragment("000.3 backward of a matrix without gradient")
    static void withoutGradient() {
        var matrix1 = tensor(new float[][] {{2, 2}, {1, 1}});
        var matrix2 = ones(2, 2);
        var matrix3 = tensor(new float[][] {{1, 1}, {2, 2}});
        var variable1 = Variable.of(matrix1, true);
        var variable2 = Variable.of(matrix2, true);
        var variable3 = Variable.of(matrix3, true);
        var matrix = variable3.add(variable2).add(variable1);
        matrix.backward();
        print(variable1.grad());
        print(variable2.grad());
        print(variable3.grad());
    }

    @Fragment("000.4 backward with ones_like")
    static void withOnesLike() {
        var matrix1 = tensor(new float[][] {{2, 2}, {1, 1}});
        var matrix2 = ones(2, 2);
        var matrix3 = tensor(new float[][] {{1, 1}, {2, 2}});
        var variable1 = Variable.of(matrix1, true);
        var variable2 = Variable.of(matrix2, true);
        var variable3 = Variable.of(matrix3, true);
        var matrix = variable3.add(variable2).add(variable1);
        matrix.backward(matrix.onesLike());
        print(variable1.grad());
        print(variable2.grad());
        print(variable3.grad());
    }

    @Fragment("000.4b the sum printed")
    static void sumPrinted() {
        var matrix1 = tensor(new float[][] {{2, 2}, {1, 1}});
        var matrix2 = ones(2, 2);
        var matrix3 = tensor(new float[][] {{1, 1}, {2, 2}});
        var variable1 = Variable.of(matrix1, true);
        var variable2 = Variable.of(matrix2, true);
        var variable3 = Variable.of(matrix3, true);
        var matrix = variable3.add(variable2).add(variable1);
        print(matrix);
        print(matrix.gradFn().nextFunctions().get(0).node().name(), matrix.requiresGrad(), matrix.isLeaf());
        print(variable1.grad());
        print(variable2.grad());
        print(variable3.grad());
    }

    @Fragment("000.4c three distinct gradient tensors")
    static void distinctGradients() {
        var matrix1 = tensor(new float[][] {{2, 2}, {1, 1}});
        var matrix2 = ones(2, 2);
        var matrix3 = tensor(new float[][] {{1, 1}, {2, 2}});
        var variable1 = Variable.of(matrix1, true);
        var variable2 = Variable.of(matrix2, true);
        var variable3 = Variable.of(matrix3, true);
        var matrix = variable3.add(variable2).add(variable1);
        matrix.backward(matrix.onesLike());
        variable1.grad().zero_();
        print(variable1.grad());
        print(variable2.grad());
        print(variable3.grad());
    }

    @Fragment("000.5 vector backward")
    static void vector() {
        var x = randn(3);
        x = Variable.of(x, true);
        var y = x.mul(2);
        print(y);
        y.backward(floatTensor(1, 2, 3));
        print(x.grad());
    }
}

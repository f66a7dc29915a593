package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;
import static dev.cotangent.examples.tour.Rejected.doesNotCompile;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.examples.tour.Fragment;
import dev.cotangent.internal.Internals;
import java.util.stream.Stream;

/** Leaves, in-place operations and views. */
final class Leaves {
    private Leaves() {}

    @Fragment("S.1 in-place on a leaf")
    static void inPlace() {
        var x = ones(3).requiresGrad_(true);
        x.add_(1);
    }

    @Fragment("S.2 in-place on a view of a leaf")
    static void viewInPlace() {
        var x = ones(3).requiresGrad_(true);
        x.get("0:2").mul_(2);
    }

    @Fragment("S.2b item assignment on a leaf")
    static void assignment() {
        var x = ones(3).requiresGrad_(true);
        x.at(0).set(5);
    }

    @Fragment("S.3 under no_grad it is allowed")
    static void noGrad() {
        var x = ones(3).requiresGrad_(true);
        try (var _ = Autograd.noGrad()) {
            x.add_(1);
            x.get("0:2").mul_(2);
        }
        print(x, Internals.version(x).current());
    }

    @Fragment("S.4 through .data it is allowed and the version stays")
    static void throughData() {
        var x = ones(3).requiresGrad_(true);
        x.data().add_(1);
        print(x, Internals.version(x).current());
    }

    @Fragment("S.4b a slice assignment through .data, and _version of the data tensor")
    static void sliceOfData() {
        var x = ones(3).requiresGrad_(true);
        var d = x.data();
        d.at("0:2").set(5);
        print(x, Internals.version(x).current(), Internals.version(d).current(), x.data() == x.data());
    }

    @Fragment("S.5 in-place on an intermediate result")
    static void intermediate() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        y.add_(1);
        print(y, Internals.version(y).current());
        y.mul_(3);
        print(y, Internals.version(y).current());
        y.sum().backward();
        print(x.grad());
    }

    @Fragment("S.6 a saved input modified")
    static void savedInput() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        var z = y.mul(y);
        y.add_(1);
        z.sum().backward();
    }

    @Fragment("S.7 a saved result modified")
    static void savedResult() {
        var x = ones(3).requiresGrad_(true);
        var y = x.exp();
        y.mul_(2);
        y.sum().backward();
    }

    @Fragment("S.8 a leaf without grad that was saved, modified")
    static void savedLeaf() {
        var x = ones(3).requiresGrad_(true);
        var c = ones(3);
        var y = x.mul(c);
        c.add_(1);
        y.sum().backward();
    }

    @Fragment("S.8b addition saves nothing: no error")
    static void additionSavesNothing() {
        var x = ones(3).requiresGrad_(true);
        var c = ones(3);
        var y = x.add(c);
        c.add_(1);
        y.sum().backward();
        print(x.grad());
    }

    @Fragment("S.8c only what is needed is saved")
    static void onlyNeededSaved() {
        var x = ones(3).requiresGrad_(true);
        var y = x.mul(2);
        var c = ones(3);
        var z = y.mul(c);
        y.add_(1);
        z.sum().backward();
        print(x.grad());
    }

    @Fragment("S.9 a write through a view of a saved tensor")
    static void writeThroughView() {
        var x = ones(4).requiresGrad_(true);
        var y = x.mul(1);
        var z = y.mul(y);
        y.get("0:2").zero_();
        z.sum().backward();
    }

    @Fragment("S.10 a view of an intermediate written in place: gradient flows through CopySlices")
    static void copySlices() {
        var x = ones(4).requiresGrad_(true);
        var y = x.mul(2);
        y.get("0:2").mul_(10);
        print(y);
        y.sum().backward();
        print(x.grad());
    }

    @Fragment("S.10b item assignment")
    static void itemAssignment() {
        var x = ones(4).requiresGrad_(true);
        var y = x.mul(2);
        y.at(1).set(7);
        print(y);
        y.sum().backward();
        print(x.grad());
    }

    @Fragment("S.10c a view taken before the in-place write of its base")
    static void viewBefore() {
        var x = ones(4).requiresGrad_(true);
        var y = x.mul(2);
        var v = y.get("0:2");
        y.mul_(10);
        print(v);
        v.sum().backward();
        print(x.grad());
    }

    @Fragment("S.10d assigning a tensor that requires grad into one that did not")
    static void assigningGrad() {
        var w = ones(2).requiresGrad_(true);
        var b = zeros(4);
        b.at("1:3").set(w.mul(3));
        print(b, b.requiresGrad());
        b.sum().backward();
        print(w.grad());
    }

    @Fragment("S.11 out-of-place after in-place: version numbers")
    static void versions() {
        var x = ones(3);
        print(Internals.version(x).current());
        x.add_(1);
        x.zero_();
        x.at(0).set(2);
        print(Internals.version(x).current());
        var v = x.get("1:");
        v.add_(1);
        print(Internals.version(x).current(), Internals.version(v).current());
        var d = x.detach();
        d.add_(1);
        print(Internals.version(x).current(), Internals.version(d).current());
        d = x.data();
        d.add_(1);
        print(Internals.version(x).current(), Internals.version(d).current());
    }

    @Fragment("S.12 in-place of several-output views")
    static void severalViews() {
        var x = ones(4).requiresGrad_(true).mul(1);
        var a = x.chunk(2).get(0);
        a.add_(1);
    }

    @Fragment("S.13 in-place result shape")
    static void resultShape() {
        var x = ones(3);
        x.add_(ones(2, 3));
    }

    @Fragment("S.14 in-place result dtype")
    static void resultDtype() {
        var x = ones(INT64, 3);
        x.add_(1.5);
    }

    @Fragment("S.14b division in place")
    static void divisionDtype() {
        var x = ones(INT64, 3);
        x.div_(2);
    }

    @Fragment("S.15 is_leaf")
    static void isLeaf() {
        var a = ones(2);
        var b = ones(2).requiresGrad_(true);
        var c = b.mul(2);
        var d = c.detach();
        var e = a.mul(2);
        print(Stream.of(a, b, c, d, e).map(Tensor::isLeaf).toList());
        print(Stream.of(a, b, c, d, e).map(Tensor::requiresGrad).toList());
        print(b.gradFn(), c.gradFn() == null, d.gradFn());
    }

    @Fragment("S.16 changing requires_grad of a non-leaf")
    static void changeRequiresGrad() {
        var x = ones(2).requiresGrad_(true);
        var y = x.mul(2);
        y.requiresGrad_(false);
    }

    @Fragment("S.16b setting what is already set")
    static void setAgain() {
        var x = ones(2).requiresGrad_(true);
        var y = x.mul(2);
        y.requiresGrad_(true);
        print(y);
    }

    @Fragment("S.17 detach_")
    static void detachInPlace() {
        var x = ones(2).requiresGrad_(true);
        var y = x.mul(2);
        y.detach_();
        print(y, y.isLeaf());
    }

    @Fragment("S.17b detach_ on a view")
    static void detachView() {
        var x = ones(2).requiresGrad_(true);
        var y = x.mul(2).get("0:1");
        y.detach_();
    }

    @Fragment("S.18 in-place resize of something that requires grad")
    static void resize() {
        var x = ones(2).requiresGrad_(true);
        x.resize_(3);
    }

    @Fragment("S.19 set .grad")
    static void setGrad() {
        var x = ones(2).requiresGrad_(true);
        x.setGrad(ones(2));
        print(x.grad());
        x.setGrad(ones(3));
    }

    @Fragment("S.19b set .grad of another dtype")
    static void setGradDtype() {
        var x = ones(2).requiresGrad_(true);
        x.setGrad(ones(FLOAT64, 2));
    }

    @Fragment("S.19c set .grad to a non-tensor")
    static void setGradNumber() {
        doesNotCompile("""
            var x = ones(2).requiresGrad_(true);
            x.setGrad(3);
            """);
    }

    @Fragment("S.20 expanded tensor written in place")
    static void expanded() {
        var x = ones(1, 3).expand(2, 3);
        x.add_(1);
    }
}

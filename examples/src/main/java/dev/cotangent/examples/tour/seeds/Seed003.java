package dev.cotangent.examples.tour.seeds;

import static dev.cotangent.Tensors.*;
import static dev.cotangent.examples.tour.Python.print;
import static dev.cotangent.examples.tour.Python.str;
import static dev.cotangent.examples.tour.Python.tuple;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Variable;
import dev.cotangent.examples.tour.Fragment;
import dev.cotangent.internal.Internals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Tutorial 003: autograd exercises. */
final class Seed003 {
    private Seed003() {}

    @Fragment("003.1 a Variable of a tensor")
    static void variable() {
        var tensor = tensor(new float[][] {{1, 4, 2}, {3, 1, 4}});
        var v = Variable.of(tensor, true);
        print(v);
    }

    @Fragment("003.1b data")
    static void data() {
        var tensor = tensor(new float[][] {{1, 4, 2}, {3, 1, 4}});
        var v = Variable.of(tensor, true);
        print(v.data());
        print(tensor.requiresGrad(), Internals.storage(v) == Internals.storage(tensor), v == tensor);
        v.data().at("0, 0").set(9);
        print(tensor.get(0, 0));
    }

    @Fragment("003.2 the gradient of a result")
    static void result() {
        var x = floatTensor(1, 2, 3);
        x = Variable.of(x, true);
        var y = x.mul(x);
        print(y.get("0:3"));
        print("Requires Gradient : %s ".formatted(str(y.requiresGrad())));
        print("Gradient : %s ".formatted(str(y.grad())));
    }

    @Fragment("003.3 the mean by hand")
    static void meanByHand() {
        var x = Variable.of(floatTensor(0, 1, 2, 3), true);
        var y = x.add(2);
        var z = y.mul(y).mul(3);
        var out = z.sum().div(z.len());
        out.backward(Autograd.options().retainGraph());
        print("output:\n", out.view(1));
        print(x.grad());
    }

    @Fragment("003.3b with mean()")
    static void mean() {
        var x = Variable.of(floatTensor(0, 1, 2, 3), true);
        var y = x.add(2);
        var z = y.mul(y).mul(3);
        var out = z.mean();
        out.backward();
        print("output:\n", out);
        print(x.grad());
    }

    @Fragment("003.3c retain_graph=True lets backward run again and accumulates")
    static void retainGraph() {
        var x = Variable.of(floatTensor(0, 1, 2, 3), true);
        var y = x.add(2);
        var z = y.mul(y).mul(3);
        var out = z.sum().div(z.len());
        out.backward(Autograd.options().retainGraph());
        out.backward(Autograd.options().retainGraph());
        print(x.grad());
        out.backward();
        print(x.grad());
        out.backward();
    }

    @Fragment("003.3d the commented z.backward(retain_graph=True)")
    static void commented() {
        var x = Variable.of(floatTensor(0, 1, 2, 3), true);
        var y = x.add(2);
        var z = y.mul(y).mul(3);
        z.backward(Autograd.options().retainGraph());
    }

    @Fragment("003.4 as written (grad_outputs of shape (1,3))")
    static void asWritten() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        var dzDx = Autograd.grad(z, x).gradOutputs(ones(1, 3)).run();
        var dzDy = Autograd.grad(z, y).gradOutputs(ones(2, 3)).run();
        print("dz_dx: \n", tuple(dzDx));
        print("dz_dy: \n", tuple(dzDy));
    }

    @Fragment("003.4b corrected")
    static void corrected() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        var dzDx = Autograd.grad(z, x).gradOutputs(ones(2, 3)).run();
        var dzDy = Autograd.grad(z, y).gradOutputs(ones(2, 3)).run();
        print("dz_dx: \n", tuple(dzDx));
        print("dz_dy: \n", tuple(dzDy));
        print(x.grad(), y.grad());
    }

    @Fragment("003.4c the same input twice")
    static void sameInput() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        Autograd.grad(z, x).gradOutputs(ones(2, 3)).run();
        Autograd.grad(z, x).gradOutputs(ones(2, 3)).run();
    }

    @Fragment("003.4d 3*y twice: the number 3 is saved too")
    static void numberSaved() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        Autograd.grad(z, y).gradOutputs(ones(2, 3)).run();
        Autograd.grad(z, y).gradOutputs(ones(2, 3)).run();
    }

    @Fragment("003.4g twice through nodes that save no tensor (add, sub, neg, sum, view, transpose)")
    static void nothingSaved() {
        var y = ones(2, 3).requiresGrad_(true);
        var z = y.add(3).neg().sub(y).view(6).sum();
        print(tuple(Autograd.grad(z, y).run()));
        print(tuple(Autograd.grad(z, y).run()));
    }

    @Fragment("003.4h division by a number, twice")
    static void division() {
        var y = ones(2, 3).requiresGrad_(true);
        var z = y.div(2).sum();
        Autograd.grad(z, y).run();
        Autograd.grad(z, y).run();
    }

    @Fragment("003.4i mean, twice")
    static void meanTwice() {
        var y = ones(2, 3).requiresGrad_(true);
        var z = y.mean();
        Autograd.grad(z, y).run();
        print(tuple(Autograd.grad(z, y).run()));
    }

    @Fragment("003.4j pow by a number, relu, exp, twice: which raise")
    static void whichRaise() {
        var y = ones(2, 3).requiresGrad_(true);
        Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
        functions.put("pow", t -> t.pow(2));
        functions.put("relu", t -> t.relu());
        functions.put("exp", t -> t.exp());
        functions.put("mul", t -> t.mul(2));
        functions.put("div", t -> t.div(2));
        functions.put("add", t -> t.add(2));
        functions.put("rsub", t -> t.rsub(2));
        functions.put("abs", t -> t.abs());
        functions.put("sum", t -> t.sum());
        functions.put("mean", t -> t.mean());
        functions.put("t", t -> t.t());
        functions.put("select", t -> t.get(0));
        functions.put("index", t -> t.get(tensor(new long[] {0})));
        functions.put("cat", t -> cat(List.of(t, t)));
        functions.put("stack", t -> stack(List.of(t, t)));
        functions.put("clone", t -> t.clone());
        functions.put("double", t -> t.to(FLOAT64));
        functions.put("max", t -> t.max());
        functions.put("max dim", t -> t.max(0).values());
        functions.put("cumsum", t -> t.cumsum(0));
        functions.put("mm", t -> t.mm(ones(3, 2)));
        functions.put("clamp", t -> t.clamp(0, 2));
        functions.put("masked_fill", t -> t.maskedFill(t.gt(5), 0));
        functions.put("where", t -> t.where(t.gt(5), t));
        functions.put("expand", t -> t.expand(2, 2, 3));
        functions.put("repeat", t -> t.repeat(2, 1));
        functions.put("softmax", t -> t.softmax(0));
        functions.put("std", t -> t.std());
        functions.put("prod", t -> t.prod());
        functions.put("norm", t -> t.norm());
        functions.put("gather", t -> t.gather(0, zeros(INT64, 1, 3)));
        functions.put("tril", t -> t.tril());
        functions.put("sign", t -> t.sign());
        functions.put("floor", t -> t.floor());
        functions.put("copy_", t -> zeros(2, 3).copy_(t));
        functions.put("setitem", t -> zeros(2, 2, 3).indexPut(List.of(scalar(0L)), t, false));
        functions.forEach((name, f) -> {
            var z = f.apply(y);
            Autograd.grad(z, y).gradOutputs(z.onesLike()).run();
            try {
                Autograd.grad(z, y).gradOutputs(z.onesLike()).run();
                print(name, "works");
            } catch (CotangentException e) {
                print(name, e.getMessage().contains("a second time") ? "raises" : e.getMessage());
            }
        });
    }

    @Fragment("003.4e both at once")
    static void both() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        print(tuple(Autograd.grad(z, x, y).gradOutputs(ones(2, 3)).run()));
    }

    @Fragment("003.4f no grad_outputs")
    static void noGradOutputs() {
        var x = Variable.of(linspace(1, 6, 6).unsqueeze(1).view(2, 3), true);
        var y = Variable.of(empty(2, 3).uniform_(-1, 1), true);
        var z = x.mul(x).add(y.mul(3));

        Autograd.grad(z, x).run();
    }
}

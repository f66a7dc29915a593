package dev.cotangent.nn;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autocast;
import dev.cotangent.linalg.Linalg;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Dtypes and values of torch.autocast of PyTorch 2.13 on the CPU. */
class AutocastTest {
    private static final Device CPU = Device.cpu();
    private final Tensor f = tensor(new float[][] {{0.2f, 0.3f, 0.4f}, {0.5f, 0.6f, 0.7f}, {0.25f, 0.35f, 0.45f}});
    private final Tensor image = ones(1, 2, 6, 6);
    private final Tensor classes = tensor(0, 1, 2);

    private Map<String, UnaryOperator<Tensor>> operations() {
        Map<String, UnaryOperator<Tensor>> ops = new LinkedHashMap<>();
        ops.put("matmul", x -> x.matmul(x));
        ops.put("mm", x -> x.mm(x));
        ops.put("mv", x -> x.mv(x.get(0)));
        ops.put("bmm", x -> x.unsqueeze(0).bmm(x.unsqueeze(0)));
        ops.put("dot", x -> x.get(0).dot(x.get(0)));
        ops.put("addmm", x -> x.addmm(x, x));
        ops.put("linear", x -> x.linear(x, null));
        ops.put("einsum", x -> einsum("ij,jk->ik", x, x));
        ops.put("tensordot", x -> x.tensordot(x, 1));
        ops.put("vecdot", x -> Linalg.vecdot(x, x, -1));
        ops.put("conv2d", x -> image.to(x.dtype()).conv2d(ones(2, 2, 3, 3).to(x.dtype())));
        ops.put(
                "conv_transpose2d",
                x -> image.to(x.dtype()).convTranspose2d(ones(2, 2, 3, 3).to(x.dtype())));
        ops.put("sdpa", x -> x.unsqueeze(0).scaledDotProductAttention(x.unsqueeze(0), x.unsqueeze(0)));
        ops.put("prelu", x -> x.prelu(x.get(0).narrow(0, 0, 1)));
        ops.put("exp", Tensor::exp);
        ops.put("log", Tensor::log);
        ops.put("pow", x -> x.pow(2));
        ops.put("softplus", Tensor::softplus);
        ops.put("relu", Tensor::relu);
        ops.put("sum", Tensor::sum);
        ops.put("mean", Tensor::mean);
        ops.put("prod", Tensor::prod);
        ops.put("softmax", x -> x.softmax(1));
        ops.put("log_softmax", x -> x.logSoftmax(1));
        ops.put("cumsum", x -> x.cumsum(1));
        ops.put("norm", Tensor::norm);
        ops.put("layer_norm", x -> x.layerNorm(new long[] {3}));
        ops.put("mse_loss", x -> x.mseLoss(x));
        ops.put("l1_loss", x -> x.l1Loss(x));
        ops.put("huber", x -> x.huberLoss(x));
        ops.put("cross_entropy", x -> x.crossEntropy(classes));
        ops.put("nll", x -> x.nllLoss(classes));
        ops.put("bce", x -> x.binaryCrossEntropy(x));
        ops.put("bcel", x -> x.binaryCrossEntropyWithLogits(x));
        ops.put("kl_div", x -> x.klDiv(x));
        ops.put("cat", x -> cat(x, f));
        ops.put("stack", x -> stack(x, f));
        ops.put("add", x -> x.add(f));
        return ops;
    }

    @Test
    void operationsChooseThePrecisionThatPyTorchDoes() {
        Map<String, TreeSet<String>> found = new LinkedHashMap<>();
        operations().forEach((name, op) -> {
            StringBuilder dtypes = new StringBuilder();
            for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
                try (var _ = Autocast.open(CPU)) {
                    dtypes.append(op.apply(f.to(dtype)).dtype().torchName().charAt(0));
                }
            }
            found.computeIfAbsent(dtypes.toString(), _ -> new TreeSet<>()).add(name);
        });
        Map<String, TreeSet<String>> expected = Map.of(
                "bb", set("matmul mm bmm addmm linear einsum tensordot vecdot conv2d conv_transpose2d sdpa prelu"),
                "fb", set("mv dot exp log pow softplus relu sum mean softmax log_softmax cumsum norm layer_norm"),
                "ff", set("prod mse_loss l1_loss huber cross_entropy nll bce bcel kl_div cat stack add"));
        assertEquals(expected, found);
    }

    private static TreeSet<String> set(String names) {
        return new TreeSet<>(List.of(names.split(" ")));
    }

    @Test
    void aTrainingStepHasPyTorchsValues() {
        check(Dtype.BFLOAT16, 5.5230713, 1.1155906, 1.9434052, 0.26296997, 1.1976929, 0.18066406);
        check(Dtype.FLOAT16, 5.5231781, 1.1152527, 1.9406080, 0.26306915, 1.1962814, 0.18005371);
    }

    /** Values of the same lines in Python, after torch.manual_seed(2): sums of absolute values. */
    private static void check(Dtype dtype, double outputs, double loss, double... gradients) {
        try (var _ = Generator.pytorch(2).use()) {
            Module model = new Sequential(new Linear(6, 8), new ReLU(), new Linear(8, 3));
            Tensor x = randn(5, 6);
            Tensor out;
            Tensor value;
            try (var _ = Autocast.open(CPU, dtype)) {
                out = model.call(x);
                value = out.crossEntropy(tensor(0, 1, 2, 1, 0));
            }
            value.backward();
            assertEquals(dtype, out.dtype());
            assertEquals(Dtype.FLOAT32, value.dtype());
            double step = dtype == Dtype.BFLOAT16 ? 8e-3 : 1e-3;
            assertEquals(outputs, out.toFloat().abs().sum().itemDouble(), outputs * step);
            assertEquals(loss, value.itemDouble(), loss * step);
            List<Tensor> parameters = model.parameters();
            for (int i = 0; i < gradients.length; i++) {
                Tensor g = parameters.get(i).grad();
                assertEquals(Dtype.FLOAT32, g.dtype());
                assertEquals(gradients[i], g.abs().sum().itemDouble(), 2 * gradients[i] * step);
            }
        }
    }

    @Test
    void scopesNestAndMayTurnItOff() {
        assertFalse(Autocast.isEnabled(CPU));
        try (var _ = Autocast.open(CPU)) {
            assertEquals(Dtype.BFLOAT16, Autocast.dtype(CPU));
            assertNull(Autocast.dtype(Device.cuda(0)));
            try (var _ = Autocast.disable(CPU)) {
                assertEquals(Dtype.FLOAT32, f.mm(f).dtype());
            }
            try (var _ = Autocast.open(CPU, Dtype.FLOAT16)) {
                assertEquals(Dtype.FLOAT16, f.mm(f).dtype());
            }
            assertEquals(Dtype.BFLOAT16, f.mm(f).dtype());
            try (var _ = Autocast.open(CPU, Dtype.FLOAT64)) {
                assertFalse(Autocast.isEnabled(CPU));
            }
            assertEquals(Dtype.FLOAT64, f.toDouble().mm(f.toDouble()).dtype());
            assertEquals(Dtype.INT64, classes.dot(classes).dtype());
        }
        assertEquals(Dtype.FLOAT32, f.mm(f).dtype());
    }

    @Test
    void scopesAreOfAThreadAndCloseInnermostFirst() throws InterruptedException {
        List<Dtype> seen = new ArrayList<>();
        Autocast outer = Autocast.open(CPU);
        Thread other = new Thread(() -> seen.add(f.mm(f).dtype()));
        other.start();
        other.join();
        assertEquals(List.of(Dtype.FLOAT32), seen);
        Autocast inner = Autocast.open(CPU);
        assertThrows(CotangentException.class, outer::close);
        inner.close();
        outer.close();
        outer.close();
        assertFalse(Autocast.isEnabled(CPU));
    }

    @Test
    void castsOfParametersAreKeptUntilTheOutermostScopeIsClosed() {
        Tensor weight = f.clone().requiresGrad_();
        Tensor first;
        try (var _ = Autocast.open(CPU)) {
            first = weight.mm(f);
            try (var _ = Autocast.open(CPU)) {
                weight.mm(f);
            }
            assertSame(cast(first), cast(weight.mm(f)));
        }
        try (var _ = Autocast.open(CPU)) {
            assertNotSame(cast(first), cast(weight.mm(f)));
        }
        try (var _ = Autocast.open(CPU, Dtype.BFLOAT16, false)) {
            assertNotSame(cast(weight.mm(f)), cast(weight.mm(f)));
        }
    }

    /** Returns the node of the cast of a product's first factor. */
    private static Object cast(Tensor product) {
        return product.gradFn().nextFunctions().getFirst().node();
    }
}

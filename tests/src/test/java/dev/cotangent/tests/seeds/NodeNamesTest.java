package dev.cotangent.tests.seeds;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The node that each expression of PyTorch's table leaves behind, by name. */
class NodeNamesTest {
    private static final Map<String, UnaryOperator<Tensor>> JAVA = new LinkedHashMap<>();

    private static void row(String python, UnaryOperator<Tensor> java) {
        JAVA.put(python, java);
    }

    static {
        row("t + 1", t -> t.add(1));
        row("t - 1", t -> t.sub(1));
        row("1 - t", t -> t.rsub(1));
        row("t * t", t -> t.mul(t));
        row("t / 2", t -> t.div(2));
        row("-t", t -> t.neg());
        row("t ** 2", t -> t.pow(2));
        row("t.exp()", t -> t.exp());
        row("t.log()", t -> t.log());
        row("t.sum()", t -> t.sum());
        row("t.sum(0)", t -> t.sum(0));
        row("t.mean()", t -> t.mean());
        row("t.mean(1)", t -> t.mean(1));
        row("t.t()", t -> t.t());
        row("t.view(6)", t -> t.view(6));
        row("t.reshape(6)", t -> t.reshape(6));
        row("t[0]", t -> t.get(0));
        row("t[0:1]", t -> t.get("0:1"));
        row("t[:, 1]", t -> t.get(":, 1"));
        row("t[t > 0]", t -> t.get(t.gt(0)));
        row("t @ t.t()", t -> t.matmul(t.t()));
        row("t.mm(t.t())", t -> t.mm(t.t()));
        row("t.matmul(torch.ones(3))", t -> t.matmul(ones(3)));
        row("torch.relu(t)", t -> t.relu());
        row("t.sigmoid()", t -> t.sigmoid());
        row("t.tanh()", t -> t.tanh());
        row("t.softmax(1)", t -> t.softmax(1));
        row("t.log_softmax(1)", t -> t.logSoftmax(1));
        row("t.max()", t -> t.max());
        row("t.max(1).values", t -> t.max(1).values());
        row("torch.cat([t, t])", t -> cat(List.of(t, t)));
        row("torch.stack([t, t])", t -> stack(List.of(t, t)));
        row("t.unsqueeze(0)", t -> t.unsqueeze(0));
        row("t.squeeze()", t -> t.squeeze());
        row("t.expand(4, 2, 3)", t -> t.expand(4, 2, 3));
        row("t.permute(1, 0)", t -> t.permute(1, 0));
        row("t.transpose(0, 1)", t -> t.transpose(0, 1));
        row("t.clone()", t -> t.clone());
        row("t.double()", t -> t.to(FLOAT64));
        row("t.abs()", t -> t.abs());
        row("t.sqrt()", t -> t.sqrt());
        row("t.clamp(0, 1)", t -> t.clamp(0, 1));
        row("t.norm()", t -> t.norm());
        row("t.std()", t -> t.std());
        row("t.var()", t -> t.var());
        row("t.flatten()", t -> t.flatten());
        row("t.narrow(0, 0, 1)", t -> t.narrow(0, 0, 1));
        row("t.unbind(0)[0]", t -> t.unbind(0).get(0));
        row("t.split(1)[0]", t -> t.split(1).get(0));
        row("t.chunk(2)[0]", t -> t.chunk(2).get(0));
        row("torch.where(t > 0, t, t)", t -> t.where(t.gt(0), t));
        row("torch.nn.functional.linear(t, torch.ones(4, 3))", t -> t.linear(ones(4, 3), null));
        row("torch.nn.functional.linear(t, torch.ones(4, 3), torch.ones(4))", t -> t.linear(ones(4, 3), ones(4)));
        row("torch.nn.functional.mse_loss(t, t)", t -> t.mseLoss(t));
        row(
                "torch.nn.functional.cross_entropy(t, torch.tensor([0, 1]))",
                t -> t.crossEntropy(tensor(new long[] {0, 1})));
        row("torch.nn.functional.nll_loss(t, torch.tensor([0, 1]))", t -> t.nllLoss(tensor(new long[] {0, 1})));
        row("torch.nn.functional.gelu(t)", t -> t.gelu());
        row("torch.nn.functional.silu(t)", t -> t.silu());
        row("torch.nn.functional.elu(t)", t -> t.elu());
        row("torch.nn.functional.leaky_relu(t)", t -> t.leakyRelu());
        row("torch.nn.functional.softplus(t)", t -> t.softplus());
        row("t.diagonal()", t -> t.diagonal());
        row("t.contiguous()", t -> t.contiguous());
        row("t.repeat(2, 2)", t -> t.repeat(2, 2));
        row("t.index_select(0, torch.tensor([0]))", t -> t.indexSelect(0, tensor(new long[] {0})));
        row("t.gather(1, torch.tensor([[0], [1]]))", t -> t.gather(1, tensor(new long[][] {{0}, {1}})));
        row("t.cumsum(0)", t -> t.cumsum(0));
        row("t.prod()", t -> t.prod());
        row("t.logsumexp(0)", t -> t.logsumexp(0));
        row("t.sin()", t -> t.sin());
        row("t.cos()", t -> t.cos());
        row("t.pow(t)", t -> t.pow(t));
        row("torch.maximum(t, t)", t -> t.maximum(t));
        row("t.tril()", t -> t.tril());
        row("t.masked_fill(t > 0, 0)", t -> t.maskedFill(t.gt(0), 0));
        row("t.roll(1)", t -> t.roll(1));
        row("t.flip(0)", t -> t.flip(0));
        row("c.mul_(2)", t -> t.mul(1).mul_(2));
        row("c.add_(1)", t -> t.mul(1).add_(1));
        row("c.copy_(torch.ones(2, 3))", t -> t.mul(1).copy_(ones(2, 3)));
        row("c.zero_()", t -> t.mul(1).zero_());
        row("c.fill_(1)", t -> t.mul(1).fill_(1));
        row("c[0].mul_(2)", t -> t.mul(1).get(0).mul_(2));
        row("c.__setitem__(0, 1.0) or c", t -> {
            Tensor c = t.mul(1);
            c.at(0).set(1.0);
            return c;
        });
        row("t.view(-1)", t -> t.view(-1));
        row("t.view(2, 3)", t -> t.view(2, 3));
        row("t.sum((0, 1))", t -> t.sum(0, 1));
        row("t.min()", t -> t.min());
        row("t.min(1).values", t -> t.min(1).values());
        row("t.amax(1)", t -> t.amax(1));
        row("t + t", t -> t.add(t));
        row("t - t", t -> t.sub(t));
        row("t / t", t -> t.div(t));
        row("2 ** t", t -> t.rpow(2));
        row("t % 2", t -> t.remainder(2));
        row("t.float()", t -> t.to(dev.cotangent.Dtype.FLOAT32));
        row("t.to(torch.float64)", t -> t.to(FLOAT64));
        row("t.unsqueeze(0).bmm(torch.ones(1, 3, 2))", t -> t.unsqueeze(0).bmm(ones(1, 3, 2)));
        row("torch.dot(t[0], t[1])", t -> t.get(0).dot(t.get(1)));
        row("torch.outer(t[0], t[1])", t -> t.get(0).outer(t.get(1)));
        row("t.log1p()", t -> t.log1p());
        row("t.rsqrt()", t -> t.rsqrt());
        row("t.reciprocal()", t -> t.reciprocal());
        row("t.square()", t -> t.square());
        row("t.sign()", t -> t.sign());
        row("t.round()", t -> t.round());
        row("t.floor()", t -> t.floor());
        row("t.clamp_min(0)", t -> t.clampMin(0));
        row("torch.lerp(t, t, 0.5)", t -> t.lerp(t, 0.5));
        row("torch.addcmul(t, t, t)", t -> t.addcmul(t, t));
        row("t.scatter(0, torch.zeros(1, 3, dtype=torch.long), 1.0)", t -> t.scatter(0, zeros(INT64, 1, 3), 1.0));
        row("t.masked_select(t > 0)", t -> t.maskedSelect(t.gt(0)));
        row("t.clamp(min=0)", t -> t.clamp((Number) 0, null));
        row("torch.einsum('ij,kj->ik', t, t)", t -> einsum("ij,kj->ik", t, t));
        row("t.sort().values", t -> t.sort().values());
        row("t.topk(1).values", t -> t.topk(1).values());
        row("torch.nn.functional.pad(t, (1, 1))", t -> t.pad(1, 1));
        row("torch.nn.functional.layer_norm(t, (3,))", t -> t.layerNorm(3));
        row(
                "torch.nn.functional.embedding(torch.tensor([0]), t)",
                t -> zeros(INT64, 1).embedding(t));
        row("t.T", t -> t.T());
        row("t.mT", t -> t.mT());
        row("2 / t", t -> t.rdiv(2));
        row("t // 2", t -> t.floorDivide(2));
        row(
                "torch.addmm(torch.ones(2, 2), t, torch.ones(3, 2))",
                t -> ones(2, 2).addmm(t, ones(3, 2)));
        row("torch.atan2(t, t)", t -> t.atan2(t));
        row("t.unfold(1, 2, 1)", t -> t.unfold(1, 2, 1));
        row("t.movedim(0, 1)", t -> t.movedim(0, 1));
        row("t.swapaxes(0, 1)", t -> t.swapaxes(0, 1));
        row("t.tile(2)", t -> t.tile(2));
        row("t.repeat_interleave(2)", t -> t.repeatInterleave(2));
        row("t.as_strided((2,), (1,))", t -> t.asStrided(new long[] {2}, new long[] {1}));
        row("torch.nn.functional.hardtanh(t)", t -> t.hardtanh());
        row("torch.nn.functional.l1_loss(t, torch.zeros(2, 3))", t -> t.l1Loss(zeros(2, 3)));
        row("torch.nn.functional.smooth_l1_loss(t, torch.zeros(2, 3))", t -> t.smoothL1Loss(zeros(2, 3)));
        row(
                "torch.nn.functional.binary_cross_entropy_with_logits(t, torch.zeros(2, 3))",
                t -> t.binaryCrossEntropyWithLogits(zeros(2, 3)));
        row(
                "torch.nn.functional.binary_cross_entropy(t.sigmoid(), torch.zeros(2, 3))",
                t -> t.sigmoid().binaryCrossEntropy(zeros(2, 3)));
        row("torch.nn.functional.kl_div(t, t.detach())", t -> t.klDiv(t.detach()));
        row("torch.nn.functional.dropout(t, 0.5)", t -> t.dropout(0.5));
        row("torch.nn.functional.dropout(t, 0.5, training=False)", t -> t.dropout(0.5, false));
        row(
                "torch.nn.functional.batch_norm(t, None, None, training=True)",
                t -> t.batchNorm(null, null, null, null, true, 0.1, 1e-5));
        row("torch.nn.functional.cosine_similarity(t, t)", t -> t.cosineSimilarity(t));
        row("torch.nn.functional.normalize(t)", t -> t.normalize());
        row("torch.linalg.norm(t)", t -> t.linalgNorm());
        row("torch.linalg.vector_norm(t)", t -> t.linalgVectorNorm());
        row("torch.trace(t)", t -> t.trace());
        row("t.detach()", t -> t.detach());
    }

    @TestFactory
    Stream<DynamicTest> names() {
        return Expected.nodeNames().stream()
                .filter(row -> JAVA.containsKey(row[0]))
                .map(row -> DynamicTest.dynamicTest(row[0], () -> {
                    Node node = JAVA.get(row[0])
                            .apply(ones(2, 3).requiresGrad_(true))
                            .gradFn();
                    assertEquals(row[1], node == null ? "None" : node.name());
                }));
    }

    @Test
    void everyRowIsOneOfTheTable() {
        Set<String> table = Expected.nodeNames().stream().map(row -> row[0]).collect(Collectors.toSet());
        assertTrue(table.containsAll(JAVA.keySet()), () -> {
            JAVA.keySet().removeAll(table);
            return JAVA.keySet().toString();
        });
    }
}

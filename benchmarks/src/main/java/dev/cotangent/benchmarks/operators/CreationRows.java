package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** New tensors and random numbers. */
final class CreationRows {
    private CreationRows() {}

    static Stream<Operator> rows() {
        return Stream.of(creation(), random(), uninitialised(), dropout(), dropoutInPlace())
                .flatMap(List::stream);
    }

    private static List<Operator> creation() {
        var t = Section.forward(Section.ALL);
        t.op("zeros", "x: torch.zeros(x.shape, device=x.device)", a -> Tensors.zeros(a.shape(), a.device()));
        t.op("ones", "x: torch.ones(x.shape, device=x.device)", a -> Tensors.ones(a.shape(), a.device()));
        t.op("full", "x: torch.full(x.shape, 0.5, device=x.device)", a -> Tensors.full(a.shape(), 0.5, a.device()));
        t.op("zeros_like", "x: torch.zeros_like(x)", a -> a.zerosLike());
        t.op("ones_like", "x: torch.ones_like(x)", a -> a.onesLike());
        t.op("full_like", "x: torch.full_like(x, 0.5)", a -> a.fullLike(0.5));
        t.op("new_zeros", "x: x.new_zeros(x.shape)", a -> a.newZeros(a.shape().toArray()));
        t.op("new_ones", "x: x.new_ones(x.shape)", a -> a.newOnes(a.shape().toArray()));
        t.op("new_full", "x: x.new_full(x.shape, 0.5)", a -> a.newFull(a.shape(), 0.5));
        t.op("arange", "x: torch.arange(x.numel(), device=x.device)", a -> Tensors.arange(0, a.numel(), 1, a.device()));
        t.op(
                "arange_float",
                "x: torch.arange(0.0, x.numel(), device=x.device)",
                a -> Tensors.arange(0.0, a.numel(), 1, a.device()));
        t.op(
                "linspace",
                "x: torch.linspace(0, 1, x.numel(), device=x.device)",
                a -> Tensors.linspace(0, 1, a.numel(), a.device()));
        t.op(
                "logspace",
                "x: torch.logspace(0, 1, x.numel(), device=x.device)",
                a -> Tensors.logspace(0, 1, a.numel(), 10, a.device()));
        t.op("eye", "side: torch.eye(side.shape[0], device=side.device)", a -> Tensors.eye(a.size(0), a.device()));
        t.op(
                "tril_indices",
                "side: torch.tril_indices(side.shape[0], side.shape[0], device=side.device)",
                a -> Tensors.trilIndices(a.size(0), a.size(0), 0, a.device()));
        t.op(
                "triu_indices",
                "side: torch.triu_indices(side.shape[0], side.shape[0], device=side.device)",
                a -> Tensors.triuIndices(a.size(0), a.size(0), 0, a.device()));
        return t.rows();
    }

    private static List<Operator> random() {
        var t = Section.unchecked(Section.ALL);
        t.op("rand", "x: torch.rand(x.shape, device=x.device)", a -> Tensors.rand(a.shape(), a.device()));
        t.op("randn", "x: torch.randn(x.shape, device=x.device)", a -> Tensors.randn(a.shape(), a.device()));
        t.op(
                "randint",
                "x: torch.randint(0, 10, x.shape, device=x.device)",
                a -> Tensors.randint(0, 10, a.shape(), a.device()));
        t.op("randperm", "x: torch.randperm(x.numel(), device=x.device)", a -> Tensors.randperm(a.numel(), a.device()));
        t.op("rand_like", "x: torch.rand_like(x)", a -> a.randLike());
        t.op("randn_like", "x: torch.randn_like(x)", a -> a.randnLike());
        t.op("randint_like", "x: torch.randint_like(x, 0, 10)", a -> a.randintLike(0, 10));
        t.op("normal", "x, pos: torch.normal(x, pos)", (a, b) -> Tensors.normal(a, b));
        t.op("uniform_", "scratch: scratch.uniform_()", a -> a.uniform_());
        t.op("normal_", "scratch: scratch.normal_()", a -> a.normal_());
        t.op("exponential_", "scratch: scratch.exponential_(1.5)", a -> a.exponential_(1.5));
        t.op("random_", "scratch: scratch.random_()", a -> a.random_());
        t.op("bernoulli_", "scratch: scratch.bernoulli_(0.3)", a -> a.bernoulli_(0.3));
        t.op("bernoulli", "unit: unit.bernoulli()", a -> a.bernoulli());
        return t.rows();
    }

    private static List<Operator> uninitialised() {
        var t = Section.unchecked(Section.VIEW);
        t.op("empty", "x: torch.empty(x.shape, device=x.device)", a -> Tensors.empty(a.shape(), a.device()));
        t.op("empty_like", "x: torch.empty_like(x)", a -> a.emptyLike());
        t.op("new_empty", "x: x.new_empty(x.shape)", a -> a.newEmpty(a.shape().toArray()));
        t.op(
                "empty_strided",
                "x: torch.empty_strided((10, 100), (1, 10), device=x.device)",
                a -> Tensors.emptyStrided(Tensors.shape(10, 100), new long[] {1, 10}, a.device()));
        return t.rows();
    }

    private static List<Operator> dropout() {
        var t = Section.uncheckedDifferentiable(Section.ALL);
        t.op("dropout", "x: F.dropout(x, 0.3)", a -> a.dropout(0.3));
        t.op("feature_dropout", "im: torch.feature_dropout(im, 0.3, True)", a -> a.featureDropout(0.3, true));
        t.op("dropout1d", "m: F.dropout1d(m, 0.3)", a -> a.dropout1d(0.3));
        t.op("dropout2d", "im: F.dropout2d(im, 0.3)", a -> a.dropout2d(0.3));
        t.op("dropout3d", "im: F.dropout3d(im, 0.3)", a -> a.dropout3d(0.3));
        return t.rows();
    }

    private static List<Operator> dropoutInPlace() {
        var t = Section.unchecked(Section.MIDDLE);
        t.op(
                "dropout_",
                "scratch, x: F.dropout(scratch.copy_(x), 0.3, inplace=True)",
                (a, b) -> a.copy_(b).dropout_(0.3));
        t.op(
                "feature_dropout_",
                "imscratch, im: torch.feature_dropout_(imscratch.copy_(im), 0.3, True)",
                (a, b) -> a.copy_(b).featureDropout_(0.3, true));
        t.op(
                "dropout2d_",
                "imscratch, im: F.dropout2d(imscratch.copy_(im), 0.3, inplace=True)",
                (a, b) -> a.copy_(b).dropout2d_(0.3));
        t.op(
                "dropout3d_",
                "imscratch, im: F.dropout3d(imscratch.copy_(im), 0.3, inplace=True)",
                (a, b) -> a.copy_(b).dropout3d_(0.3));
        return t.rows();
    }
}

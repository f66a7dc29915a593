package dev.cotangent.tests.views;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Index;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.internal.Internals;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ViewsTest {
    private static Tensor counted(long... sizes) {
        return arange(shape(sizes).numel()).to(FLOAT64).view(sizes);
    }

    private static void raises(Class<? extends CotangentException> type, String message, Runnable action) {
        CotangentException e = assertThrows(CotangentException.class, action::run);
        assertSame(type, e.getClass());
        assertEquals(message, e.getMessage());
    }

    static List<UnaryOperator<Tensor>> operations() {
        return List.of(
                x -> x.select(1, -1),
                x -> x.slice(2, 1L, null, 2),
                x -> x.narrow(0, 1, 1),
                x -> x.diagonal(1, 1, 2),
                x -> x.unfold(2, 2, 1),
                x -> x.permute(2, 0, 1).flatten(),
                x -> x.expand(2, 2, 3, 4),
                x -> x.unsqueeze(1).squeeze(1),
                x -> x.movedim(0, -1).unflatten(0, 3, -1),
                x -> x.asStrided(new long[] {3, 3}, new long[] {2, 1}, 4L),
                x -> cat(List.of(x, x.mul(2), zeros(0).to(FLOAT64)), 1),
                x -> stack(List.of(x, x), -1),
                x -> x.repeat(2, 1, 1, 3),
                x -> x.repeatInterleave(tensor(new long[] {2, 0, 1}), 1),
                x -> x.flip(0, 2),
                x -> x.roll(new long[] {1, -1}, 0, 2),
                x -> x.rot90(3, 1, 2),
                x -> x.tril(1),
                x -> x.diagEmbed(-1, 0, -1),
                x -> x.select(0, 0).diag(1),
                x -> x.select(0, 1).trace(),
                x -> x.selectScatter(x.select(1, 0).mul(x.select(1, 2)), 1, 1),
                x -> x.pad(1, -1, 0, 2),
                x -> x.pad(new long[] {2, 1}, "reflect", null),
                x -> x.pad(new long[] {1, 2}, "replicate", null),
                x -> x.pad(new long[] {2, 3}, "circular", null),
                x -> x.get("..., None, 1:, ::2"),
                x -> x.get(Index.of(tensor(new long[] {1, 0, 1})), Index.all(), Index.of(tensor(new long[] {3, 3, 0}))),
                x -> x.maskedSelect(x.detach().gt(7)),
                x -> x.maskedScatter(x.detach().lt(9), x.flip(0, 1, 2)),
                x -> x.gather(2, tensor(new long[][][] {{{0, 3}, {1, 1}}})),
                x -> x.scatter(0, tensor(new long[][][] {{{1, 0, 1}}}), x.mul(x)),
                x -> x.scatterAdd(1, tensor(new long[][][] {{{0, 0, 2}, {1, 1, 1}}}), x.mul(x)),
                x -> x.indexAdd(0, tensor(new long[] {1, 1}), x.mul(x), 3),
                x -> x.indexCopy(1, tensor(new long[] {2, 0}), x.narrow(1, 0, 2).mul(x.narrow(1, 1, 2))),
                x -> x.take(tensor(new long[] {5, -1, 5})),
                x -> x.put(
                        tensor(new long[] {5, -1}),
                        x.select(0, 0).select(0, 0).narrow(0, 0, 2).exp(),
                        true));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void haveTheirGradients(UnaryOperator<Tensor> operation) {
        Tensor x = counted(2, 3, 4).mul(0.3).sin().detach().requiresGrad_();
        new GradCheck().check(in -> List.of(operation.apply(in.getFirst())), x);
    }

    @Test
    void shareMemoryHistoryAndVersion() {
        Tensor x = zeros(3, 4).requiresGrad_().mul(1);
        Tensor column = x.t().select(0, 2);
        column.add_(5);
        assertEquals(5, x.get(1, 2).itemDouble());
        assertEquals(1, Internals.version(x).current());
        assertEquals("torch::autograd::CopySlices", x.gradFn().name());
        raises(
                CotangentException.class,
                "Output 1 of Unbind is a view and is being modified inplace. This view is the output of a"
                        + " function that returns multiple views. Such functions do not allow the output views to be"
                        + " modified inplace. You should replace the inplace operation by an out-of-place one.",
                () -> x.unbind().get(1).add_(1));
    }

    @Test
    void changeTheTensorItselfWithAnUnderscore() {
        Tensor leaf = counted(2, 3).requiresGrad_();
        Tensor x = leaf.mul(2);
        assertSame(x, x.t_());
        assertEquals(shape(3, 2), x.shape());
        assertEquals("TBackward1", x.gradFn().name());
        x.unsqueeze_(0).squeeze_().select(0, 1).sum().backward();
        assertArrayEquals(new double[] {0, 2, 0, 0, 2, 0}, leaf.grad().toDoubleArray());
        raises(CotangentException.class, "cannot resize variables that require grad", () -> x.resize_(2));
        assertArrayEquals(new double[] {0, 1, 2, 0}, counted(3).resize_(4).toDoubleArray());
    }

    @Test
    void areCutIntoAnyNumberOfChunks() {
        assertEquals(3, counted(3).chunk(Long.MAX_VALUE).size());
        assertEquals(1, counted(3).chunk(1).size());
        assertEquals(2, zeros(0, 3).chunk(2).size());
        assertThrows(CotangentException.class, () -> zeros(0, 3).chunk(Long.MAX_VALUE));
    }

    @Test
    void ofOneElementAreCopiedOntoThemselves() {
        Tensor x = counted(2, 3);
        x.narrow(1, 1, 1).narrow(0, 1, 1).copy_(x.narrow(1, 1, 1).narrow(0, 1, 1));
        x.select(0, 1).select(0, 0).copy_(x.select(0, 1).select(0, 0));
        x.select(0, 1).narrow(0, 0, 1).copy_(x.select(0, 1).narrow(0, 0, 1));
        x.narrow(0, 1, 1).copy_(x.narrow(0, 1, 1));
        x.slice(1, 0L, 3L, 2).narrow(1, 1, 1).copy_(x.slice(1, 0L, 3L, 2).narrow(1, 1, 1));
        x.select(0, 0)
                .narrow(0, 2, 1)
                .expand(1, 1)
                .copy_(x.select(0, 0).narrow(0, 2, 1).expand(1, 1));
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, x.flatten().toDoubleArray());
    }

    @Test
    void writeThroughIndices() {
        Tensor x = counted(3, 4);
        x.at("1:, ::3").set(-1);
        x.at(Index.of(tensor(new long[] {0, 0})), Index.of(tensor(new long[] {1, 2})))
                .set(tensor(new double[] {7, 8}));
        x.at(x.gt(8)).set(0);
        assertArrayEquals(new double[] {0, 7, 8, 3, -1, 5, 6, -1, -1, 0, 0, -1}, x.toDoubleArray());
        raises(
                CotangentException.class,
                "shape mismatch: value tensor of shape [3] cannot be broadcast to indexing result of shape [2, 4]",
                () -> x.at(tensor(new long[] {0, 1})).set(zeros(3).to(FLOAT64)));
        raises(
                CotangentException.class,
                "Index put requires the source and destination dtypes match, got Double for the destination and Float"
                        + " for the source.",
                () -> x.at(tensor(new long[] {0, 1})).set(zeros(1)));
        raises(
                CotangentException.class,
                "a view of a leaf Variable that requires grad is being used in an in-place operation.",
                () -> x.requiresGrad_().at(0).set(1));
    }

    @Test
    void areNotReadWhereTheyAreWritten() {
        String message = "unsupported operation: some elements of the input tensor and the written-to tensor refer to a"
                + " single memory location. Please clone() the tensor before performing the operation.";
        Tensor x = counted(6);
        Tensor index = arange(6);
        Tensor half = arange(3);
        Tensor gaps = x.slice(0, 0L, 6L, 2);
        List<Runnable> writes = List.of(
                () -> gaps.indexAdd_(0, half, gaps),
                () -> x.scatter_(0, index, x),
                () -> x.scatterAdd_(0, index, x),
                () -> x.scatterReduce_(0, index, x, "sum", true),
                () -> x.indexAdd_(0, index, x),
                () -> x.narrow(0, 0, 3).indexAdd_(0, half, x.narrow(0, 2, 3)),
                () -> x.indexCopy_(0, index, x),
                () -> x.indexReduce_(0, index, x, "prod", true),
                () -> x.put_(index, x, false),
                () -> x.at(index).set(x),
                () -> x.at(half).set(x.narrow(0, 0, 3)),
                () -> index.indexFill_(0, index, 2),
                () -> index.at(index).set(2));
        for (Runnable write : writes) raises(CotangentException.class, message, write);
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, x.toDoubleArray());
        x.indexFill_(0, half, x.get(4));
        assertArrayEquals(new double[] {4, 4, 4, 3, 4, 5}, x.toDoubleArray());
    }

    @Test
    void haveRunningSumsAndTrianglesThatLieRowMajor() {
        Tensor x = counted(2, 3).t();
        for (Tensor y : List.of(
                x.cumsum(0), x.cumprod(1), x.cummax(0).values(), x.cummin(1).indices(), x.logcumsumexp(0), x.tril())) {
            assertTrue(y.isContiguous());
        }
        assertArrayEquals(new double[] {0, 3, 1, 7, 3, 12}, x.cumsum(0).view(-1).toDoubleArray());
    }

    @Test
    void haveNoMoreElementsThanALongCounts() {
        long many = 1L << 32;
        Tensor one = counted(1);
        String numel = "numel: integer multiplication overflow";
        String storage = "Storage size calculation overflowed with sizes=[4294967296, 4294967296]";
        raises(CotangentException.class, storage, () -> zeros(many, many));
        raises(CotangentException.class, storage, () -> one.repeat(many, many));
        raises(CotangentException.class, "Stride calculation overflowed", () -> zeros(0, many, many));
        raises(CotangentException.class, numel, () -> one.expand(many, many));
        raises(CotangentException.class, numel, () -> one.expand(many, 1).add(one.expand(many)));
        raises(CotangentException.class, numel, () -> one.asStrided(new long[] {many, many}, new long[] {0, 0}));
        raises(
                CotangentException.class,
                storage.replace("4294967296", "2") + " and strides=[4611686018427387904, 4611686018427387904]",
                () -> counted(4).asStrided(new long[] {2, 2}, new long[] {1L << 62, 1L << 62}));
        raises(
                ValueException.class,
                "a Java array has at most 2147483639 elements, but the tensor has 4294967296",
                () -> one.expand(many).toDoubleArray());
        assertEquals(1L << 62, one.expand(many / 2, many / 2).numel());
    }

    @Test
    void sayWhichIndexIsWrong() {
        Tensor x = counted(2, 3);
        raises(IndexException.class, "index 3 is out of bounds for dimension 1 with size 3", () -> x.get(0, 3));
        raises(IndexException.class, "too many indices for tensor of dimension 2", () -> x.get(0, 0, 0));
        raises(
                IndexException.class,
                "index -4 is out of bounds for dimension 0 with size 3",
                () -> x.get(Index.all(), Index.of(tensor(new long[] {0, -4}))));
        raises(
                IndexException.class,
                "The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [2, 3] at index 1",
                () -> x.get(Index.all(), Index.of(tensor(new boolean[] {true, false}))));
        raises(
                IndexException.class,
                "shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]",
                () -> x.get(tensor(new long[] {0, 1}), tensor(new long[] {0, 1, 2})));
        raises(
                IndexException.class,
                "tensors used as indices must be long, int, byte or bool tensors, but got torch.float32; in Java:"
                        + " index.toLong()",
                () -> x.get(tensor(new float[] {0})));
    }
}

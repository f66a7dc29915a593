package dev.cotangent.tests.index;

import static dev.cotangent.Index.*;
import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Index;
import dev.cotangent.IndexException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of an index reads and writes the elements that it names. */
class IndexedTensorTest {
    private static Tensor numbers() {
        return arange(12.0).view(3, 4);
    }

    private static void check(String values, Tensor t) {
        assertEquals(
                values,
                "" + List.of(java.util.Arrays.stream(t.toLongArray()).boxed().toArray()));
    }

    @Test
    void formsReadTheSame() {
        Tensor x = numbers();
        check("[4, 5, 6, 7]", x.get(1));
        check("[6]", x.get(1, 2));
        check("[1, 5, 9]", x.get(all(), 1));
        check("[1, 5, 9]", x.get(":, 1"));
        check("[1, 5, 9]", x.select(1, 1));
        check("[3, 7, 11]", x.get(ellipsis(), -1));
        check("[4, 5]", x.get(1, range(0, 2)));
        check("[0, 2, 4, 6, 8, 10]", x.get(all(), tensor(0, 2)));
        check("[8, 9, 10, 11, 0, 1, 2, 3]", x.get(new int[] {-1, 0}));
        check("[8, 9, 10, 11, 0, 1, 2, 3]", x.get(new long[] {-1, 0}));
        check("[0, 1, 2, 3, 8, 9, 10, 11]", x.get(new boolean[] {true, false, true}));
        check("[8, 9, 10, 11, 0, 1, 2, 3]", x.get(tensor(2, 0)));
        check("[1, 6]", x.get(Index.of(0, 1), Index.of(1, 2)));
        check("[10, 11]", x.get(x.gt(9)));
        check("[8, 0]", x.get(List.of(Index.of(2, 0), Index.at(0))));
        check("[2, 0, 6, 4, 10, 8]", x.indexSelect(1, 2, 0));
        check("[11, 0]", x.take(-1, 0));
        check("[1, 5, 9]", x.at(all(), 1).get());
    }

    @Test
    void placesAreWritten() {
        Tensor x = numbers();
        assertSame(x, x.at(1, 2).set(-1));
        x.at(all(), 0).set(tensor(7, 8, 9));
        x.at("0, 1:").fill_(5);
        x.at(x.gt(10)).zero_();
        check("[7, 5, 5, 5, 8, 5, -1, 7, 9, 9, 10, 0]", x);
        x.at(new int[] {0, 2}).add_(1).at(1).mul_(2).at(-1, -1).copy_(tensor(50));
        check("[8, 6, 6, 6, 16, 10, -2, 14, 10, 10, 11, 50]", x);
        x.at(x.lt(0)).sub_(1).at(x.eq(50)).div_(2).at(0).pow_(2).at(2).apply_(Tensor::neg_);
        check("[64, 36, 36, 36, 16, 10, -3, 14, -10, -10, -11, -25]", x);
        Tensor flags = tensor(false, false);
        flags.at(1).set(true);
        assertArrayEquals(new boolean[] {false, true}, flags.toBooleanArray());
    }

    @Test
    void writesAreRecorded() {
        Tensor w = floatTensor(1, 2, 3).requiresGrad_();
        Tensor y = w.mul(2);
        y.at(y.gt(3)).mul_(10);
        y.at(0).add_(w.get(2));
        y.sum().backward();
        assertArrayEquals(new double[] {2, 20, 21}, w.grad().toDoubleArray());
        CotangentException e =
                assertThrows(CotangentException.class, () -> w.at(0).add_(1));
        assertTrue(e.getMessage().contains("leaf Variable that requires grad"), e.getMessage());
        assertThrows(CotangentException.class, () -> w.at(w.detach().gt(1)).add_(1));
        assertArrayEquals(new double[] {1, 2, 3}, w.toDoubleArray());
    }

    @Test
    void mistakesAreNamed() {
        Tensor x = numbers();
        assertEquals(
                "index 3 is out of bounds for dimension 0 with size 3",
                assertThrows(IndexException.class, () -> x.at(3).set(1)).getMessage());
        assertThrows(IndexException.class, () -> x.get(0, 0, 0));
        IndexException e = assertThrows(IndexException.class, () -> x.get(floatTensor(0)));
        assertTrue(e.getMessage().startsWith("tensors used as indices must be long, int, byte or bool tensors"));
        assertThrows(TypeException.class, () -> x.get((Tensor) null));
        assertThrows(TypeException.class, () -> x.get((Index) null));
        assertThrows(TypeException.class, () -> x.get((String) null));
        assertThrows(TypeException.class, () -> x.at(0).set((Tensor) null));
        assertThrows(CotangentException.class, () -> tensor(1, 2).at(0).set(Double.NaN));
        assertArrayEquals(new long[] {1}, tensor(1, 2).get(new int[] {0}).toLongArray());
    }

    /** Compares int32 with int64 indices; PyTorch takes int32 in some of these only. */
    @ParameterizedTest
    @EnumSource(names = {"INT64", "INT32"})
    void int32IndicesAreLikeInt64(Dtype dtype) {
        Tensor x = numbers();
        Map<String, UnaryOperator<Tensor>> uses = Map.ofEntries(
                Map.entry("get", i -> x.get(i)),
                Map.entry("get 0-d", i -> x.get(i.get(0))),
                Map.entry("at", i -> x.clone().at(i).add_(1)),
                Map.entry("gather", i -> x.gather(0, i.view(1, 2))),
                Map.entry("scatter", i -> x.scatter(0, i.view(1, 2), 7)),
                Map.entry("scatter_add", i -> x.scatterAdd(0, i.view(1, 2), ones(1, 2))),
                Map.entry("index_put", i -> x.indexPut(List.of(i), tensor(1.0), true)),
                Map.entry("index_select", i -> x.indexSelect(0, i)),
                Map.entry("index_add", i -> x.indexAdd(0, i, ones(2, 4))),
                Map.entry("index_copy", i -> x.indexCopy(0, i, ones(2, 4))),
                Map.entry("index_fill", i -> x.indexFill(0, i, 3)),
                Map.entry("index_reduce", i -> x.indexReduce(0, i, ones(2, 4), "prod", true)),
                Map.entry("take", i -> x.take(i)),
                Map.entry("take_along_dim", i -> x.takeAlongDim(i.view(2, 1), 0)),
                Map.entry("put", i -> x.put(i, ones(2), true)),
                Map.entry("embedding", i -> i.embedding(x)),
                Map.entry("one_hot", i -> i.oneHot(3)),
                Map.entry("nll_loss", i -> x.narrow(0, 0, 2).nllLoss(i)),
                Map.entry("cross_entropy", i -> x.narrow(0, 0, 2).crossEntropy(i)),
                Map.entry("multi_margin_loss", i -> x.narrow(0, 0, 2).multiMarginLoss(i)));
        Tensor wide = tensor(2, 0);
        uses.forEach((name, use) -> assertArrayEquals(
                use.apply(wide).toDoubleArray(), use.apply(wide.to(dtype)).toDoubleArray(), name));
    }

    @Test
    void labelsOfOtherTypesNameTheRemedy() {
        for (Dtype dtype : List.of(INT16, FLOAT32)) {
            CotangentException e = assertThrows(
                    CotangentException.class,
                    () -> zeros(2, 3).crossEntropy(tensor(0, 1).to(dtype)));
            assertTrue(e.getMessage().startsWith("expected target dtype to be Long or Byte, but got "), e.getMessage());
            assertTrue(e.getMessage().contains("toLong()"), e.getMessage());
        }
    }

    @Test
    void arraysAreWrittenAtAPlace() {
        NdArray a = NdArray.zeros(INT64, 2, 2);
        a.at(1, -1).set(Long.MAX_VALUE);
        a.at(0, 0).set(2.9);
        assertEquals(Long.MAX_VALUE, a.getLong(1, 1));
        assertEquals(2, a.getLong(0, 0));
        assertThrows(IndexException.class, () -> a.at(2, 0));
    }
}

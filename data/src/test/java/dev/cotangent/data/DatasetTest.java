package dev.cotangent.data;

import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DatasetTest {
    private static final Dataset<String> WORDS = Dataset.of(List.of("a", "b", "c", "d"));

    @Test
    void datasetsAreComposed() {
        assertEquals("d", WORDS.get(-1));
        assertEquals("A!", WORDS.map(String::toUpperCase).map(w -> w + "!").get(0));
        ConcatDataset<String> all = WORDS.concat(Dataset.of(List.of("e")));
        assertEquals(5, all.size());
        assertEquals("e", all.get(4));
        assertEquals("a", all.get(-5));
        assertArrayEquals(new long[] {4, 5}, all.cumulativeSizes());
        assertEquals(List.of("c", "a"), WORDS.subset(2, 0).getAll(0, 1));
        assertEquals("Subset(size=2)", WORDS.subset(2, 0).toString());
        TensorDataset rows = new TensorDataset(tensor(new float[][] {{1, 2}, {3, 4}}), tensor(5, 6));
        assertEquals("[tensor([3., 4.]), tensor(6)]", rows.get(1).toString());
        assertEquals(rows.get(1).toString(), rows.get(-1).toString());
    }

    @Test
    void wrongIndicesAndSizesAreNamed() {
        assertMessage(IndexException.class, "index 4 is out of range of a Dataset of 4 samples", () -> WORDS.get(4));
        assertMessage(IndexException.class, "index 9 is out of range", () -> WORDS.subset(9));
        assertMessage(
                IndexException.class,
                "absolute value of index should not exceed dataset length",
                () -> new ConcatDataset<>(List.of(WORDS)).get(-5));
        assertMessage(
                ValueException.class,
                "Size mismatch between tensors",
                () -> new TensorDataset(Tensors.ones(2), Tensors.ones(3)));
        assertMessage(
                ValueException.class,
                "Sum of input lengths does not equal the length of the input dataset!",
                () -> WORDS.randomSplit(3, 2));
        assertMessage(ValueException.class, "add up to 0.9", () -> WORDS.randomSplit(0.5, 0.4));
        assertMessage(ValueException.class, "Fraction at index 0", () -> WORDS.randomSplit(-0.5, 1.5));
        assertMessage(ValueException.class, "num_samples=0", () -> new RandomSampler(WORDS).numSamples(0));
        assertMessage(
                ValueException.class,
                "weight 1 is NaN",
                () -> new WeightedRandomSampler(new double[] {1, Double.NaN}, 1));
        assertMessage(TypeException.class, "'dataset' must not be null", () -> new Subset<String>(null, 1));
    }

    private static <E extends Exception> void assertMessage(Class<E> type, String part, Executable call) {
        String message = String.valueOf(assertThrows(type, call).getMessage());
        assertTrue(message.contains(part), message);
    }

    record Sample(Tensor image, Tensor label) {}

    record Mixed(Tensor image, int label) {}

    private static Object collate(Object... samples) {
        return Collate.standard().apply(List.of(samples));
    }

    /** Compares with the results of default_collate of PyTorch 2.13. */
    @Test
    void samplesAreCollatedAsPyTorchDoes() {
        assertEquals("tensor([1, 2])", collate(1, 2).toString());
        assertEquals(
                "tensor([1.5000, 2.5000], dtype=torch.float64)",
                collate(1.5, 2.5).toString());
        assertEquals(
                "tensor([1.5000, 2.0000], dtype=torch.float64)", collate(1.5, 2).toString());
        assertEquals("tensor([1.5000, 2.5000])", collate(1.5f, 2.5f).toString());
        assertEquals("tensor([ True, False])", collate(true, false).toString());
        assertEquals("[a, b]", collate("a", "b").toString());
        assertEquals(
                "tensor([[1, 2],\n        [3, 4]])",
                collate(new long[] {1, 2}, new long[] {3, 4}).toString());
        assertEquals(
                "tensor([[1, 2]], dtype=torch.uint8)",
                collate(NdArray.wrap(Dtype.UINT8, new byte[] {1, 2}, 2)).toString());
        assertEquals(
                "{a=tensor([1, 2]), b=[tensor([1., 3.], dtype=torch.float64), tensor([2, 4])]}",
                collate(orderedMap(1, List.of(1.0, 2)), orderedMap(2, List.of(3.0, 4)))
                        .toString());
        Sample batch = Collate.<Sample>same()
                .apply(List.of(new Sample(tensor(1), tensor(2)), new Sample(tensor(3), tensor(4))));
        assertEquals("Sample[image=tensor([1, 3]), label=tensor([2, 4])]", batch.toString());
        assertEquals(
                "{image=tensor([1]), label=tensor([2])}",
                collate(new Mixed(tensor(1), 2)).toString());
    }

    private static Map<String, Object> orderedMap(Object a, Object b) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", a);
        map.put("b", b);
        return map;
    }

    @Test
    void whatCannotBeCollatedIsNamed() {
        assertMessage(
                CotangentException.class,
                "each element in list of batch should be of equal size: entry 0 has 1 elements, entry 1 has 2",
                () -> collate(List.of(1), List.of(1, 2)));
        assertMessage(CotangentException.class, "has no 'a'", () -> collate(Map.of("a", 1), Map.of("b", 1)));
        assertMessage(TypeException.class, "found java.lang.Thread", () -> collate(Thread.currentThread()));
        assertMessage(TypeException.class, "entry 1 of java.lang.String", () -> collate(1, "x"));
        assertMessage(
                TypeException.class, "Collate.standard()", () -> Collate.same().apply(List.of(1)));
        assertMessage(
                TypeException.class,
                "Collate.standard()",
                () -> Collate.same().apply(List.of(new Mixed(tensor(1), 2))));
    }
}

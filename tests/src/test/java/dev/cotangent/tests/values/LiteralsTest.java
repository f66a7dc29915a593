package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.TensorOptions;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What literals and options make, as PyTorch 2.13 does. */
class LiteralsTest {
    private static void check(Dtype dtype, String text, Tensor t) {
        assertEquals(dtype, t.dtype(), text);
        assertEquals(text, t.toString());
    }

    private static <E extends Throwable> void raises(Class<E> kind, String message, Runnable call) {
        E e = assertThrows(kind, call::run);
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }

    @Test
    void numbersAreScalarsAndSeveralOneDimension() {
        check(FLOAT32, "tensor(2.5000)", tensor(2.5));
        check(FLOAT32, "tensor(2.5000)", tensor(2.5f));
        check(INT64, "tensor(3)", tensor(3));
        check(INT64, "tensor(1700000000123)", tensor(1700000000123L));
        check(BOOL, "tensor(True)", tensor(true));
        check(INT64, "tensor([1, 2, 3])", tensor(1, 2, 3));
        check(INT64, "tensor([16777217,        1])", tensor(16777217, 1));
        check(FLOAT32, "tensor([0.1000, 0.2000])", tensor(0.1, 0.2));
        check(FLOAT32, "tensor([1.0000, 2.5000])", tensor(1, 2.5));
        check(FLOAT32, "tensor([1., 2.])", tensor(1f, 2));
        check(BOOL, "tensor([ True, False])", tensor(true, false));
        check(FLOAT32, "tensor([])", tensor());
    }

    @Test
    void arraysKeepTheirType() {
        check(FLOAT32, "tensor([1.])", tensor(new float[] {1}));
        check(FLOAT64, "tensor([1.], dtype=torch.float64)", tensor(new double[] {1}));
        check(INT64, "tensor([1])", tensor(new long[] {1}));
        check(INT32, "tensor([1], dtype=torch.int32)", tensor(new int[] {1}));
        check(INT16, "tensor([1], dtype=torch.int16)", tensor(new short[] {1}));
        check(INT8, "tensor([1], dtype=torch.int8)", tensor(new byte[] {1}));
        check(BOOL, "tensor([True])", tensor(new boolean[] {true}));
        check(FLOAT64, "tensor([[1., 2.]], dtype=torch.float64)", tensor(new double[][] {{1, 2}}));
        check(INT32, "tensor([[1, 2]], dtype=torch.int32)", tensor(List.of(new int[] {1, 2})));
        check(INT64, "tensor([1, 2])", tensor(new Integer[] {1, 2}));
    }

    @Test
    void listsAreThoseOfPyTorch() {
        check(INT64, "tensor([1, 2])", tensor(List.of(1, 2L)));
        check(FLOAT32, "tensor([1.0000, 2.5000])", tensor(List.of(1, 2.5)));
        check(BOOL, "tensor([ True, False])", tensor(List.of(true, false)));
        check(INT64, "tensor([1, 2])", tensor(List.of(true, 2)));
        check(FLOAT32, "tensor([[1., 2.],\n        [3., 4.]])", tensor(List.of(List.of(1, 2), List.of(3, 4.0))));
        check(FLOAT32, "tensor([], size=(1, 0))", tensor(List.of(List.of())));
        check(FLOAT32, "tensor([1., 2.])", tensor(List.of(tensor(1.0), tensor(2))));
        check(BFLOAT16, "tensor([1.0000, 2.5000], dtype=torch.bfloat16)", tensor(List.of(1, 2.5), BFLOAT16));
        check(INT64, "tensor([9007199254740993,                0])", tensor(List.of(9007199254740993L, 0.5), INT64));
        raises(
                ValueException.class,
                "expected sequence of length 2 at dim 1 (got 1)",
                () -> tensor(List.of(List.of(1, 2), List.of(3))));
        raises(TypeException.class, "expected a number at dim 1", () -> tensor(List.of(1, List.of(2))));
        raises(TypeException.class, "expected a sequence at dim 1", () -> tensor(List.of(List.of(1), 2)));
        raises(TypeException.class, "tensor(): data is of numbers", () -> tensor(List.of("a")));
        raises(TypeException.class, "tensor(): data is of numbers", () -> tensor("a"));
    }

    @Test
    void nullElementsAndRowsAreNamed() {
        List<@Nullable Object> holes = Arrays.asList(1, null);
        raises(TypeException.class, "Could not infer dtype of null", () -> tensor(holes));
        raises(TypeException.class, "Could not infer dtype of null", () -> tensor(new Integer[] {null}));
        raises(TypeException.class, "expected a nested array, but a row", () -> tensor(new float[][] {{1}, null}));
        raises(TypeException.class, "tensor(): argument 'data' must not be null", () -> tensor((Object) null));
    }

    @Test
    void whatADtypeCannotHoldRaises() {
        String overflow = "value cannot be converted to type uint8 without overflow";
        raises(CotangentException.class, overflow, () -> tensor(300, UINT8));
        raises(CotangentException.class, overflow, () -> tensor(List.of(1, 300), UINT8));
        raises(CotangentException.class, overflow, () -> tensor(new int[] {300}, UINT8));
        raises(CotangentException.class, overflow, () -> byteTensor(1, 256));
        raises(CotangentException.class, "value cannot be converted to type int64", () -> tensor(Double.NaN, INT64));
        raises(CotangentException.class, "value cannot be converted to type int64", () -> tensor(1e20, INT64));
        raises(CotangentException.class, "value cannot be converted to type int32", () -> tensor(1L << 31, INT32));
        raises(
                CotangentException.class,
                "value cannot be converted to type int32",
                () -> tensor(new float[] {Float.POSITIVE_INFINITY}, INT32));
        check(UINT8, "tensor(255, dtype=torch.uint8)", tensor(-1, UINT8));
        check(INT64, "tensor(2)", tensor(2.7, INT64));
        check(FLOAT32, "tensor(inf)", tensor(1e40));
        check(FLOAT16, "tensor([inf, 2.], dtype=torch.float16)", tensor(List.of(1e6, 2), FLOAT16));
        check(BOOL, "tensor(True)", tensor(2.5, BOOL));
    }

    @Test
    void namedTypesTakeElements() {
        check(FLOAT32, "tensor([1., 2., 3.])", floatTensor(1, 2, 3));
        check(FLOAT64, "tensor([1.], dtype=torch.float64)", doubleTensor(1));
        check(INT64, "tensor([1, 2])", longTensor(1, 2));
        check(INT32, "tensor([1], dtype=torch.int32)", intTensor(1));
        check(FLOAT16, "tensor([1.], dtype=torch.float16)", halfTensor(1));
        check(BOOL, "tensor([True])", boolTensor(true));
    }

    @Test
    void itemIsOfItsKind() {
        assertEquals(1700000000123L, scalar(1700000000123L).item());
        assertEquals(2.5, scalar(2.5).item());
        assertEquals(1L, tensor(true).item());
        assertEquals(3.0, tensor(3).itemDouble());
    }

    @Test
    void copiesOfTensorsAndArraysShareNothing() {
        Tensor x = floatTensor(1, 2).requiresGrad_();
        Tensor copy = tensor(x);
        assertFalse(copy.requiresGrad());
        copy.zero_();
        assertArrayEquals(new double[] {1, 2}, x.toDoubleArray());
        NdArray array = NdArray.of(new double[] {1, 2});
        tensor(array).zero_();
        assertEquals(NdArray.of(new double[] {1, 2}), array);
    }

    @Test
    void optionsSayDtypeDeviceAndGradients() {
        TensorOptions options = options().dtype(FLOAT64).device(Device.cpu()).requiresGrad(true);
        for (Tensor t : List.of(
                zeros(options, 2),
                ones(shape(2), options),
                empty(options, 2),
                rand(options, 2),
                randn(options, 2),
                full(shape(2), 1, options),
                arange(2, options),
                linspace(0, 1, 2, options),
                logspace(0, 1, 2, 10, options),
                normal(0, 1, shape(2), options),
                floatTensor(1, 2).zerosLike(options),
                floatTensor(1, 2).onesLike(options),
                floatTensor(1, 2).randLike(options),
                floatTensor(1, 2).randnLike(options),
                floatTensor(1, 2).fullLike(1, options),
                floatTensor(1).newZeros(options, 2),
                floatTensor(1).newOnes(shape(2), options),
                floatTensor(1).newFull(shape(2), 1, options),
                floatTensor(1).newTensor(List.of(1, 2), options),
                tensor(List.of(1, 2), options))) {
            assertEquals(FLOAT64, t.dtype());
            assertEquals(shape(2), t.shape());
            assertTrue(t.requiresGrad() && t.isLeaf());
        }
        assertEquals(INT32, zeros(INT32, 2, 3).dtype());
        assertEquals(INT32, zeros(dtype(INT32).device("cpu"), 2, 3).dtype());
        assertEquals(FLOAT64, eye(2, FLOAT64).dtype());
        assertEquals(FLOAT64, floatTensor(1).to(FLOAT64).newZeros(3).dtype());
        assertEquals("TensorOptions(dtype=torch.float64, device=cpu, requires_grad=True)", options.toString());
        raises(
                CotangentException.class,
                "Only Tensors of floating point and complex dtype can require gradients",
                () -> tensor(1, requiresGrad(true)));
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT64", "FLOAT16", "BFLOAT16"})
    void defaultDtypeIsThatOfLiteralsAndFactories(Dtype dtype) {
        setDefaultDtype(dtype);
        try {
            for (Tensor t : List.of(
                    tensor(2.5),
                    tensor(0.1, 0.2),
                    tensor(List.of(1, 2.5)),
                    zeros(1),
                    full(shape(1), 1.5),
                    arange(0, 2, 0.5),
                    rand(1),
                    tensor(1, 2).div(2),
                    tensor(1, 2).mul(1.5),
                    tensor(1).sqrt())) {
                assertEquals(dtype, t.dtype());
            }
            assertEquals("tensor([1.5000])", tensor(List.of(1.5)).toString());
            check(FLOAT32, "tensor([1.5000], dtype=torch.float32)", floatTensor(1.5));
        } finally {
            setDefaultDtype(FLOAT32);
        }
        raises(TypeException.class, "only floating-point types are supported", () -> setDefaultDtype(INT32));
    }

    @Test
    void sizesOfScalarsAreAnError() {
        raises(
                IndexException.class,
                "Dimension specified as 0 but tensor has no dimensions",
                () -> scalar(1f).size(0));
        raises(
                IndexException.class,
                "Dimension specified as 0 but tensor has no dimensions",
                () -> scalar(1f).stride(0));
        raises(
                IndexException.class,
                "Dimension out of range",
                () -> floatTensor(1).size(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "", "cuda:x", "cuda:-1", "cuda:", "mps", "cuda:99999999999"})
    void deviceNamesThatThereAreNot(String text) {
        ValueException e = assertThrows(ValueException.class, () -> Device.parse(text));
        assertTrue(String.valueOf(e.getMessage()).contains("Device.cuda(0)"), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
    }

    @Test
    void deviceNames() {
        assertEquals(Device.cuda(1), Device.parse("cuda:1"));
        assertEquals(Device.cuda(), Device.parse("cuda"));
        assertEquals(Device.cpu(), Device.parse("cpu:0"));
        raises(ValueException.class, "Expected one of cpu, cuda", () -> Device.parse("gpu"));
    }
}

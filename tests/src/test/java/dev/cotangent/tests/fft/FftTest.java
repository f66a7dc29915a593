package dev.cotangent.tests.fft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.IstftOptions;
import dev.cotangent.StftOptions;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.fft.Fft;
import dev.cotangent.fft.FftNorm;
import dev.cotangent.fft.FftOptions;
import dev.cotangent.fft.FftnOptions;
import dev.cotangent.tests.reference.ReferenceProvider;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Fourier transforms; literals and messages are PyTorch 2.13's. */
class FftTest {
    private static final FftOptions OPTIONS = Fft.fftOptions();
    private static final FftnOptions SEVERAL = Fft.fftnOptions();
    private static final StftOptions FRAMES = Tensors.stftOptions();
    private static final IstftOptions SIGNAL = Tensors.istftOptions();

    private final Tensor x = Tensors.tensor(new double[] {1, -2, 3, 0.5, 4, -1});
    private final Tensor window = Tensors.tensor(new double[] {0.5, 1, 1, 0.5});

    private static void assertClose(Tensor actual, double... expected) {
        Tensor numbers = actual.dtype().isComplex() ? actual.resolveConj().viewAsReal() : actual;
        assertArrayEquals(expected, numbers.detach().flatten().toDoubleArray(), 1e-13);
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        assertTrue(expected.viewAsReal().allclose(actual.viewAsReal()), () -> expected + " but " + actual);
    }

    private static void assertMessage(String start, Executable call) {
        String message = Objects.requireNonNull(
                assertThrows(CotangentException.class, call).getMessage());
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void takesLengthsAndNorms() {
        assertClose(
                Fft.fft(x, OPTIONS.n(5)),
                6.5,
                0,
                -1.2135254915624207,
                4.236875967039738,
                0.4635254915624214,
                5.9043528044927225,
                0.4635254915624214,
                -5.9043528044927225,
                -1.2135254915624207,
                -4.236875967039738);
        assertClose(
                Fft.rfft(x, OPTIONS.norm("ortho")),
                2.2453655975512468,
                0,
                -1.8371173070873839,
                0.7071067811865476,
                -0.20412414523193154,
                0,
                4.286607049870562,
                0);
        Tensor three = Fft.fft(x.narrow(0, 0, 3));
        assertClose(Fft.hfft(three, OPTIONS.n(4)), 3.5, 10.160254037844386, 1.5, -7.1602540378443855);
        assertClose(Fft.ihfft(x, OPTIONS.n(3)), 0.6666666666666666, 0, 0.16666666666666666, -1.4433756729740643);
        Tensor back = Fft.irfft(Fft.rfft(x, OPTIONS.norm(FftNorm.FORWARD)), OPTIONS.norm(FftNorm.FORWARD));
        assertClose(back, 1, -2, 3, 0.5, 4, -1);
    }

    @Test
    void transformsSeveralDimensions() {
        Tensor y = Tensors.arange(24).view(2, 3, 4).to(Dtype.FLOAT64).mul(0.7).sin();
        Tensor one = Fft.fft(Fft.fft(y, OPTIONS.dim(0)), OPTIONS.dim(2));
        assertSame(one, Fft.fftn(y, SEVERAL.dim(0, -1)));
        assertTrue(Fft.irfftn(Fft.rfftn(y)).allclose(y));
        assertTrue(Fft.hfftn(Fft.ihfftn(y)).allclose(y));
        assertEquals(
                "torch.Size([2, 5, 2])", Fft.rfft2(y, SEVERAL.s(5, 2)).shape().toString());
        assertEquals(Dtype.COMPLEX64, Fft.fft2(Tensors.arange(6).view(2, 3)).dtype());
        assertEquals(0, Fft.fft(Tensors.zeros(0, 3)).numel());
    }

    @Test
    void transformsFrames() {
        Tensor frames = x.stft(4, FRAMES.hopLength(2).window(window));
        assertEquals("torch.Size([3, 4])", frames.shape().toString());
        assertClose(frames.select(0, 1), 0.5, 1, -2.5, 2.25, -2.5, -1, -2, 1.25);
        StftOptions cut = FRAMES.hopLength(1)
                .winLength(3)
                .window(window.narrow(0, 0, 3))
                .center(false)
                .normalized(true)
                .onesided(false);
        assertClose(x.stft(4, cut).select(0, 3), -1.25, -1, -0.75, 1.5, -1.25, 0.25);
        Tensor back =
                x.stft(4, FRAMES.window(window)).istft(4, SIGNAL.window(window).length(6));
        assertClose(back, 1, -2, 3, 0.5, 4, -1);
        assertEquals(
                "torch.Size([3, 7, 2])",
                x.stft(4, FRAMES.returnComplex(false)).shape().toString());
    }

    @Test
    void hasGradientsOfEveryOrder() {
        Tensor real = x.clone().requiresGrad_();
        Tensor half = Fft.rfft(x).detach().requiresGrad_();
        Tensor both = Fft.ifft(x).resolveConj().detach().requiresGrad_();
        assertEquals(
                "FftR2CBackward0",
                Objects.requireNonNull(Fft.rfft(real).gradFn()).name());
        assertEquals(
                "FftC2RBackward0",
                Objects.requireNonNull(Fft.irfft(half).gradFn()).name());
        assertEquals(
                "FftC2CBackward0",
                Objects.requireNonNull(Fft.fft(both).gradFn()).name());
        check(a -> Fft.rfft(a, OPTIONS.n(5).norm("ortho")), real);
        check(a -> Fft.fft(a, OPTIONS.n(7)), real);
        check(a -> Fft.ihfft(a), real);
        Tensor halves = half.detach().viewAsReal().clone().requiresGrad_();
        Tensor pairs = both.detach().viewAsReal().clone().requiresGrad_();
        check(a -> Fft.irfft(a.viewAsComplex(), OPTIONS.n(5)), halves);
        check(a -> Fft.hfft(a.viewAsComplex()), halves);
        check(a -> Fft.ifft(a.viewAsComplex()), pairs);
        check(a -> Fft.rfft2(a.view(2, 3)), real);
        check(a -> Fft.irfft2(a.viewAsComplex().view(2, 3)), pairs);
        check(a -> a.stft(4, FRAMES.window(window)), real);
        check(a -> a.stft(4).istft(4), real);
    }

    /** Checks gradients of real numbers and, as pairs, of complex ones. */
    private static void check(Function<Tensor, Tensor> f, Tensor a) {
        Function<List<Tensor>, List<Tensor>> pairs = in -> {
            Tensor out = f.apply(in.get(0));
            return List.of(out.dtype().isComplex() ? out.resolveConj().viewAsReal() : out);
        };
        new GradCheck().fast().check(pairs, a);
        new GradCheck().fast().checkSecond(pairs, a);
    }

    @Test
    void refusesAsPyTorchDoes() {
        Tensor complex = Fft.fft(x);
        Tensor scalar = Tensors.tensor(1.0);
        assertMessage("Unsupported dtype Half", () -> Fft.fft(x.to(Dtype.FLOAT16)));
        assertMessage("rfft expects a real input tensor, but got ComplexDouble", () -> Fft.rfft(complex));
        assertMessage("rfftn expects a real-valued input tensor, but got ComplexDouble", () -> Fft.rfftn(complex));
        assertMessage("Invalid number of data points (0) specified", () -> Fft.fft(x, OPTIONS.n(0)));
        assertMessage("Invalid number of data points (0) specified", () -> Fft.irfft(Tensors.zeros(1)));
        assertMessage("Invalid normalization mode: \"abc\"", () -> Fft.fft(x, OPTIONS.norm("abc")));
        assertMessage("Dimension specified as -1 but tensor has no dimensions", () -> Fft.fft(scalar));
        assertMessage("Got shape with 2 values but input tensor only has 1", () -> Fft.fftn(x, SEVERAL.s(1, 2)));
        assertMessage("FFT dims must be unique", () -> Fft.fftn(x, SEVERAL.dim(0, 0)));
        assertMessage("rfftn must transform at least one axis", () -> Fft.rfftn(scalar));
        assertMessage("fftfreq requires a floating point or complex dtype", () -> Fft.fftfreq(4, 1, Dtype.INT64));
        assertMessage(
                "stft(torch.DoubleTensor[10], n_fft=4, hop_length=0, win_length=4, window=None, normalized=0,"
                        + " onesided=None, return_complex=1, align_to_window=None) : expected hop_length > 0, but got"
                        + " hop_length=0",
                () -> x.stft(4, FRAMES.hopLength(0)));
        assertMessage("Cannot have onesided output if window or", () -> complex.stft(4, FRAMES.onesided(true)));
        assertMessage("istft requires a complex-valued input tensor", () -> x.istft(4));
        Tensor frames = x.stft(4);
        assertMessage(
                "istft(CPUComplexDoubleType[3, 7], n_fft=6, hop_length=1, win_length=6, window=None, center=1,"
                        + " normalized=0, onesided=None, length=None, return_complex=0) : expected the frequency",
                () -> frames.istft(6));
    }

    @Test
    void runsOnOtherDevices() {
        Tensor there = x.to(new Device(ReferenceProvider.TYPE, 0));
        assertSame(Fft.rfft(x), Fft.rfft(there).cpu());
        assertTrue(Fft.ifft(Fft.fft(there)).cpu().real().allclose(x));
    }
}

package dev.cotangent.benchmarks.operators;

import dev.cotangent.fft.Fft;
import java.util.List;
import java.util.stream.Stream;

/** Fourier transforms: of 4096 lines of 1024 and of a prime number of elements, and of one long line of a prime length. */
final class FourierRows {
    private FourierRows() {}

    static Stream<Operator> rows() {
        var t = Section.differentiable(Section.FIXED);
        t.op(
                "stft",
                "wave: torch.view_as_real(torch.stft(wave, 512, return_complex=True))",
                a -> a.stft(512).viewAsReal());
        t.op(
                "istft",
                "spectrum: torch.istft(torch.view_as_complex(spectrum), 512)",
                a -> a.viewAsComplex().istft(512));
        return t.rows().stream();
    }

    /** Returns the rows of the ordinary benchmark. */
    static List<Operator> common() {
        var t = Section.forward(Section.FIXED);
        String complex = ": torch.view_as_real(torch.fft.fft(torch.view_as_complex(";
        t.op(
                "fft/4096x1024",
                "pairs1024" + complex + "pairs1024)))",
                a -> Fft.fft(a.viewAsComplex()).viewAsReal());
        t.op(
                "fft/4096x1021",
                "pairs1021" + complex + "pairs1021)))",
                a -> Fft.fft(a.viewAsComplex()).viewAsReal());
        t.op(
                "fft/1x65537",
                "pairs65537" + complex + "pairs65537)))",
                a -> Fft.fft(a.viewAsComplex()).viewAsReal());
        t.op(
                "fft_float64/4096x1021",
                "double1021" + complex + "double1021)))",
                a -> Fft.fft(a.viewAsComplex()).viewAsReal());
        t.op(
                "rfft/4096x1024",
                "reals1024: torch.view_as_real(torch.fft.rfft(reals1024))",
                a -> Fft.rfft(a).viewAsReal());
        return t.rows();
    }
}

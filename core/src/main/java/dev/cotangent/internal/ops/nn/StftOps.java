package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.IstftOptions;
import dev.cotangent.PadMode;
import dev.cotangent.StftOptions;
import dev.cotangent.Tensor;
import dev.cotangent.UnfoldOptions;
import dev.cotangent.Warnings;
import dev.cotangent.fft.FftNorm;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short-time Fourier transforms and their inverse. */
public final class StftOps {
    /** Windows whose sum is smaller leave a part of the signal out. */
    private static final double LEAST = 1e-11;

    private static final String ONESIDED = "Cannot have onesided output if window or input is complex";

    private StftOps() {}

    private static String window(@Nullable Tensor window) {
        return window == null ? "None" : window.type() + "{" + ConvolutionOps.sizes(window) + "}";
    }

    private static String flag(@Nullable Boolean value) {
        return value == null ? "None" : value ? "1" : "0";
    }

    /** Returns the window centred in a frame, or null if there is none and it would be ones. */
    private static @Nullable Tensor centred(@Nullable Tensor window, Tensor x, long length, long frame) {
        if (length == frame) return window;
        Tensor given = window == null ? CreationOps.ones(x.dtype().realType(), x.device(), length) : window;
        long left = (frame - length) / 2;
        return PadOps.pad(given, new long[] {left, frame - length - left}, "constant", null);
    }

    /** Computes {@code torch.stft}. */
    public static Tensor stft(Tensor signal, long frame, StftOptions o) {
        Tensor x = o.center() ? pad(signal, frame / 2, o.padMode()) : signal;
        long hop = o.hopLength() == null ? frame >> 2 : o.hopLength();
        long length = o.winLength() == null ? frame : o.winLength();
        Tensor given = o.window();
        String call = "stft(" + x.type() + ConvolutionOps.sizes(x) + ", n_fft=" + frame + ", hop_length=" + hop
                + ", win_length=" + length + ", window=" + window(given) + ", normalized=" + flag(o.normalized())
                + ", onesided=" + flag(o.onesided()) + ", return_complex=" + flag(o.returnComplex())
                + ", align_to_window=None) ";
        if (!x.dtype().isDifferentiable()) {
            throw new CotangentException(call + ": expected a tensor of floating point or complex values");
        }
        if (x.dim() < 1 || x.dim() > 2) throw new CotangentException(call + ": expected a 1D or 2D tensor");
        long time = x.size(-1);
        if (frame <= 0 || frame > time) {
            throw new CotangentException(call + ": expected 0 < n_fft < " + time + ", but got n_fft=" + length);
        }
        if (hop <= 0) throw new CotangentException(call + ": expected hop_length > 0, but got hop_length=" + hop);
        if (length <= 0 || length > frame) {
            throw new CotangentException(call + ": expected 0 < win_length <= n_fft, but got win_length=" + length);
        }
        if (given != null && (given.dim() != 1 || given.size(0) != length)) {
            throw new CotangentException(call + ": expected a 1D window tensor of size equal to win_length=" + length
                    + ", but got window with size " + ConvolutionOps.sizes(given));
        }
        Tensor window = centred(given, x, length, frame);
        Tensor frames = ViewOps.unfold(x, -1, frame, hop);
        if (window != null) frames = frames.mul(window);
        boolean isComplex = frames.dtype().isComplex();
        boolean onesided = o.onesided() == null ? !isComplex : o.onesided();
        if (isComplex && onesided) throw new CotangentException(ONESIDED);
        double factor = (o.normalized() ? FftNorm.ORTHO : FftNorm.BACKWARD).factor(frame, false);
        int[] last = {frames.dim() - 1};
        if (frames.dtype().isHalf()) {
            throw new CotangentException(
                    "Unsupported dtype " + frames.dtype().scalarName() + "; convert the tensor: x.to(Dtype.FLOAT32)");
        }
        Tensor out = isComplex
                ? FourierOps.complexToComplex(frames, last, factor, false)
                : FourierOps.realToComplex(frames, last, factor, onesided);
        out = out.transpose(-2, -1);
        return o.returnComplex() ? out : ComplexViews.viewAsReal(out);
    }

    /** Pads both ends of signals, which padding wants to have three dimensions. */
    private static Tensor pad(Tensor x, long amount, PadMode mode) {
        long[] sizes = x.shape().toArray();
        long[] extended = new long[Math.max(3, sizes.length)];
        Arrays.fill(extended, 1);
        System.arraycopy(sizes, 0, extended, extended.length - sizes.length, sizes.length);
        Tensor padded = PadOps.pad(x.view(extended), new long[] {amount, amount}, mode.text(), null);
        long[] all = padded.shape().toArray();
        return padded.view(Arrays.copyOfRange(all, all.length - sizes.length, all.length));
    }

    /** Adds frames at their places in signals: [signals, frames, length] to [signals, time]. */
    private static Tensor overlapAdd(Tensor frames, long hop, long time) {
        if (frames.dtype().isComplex()) {
            Tensor re = overlapAdd(ComplexViews.real(frames), hop, time);
            return ComplexViews.complex(re, overlapAdd(ComplexViews.imag(frames), hop, time));
        }
        long signals = frames.size(0);
        UnfoldOptions steps = new UnfoldOptions(List.of(1L), List.of(0L), List.of(1L, hop));
        Tensor out =
                UnfoldOps.fold(frames.transpose(1, 2), new long[] {1, time}, new long[] {1, frames.size(2)}, steps);
        return out.reshape(signals, time);
    }

    /** Computes {@code torch.istft}. */
    public static Tensor istft(Tensor x, long frame, IstftOptions o) {
        if (!x.dtype().isComplex()) {
            throw new CotangentException("istft requires a complex-valued input tensor matching the output from stft"
                    + " with return_complex=True.");
        }
        long hop = o.hopLength() == null ? frame >> 2 : o.hopLength();
        long length = o.winLength() == null ? frame : o.winLength();
        Tensor given = o.window();
        String call = "istft(" + (x.device().isCpu() ? "CPU" : "CUDA")
                + x.dtype().scalarName() + "Type"
                + ConvolutionOps.sizes(x) + ", n_fft=" + frame + ", hop_length=" + hop + ", win_length=" + length
                + ", window=" + window(given) + ", center=" + flag(o.center()) + ", normalized="
                + flag(o.normalized()) + ", onesided=" + flag(o.onesided()) + ", length="
                + (o.length() == null ? "None" : o.length()) + ", return_complex=" + flag(o.returnComplex()) + ") ";
        if (x.numel() == 0) throw new CotangentException(call + ": input tensor cannot be empty.");
        if (x.dim() != 2 && x.dim() != 3) {
            throw new CotangentException(call + ": expected a tensor with 3 or 4 dimensions, but got " + (x.dim() + 1));
        }
        long frequencies = x.size(-2);
        boolean onesided = o.onesided() == null ? frequencies != frame : o.onesided();
        if (frequencies != (onesided ? frame / 2 + 1 : frame)) {
            throw new CotangentException(call + ": expected the frequency dimension (3rd to the last) of the input"
                    + " tensor to match n_fft" + (onesided ? " / 2 + 1" : "") + " when onesided="
                    + (onesided ? "True" : "False") + ", but got " + frequencies);
        }
        if (hop <= 0 || hop > length) throw new CotangentException(call + ": expected 0 < hop_length <= win_length");
        if (length <= 0 || length > frame) {
            throw new CotangentException(call + ": expected 0 < win_length <= n_fft");
        }
        if (given != null && (given.dim() != 1 || given.size(0) != length)) {
            throw new CotangentException(
                    call + ": Invalid window shape. window has to be 1D and length of `win_length`");
        }
        if (o.returnComplex() && onesided) throw new CotangentException(ONESIDED);
        if (!o.returnComplex() && given != null && given.dtype().isComplex()) {
            throw new CotangentException("Complex windows are incompatible with return_complex=False");
        }
        Tensor ones = CreationOps.ones(x.dtype().realType(), x.device(), length);
        Tensor centred = centred(given == null ? ones : given, x, length, frame);
        Tensor window = centred == null ? ones : centred;
        Tensor frames = (x.dim() == 2 ? x.unsqueeze(0) : x).transpose(1, 2);
        double factor = (o.normalized() ? FftNorm.ORTHO : FftNorm.BACKWARD).factor(frame, true);
        int[] last = {2};
        if (o.returnComplex()) {
            frames = FourierOps.complexToComplex(frames, last, factor, true);
        } else {
            if (!onesided) frames = ViewOps.narrow(frames, 2, 0, frame / 2 + 1);
            frames = FourierOps.complexToReal(frames, last, factor, frame);
        }
        return assemble(call, frames.mul(window), window, frame, hop, o, x.dim() == 2);
    }

    private static Tensor assemble(
            String call, Tensor frames, Tensor window, long frame, long hop, IstftOptions o, boolean isOne) {
        long count = frames.size(1);
        long time = frame + hop * (count - 1);
        Tensor sum = overlapAdd(frames, hop, time);
        Tensor squares = window.pow(2).expand(1, count, frame);
        Tensor envelope = overlapAdd(squares, hop, time);
        long start = o.center() ? frame / 2 : 0;
        Long wanted = o.length();
        long end = wanted != null ? start + wanted : o.center() ? time - frame / 2 : time;
        long covered = Math.max(0, Math.min(end, time) - start);
        sum = ViewOps.narrow(sum, 1, Math.min(start, time), covered);
        envelope = ViewOps.narrow(envelope, 1, Math.min(start, time), covered);
        boolean isLow = envelope.detach().abs().min().lt(LEAST).itemBoolean();
        if (isLow) throw new CotangentException(call + "window overlap add min: 1");
        Tensor out = sum.div(envelope);
        if (isOne) out = out.squeeze(0);
        if (end > time) {
            Warnings.warn("The length of signal is shorter than the length parameter. Result is being padded with zeros"
                    + " in the tail. Please check your center and hop_length settings.");
            out = PadOps.pad(out, new long[] {0, end - time}, "constant", null);
        }
        return out;
    }
}

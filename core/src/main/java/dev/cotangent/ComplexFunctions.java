package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.elementwise.ComplexOps;
import dev.cotangent.internal.ops.movement.ComplexViews;

/** Functions that create complex numbers; use them through {@link Tensors}. */
sealed class ComplexFunctions extends WindowFunctions permits ConcatenationFunctions {
    ComplexFunctions() {}

    /**
     * Creates complex numbers of their real and imaginary parts, which are broadcast; both float32, or both float64. {@code
     * torch.complex}.
     */
    public static Tensor complex(Tensor real, Tensor imag) {
        Arguments.notNull("complex", "real", real);
        Arguments.notNull("complex", "imag", imag);
        return ComplexViews.complex(real, imag);
    }

    /** Creates complex numbers of their absolute values and angles in radians. {@code torch.polar}. */
    public static Tensor polar(Tensor abs, Tensor angle) {
        Arguments.notNull("polar", "abs", abs);
        Arguments.notNull("polar", "angle", angle);
        return ComplexOps.polar(abs, angle);
    }

    /** Returns a vector of complex numbers, complex64 by default. {@code torch.tensor}. */
    public static Tensor tensor(Complex first, Complex second, Complex... others) {
        Arguments.notNull("tensor", "others", others);
        Complex[] all = new Complex[others.length + 2];
        all[0] = first;
        all[1] = second;
        System.arraycopy(others, 0, all, 2, others.length);
        return LiteralReader.of(all, ChosenOptions.NONE);
    }
}

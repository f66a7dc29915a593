package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.internal.ops.movement.CopyIntoSelf;

/** Functions of complex numbers that are not holomorphic: modulus, angle and sign. */
public final class ComplexOps {
    private ComplexOps() {}

    /** Implements {@code torch.abs}. */
    public static Tensor abs(Tensor x) {
        if (!x.dtype().isComplex()) return ArithmeticOps.ABS.call(x);
        Tensor z = x.detach();
        return GradientRule.of("AbsBackward0", ElementaryOps.HYPOT.call(ComplexViews.real(z), ComplexViews.imag(z)))
                .input(x, x, (g, self) -> g.mul(sgn(self)))
                .done();
    }

    /** Implements {@code torch.Tensor.abs_}. */
    public static Tensor absInPlace(Tensor self) {
        if (self.dtype().isComplex()) {
            throw new CotangentException("In-place abs is not supported for complex tensors.");
        }
        return ArithmeticOps.ABS.callInPlace(self);
    }

    /** Implements {@code torch.angle}. */
    public static Tensor angle(Tensor x) {
        if (!x.dtype().isComplex()) return ElementaryOps.ANGLE.call(x);
        Tensor z = x.detach();
        return GradientRule.of("AngleBackward0", ElementaryOps.ATAN2.call(ComplexViews.imag(z), ComplexViews.real(z)))
                .input(x, x, (g, self) -> angleGradient(g, self))
                .done();
    }

    /** Returns {@code i g z / |z|^2}, and 0 at 0. */
    private static Tensor angleGradient(Tensor g, Tensor z) {
        Tensor scaled = sgn(z).mul(g).div(abs(z)).mul(dev.cotangent.Complex.I);
        return scaled.maskedFill(z.eq(0), 0);
    }

    /** Implements {@code torch.sgn}: z / |z|, and 0 of 0. */
    public static Tensor sgn(Tensor x) {
        if (!x.dtype().isComplex()) return RoundingOps.SGN.call(x);
        Tensor z = x.detach();
        Tensor out = z.div(abs(z)).maskedFill(z.eq(0), 0);
        return GradientRule.of("SgnBackward0", out)
                .input(x, x, out, ComplexOps::sgnGradient)
                .done();
    }

    /** Returns {@code (g - y Re(conj(y) g)) / |z|}, and 0 at 0. */
    private static Tensor sgnGradient(Tensor g, Tensor z, Tensor y) {
        Tensor along = y.mul(ComplexViews.real(g.mul(ComplexViews.conj(y))));
        return g.sub(along).div(abs(z)).maskedFill(z.eq(0), 0);
    }

    /** Implements {@code torch.Tensor.sgn_}. */
    public static Tensor sgnInPlace(Tensor self) {
        return self.dtype().isComplex() ? CopyIntoSelf.into(self, sgn(self)) : RoundingOps.SGN.callInPlace(self);
    }

    /** Implements {@code torch.isreal}: whether the imaginary part is 0. */
    public static Tensor isreal(Tensor x) {
        return x.dtype().isComplex() ? ComplexViews.imag(x.detach()).eq(0) : ComparisonOps.ISREAL.call(x);
    }

    /** Implements {@code torch.nn.functional.softsign}. */
    public static Tensor softsign(Tensor x) {
        return x.dtype().isComplex() ? x.div(abs(x).add(1)) : ActivationOps.SOFTSIGN.call(x);
    }

    /** Implements {@code torch.polar}: complex numbers of their moduli and angles in radians. */
    public static Tensor polar(Tensor abs, Tensor angle) {
        Tensor r = abs.detach();
        Tensor a = angle.detach();
        Tensor out = ComplexViews.complex(r.mul(a.cos()), r.mul(a.sin()));
        return GradientRule.of("PolarBackward0", out)
                .input(
                        abs,
                        out,
                        (g, y) -> ComplexViews.real(ComplexViews.conj(g).mul(sgn(y))))
                .input(
                        angle,
                        out,
                        (g, y) -> ComplexViews.real(ComplexViews.conj(g).mul(y).mul(dev.cotangent.Complex.I)))
                .done();
    }
}

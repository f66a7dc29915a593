package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import java.util.function.UnaryOperator;

/** The operator definitions of Bessel and Airy functions. PyTorch does not differentiate most of them. */
public final class BesselOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    private BesselOps() {}

    private static UnaryOp function(String name, UnaryOperator<Expr> body) {
        return REGISTRY.add(unary("special_" + name, FLOAT, body)
                .check(takes(name + "_cpu", FLOATS))
                .notRecorded());
    }

    /** Airy function. */
    public static final UnaryOp AIRY_AI = function("airy_ai", BesselFormulas::airy);

    /** Bessel function of the first kind, order 0. */
    public static final UnaryOp BESSEL_J0 = function("bessel_j0", BesselFormulas::j0);

    /** Bessel function of the first kind, order 1. */
    public static final UnaryOp BESSEL_J1 = function("bessel_j1", BesselFormulas::j1);

    /** Bessel function of the second kind, order 0. */
    public static final UnaryOp BESSEL_Y0 = function("bessel_y0", BesselFormulas::y0);

    /** Bessel function of the second kind, order 1. */
    public static final UnaryOp BESSEL_Y1 = function("bessel_y1", BesselFormulas::y1);

    /** Spherical Bessel function of the first kind, order 0. */
    public static final UnaryOp SPHERICAL_BESSEL_J0 = function("spherical_bessel_j0", BesselFormulas::sphericalJ0);

    /** Modified Bessel function of the first kind, order 0, without a derivative. */
    public static final UnaryOp MODIFIED_BESSEL_I0 = function("modified_bessel_i0", ModifiedBesselFormulas::i0);

    /** Modified Bessel function of the first kind, order 1, without a derivative. */
    public static final UnaryOp MODIFIED_BESSEL_I1 = function("modified_bessel_i1", ModifiedBesselFormulas::i1);

    /** Modified Bessel function of the second kind, order 0. */
    public static final UnaryOp MODIFIED_BESSEL_K0 = function("modified_bessel_k0", ModifiedBesselFormulas::k0);

    /** Modified Bessel function of the second kind, order 1. */
    public static final UnaryOp MODIFIED_BESSEL_K1 = function("modified_bessel_k1", ModifiedBesselFormulas::k1);

    /** Modified Bessel function of the second kind, order 0, times the exponential. */
    public static final UnaryOp SCALED_MODIFIED_BESSEL_K0 =
            function("scaled_modified_bessel_k0", ModifiedBesselFormulas::k0e);

    /** Modified Bessel function of the second kind, order 1, times the exponential. */
    public static final UnaryOp SCALED_MODIFIED_BESSEL_K1 =
            function("scaled_modified_bessel_k1", ModifiedBesselFormulas::k1e);

    /** Modified Bessel function of the first kind, order 0. */
    public static final UnaryOp I0 = REGISTRY.add(unary("i0", FLOAT, ModifiedBesselFormulas::i0)
            .check(takes("i0_vml_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(ModifiedBesselFormulas.i1(x[0]))}));

    /** I0 times the exponential of minus the absolute value. */
    public static final UnaryOp I0E = REGISTRY.add(unary("special_i0e", FLOAT, ModifiedBesselFormulas::i0e)
            .check(takes("i0e_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.mul(ModifiedBesselFormulas.i1e(x[0]).sub(x[0].sign().mul(y)))
            }));

    /** Modified Bessel function of the first kind, order 1. */
    public static final UnaryOp I1 = REGISTRY.add(unary("special_i1", FLOAT, ModifiedBesselFormulas::i1)
            .check(takes("i1_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.mul(nearZero(x[0])
                        .where(g.like(0.5), ModifiedBesselFormulas.i0(x[0]).sub(y.div(x[0]))))
            }));

    /** I1 times the exponential of minus the absolute value. */
    public static final UnaryOp I1E = REGISTRY.add(unary("special_i1e", FLOAT, ModifiedBesselFormulas::i1e)
            .check(takes("i1e_cpu", FLOATS))
            .grad((g, x, p, y) -> {
                Expr decay = y.mul(x[0].sign().add(x[0].rdiv(1)));
                Expr slope = ModifiedBesselFormulas.i0e(x[0]).sub(decay);
                return new Expr[] {g.mul(nearZero(x[0]).where(g.like(0.5), slope))};
            }));

    /** Returns whether y / x is 1 / 2 to the last bit. */
    private static Expr nearZero(Expr x) {
        return x.abs().le(x.dtype() == Dtype.FLOAT64 ? 0x1p-52 : 0x1p-23);
    }
}

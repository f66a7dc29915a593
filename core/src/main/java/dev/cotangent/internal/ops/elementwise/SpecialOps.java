package dev.cotangent.internal.ops.elementwise;

import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.FLOAT;
import static dev.cotangent.internal.ops.elementwise.ElementwiseOp.TypePromotion.PROMOTE;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.FLOATS;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.binary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.function;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.takes;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unary;
import static dev.cotangent.internal.ops.elementwise.OpRegistry.unaryWithScalar;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.ScalarOp;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The registry of special functions. */
public final class SpecialOps {
    static final OpRegistry REGISTRY = new OpRegistry();

    private SpecialOps() {}

    /** Error function. */
    public static final UnaryOp ERF = REGISTRY.add(function("erf", ScalarOp.ERF));

    /** Complementary error function. */
    public static final UnaryOp ERFC = REGISTRY.add(function("erfc", ScalarOp.ERFC));

    /** Inverse error function. */
    public static final UnaryOp ERFINV = REGISTRY.add(function("erfinv", ScalarOp.ERFINV));

    /** Logarithm of the gamma function. */
    public static final UnaryOp LGAMMA = REGISTRY.add(function("lgamma", ScalarOp.LGAMMA));

    /** Digamma function. */
    public static final UnaryOp DIGAMMA =
            REGISTRY.add(unary("digamma", ScalarOp.DIGAMMA).check(takes("digamma", FLOATS)));

    private static final UnaryOp POLYGAMMA_0 =
            REGISTRY.add(unary("polygamma", ScalarOp.DIGAMMA).check(takes("digamma", FLOATS)));

    private static final UnaryOp.WithScalar POLYGAMMA =
            REGISTRY.add(unaryWithScalar("polygamma", FLOAT, (x, n) -> n.call(ScalarOp.POLYGAMMA, x))
                    .check(takes("polygamma", FLOATS)));

    /** Cumulative distribution function of the standard normal distribution. */
    public static final UnaryOp NDTR = REGISTRY.add(unary(
            "special_ndtr",
            FLOAT,
            x -> x.mul(-Math.sqrt(0.5)).call(ScalarOp.ERFC).mul(0.5)));

    /** -x log x. */
    public static final UnaryOp ENTR = REGISTRY.add(unary("special_entr", FLOAT, x -> {
                Expr inside = x.gt(0).where(x.neg().mul(x.log()), x.like(Double.NEGATIVE_INFINITY));
                return x.isNan().where(x, x.eq(0).where(x.like(0), inside));
            })
            .check(takes("entr", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].log().add(1).neg())}));

    /** x log y. */
    public static final BinaryOp XLOGY = REGISTRY.add(xlog("xlogy", Expr::log, 0));

    /** x log(1 + y). */
    public static final BinaryOp XLOG1PY = REGISTRY.add(xlog("special_xlog1py", Expr::log1p, -1));

    /** x log y with a scalar x. */
    public static final BinaryOp RXLOGY = REGISTRY.add(reflected("xlogy", Expr::log, 0));

    /** x log(1 + y) with a scalar x. */
    public static final BinaryOp RXLOG1PY = REGISTRY.add(reflected("special_xlog1py", Expr::log1p, -1));

    private static Expr xlog(Expr x, Expr y, Expr log) {
        return y.isNan().where(y, x.eq(0).where(x.like(0), x.mul(log)));
    }

    private static ElementwiseOp.Definition<BinaryOp> xlog(String name, UnaryOperator<Expr> log, double pole) {
        String node = node(name);
        return binary(name, FLOAT, (x, y) -> xlog(x, y, log.apply(y)))
                .check(takes(name + "_cpu", FLOATS))
                .grad((g, x, p, r) -> new Expr[] {
                    x[0].eq(0).and(x[1].le(pole)).where(g.like(0), xlog(g, x[1], log.apply(x[1]))),
                    g.mul(x[0]).div(x[1].sub(pole))
                })
                .node(node + "0")
                .scalarNode(node + "2");
    }

    private static ElementwiseOp.Definition<BinaryOp> reflected(String name, UnaryOperator<Expr> log, double pole) {
        return binary(name, FLOAT, (y, x) -> xlog(x, y, log.apply(y)))
                .check(takes(name + "_cpu", FLOATS))
                .grad((g, x, p, r) -> new @Nullable Expr[] {g.mul(x[1]).div(x[0].sub(pole)), null})
                .node(node(name) + "1");
    }

    private static String node(String name) {
        return name.equals("xlogy") ? "XlogyBackward" : "SpecialXlog1PyBackward";
    }

    /** Scaled complementary error function. */
    public static final UnaryOp ERFCX = REGISTRY.add(unary("special_erfcx", FLOAT, NormalFormulas::erfcx)
            .check(takes("erfcx_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(x[0].mul(2).mul(y).sub(2 / Math.sqrt(Math.PI)))}));

    /** Inverse of the cumulative normal distribution. */
    public static final UnaryOp NDTRI = REGISTRY.add(unary("special_ndtri", FLOAT, NormalFormulas::ndtri)
            .check(takes("ndtri_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {g.mul(y.square().mul(0.5).exp().mul(Math.sqrt(2 * Math.PI)))}));

    /** Logarithm of the cumulative normal distribution. */
    public static final UnaryOp LOG_NDTR = REGISTRY.add(unary("special_log_ndtr", FLOAT, NormalFormulas::logNdtr)
            .check(takes("log_ndtr_cpu", FLOATS))
            .grad((g, x, p, y) -> new Expr[] {
                g.div(Math.sqrt(2 * Math.PI))
                        .mul(y.add(x[0].square().mul(0.5)).neg().exp())
            }));

    /** Hurwitz's zeta function. */
    public static final BinaryOp ZETA = REGISTRY.add(binary("special_zeta", FLOAT, (s, q) -> s.call(ScalarOp.ZETA, q))
            .check(takes("zeta_cpu", FLOATS))
            .notDifferentiable(0, "zeta")
            .scalarNode("SpecialZetaBackward2"));

    /** Hurwitz's zeta function of a number and a tensor. */
    public static final BinaryOp RZETA = REGISTRY.add(binary("special_zeta", FLOAT, (q, s) -> s.call(ScalarOp.ZETA, q))
            .check(takes("zeta_cpu", FLOATS))
            .node("SpecialZetaBackward1"));

    /** Regularised lower incomplete gamma function. */
    public static final BinaryOp IGAMMA = REGISTRY.add(gamma("igamma", ScalarOp.GAMMAINC));

    /** Regularised upper incomplete gamma function. */
    public static final BinaryOp IGAMMAC = REGISTRY.add(gamma("igammac", ScalarOp.GAMMAINCC));

    private static ElementwiseOp.Definition<BinaryOp> gamma(String name, ScalarOp op) {
        return binary(name, PROMOTE, (a, x) -> a.call(op, x))
                .check(takes(name + "_cpu", FLOATS))
                .notDifferentiable(0, name + ": input");
    }

    private static final UnaryOp LOGIT =
            REGISTRY.add(unary("logit", FLOAT, x -> x.div(x.rsub(1)).log())
                    .check(takes("logit_cpu", FLOATS))
                    .grad((g, x, p, y) -> {
                        Expr inside = x[0].ge(0).and(x[0].le(1));
                        return new Expr[] {inside.where(g.div(x[0].mul(x[0].rsub(1))), g.like(Double.NaN))};
                    }));

    private static final UnaryOp.WithScalar LOGIT_EPS = REGISTRY.add(unaryWithScalar("logit", FLOAT, (x, eps) -> {
                Expr high = eps.rsub(1);
                Expr z = x.lt(eps).where(eps, x.gt(high).where(high, x));
                return z.div(z.rsub(1)).log();
            })
            .check(takes("logit_cpu", FLOATS))
            .grad((g, x, p, y) -> {
                Expr outside = x[0].lt(p[0]).or(x[0].gt(p[0].rsub(1)));
                return new Expr[] {outside.where(g.like(0), g.div(x[0].mul(x[0].rsub(1))))};
            }));

    /** Computes the logit, of x clamped to [eps, 1 - eps] if {@code eps} is given. */
    public static Tensor logit(Tensor self, @Nullable Double eps, boolean inPlace) {
        if (eps == null) return inPlace ? LOGIT.callInPlace(self) : LOGIT.call(self);
        return inPlace ? LOGIT_EPS.callInPlace(self, eps) : LOGIT_EPS.call(self, eps);
    }

    /** Computes the {@code n}-th derivative of the digamma function. */
    public static Tensor polygamma(long n, Tensor self, boolean inPlace) {
        if (n < 0) throw new CotangentException("polygamma(n, x) does not support negative n.");
        if (n == 0) return inPlace ? POLYGAMMA_0.callInPlace(self) : POLYGAMMA_0.call(self);
        return inPlace ? POLYGAMMA.callInPlace(self, n) : POLYGAMMA.call(self, n);
    }

    /** Computes the logarithm of the multivariate gamma function by its defining sum. */
    public static Tensor mvlgamma(Tensor self, long p) {
        if (self.dtype() == Dtype.BOOL) {
            throw new CotangentException("The input tensor may not be a boolean tensor.");
        }
        if (p < 1) throw new CotangentException("p has to be greater than or equal to 1");
        Tensor sum = self.lgamma();
        for (long j = 1; j < p; j++) sum = sum.add(self.sub(j / 2.0).lgamma());
        return sum.add(p * (p - 1) / 4.0 * Math.log(Math.PI));
    }

    /** Works as {@link #mvlgamma}, in place. */
    public static Tensor mvlgammaInPlace(Tensor self, long p) {
        GradientRule.checkHistory(self);
        if (!self.dtype().isFloatingPoint()) {
            throw new CotangentException("mvlgamma: result type " + self.dtype().scalarName()
                    + " can't be cast to the desired output type Float");
        }
        GradientRule.checkInPlace(self);
        Tensor result = mvlgamma(self, p);
        return self.copy_(result);
    }
}

package dev.cotangent.benchmarks.operators;

import java.util.List;
import java.util.stream.Stream;

/** Elementary and special functions and activations, element by element. */
final class FunctionRows {
    private FunctionRows() {}

    static Stream<Operator> rows() {
        return Stream.of(functions(), activations()).flatMap(List::stream);
    }

    private static List<Operator> functions() {
        var t = Section.differentiable(Section.ALL);
        t.op("exp", "x: torch.exp(x)", a -> a.exp());
        t.op("exp2", "x: torch.exp2(x)", a -> a.exp2());
        t.op("expm1", "x: torch.expm1(x)", a -> a.expm1());
        t.op("sin", "x: torch.sin(x)", a -> a.sin());
        t.op("cos", "x: torch.cos(x)", a -> a.cos());
        t.op("tan", "x: torch.tan(x)", a -> a.tan());
        t.op("sinh", "x: torch.sinh(x)", a -> a.sinh());
        t.op("cosh", "x: torch.cosh(x)", a -> a.cosh());
        t.op("tanh", "x: torch.tanh(x)", a -> a.tanh());
        t.op("asinh", "x: torch.asinh(x)", a -> a.asinh());
        t.op("atan", "x: torch.atan(x)", a -> a.atan());
        t.op("sinc", "x: torch.sinc(x)", a -> a.sinc());
        t.op("deg2rad", "x: torch.deg2rad(x)", a -> a.deg2rad());
        t.op("rad2deg", "x: torch.rad2deg(x)", a -> a.rad2deg());
        t.op("sigmoid", "x: torch.sigmoid(x)", a -> a.sigmoid());
        t.op("erf", "x: torch.erf(x)", a -> a.erf());
        t.op("erfc", "x: torch.erfc(x)", a -> a.erfc());
        t.op("relu", "x: torch.relu(x)", a -> a.relu());
        t.op("log", "pos: torch.log(pos)", a -> a.log());
        t.op("log2", "pos: torch.log2(pos)", a -> a.log2());
        t.op("log10", "pos: torch.log10(pos)", a -> a.log10());
        t.op("log1p", "pos: torch.log1p(pos)", a -> a.log1p());
        t.op("sqrt", "pos: torch.sqrt(pos)", a -> a.sqrt());
        t.op("rsqrt", "pos: torch.rsqrt(pos)", a -> a.rsqrt());
        t.op("digamma", "pos: torch.digamma(pos)", a -> a.digamma());
        t.op("lgamma", "pos: torch.lgamma(pos)", a -> a.lgamma());
        t.op("acosh", "above1: torch.acosh(above1)", a -> a.acosh());
        t.op("asin", "ball: torch.asin(ball)", a -> a.asin());
        t.op("acos", "ball: torch.acos(ball)", a -> a.acos());
        t.op("atanh", "ball: torch.atanh(ball)", a -> a.atanh());
        t.op("erfinv", "ball: torch.erfinv(ball)", a -> a.erfinv());
        t.op("angle", "x: torch.angle(x)", a -> a.angle());
        t.op("conj", "x: torch.conj(x)", a -> a.conj());
        t.op("conj_physical", "x: torch.conj_physical(x)", a -> a.conjPhysical());
        t.op("real", "x: torch.real(x)", a -> a.real());
        t.op("resolve_conj", "x: torch.resolve_conj(x)", a -> a.resolveConj());
        t.op("resolve_neg", "x: torch.resolve_neg(x)", a -> a.resolveNeg());
        t.op("logaddexp", "x, y: torch.logaddexp(x, y)", (a, b) -> a.logaddexp(b));
        t.op("logaddexp2", "x, y: torch.logaddexp2(x, y)", (a, b) -> a.logaddexp2(b));
        t.op("logit", "unit: torch.logit(unit)", a -> a.logit());
        t.op("logit_eps", "unit: torch.logit(unit, eps=0.1)", a -> a.logit(0.1));
        t.op("xlogy", "x, pos: torch.xlogy(x, pos)", (a, b) -> a.xlogy(b));
        t.op("rxlogy", "pos: torch.xlogy(1.5, pos)", a -> a.rxlogy(1.5));
        t.op("xlog1py", "x, pos: torch.special.xlog1py(x, pos)", (a, b) -> a.xlog1py(b));
        t.op("rxlog1py", "pos: torch.special.xlog1py(1.5, pos)", a -> a.rxlog1py(1.5));
        t.op("entr", "pos: torch.special.entr(pos)", a -> a.entr());
        t.op("ndtr", "x: torch.special.ndtr(x)", a -> a.ndtr());
        t.op("polygamma", "pos: torch.polygamma(1, pos)", a -> a.polygamma(1));
        t.op("mvlgamma", "above1: torch.mvlgamma(above1, 2)", a -> a.mvlgamma(2));
        return t.rows();
    }

    private static List<Operator> activations() {
        var t = Section.differentiable(Section.ALL);
        t.op("relu6", "wide: F.relu6(wide)", a -> a.relu6());
        t.op("gelu", "x: F.gelu(x)", a -> a.gelu());
        t.op("gelu_tanh", "x: F.gelu(x, approximate='tanh')", a -> a.gelu("tanh"));
        t.op("silu", "wide: F.silu(wide)", a -> a.silu());
        t.op("mish", "wide: F.mish(wide)", a -> a.mish());
        t.op("selu", "wide: F.selu(wide)", a -> a.selu());
        t.op("celu", "wide: F.celu(wide)", a -> a.celu());
        t.op("elu", "wide: F.elu(wide)", a -> a.elu());
        t.op("softplus", "wide: F.softplus(wide)", a -> a.softplus());
        t.op("softsign", "wide: F.softsign(wide)", a -> a.softsign());
        t.op("tanhshrink", "wide: F.tanhshrink(wide)", a -> a.tanhshrink());
        t.op("hardswish", "wide: F.hardswish(wide)", a -> a.hardswish());
        t.op("hardsigmoid", "wide: F.hardsigmoid(wide)", a -> a.hardsigmoid());
        t.op("hardtanh", "wide: F.hardtanh(wide)", a -> a.hardtanh());
        t.op("leaky_relu", "wide: F.leaky_relu(wide)", a -> a.leakyRelu());
        t.op("hardshrink", "wide: F.hardshrink(wide)", a -> a.hardshrink());
        t.op("softshrink", "wide: F.softshrink(wide)", a -> a.softshrink());
        t.op("logsigmoid", "wide: F.logsigmoid(wide)", a -> a.logsigmoid());
        t.op("threshold", "x: F.threshold(x, 0.1, 0.5)", a -> a.threshold(0.1, 0.5));
        t.op("prelu", "m, row: F.prelu(m, row)", (a, b) -> a.prelu(b));
        t.op("glu", "x: F.glu(x)", a -> a.glu());
        t.op("glu_rows", "m: F.glu(m)", a -> a.glu());
        return t.rows();
    }
}

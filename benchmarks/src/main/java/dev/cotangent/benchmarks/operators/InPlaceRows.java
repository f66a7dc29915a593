package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** In-place forms, on a copy of the operand that is made each time. */
final class InPlaceRows {
    private InPlaceRows() {}

    static Stream<Operator> rows() {
        return Stream.of(elements(), others()).flatMap(List::stream);
    }

    private static List<Operator> elements() {
        var t = Section.forward(Section.MIDDLE);
        t.op("abs_", "scratch, x: scratch.copy_(x).abs_()", (a, b) -> a.copy_(b).abs_());
        t.op("neg_", "scratch, x: scratch.copy_(x).neg_()", (a, b) -> a.copy_(b).neg_());
        t.op(
                "square_",
                "scratch, x: scratch.copy_(x).square_()",
                (a, b) -> a.copy_(b).square_());
        t.op(
                "ceil_",
                "scratch, x: scratch.copy_(x).ceil_()",
                (a, b) -> a.copy_(b).ceil_());
        t.op(
                "floor_",
                "scratch, x: scratch.copy_(x).floor_()",
                (a, b) -> a.copy_(b).floor_());
        t.op(
                "frac_",
                "scratch, x: scratch.copy_(x).frac_()",
                (a, b) -> a.copy_(b).frac_());
        t.op(
                "round_",
                "scratch, x: scratch.copy_(x).round_()",
                (a, b) -> a.copy_(b).round_());
        t.op(
                "trunc_",
                "scratch, x: scratch.copy_(x).trunc_()",
                (a, b) -> a.copy_(b).trunc_());
        t.op(
                "sign_",
                "scratch, x: scratch.copy_(x).sign_()",
                (a, b) -> a.copy_(b).sign_());
        t.op("sgn_", "scratch, x: scratch.copy_(x).sgn_()", (a, b) -> a.copy_(b).sgn_());
        t.op(
                "nan_to_num_",
                "scratch, x: scratch.copy_(x).nan_to_num_()",
                (a, b) -> a.copy_(b).nanToNum_());
        t.op("exp_", "scratch, x: scratch.copy_(x).exp_()", (a, b) -> a.copy_(b).exp_());
        t.op(
                "exp2_",
                "scratch, x: scratch.copy_(x).exp2_()",
                (a, b) -> a.copy_(b).exp2_());
        t.op(
                "expm1_",
                "scratch, x: scratch.copy_(x).expm1_()",
                (a, b) -> a.copy_(b).expm1_());
        t.op("sin_", "scratch, x: scratch.copy_(x).sin_()", (a, b) -> a.copy_(b).sin_());
        t.op("cos_", "scratch, x: scratch.copy_(x).cos_()", (a, b) -> a.copy_(b).cos_());
        t.op("tan_", "scratch, x: scratch.copy_(x).tan_()", (a, b) -> a.copy_(b).tan_());
        t.op(
                "sinh_",
                "scratch, x: scratch.copy_(x).sinh_()",
                (a, b) -> a.copy_(b).sinh_());
        t.op(
                "cosh_",
                "scratch, x: scratch.copy_(x).cosh_()",
                (a, b) -> a.copy_(b).cosh_());
        t.op(
                "tanh_",
                "scratch, x: scratch.copy_(x).tanh_()",
                (a, b) -> a.copy_(b).tanh_());
        t.op(
                "asinh_",
                "scratch, x: scratch.copy_(x).asinh_()",
                (a, b) -> a.copy_(b).asinh_());
        t.op(
                "atan_",
                "scratch, x: scratch.copy_(x).atan_()",
                (a, b) -> a.copy_(b).atan_());
        t.op(
                "sinc_",
                "scratch, x: scratch.copy_(x).sinc_()",
                (a, b) -> a.copy_(b).sinc_());
        t.op(
                "deg2rad_",
                "scratch, x: scratch.copy_(x).deg2rad_()",
                (a, b) -> a.copy_(b).deg2rad_());
        t.op(
                "rad2deg_",
                "scratch, x: scratch.copy_(x).rad2deg_()",
                (a, b) -> a.copy_(b).rad2deg_());
        t.op(
                "sigmoid_",
                "scratch, x: scratch.copy_(x).sigmoid_()",
                (a, b) -> a.copy_(b).sigmoid_());
        t.op("erf_", "scratch, x: scratch.copy_(x).erf_()", (a, b) -> a.copy_(b).erf_());
        t.op(
                "erfc_",
                "scratch, x: scratch.copy_(x).erfc_()",
                (a, b) -> a.copy_(b).erfc_());
        t.op(
                "relu_",
                "scratch, x: scratch.copy_(x).relu_()",
                (a, b) -> a.copy_(b).relu_());
        t.op(
                "logical_not_",
                "scratch, x: scratch.copy_(x).logical_not_()",
                (a, b) -> a.copy_(b).logicalNot_());
        t.op(
                "reciprocal_",
                "scratch, pos: scratch.copy_(pos).reciprocal_()",
                (a, b) -> a.copy_(b).reciprocal_());
        t.op(
                "log_",
                "scratch, pos: scratch.copy_(pos).log_()",
                (a, b) -> a.copy_(b).log_());
        t.op(
                "log2_",
                "scratch, pos: scratch.copy_(pos).log2_()",
                (a, b) -> a.copy_(b).log2_());
        t.op(
                "log10_",
                "scratch, pos: scratch.copy_(pos).log10_()",
                (a, b) -> a.copy_(b).log10_());
        t.op(
                "log1p_",
                "scratch, pos: scratch.copy_(pos).log1p_()",
                (a, b) -> a.copy_(b).log1p_());
        t.op(
                "sqrt_",
                "scratch, pos: scratch.copy_(pos).sqrt_()",
                (a, b) -> a.copy_(b).sqrt_());
        t.op(
                "rsqrt_",
                "scratch, pos: scratch.copy_(pos).rsqrt_()",
                (a, b) -> a.copy_(b).rsqrt_());
        t.op(
                "digamma_",
                "scratch, pos: scratch.copy_(pos).digamma_()",
                (a, b) -> a.copy_(b).digamma_());
        t.op(
                "lgamma_",
                "scratch, pos: scratch.copy_(pos).lgamma_()",
                (a, b) -> a.copy_(b).lgamma_());
        t.op(
                "acosh_",
                "scratch, above1: scratch.copy_(above1).acosh_()",
                (a, b) -> a.copy_(b).acosh_());
        t.op(
                "asin_",
                "scratch, ball: scratch.copy_(ball).asin_()",
                (a, b) -> a.copy_(b).asin_());
        t.op(
                "acos_",
                "scratch, ball: scratch.copy_(ball).acos_()",
                (a, b) -> a.copy_(b).acos_());
        t.op(
                "atanh_",
                "scratch, ball: scratch.copy_(ball).atanh_()",
                (a, b) -> a.copy_(b).atanh_());
        t.op(
                "erfinv_",
                "scratch, ball: scratch.copy_(ball).erfinv_()",
                (a, b) -> a.copy_(b).erfinv_());
        t.op(
                "conj_physical_",
                "scratch, x: scratch.copy_(x).conj_physical_()",
                (a, b) -> a.copy_(b).conjPhysical_());
        t.op(
                "logit_",
                "scratch, unit: scratch.copy_(unit).logit_()",
                (a, b) -> a.copy_(b).logit_());
        t.op(
                "polygamma_",
                "scratch, pos: scratch.copy_(pos).polygamma_(1)",
                (a, b) -> a.copy_(b).polygamma_(1));
        t.op(
                "mvlgamma_",
                "scratch, above1: scratch.copy_(above1).mvlgamma_(2)",
                (a, b) -> a.copy_(b).mvlgamma_(2));
        t.op(
                "add_",
                "scratch, x, y: scratch.copy_(x).add_(y)",
                (a, b, c) -> a.copy_(b).add_(c));
        t.op(
                "add_scalar_",
                "scratch, x: scratch.copy_(x).add_(1.5)",
                (a, b) -> a.copy_(b).add_(1.5));
        t.op(
                "sub_",
                "scratch, x, y: scratch.copy_(x).sub_(y)",
                (a, b, c) -> a.copy_(b).sub_(c));
        t.op(
                "sub_scalar_",
                "scratch, x: scratch.copy_(x).sub_(1.5)",
                (a, b) -> a.copy_(b).sub_(1.5));
        t.op(
                "mul_",
                "scratch, x, y: scratch.copy_(x).mul_(y)",
                (a, b, c) -> a.copy_(b).mul_(c));
        t.op(
                "mul_scalar_",
                "scratch, x: scratch.copy_(x).mul_(1.5)",
                (a, b) -> a.copy_(b).mul_(1.5));
        t.op(
                "div_",
                "scratch, x, pos: scratch.copy_(x).div_(pos)",
                (a, b, c) -> a.copy_(b).div_(c));
        t.op(
                "true_divide_",
                "scratch, x, pos: scratch.copy_(x).true_divide_(pos)",
                (a, b, c) -> a.copy_(b).trueDivide_(c));
        t.op(
                "floor_divide_",
                "scratch, x, pos: scratch.copy_(x).floor_divide_(pos)",
                (a, b, c) -> a.copy_(b).floorDivide_(c));
        t.op(
                "fmod_",
                "scratch, x, pos: scratch.copy_(x).fmod_(pos)",
                (a, b, c) -> a.copy_(b).fmod_(c));
        t.op(
                "remainder_",
                "scratch, x, pos: scratch.copy_(x).remainder_(pos)",
                (a, b, c) -> a.copy_(b).remainder_(c));
        t.op(
                "xlogy_",
                "scratch, x, pos: scratch.copy_(x).xlogy_(pos)",
                (a, b, c) -> a.copy_(b).xlogy_(c));
        t.op(
                "heaviside_",
                "scratch, x, pos: scratch.copy_(x).heaviside_(pos)",
                (a, b, c) -> a.copy_(b).heaviside_(c));
        t.op(
                "maximum_",
                "scratch, x, y: torch.maximum(scratch.copy_(x), y, out=scratch)",
                (a, b, c) -> a.copy_(b).maximum_(c));
        t.op(
                "minimum_",
                "scratch, x, y: torch.minimum(scratch.copy_(x), y, out=scratch)",
                (a, b, c) -> a.copy_(b).minimum_(c));
        t.op(
                "copysign_",
                "scratch, x, y: scratch.copy_(x).copysign_(y)",
                (a, b, c) -> a.copy_(b).copysign_(c));
        t.op(
                "hypot_",
                "scratch, x, y: scratch.copy_(x).hypot_(y)",
                (a, b, c) -> a.copy_(b).hypot_(c));
        t.op(
                "atan2_",
                "scratch, x, y: scratch.copy_(x).atan2_(y)",
                (a, b, c) -> a.copy_(b).atan2_(c));
        t.op(
                "nextafter_",
                "scratch, x, y: scratch.copy_(x).nextafter_(y)",
                (a, b, c) -> a.copy_(b).nextafter_(c));
        t.op(
                "eq_",
                "scratch, x, y: scratch.copy_(x).eq_(y)",
                (a, b, c) -> a.copy_(b).eq_(c));
        t.op(
                "ne_",
                "scratch, x, y: scratch.copy_(x).ne_(y)",
                (a, b, c) -> a.copy_(b).ne_(c));
        t.op(
                "lt_",
                "scratch, x, y: scratch.copy_(x).lt_(y)",
                (a, b, c) -> a.copy_(b).lt_(c));
        t.op(
                "le_",
                "scratch, x, y: scratch.copy_(x).le_(y)",
                (a, b, c) -> a.copy_(b).le_(c));
        t.op(
                "gt_",
                "scratch, x, y: scratch.copy_(x).gt_(y)",
                (a, b, c) -> a.copy_(b).gt_(c));
        t.op(
                "ge_",
                "scratch, x, y: scratch.copy_(x).ge_(y)",
                (a, b, c) -> a.copy_(b).ge_(c));
        t.op(
                "logical_and_",
                "scratch, x, y: scratch.copy_(x).logical_and_(y)",
                (a, b, c) -> a.copy_(b).logicalAnd_(c));
        t.op(
                "logical_or_",
                "scratch, x, y: scratch.copy_(x).logical_or_(y)",
                (a, b, c) -> a.copy_(b).logicalOr_(c));
        t.op(
                "logical_xor_",
                "scratch, x, y: scratch.copy_(x).logical_xor_(y)",
                (a, b, c) -> a.copy_(b).logicalXor_(c));
        t.op(
                "pow_",
                "scratch, pos, y: scratch.copy_(pos).pow_(y)",
                (a, b, c) -> a.copy_(b).pow_(c));
        t.op(
                "pow_square_",
                "scratch, pos: scratch.copy_(pos).pow_(2)",
                (a, b) -> a.copy_(b).pow_(2));
        t.op("float_power_", "x: x.double().float_power_(2)", a -> a.toDouble().floatPower_(2));
        t.op(
                "ldexp_",
                "scratch, x, whole2: scratch.copy_(x).ldexp_(whole2)",
                (a, b, c) -> a.copy_(b).ldexp_(c));
        t.op(
                "lerp_",
                "scratch, x, y, z: scratch.copy_(x).lerp_(y, z)",
                (a, b, c, d) -> a.copy_(b).lerp_(c, d));
        t.op(
                "addcmul_",
                "scratch, x, y, z: scratch.copy_(x).addcmul_(y, z)",
                (a, b, c, d) -> a.copy_(b).addcmul_(c, d));
        t.op(
                "addcdiv_",
                "scratch, x, y, pos: scratch.copy_(x).addcdiv_(y, pos)",
                (a, b, c, d) -> a.copy_(b).addcdiv_(c, d));
        t.op(
                "clamp_",
                "scratch, x: scratch.copy_(x).clamp_(-0.3, 0.8)",
                (a, b) -> a.copy_(b).clamp_(-0.3, 0.8));
        t.op(
                "clamp_min_",
                "scratch, x: scratch.copy_(x).clamp_min_(0.1)",
                (a, b) -> a.copy_(b).clampMin_(0.1));
        t.op(
                "clamp_max_",
                "scratch, x: scratch.copy_(x).clamp_max_(0.1)",
                (a, b) -> a.copy_(b).clampMax_(0.1));
        t.op(
                "masked_fill_",
                "scratch, x, mask: scratch.copy_(x).masked_fill_(mask, 0.5)",
                (a, b, c) -> a.copy_(b).maskedFill_(c, 0.5));
        t.op(
                "silu_",
                "scratch, x: F.silu(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).silu_());
        t.op(
                "mish_",
                "scratch, x: F.mish(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).mish_());
        t.op(
                "selu_",
                "scratch, x: F.selu(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).selu_());
        t.op(
                "celu_",
                "scratch, x: F.celu(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).celu_());
        t.op(
                "elu_",
                "scratch, x: F.elu(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).elu_());
        t.op(
                "hardswish_",
                "scratch, x: F.hardswish(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).hardswish_());
        t.op(
                "hardsigmoid_",
                "scratch, x: F.hardsigmoid(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).hardsigmoid_());
        t.op(
                "hardtanh_",
                "scratch, x: F.hardtanh(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).hardtanh_());
        t.op(
                "leaky_relu_",
                "scratch, x: F.leaky_relu(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).leakyRelu_());
        t.op(
                "relu6_",
                "scratch, x: F.relu6(scratch.copy_(x), inplace=True)",
                (a, b) -> a.copy_(b).relu6_());
        t.op(
                "threshold_",
                "scratch, x: F.threshold(scratch.copy_(x), 0.1, 0.5, inplace=True)",
                (a, b) -> a.copy_(b).threshold_(0.1, 0.5));
        t.op(
                "bitwise_and_",
                "whole, whole2: whole.clone().bitwise_and_(whole2)",
                (a, b) -> a.clone().bitwiseAnd_(b));
        t.op(
                "bitwise_or_",
                "whole, whole2: whole.clone().bitwise_or_(whole2)",
                (a, b) -> a.clone().bitwiseOr_(b));
        t.op(
                "bitwise_xor_",
                "whole, whole2: whole.clone().bitwise_xor_(whole2)",
                (a, b) -> a.clone().bitwiseXor_(b));
        t.op(
                "bitwise_not_",
                "whole: whole.clone().bitwise_not_()",
                a -> a.clone().bitwiseNot_());
        t.op(
                "bitwise_left_shift_",
                "whole, whole2: whole.clone().bitwise_left_shift_(whole2)",
                (a, b) -> a.clone().bitwiseLeftShift_(b));
        t.op(
                "bitwise_right_shift_",
                "whole, whole2: whole.clone().bitwise_right_shift_(whole2)",
                (a, b) -> a.clone().bitwiseRightShift_(b));
        t.op(
                "gcd_",
                "whole, whole2: whole.clone().gcd_(whole2)",
                (a, b) -> a.clone().gcd_(b));
        t.op(
                "lcm_",
                "whole, whole2: whole.clone().lcm_(whole2)",
                (a, b) -> a.clone().lcm_(b));
        return t.rows();
    }

    private static List<Operator> others() {
        var t = Section.forward(Section.MIDDLE);
        t.op(
                "cumsum_",
                "mscratch, m: mscratch.copy_(m).cumsum_(1)",
                (a, b) -> a.copy_(b).cumsum_(1));
        t.op(
                "cumprod_",
                "mscratch, m: mscratch.copy_(m).cumprod_(1)",
                (a, b) -> a.copy_(b).cumprod_(1));
        t.op(
                "renorm_",
                "mscratch, m: mscratch.copy_(m).renorm_(2, 0, 1.5)",
                (a, b) -> a.copy_(b).renorm_(2, 0, 1.5));
        t.op(
                "tril_",
                "mscratch, m: mscratch.copy_(m).tril_()",
                (a, b) -> a.copy_(b).tril_(0));
        t.op(
                "triu_",
                "mscratch, m: mscratch.copy_(m).triu_()",
                (a, b) -> a.copy_(b).triu_(0));
        t.op(
                "index_add_",
                "mscratch, m, rowids, m2: mscratch.copy_(m).index_add_(0, rowids, m2)",
                (a, b, c, d) -> a.copy_(b).indexAdd_(0, c, d));
        t.op(
                "index_copy_",
                "mscratch, m, roworder, m2: mscratch.copy_(m).index_copy_(0, roworder, m2)",
                (a, b, c, d) -> a.copy_(b).indexCopy_(0, c, d));
        t.op(
                "index_fill_",
                "mscratch, m, rowids: mscratch.copy_(m).index_fill_(0, rowids, 0.5)",
                (a, b, c) -> a.copy_(b).indexFill_(0, c, 0.5));
        t.op(
                "index_reduce_",
                "mscratch, m, rowids, m2: mscratch.copy_(m).index_reduce_(0, rowids, m2, 'amax')",
                (a, b, c, d) -> a.copy_(b).indexReduce_(0, c, d, "amax", true));
        t.op(
                "index_put_",
                "mscratch, m, rowids, m2: mscratch.copy_(m).index_put_((rowids,), m2, accumulate=True)",
                (a, b, c, d) -> a.copy_(b).indexPut_(List.of(c), d, true));
        t.op(
                "scatter_",
                "mscratch, m, mplaces: mscratch.copy_(m).scatter_(1, mplaces, 0.5)",
                (a, b, c) -> a.copy_(b).scatter_(1, c, 0.5));
        t.op(
                "scatter_add_",
                "mscratch, m, mplaces, m2: mscratch.copy_(m).scatter_add_(1, mplaces, m2)",
                (a, b, c, d) -> a.copy_(b).scatterAdd_(1, c, d));
        t.op(
                "scatter_reduce_",
                "mscratch, m, mplaces, m2: mscratch.copy_(m).scatter_reduce_(1, mplaces, m2, 'amax')",
                (a, b, c, d) -> a.copy_(b).scatterReduce_(1, c, d, "amax", true));
        t.op(
                "masked_scatter_",
                "mscratch, m, mmask, m2: mscratch.copy_(m).masked_scatter_(mmask, m2)",
                (a, b, c, d) -> a.copy_(b).maskedScatter_(c, d));
        t.op("put_", "scratch, places, y: scratch.put_(places, y)", (a, b, c) -> a.put_(b, c, false));
        t.op("fill_", "scratch: scratch.fill_(0.5)", a -> a.fill_(0.5));
        t.op("zero_", "scratch: scratch.zero_()", a -> a.zero_());
        t.op("copy_", "scratch, x: scratch.copy_(x)", (a, b) -> a.copy_(b));
        t.op(
                "copy_transposed_",
                "sq, sq2: sq.detach().clone().copy_(sq2.t())",
                (a, b) -> a.clone().copy_(b.t()));
        t.op(
                "set_slice",
                "mscratch, m: (mscratch[:, 1:].copy_(m[:, 1:]), mscratch)[1]",
                (a, b) -> set(a, b.get(":, 1:"), ":, 1:"));
        t.op("set_mask", "mscratch, mmask: mscratch.masked_fill_(mmask, 0.5)", (a, b) -> set(a, 0.5, b));
        t.op(
                "addmm_",
                "sq, sq2, sq3: sq.clone().addmm_(sq2, sq3)",
                (a, b, c) -> a.clone().addmm_(b, c, 1, 1));
        t.op(
                "addmv_",
                "col, m, row: col.clone().addmv_(m, row)",
                (a, b, c) -> a.clone().addmv_(b, c, 1, 1));
        t.op(
                "addr_",
                "mscratch, m, col, row: mscratch.copy_(m).addr_(col, row)",
                (a, b, c, d) -> a.copy_(b).addr_(c, d, 1, 1));
        t.op(
                "addbmm_",
                "bat0, bat, bat2: bat0.clone().addbmm_(bat, bat2)",
                (a, b, c) -> a.clone().addbmm_(b, c, 1, 1));
        t.op(
                "baddbmm_",
                "bat, bat2: bat.clone().baddbmm_(bat, bat2)",
                (a, b) -> a.clone().baddbmm_(a, b, 1, 1));
        return t.rows();
    }

    private static Tensor set(Tensor x, Tensor value, String index) {
        x.at(index).set(value);
        return x;
    }

    private static Tensor set(Tensor x, double value, Tensor mask) {
        x.at(mask).set(value);
        return x;
    }
}

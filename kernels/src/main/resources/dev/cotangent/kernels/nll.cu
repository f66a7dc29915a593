// Negative log likelihood of targets (2): the logarithms (3) of their classes lie a step apart, the classes' weights (4)
// another, or are all 1. A target that is to be ignored counts nothing.
__device__ inline Value weight_of(const Pointers<5>& p, i64 target, Offset weight_step) {
    return p.at[4] ? memory<const Value>(p.at[4])[(Offset)target * weight_step] : cast<Value>(1.0f);
}
__device__ inline Value lost(Value x, Value weight) {
    Value product = cast<Value>((Wide)widen(x) * (Wide)widen(weight));
    return cast<Value>(-(Wide)widen(product));
}

// Losses (0) and weights (1).
extern "C" __global__ void nll(Index n, Walk<4> w, Pointers<5> p, i64 classes, Offset step_of_class, Offset weight_step,
        i64 ignored, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[4];
        locate(w, i, at);
        i64 target = memory<const i64>(p.at[2])[at[2]];
        Value loss = cast<Value>(0.0f), weight = loss;
        if (target != ignored && within(target, classes, dim, failure)) {
            weight = weight_of(p, target, weight_step);
            loss = lost(memory<const Value>(p.at[3])[at[3] + (Offset)target * step_of_class], weight);
        }
        memory<Value>(p.at[0])[at[0]] = loss;
        memory<Value>(p.at[1])[at[1]] = weight;
    }
}

// The gradient (3) of each loss to the class it is of (0), which holds zeros.
extern "C" __global__ void nll_backward(Index n, Walk<4> w, Pointers<5> p, i64 classes, Offset step_of_class,
        Offset weight_step, i64 ignored, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[4];
        locate(w, i, at);
        i64 target = memory<const i64>(p.at[2])[at[2]];
        if (target == ignored || !within(target, classes, dim, failure)) continue;
        memory<Value>(p.at[0])[at[0] + (Offset)target * step_of_class] =
            lost(memory<const Value>(p.at[3])[at[3]], weight_of(p, target, weight_step));
    }
}

// Negative log likelihood of targets (2) from log-probabilities (3), with optional class weights (4). An ignored target
// has loss and weight 0.
__device__ inline Value weight_of(const Pointers<5>& p, i64 target, Offset weight_stride) {
    return p.at[4] ? memory<const Value>(p.at[4])[(Offset)target * weight_stride] : cast<Value>(1.0f);
}
__device__ inline Value weighted_loss(Value x, Value weight) {
    Value product = cast<Value>((Wide)widen(x) * (Wide)widen(weight));
    return cast<Value>(-(Wide)widen(product));
}

// Writes losses (0) and weights (1).
extern "C" __global__ void nll(Index n, Dims<4> w, Pointers<5> p, i64 classes, Offset class_stride, Offset weight_stride,
        i64 ignored, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[4];
        locate(w, i, at);
        i64 target = memory<const i64>(p.at[2])[at[2]];
        Value loss = cast<Value>(0.0f), weight = loss;
        if (target != ignored && within(target, classes, dim, failure)) {
            weight = weight_of(p, target, weight_stride);
            loss = weighted_loss(memory<const Value>(p.at[3])[at[3] + (Offset)target * class_stride], weight);
        }
        memory<Value>(p.at[0])[at[0]] = loss;
        memory<Value>(p.at[1])[at[1]] = weight;
    }
}

// Writes the gradient (3) of each loss to its target's class in (0), which is zeroed before.
extern "C" __global__ void nll_backward(Index n, Dims<4> w, Pointers<5> p, i64 classes, Offset class_stride,
        Offset weight_stride, i64 ignored, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[4];
        locate(w, i, at);
        i64 target = memory<const i64>(p.at[2])[at[2]];
        if (target == ignored || !within(target, classes, dim, failure)) continue;
        memory<Value>(p.at[0])[at[0] + (Offset)target * class_stride] =
            weighted_loss(memory<const Value>(p.at[3])[at[3]], weight_of(p, target, weight_stride));
    }
}

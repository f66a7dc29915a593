// Scatters from (2) into to (0) by index (1). Duplicate indices occur only within a line, and one thread handles either
// the whole line or, with a sorted index, all of a target's elements: the order is deterministic.
//
// `invalid` belongs to the launch, unlike the error record of the stream, which an earlier launch may have filled.
extern "C" __global__ void check(Index n, Dims<3> w, Pointers<3> p, i64 size, int dim, Failure* failure, int* invalid) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[3];
        locate(w, i, at);
        if (!within(memory<const i64>(p.at[1])[at[1]], size, dim, failure)) atomicExch(invalid, 1);
    }
}

extern "C" __global__ void scatter(Index lines, Index length, Offset to_stride, Offset index_stride, Offset from_stride, Dims<3> w,
        Pointers<3> p, const int* invalid) {
    if (*invalid) return;
    for (Index line = first(); line < lines; line += step()) {
        Offset at[3];
        locate(w, line, at);
        for (Index i = 0; i < length; i++) {
            i64 index = memory<const i64>(p.at[1])[at[1] + (Offset)i * index_stride];
            Value x = memory<const Value>(p.at[2])[at[2] + (Offset)i * from_stride];
            Value* target_element = memory<Value>(p.at[0]) + at[0] + (Offset)index * to_stride;
            *target_element = COMBINE(*target_element, x);
        }
    }
}

// The index (1) is stably sorted along each line; (3), of the same layout, is the permutation. The thread of a target's
// first element combines all of them. Adjacent threads handle adjacent lines.
extern "C" __global__ void segments(Index lines, Index length, Offset to_stride, Offset index_stride, Offset from_stride,
        Dims<3> w, Pointers<4> p, const int* invalid) {
    if (*invalid) return;
    for (Index i = first(); i < lines * length; i += step()) {
        Index k = i / lines;
        Offset at[3];
        locate(w, i - k * lines, at);
        const i64* index = memory<const i64>(p.at[1]) + at[1];
        const i64* order = memory<const i64>(p.at[3]) + at[1];
        i64 target = index[(Offset)k * index_stride];
        if (k > 0 && index[(Offset)(k - 1) * index_stride] == target) continue;
        Value* target_element = memory<Value>(p.at[0]) + at[0] + (Offset)target * to_stride;
        Value combined = *target_element;
        for (; k < length && index[(Offset)k * index_stride] == target; k++) {
            Value x = memory<const Value>(p.at[2])[at[2] + (Offset)order[(Offset)k * index_stride] * from_stride];
            combined = COMBINE(combined, x);
        }
        *target_element = combined;
    }
}

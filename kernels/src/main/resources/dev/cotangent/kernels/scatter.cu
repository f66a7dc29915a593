// to (0) by index (1) from (2). Elements that meet in one place are of one line along the dimension, and either a line is
// one thread's, or a place is, the index being sorted: so they meet in their order.
extern "C" __global__ void check(Index n, Walk<3> w, Pointers<3> p, i64 size, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[3];
        locate(w, i, at);
        within(memory<const i64>(p.at[1])[at[1]], size, dim, failure);
    }
}

extern "C" __global__ void scatter(Index lines, Index length, Offset to_step, Offset index_step, Offset from_step, Walk<3> w,
        Pointers<3> p, const Failure* failure) {
    if (failure->raised) return;
    for (Index line = first(); line < lines; line += step()) {
        Offset at[3];
        locate(w, line, at);
        for (Index i = 0; i < length; i++) {
            i64 index = memory<const i64>(p.at[1])[at[1] + (Offset)i * index_step];
            Value x = memory<const Value>(p.at[2])[at[2] + (Offset)i * from_step];
            Value* place = memory<Value>(p.at[0]) + at[0] + (Offset)index * to_step;
            *place = JOIN(*place, x);
        }
    }
}

// The index (1) is sorted along each line, and stably; where its elements came from (3) lies as it does. Of those that
// name one place the first one's thread joins all. Neighbours work on neighbouring lines.
extern "C" __global__ void segments(Index lines, Index length, Offset to_step, Offset index_step, Offset from_step,
        Walk<3> w, Pointers<4> p, const Failure* failure) {
    if (failure->raised) return;
    for (Index i = first(); i < lines * length; i += step()) {
        Index k = i / lines;
        Offset at[3];
        locate(w, i - k * lines, at);
        const i64* index = memory<const i64>(p.at[1]) + at[1];
        const i64* order = memory<const i64>(p.at[3]) + at[1];
        i64 target = index[(Offset)k * index_step];
        if (k > 0 && index[(Offset)(k - 1) * index_step] == target) continue;
        Value* place = memory<Value>(p.at[0]) + at[0] + (Offset)target * to_step;
        Value joined = *place;
        for (; k < length && index[(Offset)k * index_step] == target; k++) {
            Value x = memory<const Value>(p.at[2])[at[2] + (Offset)order[(Offset)k * index_step] * from_step];
            joined = JOIN(joined, x);
        }
        *place = joined;
    }
}

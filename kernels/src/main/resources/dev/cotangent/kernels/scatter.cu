// to (0) by index (1) from (2). Elements that meet in one place are of one line along the dimension, and a line is one
// thread's, so they meet in their order.
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

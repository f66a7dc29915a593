// Gathers out (0) from in (1) by index (2). in's stride of the indexed dimension is `along`; in w it is 0.
extern "C" __global__ void gather(Index n, Dims<3> w, Pointers<3> p, i64 size, Offset along, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[3];
        locate(w, i, at);
        i64 index = memory<const i64>(p.at[2])[at[2]];
        // An invalid index writes a zero, so that no uninitialised memory is exposed.
        bool found = within(index, size, dim, failure);
        memory<Value>(p.at[0])[at[0]] = found ? memory<const Value>(p.at[1])[at[1] + (Offset)index * along] : cast<Value>(0);
    }
}

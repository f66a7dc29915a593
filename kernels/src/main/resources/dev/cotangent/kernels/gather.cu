// out (0) from in (1) by index (2): in's stride along the dimension is 0 in the walk, and step here.
extern "C" __global__ void gather(Index n, Walk<3> w, Pointers<3> p, i64 size, Offset along, int dim, Failure* failure) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[3];
        locate(w, i, at);
        i64 index = memory<const i64>(p.at[2])[at[2]];
        // Also without an index a value is written: what lay in memory before is nobody's business.
        bool found = within(index, size, dim, failure);
        memory<Value>(p.at[0])[at[0]] = found ? memory<const Value>(p.at[1])[at[1] + (Offset)index * along] : cast<Value>(0);
    }
}

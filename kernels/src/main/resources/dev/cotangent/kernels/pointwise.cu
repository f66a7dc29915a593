// Runs a program for every element. Operands are numbered outputs first; load, compute and store are generated.
extern "C" __global__ void contiguous(Index n, Index vectors, Pointers<OPERANDS> p, Values<SCALARS> s) {
    for (Index i = first(); i < vectors; i += step()) {
        In in[WIDTH];
        Out out[WIDTH];
        load_vector(p, i, in);
#pragma unroll
        for (int k = 0; k < WIDTH; k++) compute(in[k], s, out[k]);
        store_vector(p, i, out);
    }
    for (Index i = WIDTH * vectors + first(); i < n; i += step()) {
        Offset at[OPERANDS];
        for (int k = 0; k < OPERANDS; k++) at[k] = (Offset)i;
        In in;
        Out out;
        load(p, at, in);
        compute(in, s, out);
        store(p, at, out);
    }
}

extern "C" __global__ void strided(Index n, Dims<OPERANDS> w, Pointers<OPERANDS> p, Values<SCALARS> s) {
    for (Index i = first(); i < n; i += step()) {
        Offset at[OPERANDS];
        locate(w, i, at);
        In in;
        Out out;
        load(p, at, in);
        compute(in, s, out);
        store(p, at, out);
    }
}

// A program's value joined over dimensions. The order in which elements are joined depends on sizes alone, so a result
// is the same on every device and in every run.
template <class V> struct Sum {
    // Floating point and half types: in double, which holds every bit of a float32 sum that counts.
    double sum;
    __device__ void clear() { sum = 0.0; }
    __device__ void add(V v, i64) { sum += (double)widen(v); }
    __device__ void join(const Sum& o) { sum += o.sum; }
    __device__ Result result() const { return cast<Result>(sum); }
};
template <> struct Sum<double> {
    // Neumaier's: what an addition rounds away is kept apart.
    double sum, lost;
    __device__ void clear() { sum = lost = 0.0; }
    __device__ void plus(double x) {
        double t = sum + x;
        lost += fabs(sum) >= fabs(x) ? sum - t + x : x - t + sum;
        sum = t;
    }
    __device__ void add(double v, i64) { plus(v); }
    __device__ void join(const Sum& o) { plus(o.sum); lost += o.lost; }
    __device__ Result result() const { return cast<Result>(fabs(sum) <= 1.7976931348623157e308 && lost == lost ? sum + lost : sum); }
};
template <class V> struct SumWhole {
    u64 sum;
    __device__ void clear() { sum = 0; }
    __device__ void add(V v, i64) { sum += (u64)(i64)v; }
    __device__ void join(const SumWhole& o) { sum += o.sum; }
    __device__ Result result() const { return cast<Result>((i64)sum); }
};
template <class V> struct Prod {
    double product;
    __device__ void clear() { product = 1.0; }
    __device__ void add(V v, i64) { product *= (double)widen(v); }
    __device__ void join(const Prod& o) { product *= o.product; }
    __device__ Result result() const { return cast<Result>(product); }
};
template <class V> struct ProdWhole {
    u64 product;
    __device__ void clear() { product = 1; }
    __device__ void add(V v, i64) { product *= (u64)(i64)v; }
    __device__ void join(const ProdWhole& o) { product *= o.product; }
    __device__ Result result() const { return cast<Result>((i64)product); }
};
// The best of all, the first of equals, NaN being best: its value, or where it is.
template <class V> struct Best {
    V best;
    int some;
    i64 where;
    __device__ void clear() { some = 0; where = 0; best = V(); }
    __device__ bool beats(V v, i64 at) const {
        if (!some) return true;
        auto a = widen(v);
        auto b = widen(best);
        bool na = a != a, nb = b != b;
        if (na || nb) return na && (!nb || at < where);
        if (a == b) return at < where;
        return MAXIMUM ? a > b : a < b;
    }
    __device__ void add(V v, i64 at) {
        if (!beats(v, at)) return;
        best = v;
        where = at;
        some = 1;
    }
    __device__ void join(const Best& o) { if (o.some) add(o.best, o.where); }
};
template <class V> struct BestValue : Best<V> {
    __device__ Result result() const { return this->best; }
};
template <class V> struct BestPlace : Best<V> {
    __device__ Result result() const { return (Result)this->where; }
};
template <class V> struct Any {
    int truth;
    __device__ void clear() { truth = 0; }
    __device__ void add(V v, i64) { truth |= cast<bool>(v) ? 1 : 0; }
    __device__ void join(const Any& o) { truth |= o.truth; }
    __device__ Result result() const { return (Result)truth; }
};
template <class V> struct All {
    int truth;
    __device__ void clear() { truth = 1; }
    __device__ void add(V v, i64) { truth &= cast<bool>(v) ? 1 : 0; }
    __device__ void join(const All& o) { truth &= o.truth; }
    __device__ Result result() const { return (Result)truth; }
};
typedef JOIN<Value> Joined;

// Lanes of a block share the elements of one result, blockDim.x / lanes results at a time. Neighbouring threads are
// neighbours among the elements, or among the results where those lie closer together (columns).
extern "C" __global__ void reduce(Index results, Index count, Index part, int lanes, int columns, Walk<OPERANDS> kept,
        Walk<OPERANDS> joined, Pointers<OPERANDS> p, Values<SCALARS> s, Joined* parts) {
    __shared__ Joined shared[256];
    int groups = blockDim.x / lanes;
    int lane = columns ? threadIdx.x / groups : threadIdx.x % lanes;
    int group = columns ? threadIdx.x % groups : threadIdx.x / lanes;
    Index o = (Index)blockIdx.x * groups + group;
    Index from = blockIdx.y * part, to = count - from < part ? count : from + part;
    Offset base[OPERANDS];
    Joined mine;
    mine.clear();
    if (o < results) {
        locate(kept, o, base);
        for (Index i = from + lane; i < to; i += lanes) {
            Offset at[OPERANDS];
            locate(joined, i, at);
            for (int k = 0; k < OPERANDS; k++) at[k] += base[k];
            In in;
            Out out;
            load(p, at, in);
            compute(in, s, out);
            mine.add(out.y0, (i64)i);
        }
    }
    shared[lane * groups + group] = mine;
    for (int half = lanes / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) shared[lane * groups + group].join(shared[(lane + half) * groups + group]);
    }
    if (lane != 0 || o >= results) return;
    if (parts) parts[blockIdx.y * results + o] = shared[group];
    else memory<Result>(p.at[0])[base[0]] = shared[group].result();
}

extern "C" __global__ void finish(Index results, int count, Walk<OPERANDS> kept, Pointers<OPERANDS> p, const Joined* parts) {
    for (Index o = first(); o < results; o += step()) {
        Joined all = parts[o];
        for (int i = 1; i < count; i++) all.join(parts[i * results + o]);
        Offset base[OPERANDS];
        locate(kept, o, base);
        memory<Result>(p.at[0])[base[0]] = all.result();
    }
}

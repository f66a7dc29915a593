// Reduces a program's value over dimensions. The order of accumulation depends on sizes alone, so results are the same
// on every device and in every run.
template <class V> struct Sum {
    // Floating-point types accumulate in double.
    double sum;
    __device__ void clear() { sum = 0.0; }
    __device__ void add(V v, i64) { sum += (double)widen(v); }
    __device__ void combine(const Sum& o) { sum += o.sum; }
    __device__ Result result() const { return cast<Result>(sum); }
};
template <> struct Sum<double> {
    // Neumaier summation: the rounding errors are summed separately.
    double sum, error;
    __device__ void clear() { sum = error = 0.0; }
    __device__ void plus(double x) {
        double t = sum + x;
        error += fabs(sum) >= fabs(x) ? sum - t + x : x - t + sum;
        sum = t;
    }
    __device__ void add(double v, i64) { plus(v); }
    __device__ void combine(const Sum& o) { plus(o.sum); error += o.error; }
    __device__ Result result() const { return cast<Result>(fabs(sum) <= 1.7976931348623157e308 && error == error ? sum + error : sum); }
};
template <class V> struct IntegerSum {
    u64 sum;
    __device__ void clear() { sum = 0; }
    __device__ void add(V v, i64) { sum += (u64)(i64)v; }
    __device__ void combine(const IntegerSum& o) { sum += o.sum; }
    __device__ Result result() const { return cast<Result>((i64)sum); }
};
template <class V> struct Prod {
    double product;
    __device__ void clear() { product = 1.0; }
    __device__ void add(V v, i64) { product *= (double)widen(v); }
    __device__ void combine(const Prod& o) { product *= o.product; }
    __device__ Result result() const { return cast<Result>(product); }
};
template <class V> struct IntegerProd {
    u64 product;
    __device__ void clear() { product = 1; }
    __device__ void add(V v, i64) { product *= (u64)(i64)v; }
    __device__ void combine(const IntegerProd& o) { product *= o.product; }
    __device__ Result result() const { return cast<Result>((i64)product); }
};
// Minimum or maximum; the first of equals, and NaN wins.
template <class V> struct ExtremumBase {
    V best;
    int any;
    i64 where;
    __device__ void clear() { any = 0; where = 0; best = V(); }
    __device__ bool beats(V v, i64 at) const {
        if (!any) return true;
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
        any = 1;
    }
    __device__ void combine(const ExtremumBase& o) { if (o.any) add(o.best, o.where); }
};
template <class V> struct Extremum : ExtremumBase<V> {
    __device__ Result result() const { return this->best; }
};
template <class V> struct ArgExtremum : ExtremumBase<V> {
    __device__ Result result() const { return (Result)this->where; }
};
template <class V> struct Any {
    int truth;
    __device__ void clear() { truth = 0; }
    __device__ void add(V v, i64) { truth |= cast<bool>(v) ? 1 : 0; }
    __device__ void combine(const Any& o) { truth |= o.truth; }
    __device__ Result result() const { return (Result)truth; }
};
template <class V> struct All {
    int truth;
    __device__ void clear() { truth = 1; }
    __device__ void add(V v, i64) { truth &= cast<bool>(v) ? 1 : 0; }
    __device__ void combine(const All& o) { truth &= o.truth; }
    __device__ Result result() const { return (Result)truth; }
};
typedef ACCUMULATOR<Value> Accumulator;

// `lanes` threads share the elements of one result; a block computes blockDim.x / lanes results. Adjacent threads read
// adjacent elements, or with `columns` adjacent results, if those have the smaller stride.
// With `parts` the elements are split over blockIdx.y, and `finish` combines the accumulators.
extern "C" __global__ void reduce(Index results, Index count, Index part, int lanes, int columns, Dims<OPERANDS> outer,
        Dims<OPERANDS> reduced, Pointers<OPERANDS> p, Values<SCALARS> s, Accumulator* parts) {
    __shared__ Accumulator shared[256];
    int groups = blockDim.x / lanes;
    int lane = columns ? threadIdx.x / groups : threadIdx.x % lanes;
    int group = columns ? threadIdx.x % groups : threadIdx.x / lanes;
    Index o = (Index)blockIdx.x * groups + group;
    Index from = blockIdx.y * part, to = count - from < part ? count : from + part;
    Offset base[OPERANDS];
    Accumulator mine;
    mine.clear();
    if (o < results) {
        locate(outer, o, base);
        each<In>(from + lane, to, lanes, [&](Index i) {
            Offset at[OPERANDS];
            locate(reduced, i, at);
            for (int k = 0; k < OPERANDS; k++) at[k] += base[k];
            In in;
            load(p, at, in);
            return in;
        }, [&](Index i, const In& in) {
            Out out;
            compute(in, s, out);
            mine.add(out.y0, (i64)i);
        });
    }
    shared[lane * groups + group] = mine;
    for (int half = lanes / 2; half > 0; half /= 2) {
        __syncthreads();
        if (lane < half) shared[lane * groups + group].combine(shared[(lane + half) * groups + group]);
    }
    if (lane != 0 || o >= results) return;
    if (parts) parts[blockIdx.y * results + o] = shared[group];
    else memory<Result>(p.at[0])[base[0]] = shared[group].result();
}

extern "C" __global__ void finish(Index results, int count, Dims<OPERANDS> outer, Pointers<OPERANDS> p, const Accumulator* parts) {
    for (Index o = first(); o < results; o += step()) {
        Accumulator all = parts[o];
        for (int i = 1; i < count; i++) all.combine(parts[i * results + o]);
        Offset base[OPERANDS];
        locate(outer, o, base);
        memory<Result>(p.at[0])[base[0]] = all.result();
    }
}

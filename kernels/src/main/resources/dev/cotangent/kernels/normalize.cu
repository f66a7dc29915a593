// out (0) = (in (1) - mean) * rstd * weight (2) + bias (3), one block per group. Sums accumulate in double; the variance
// takes a second pass over the differences, as the composed operations do.
__device__ inline double total(double mine, double* shared) {
    shared[threadIdx.x] = mine;
    for (int half = blockDim.x / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
    }
    __syncthreads();
    double sum = shared[0];
    __syncthreads();
    return sum;
}

extern "C" __global__ void normalize(Index groups, Index count, Dims<4> outer, Dims<4> reduced, Pointers<4> p, Wide* means,
        Wide* rstds, double eps) {
    __shared__ double shared[256];
    const Value* in = memory<const Value>(p.at[1]);
    for (Index group = blockIdx.x; group < groups; group += gridDim.x) {
        Offset base[4], at[4];
        locate(outer, group, base);
        auto load = [&](Index i) {
            Offset at[4];
            locate(reduced, i, at);
            return in[base[1] + at[1]];
        };
        double sum = 0.0;
        each<Value>(threadIdx.x, count, blockDim.x, load, [&](Index, Value x) { sum += (double)widen(x); });
        Wide mean = (Wide)total(sum, shared) / (Wide)count;
        sum = 0.0;
        each<Value>(threadIdx.x, count, blockDim.x, load, [&](Index, Value x) {
            Wide difference = (Wide)widen(x) - mean;
            sum += (double)(difference * difference);
        });
        Wide variance = (Wide)total(sum, shared) / (Wide)count;
        Wide rstd = (Wide)1 / f_sqrt(variance + (Wide)eps);
        double shift = (double)-(mean * rstd);
        for (Index i = threadIdx.x; i < count; i += blockDim.x) {
            locate(reduced, i, at);
            Wide y = (Wide)((double)widen(in[base[1] + at[1]]) * (double)rstd + shift);
            if (p.at[2]) y = y * (Wide)widen(memory<const Scale>(p.at[2])[base[2] + at[2]]);
            if (p.at[3]) y = y + (Wide)widen(memory<const Shift>(p.at[3])[base[3] + at[3]]);
            memory<Value>(p.at[0])[base[0] + at[0]] = cast<Value>(y);
        }
        if (threadIdx.x == 0) {
            means[group] = mean;
            rstds[group] = rstd;
        }
    }
}

// Gradient of the input: out (0), in (1), gradient of the output (2), weight (3).
__device__ inline Wide weighted(const Pointers<4>& p, const Offset* base, const Offset* at) {
    Wide g = (Wide)widen(memory<const Value>(p.at[2])[base[2] + at[2]]);
    return p.at[3] ? g * (Wide)widen(memory<const Scale>(p.at[3])[base[3] + at[3]]) : g;
}

extern "C" __global__ void normalize_backward(Index groups, Index count, Dims<4> outer, Dims<4> reduced, Pointers<4> p,
        const Wide* means, const Wide* rstds) {
    __shared__ double shared[256];
    const Value* in = memory<const Value>(p.at[1]);
    for (Index group = blockIdx.x; group < groups; group += gridDim.x) {
        Offset base[4], at[4];
        locate(outer, group, base);
        Wide mean = means[group], rstd = rstds[group];
        double sum = 0.0, dot = 0.0;
        for (Index i = threadIdx.x; i < count; i += blockDim.x) {
            locate(reduced, i, at);
            Wide h = weighted(p, base, at), n = ((Wide)widen(in[base[1] + at[1]]) - mean) * rstd;
            sum += (double)h;
            dot += (double)(h * n);
        }
        Wide center = (Wide)total(sum, shared) / (Wide)count, slope = (Wide)total(dot, shared) / (Wide)count;
        for (Index i = threadIdx.x; i < count; i += blockDim.x) {
            locate(reduced, i, at);
            Wide h = weighted(p, base, at), n = ((Wide)widen(in[base[1] + at[1]]) - mean) * rstd;
            memory<Value>(p.at[0])[base[0] + at[0]] = cast<Value>((h - center - n * slope) * rstd);
        }
    }
}

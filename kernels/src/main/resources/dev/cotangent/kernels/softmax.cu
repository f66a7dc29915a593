// Softmax or log-softmax of lines: out (0), in (1). One block per line; sums accumulate in double.
extern "C" __global__ void softmax(Index lines, Index length, Offset out_stride, Offset in_stride, Dims<2> w, Pointers<2> p) {
    __shared__ double shared[256];
    int me = threadIdx.x;
    for (Index line = blockIdx.x; line < lines; line += gridDim.x) {
        Offset at[2];
        locate(w, line, at);
        const Value* in = memory<const Value>(p.at[1]) + at[1];
        Value* out = memory<Value>(p.at[0]) + at[0];
        double most = -(double)infinity();
        auto load = [&](Index i) { return in[(Offset)i * in_stride]; };
        each<Value>(me, length, blockDim.x, load, [&](Index, Value x) { most = max_(most, (double)widen(x)); });
        shared[me] = most;
        for (int half = blockDim.x / 2; half > 0; half /= 2) {
            __syncthreads();
            if (me < half) shared[me] = max_(shared[me], shared[me + half]);
        }
        __syncthreads();
        Wide top = (Wide)shared[0];
        __syncthreads();
        double sum = 0.0;
        each<Value>(me, length, blockDim.x, load, [&](Index, Value x) { sum += (double)f_exp((Wide)widen(x) - top); });
        shared[me] = sum;
        for (int half = blockDim.x / 2; half > 0; half /= 2) {
            __syncthreads();
            if (me < half) shared[me] += shared[me + half];
        }
        __syncthreads();
        Wide total = (Wide)shared[0];
        if (LOGARITHM) total = f_log(total);
        each<Value>(me, length, blockDim.x, load, [&](Index i, Value x) {
            Wide shifted = (Wide)widen(x) - top;
            out[(Offset)i * out_stride] = cast<Value>(LOGARITHM ? shifted - total : f_exp(shifted) / total);
        });
        __syncthreads();
    }
}

// Gradient: out (0), gradient of the output (1), output (2).
extern "C" __global__ void softmax_backward(Index lines, Index length, Offset out_stride, Offset g_stride, Offset y_stride,
        Dims<3> w, Pointers<3> p) {
    __shared__ double shared[256];
    int me = threadIdx.x;
    for (Index line = blockIdx.x; line < lines; line += gridDim.x) {
        Offset at[3];
        locate(w, line, at);
        Value* out = memory<Value>(p.at[0]) + at[0];
        const Value* gradient = memory<const Value>(p.at[1]) + at[1];
        const Value* result = memory<const Value>(p.at[2]) + at[2];
        double sum = 0.0;
        for (Index i = me; i < length; i += blockDim.x) {
            Wide g = (Wide)widen(gradient[(Offset)i * g_stride]);
            sum += (double)(LOGARITHM ? g : g * (Wide)widen(result[(Offset)i * y_stride]));
        }
        shared[me] = sum;
        for (int half = blockDim.x / 2; half > 0; half /= 2) {
            __syncthreads();
            if (me < half) shared[me] += shared[me + half];
        }
        __syncthreads();
        Wide total = (Wide)shared[0];
        for (Index i = me; i < length; i += blockDim.x) {
            Wide g = (Wide)widen(gradient[(Offset)i * g_stride]), y = (Wide)widen(result[(Offset)i * y_stride]);
            out[(Offset)i * out_stride] = cast<Value>(LOGARITHM ? g - f_exp(y) * total : (g - total) * y);
        }
        __syncthreads();
    }
}

/** Backend for NVIDIA GPUs, on JCuda, NVRTC and cuBLAS. */
module dev.cotangent.jcuda {
    requires static org.jspecify;
    requires dev.cotangent.core;
    requires dev.cotangent.kernels;
    requires jcublas;
    requires jcuda;
    requires org.slf4j;

    provides dev.cotangent.backend.BackendProvider with
            dev.cotangent.jcuda.CudaProvider;
}

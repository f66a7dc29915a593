/** Backend for NVIDIA GPUs, on JCuda's driver API, NVRTC and cuBLAS. The only package that depends on JCuda. */
@NullMarked
package dev.cotangent.jcuda;

import org.jspecify.annotations.NullMarked;

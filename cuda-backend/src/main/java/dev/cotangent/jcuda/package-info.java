/** The backend on NVIDIA GPUs: JCuda's driver API, NVRTC and cuBLAS. The only package that knows JCuda. */
@NullMarked
package dev.cotangent.jcuda;

import org.jspecify.annotations.NullMarked;

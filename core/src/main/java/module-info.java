/** Tensors with PyTorch's autograd, the scalar IR and the interface that backends implement. */
module dev.cotangent.core {
    requires static jdk.jfr;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.cotangent;
    exports dev.cotangent.autograd;
    exports dev.cotangent.backend;
    exports dev.cotangent.cuda;
    exports dev.cotangent.fft;
    exports dev.cotangent.ir;
    exports dev.cotangent.linalg;
    exports dev.cotangent.profiler;
    exports dev.cotangent.signal;
    exports dev.cotangent.special;
    exports dev.cotangent.internal to
            dev.cotangent.cpu,
            dev.cotangent.data,
            dev.cotangent.distributed,
            dev.cotangent.io,
            dev.cotangent.jcuda,
            dev.cotangent.nn,
            dev.cotangent.onnx;
    exports dev.cotangent.internal.engine to
            dev.cotangent.nn;
    exports dev.cotangent.internal.format to
            dev.cotangent.io,
            dev.cotangent.onnx;
    exports dev.cotangent.internal.ops.elementwise to
            dev.cotangent.nn;
    exports dev.cotangent.internal.ops.movement to
            dev.cotangent.data;

    uses dev.cotangent.backend.BackendProvider;
    uses org.slf4j.spi.SLF4JServiceProvider;
}

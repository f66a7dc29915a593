/** Export of modules to ONNX, and import of ONNX models as modules. */
module dev.cotangent.onnx {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;
    requires transitive dev.cotangent.nn;
    requires com.google.protobuf;

    exports dev.cotangent.onnx;
}

/** Files of tensors: PyTorch's checkpoints, safetensors and NumPy's formats; and a training loop that saves and resumes. */
module dev.cotangent.io {
    requires static org.jspecify;
    requires transitive dev.cotangent.core;
    requires transitive dev.cotangent.nn;
    requires java.desktop;
    requires tools.jackson.core;

    exports dev.cotangent.io;
    exports dev.cotangent.io.tensorboard;
    exports dev.cotangent.train;
}

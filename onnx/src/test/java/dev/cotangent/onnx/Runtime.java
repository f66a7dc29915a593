package dev.cotangent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs models by onnxruntime. */
final class Runtime {
    private Runtime() {}

    /** Returns a model's outputs, whose inputs are given in order. */
    static List<Tensor> run(Path model, Tensor... inputs) throws OrtException {
        checkCommandLine();
        OrtEnvironment env = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try (OrtSession session = env.createSession(model.toString(), options)) {
                Map<String, OnnxTensor> given = new LinkedHashMap<>();
                int i = 0;
                for (String name : session.getInputNames()) given.put(name, of(env, inputs[i++]));
                try (OrtSession.Result result = session.run(given)) {
                    List<Tensor> outputs = new ArrayList<>();
                    for (Map.Entry<String, OnnxValue> e : result) outputs.add(tensor((OnnxTensor) e.getValue()));
                    return outputs;
                } finally {
                    given.values().forEach(OnnxTensor::close);
                }
            }
        }
    }

    /** onnxruntime 1.29 ends the process by a segmentation fault if its command line has some 4000 characters. */
    private static void checkCommandLine() {
        int length =
                ProcessHandle.current().info().commandLine().map(String::length).orElse(0);
        if (length > 3500) {
            throw new AssertionError("the command line has " + length
                    + " characters, at which onnxruntime crashes: give the class path by the variable CLASSPATH");
        }
    }

    private static OnnxTensor of(OrtEnvironment env, Tensor x) throws OrtException {
        long[] shape = x.shape().toArray();
        Tensor flat = x.detach().contiguous().reshape(-1);
        return switch (x.dtype()) {
            case INT64 -> OnnxTensor.createTensor(env, LongBuffer.wrap(flat.toLongArray()), shape);
            case INT32 -> OnnxTensor.createTensor(env, IntBuffer.wrap(flat.toIntArray()), shape);
            case BOOL -> {
                boolean[] values = flat.toBooleanArray();
                ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
                for (boolean v : values) bytes.put((byte) (v ? 1 : 0));
                yield OnnxTensor.createTensor(env, bytes.flip(), shape, ai.onnxruntime.OnnxJavaType.BOOL);
            }
            default -> OnnxTensor.createTensor(env, FloatBuffer.wrap(flat.toFloatArray()), shape);
        };
    }

    private static Tensor tensor(OnnxTensor t) {
        long[] shape = t.getInfo().getShape();
        Tensor flat = switch (t.getInfo().type) {
            case FLOAT -> {
                FloatBuffer from = t.getFloatBuffer();
                float[] values = new float[from.remaining()];
                from.get(values);
                yield Tensors.tensor(values);
            }
            case INT64 -> {
                LongBuffer from = t.getLongBuffer();
                long[] values = new long[from.remaining()];
                from.get(values);
                yield Tensors.tensor(values);
            }
            case BOOL -> {
                ByteBuffer from = t.getByteBuffer();
                byte[] values = new byte[from.remaining()];
                from.get(values);
                yield Tensors.tensor(values).to(Dtype.BOOL);
            }
            default -> throw new AssertionError("an output of type " + t.getInfo().type);
        };
        return flat.reshape(shape);
    }
}

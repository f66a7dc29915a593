package dev.cotangent.cuda;

import dev.cotangent.Device;
import dev.cotangent.Generator;
import dev.cotangent.backend.Accelerator;
import java.lang.ref.Cleaner;

/**
 * Work of a GPU that is taken down once and done again with one call, so that it costs the host next to nothing;
 * PyTorch's {@code torch.cuda.CUDAGraph}. A replay works at the addresses of the capture: it reads what the same tensors
 * hold now, and writes the same tensors anew.
 *
 * {@snippet :
 * Tensor x = zeros(64, 784).cuda();
 * Tensor[] y = {model.forward(x)};       // once before, so that its kernels are compiled
 * CudaGraph graph = CudaGraph.capture(() -> y[0] = model.forward(x));
 * x.copy_(batch);
 * graph.replay();                        // y[0] is the model's answer for the batch
 * }
 *
 * <p>Capturing computes nothing. Memory that the step takes is the graph's own until it is closed, or nothing refers to
 * it any more, and the graph holds on to all other memory that it uses. What is done on the host is not repeated: a number
 * such as a learning rate is what it was at the capture, and so is which way a condition went. Random numbers of the
 * standard generator go on from replay to replay, as if the step were run; others cannot be captured, and neither can
 * what needs a result, or a copy from the host: each raises an error that says so, and the capture is given up. While a
 * thread captures, other threads that wait for the whole device wait for the capture as well.
 *
 * <p>A step may go on in several streams: one that waits for the step's stream, or for an event recorded in it, takes part
 * in the capture from then on, and the step's stream has to wait for it at the end. Until then no other thread may use it.
 */
public final class CudaGraph implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Accelerator.Capture recording;
    private final Cleaner.Cleanable cleanable;
    private final long blocks;

    private CudaGraph(Accelerator.Capture recording, long blocks) {
        this.recording = recording;
        this.cleanable = CLEANER.register(this, recording::close);
        this.blocks = blocks;
    }

    /** Takes down what a step asks of the current device. */
    public static CudaGraph capture(Runnable step) {
        return capture(Device.cuda(Cuda.currentDevice()), step);
    }

    /** Takes down what a step asks of a device. */
    public static CudaGraph capture(Device device, Runnable step) {
        Accelerator accelerator = Cuda.accelerator(device);
        Generator generator = Generator.standard();
        Generator.State start = generator.state();
        try {
            Accelerator.Capture recording = accelerator.capture(start.seed(), start.position(), step);
            return new CudaGraph(recording, generator.state().position() - start.position());
        } finally {
            // Nothing was drawn.
            generator.setState(start);
        }
    }

    /** Does the work on the calling thread's current stream. */
    public void replay() {
        Generator.State at = Generator.standard().skip(blocks);
        recording.replay(at.seed(), at.position());
    }

    /** Frees the graph, and its memory as soon as no tensor has it. */
    @Override
    public void close() {
        cleanable.clean();
    }
}

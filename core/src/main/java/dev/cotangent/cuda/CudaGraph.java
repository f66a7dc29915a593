package dev.cotangent.cuda;

import dev.cotangent.Device;
import dev.cotangent.Generator;
import dev.cotangent.backend.Accelerator;
import java.lang.ref.Cleaner;

/**
 * GPU work that is captured once and replayed with one call at almost no cost for the host; PyTorch's {@code
 * torch.cuda.CUDAGraph}. A replay uses the addresses of the capture: it reads the current contents of the same tensors
 * and overwrites the same outputs.
 *
 * {@snippet :
 * Tensor x = zeros(64, 784).cuda();
 * Tensor[] y = {model.forward(x)};       // warm-up run, compiles the kernels
 * CudaGraph graph = CudaGraph.capture(() -> y[0] = model.forward(x));
 * x.copy_(batch);
 * graph.replay();                        // y[0] is the model's output for the batch
 * }
 *
 * <p>Capturing computes nothing. Memory allocated during the capture belongs to the graph until it is closed or
 * unreachable; the graph keeps all other memory it uses alive. Host code is not replayed: numbers such as a learning
 * rate and the outcome of conditions are those of the capture. Random numbers of the default generator advance with
 * each replay as if the step ran; other generators cannot be captured, nor can reads of results or copies from the
 * host: each throws and ends the capture. While a thread captures, threads that synchronize with the whole device wait
 * for the capture.
 *
 * <p>A step may use several streams: a stream that waits for the capturing stream, or for an event recorded in it,
 * takes part in the capture, and the capturing stream must wait for it at the end. Meanwhile no other thread may use it.
 */
public final class CudaGraph implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Accelerator.Capture capture;
    private final Cleaner.Cleanable cleanable;
    private final long blocks;

    private CudaGraph(Accelerator.Capture capture, long blocks) {
        this.capture = capture;
        this.cleanable = CLEANER.register(this, capture::close);
        this.blocks = blocks;
    }

    /** Captures a step's work on the current device. */
    public static CudaGraph capture(Runnable step) {
        return capture(Device.cuda(Cuda.currentDevice()), step);
    }

    /** Captures a step's work on a device. */
    public static CudaGraph capture(Device device, Runnable step) {
        Accelerator accelerator = Cuda.accelerator(device);
        Generator generator = Generator.standard();
        Generator.State start = generator.state();
        try {
            Accelerator.Capture capture = accelerator.capture(start.seed(), start.position(), step);
            return new CudaGraph(capture, generator.state().position() - start.position());
        } finally {
            // No random numbers were drawn.
            generator.setState(start);
        }
    }

    /** Replays the work on the calling thread's current stream. */
    public void replay() {
        Generator.State at = Generator.standard().skip(blocks);
        capture.replay(at.seed(), at.position());
    }

    /** Frees the graph; its memory is freed as soon as no tensor uses it. */
    @Override
    public void close() {
        cleanable.clean();
    }
}

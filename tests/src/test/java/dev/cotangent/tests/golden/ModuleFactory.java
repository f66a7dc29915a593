package dev.cotangent.tests.golden;

import dev.cotangent.LossReduction;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.*;
import dev.cotangent.nn.BCELoss;
import dev.cotangent.nn.BCEWithLogitsLoss;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.BatchNorm2d;
import dev.cotangent.nn.BatchNorm3d;
import dev.cotangent.nn.Bilinear;
import dev.cotangent.nn.CELU;
import dev.cotangent.nn.ChannelShuffle;
import dev.cotangent.nn.CircularPad1d;
import dev.cotangent.nn.CircularPad2d;
import dev.cotangent.nn.CircularPad3d;
import dev.cotangent.nn.ConstantPad1d;
import dev.cotangent.nn.ConstantPad2d;
import dev.cotangent.nn.ConstantPad3d;
import dev.cotangent.nn.Conv1d;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.Conv3d;
import dev.cotangent.nn.ConvTranspose1d;
import dev.cotangent.nn.ConvTranspose2d;
import dev.cotangent.nn.ConvTranspose3d;
import dev.cotangent.nn.CosineEmbeddingLoss;
import dev.cotangent.nn.CosineSimilarity;
import dev.cotangent.nn.CrossEntropyLoss;
import dev.cotangent.nn.ELU;
import dev.cotangent.nn.Embedding;
import dev.cotangent.nn.EmbeddingBag;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Fold;
import dev.cotangent.nn.GELU;
import dev.cotangent.nn.GLU;
import dev.cotangent.nn.GRU;
import dev.cotangent.nn.GRUCell;
import dev.cotangent.nn.GaussianNLLLoss;
import dev.cotangent.nn.GroupNorm;
import dev.cotangent.nn.Hardshrink;
import dev.cotangent.nn.Hardsigmoid;
import dev.cotangent.nn.Hardswish;
import dev.cotangent.nn.Hardtanh;
import dev.cotangent.nn.HingeEmbeddingLoss;
import dev.cotangent.nn.HuberLoss;
import dev.cotangent.nn.Identity;
import dev.cotangent.nn.InstanceNorm1d;
import dev.cotangent.nn.InstanceNorm2d;
import dev.cotangent.nn.InstanceNorm3d;
import dev.cotangent.nn.KLDivLoss;
import dev.cotangent.nn.L1Loss;
import dev.cotangent.nn.LSTM;
import dev.cotangent.nn.LSTMCell;
import dev.cotangent.nn.LayerNorm;
import dev.cotangent.nn.LeakyReLU;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.LocalResponseNorm;
import dev.cotangent.nn.LogSigmoid;
import dev.cotangent.nn.LogSoftmax;
import dev.cotangent.nn.MSELoss;
import dev.cotangent.nn.MarginRankingLoss;
import dev.cotangent.nn.Mish;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.MultiLabelMarginLoss;
import dev.cotangent.nn.MultiLabelSoftMarginLoss;
import dev.cotangent.nn.MultiMarginLoss;
import dev.cotangent.nn.MultiheadAttention;
import dev.cotangent.nn.NLLLoss;
import dev.cotangent.nn.PReLU;
import dev.cotangent.nn.PairwiseDistance;
import dev.cotangent.nn.PixelShuffle;
import dev.cotangent.nn.PixelUnshuffle;
import dev.cotangent.nn.PoissonNLLLoss;
import dev.cotangent.nn.RMSNorm;
import dev.cotangent.nn.RNN;
import dev.cotangent.nn.RNNCell;
import dev.cotangent.nn.RReLU;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.ReLU6;
import dev.cotangent.nn.RecurrentOptions;
import dev.cotangent.nn.ReflectionPad1d;
import dev.cotangent.nn.ReflectionPad2d;
import dev.cotangent.nn.ReflectionPad3d;
import dev.cotangent.nn.ReplicationPad1d;
import dev.cotangent.nn.ReplicationPad2d;
import dev.cotangent.nn.ReplicationPad3d;
import dev.cotangent.nn.SELU;
import dev.cotangent.nn.SiLU;
import dev.cotangent.nn.Sigmoid;
import dev.cotangent.nn.SmoothL1Loss;
import dev.cotangent.nn.SoftMarginLoss;
import dev.cotangent.nn.Softmax;
import dev.cotangent.nn.Softmax2d;
import dev.cotangent.nn.Softmin;
import dev.cotangent.nn.Softplus;
import dev.cotangent.nn.Softshrink;
import dev.cotangent.nn.Softsign;
import dev.cotangent.nn.Tanh;
import dev.cotangent.nn.Tanhshrink;
import dev.cotangent.nn.Threshold;
import dev.cotangent.nn.Transformer;
import dev.cotangent.nn.TransformerDecoderLayer;
import dev.cotangent.nn.TransformerEncoderLayer;
import dev.cotangent.nn.TransformerMasks;
import dev.cotangent.nn.TripletMarginLoss;
import dev.cotangent.nn.Unflatten;
import dev.cotangent.nn.Unfold;
import dev.cotangent.nn.ZeroPad1d;
import dev.cotangent.nn.ZeroPad2d;
import dev.cotangent.nn.ZeroPad3d;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes modules by PyTorch's names, of the arguments of PyTorch's constructors. */
final class ModuleFactory {
    /** Names of positional arguments, as far as records have such. */
    private static final Map<String, String> POSITIONS = Map.ofEntries(
            Map.entry("LayerNorm", "normalized_shape eps elementwise_affine bias"),
            Map.entry("RMSNorm", "normalized_shape eps elementwise_affine"),
            Map.entry("GroupNorm", "num_groups num_channels eps affine bias"),
            Map.entry("Embedding", "num_embeddings embedding_dim padding_idx"),
            Map.entry("EmbeddingBag", "num_embeddings embedding_dim"),
            Map.entry("Linear", "in_features out_features bias"),
            Map.entry("Bilinear", "in1_features in2_features out_features bias"),
            Map.entry("LocalResponseNorm", "size alpha beta k"),
            Map.entry("RNNCell", "input_size hidden_size bias nonlinearity"),
            Map.entry("GRUCell", "input_size hidden_size bias"),
            Map.entry("LSTMCell", "input_size hidden_size bias"),
            Map.entry("Flatten", "start_dim end_dim"),
            Map.entry("CTCLoss", "blank reduction zero_infinity"),
            Map.entry("Upsample", "size scale_factor mode align_corners"),
            Map.entry("Unflatten", "dim unflattened_size"),
            Map.entry("Threshold", "threshold value inplace"),
            Map.entry("Softplus", "beta threshold"),
            Map.entry("Hardtanh", "min_val max_val inplace"),
            Map.entry("GELU", "approximate"),
            Map.entry("PairwiseDistance", "p eps keepdim"),
            Map.entry("CosineSimilarity", "dim eps"),
            Map.entry("RNN", "input_size hidden_size num_layers"),
            Map.entry("LSTM", "input_size hidden_size num_layers"),
            Map.entry("GRU", "input_size hidden_size num_layers"),
            Map.entry("MultiheadAttention", "embed_dim num_heads dropout bias"),
            Map.entry("TransformerEncoderLayer", "d_model nhead dim_feedforward dropout"),
            Map.entry("TransformerDecoderLayer", "d_model nhead dim_feedforward dropout"));

    private final String name;
    private final Map<String, @Nullable Object> given = new LinkedHashMap<>();

    private ModuleFactory(String name, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        this.name = name;
        String[] names = positions().split(" ");
        for (int i = 0; i < args.size(); i++) {
            if (i >= names.length) throw new NotOffered(name + "(" + Arg.kinds(args) + ")");
            given.put(names[i], args.get(i));
        }
        given.putAll(kwargs);
    }

    private String positions() {
        String known = POSITIONS.get(name);
        if (known != null) return known;
        if (name.startsWith("Conv")) return "in_channels out_channels kernel_size";
        if (name.equals("Unfold")) return "kernel_size";
        if (name.equals("Fold")) return "output_size kernel_size";
        if (WindowModules.knows(name)) return WindowModules.positions(name);
        if (name.contains("Norm")) return "num_features eps momentum affine track_running_stats bias";
        if (name.contains("Pad")) return "padding value";
        if (name.endsWith("Shuffle") || name.endsWith("Unshuffle")) return "factor";
        return name.contains("oft") && name.contains("m") || name.equals("GLU") ? "dim" : "value";
    }

    /** Returns the module; {@link NotOffered} where there is none. */
    static Module make(String name, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        ModuleFactory factory = new ModuleFactory(name, args, kwargs);
        Module made = factory.make();
        if (!factory.given.isEmpty()) throw new NotOffered("options of " + name + ": " + factory.given.keySet());
        return made;
    }

    private boolean has(String key) {
        return given.get(key) != null;
    }

    private Number number(String key, Number byDefault) {
        return given.remove(key) instanceof Number n ? n : byDefault;
    }

    private int integer(String key) {
        return number(key, 0).intValue();
    }

    private boolean flag(String key, boolean byDefault) {
        return given.remove(key) instanceof Boolean b ? b : byDefault;
    }

    private long[] longs(String key) {
        Object value = given.remove(key);
        if (value instanceof Number n) return new long[] {n.longValue()};
        List<Long> all = new ArrayList<>();
        List<@Nullable Object> items = Arg.items(value);
        if (items != null) for (Object i : items) if (i instanceof Number n) all.add(n.longValue());
        return all.stream().mapToLong(l -> l).toArray();
    }

    private <O> O options(O options) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(given);
        given.clear();
        return OptionCalls.with(options, rest);
    }

    private LossReduction reduction() {
        return given.remove("reduction") instanceof String s
                ? LossReduction.valueOf(s.toUpperCase(Locale.ROOT))
                : LossReduction.MEAN;
    }

    private Module make() {
        Module found = WindowModules.make(name, given);
        if (found == null) found = activation();
        if (found == null) found = loss();
        if (found == null) found = layer();
        if (found == null) throw new NotOffered("no module " + name);
        return found;
    }

    private @Nullable Module activation() {
        return switch (name) {
            case "ReLU" -> new ReLU(flag("inplace", false));
            case "ReLU6" -> new ReLU6(flag("inplace", false));
            case "SELU" -> new SELU(flag("inplace", false));
            case "SiLU" -> new SiLU(flag("inplace", false));
            case "Mish" -> new Mish(flag("inplace", false));
            case "Hardswish" -> new Hardswish(flag("inplace", false));
            case "Hardsigmoid" -> new Hardsigmoid(flag("inplace", false));
            case "Sigmoid" -> new Sigmoid();
            case "Tanh" -> new Tanh();
            case "LogSigmoid" -> new LogSigmoid();
            case "Softsign" -> new Softsign();
            case "Tanhshrink" -> new Tanhshrink();
            case "ELU" -> has("alpha") ? new ELU(number("alpha", 1)) : new ELU();
            case "CELU" -> has("alpha") ? new CELU(number("alpha", 1)) : new CELU();
            case "LeakyReLU" ->
                has("value")
                        ? new LeakyReLU(number("value", 0))
                        : has("negative_slope") ? new LeakyReLU(number("negative_slope", 0)) : new LeakyReLU();
            case "Hardshrink" -> has("value") ? new Hardshrink(number("value", 0)) : new Hardshrink();
            case "Softshrink" -> has("value") ? new Softshrink(number("value", 0)) : new Softshrink();
            case "GELU" -> given.remove("approximate") instanceof String s ? new GELU(s) : new GELU();
            case "Hardtanh" -> new Hardtanh(number("min_val", -1.0), number("max_val", 1.0), flag("inplace", false));
            case "Threshold" -> new Threshold(number("threshold", 0), number("value", 0), flag("inplace", false));
            case "Softplus" -> new Softplus(number("beta", 1.0), number("threshold", 20.0));
            case "Softmax" -> new Softmax(integer("dim"));
            case "LogSoftmax" -> new LogSoftmax(integer("dim"));
            case "Softmin" -> new Softmin(integer("dim"));
            case "Softmax2d" -> new Softmax2d();
            case "GLU" -> has("dim") ? new GLU(integer("dim")) : new GLU();
            case "PReLU" -> has("value") ? new PReLU(integer("value")) : new PReLU();
            case "RReLU" -> new RReLU();
            default -> null;
        };
    }

    private @Nullable Module loss() {
        return switch (name) {
            case "L1Loss" -> new L1Loss(reduction());
            case "MSELoss" -> new MSELoss(reduction());
            case "SoftMarginLoss" -> new SoftMarginLoss(reduction());
            case "MultiLabelMarginLoss" -> new MultiLabelMarginLoss(reduction());
            case "CrossEntropyLoss" -> new CrossEntropyLoss(options(CrossEntropyLoss.options()));
            case "NLLLoss" -> new NLLLoss(options(NLLLoss.options()));
            case "BCELoss" -> new BCELoss(options(BCELoss.options()));
            case "BCEWithLogitsLoss" -> new BCEWithLogitsLoss(options(BCEWithLogitsLoss.options()));
            case "KLDivLoss" -> new KLDivLoss(options(KLDivLoss.options()));
            case "PoissonNLLLoss" -> new PoissonNLLLoss(options(PoissonNLLLoss.options()));
            case "GaussianNLLLoss" -> new GaussianNLLLoss(options(GaussianNLLLoss.options()));
            case "HuberLoss" -> new HuberLoss(options(HuberLoss.options()));
            case "SmoothL1Loss" -> new SmoothL1Loss(options(SmoothL1Loss.options()));
            case "HingeEmbeddingLoss" -> new HingeEmbeddingLoss(options(HingeEmbeddingLoss.options()));
            case "MarginRankingLoss" -> new MarginRankingLoss(options(MarginRankingLoss.options()));
            case "CosineEmbeddingLoss" -> new CosineEmbeddingLoss(options(CosineEmbeddingLoss.options()));
            case "MultiMarginLoss" -> new MultiMarginLoss(options(MultiMarginLoss.options()));
            case "MultiLabelSoftMarginLoss" ->
                new MultiLabelSoftMarginLoss(options(MultiLabelSoftMarginLoss.options()));
            case "TripletMarginLoss" -> new TripletMarginLoss(options(TripletMarginLoss.options()));
            default -> null;
        };
    }

    private @Nullable Module layer() {
        return switch (name) {
            case "Linear" -> new Linear(integer("in_features"), integer("out_features"), flag("bias", true));
            case "Bilinear" ->
                new Bilinear(
                        integer("in1_features"), integer("in2_features"), integer("out_features"), flag("bias", true));
            case "Identity" -> new Identity();
            case "Flatten" ->
                new Flatten(
                        number("start_dim", 1).intValue(), number("end_dim", -1).intValue());
            case "Unflatten" -> new Unflatten(integer("dim"), longs("unflattened_size"));
            case "PixelShuffle" -> new PixelShuffle(integer("factor"));
            case "PixelUnshuffle" -> new PixelUnshuffle(integer("factor"));
            case "ChannelShuffle" -> new ChannelShuffle(integer("factor"));
            case "CosineSimilarity" ->
                new CosineSimilarity(
                        number("dim", 1).intValue(), number("eps", 1e-8).doubleValue());
            case "PairwiseDistance" ->
                new PairwiseDistance(number("p", 2.0), number("eps", 1e-6).doubleValue(), flag("keepdim", false));
            case "LayerNorm" -> new LayerNorm(longs("normalized_shape"), options(LayerNorm.options()));
            case "RMSNorm" -> new RMSNorm(longs("normalized_shape"), options(RMSNorm.options()));
            case "GroupNorm" ->
                new GroupNorm(integer("num_groups"), integer("num_channels"), options(GroupNorm.options()));
            case "LocalResponseNorm" -> new LocalResponseNorm(integer("size"), options(LocalResponseNorm.options()));
            case "BatchNorm1d" -> new BatchNorm1d(integer("num_features"), options(BatchNorm1d.options()));
            case "BatchNorm2d" -> new BatchNorm2d(integer("num_features"), options(BatchNorm2d.options()));
            case "BatchNorm3d" -> new BatchNorm3d(integer("num_features"), options(BatchNorm3d.options()));
            case "InstanceNorm1d" -> new InstanceNorm1d(integer("num_features"), options(InstanceNorm1d.options()));
            case "InstanceNorm2d" -> new InstanceNorm2d(integer("num_features"), options(InstanceNorm2d.options()));
            case "InstanceNorm3d" -> new InstanceNorm3d(integer("num_features"), options(InstanceNorm3d.options()));
            case "Embedding" ->
                new Embedding(integer("num_embeddings"), integer("embedding_dim"), options(Embedding.options()));
            case "EmbeddingBag" ->
                new EmbeddingBag(integer("num_embeddings"), integer("embedding_dim"), options(EmbeddingBag.options()));
            case "RNN" -> new RNN(integer("input_size"), integer("hidden_size"), options(RNN.options()));
            case "LSTM" -> new LSTM(integer("input_size"), integer("hidden_size"), options(LSTM.options()));
            case "GRU" -> new GRU(integer("input_size"), integer("hidden_size"), options(GRU.options()));
            case "MultiheadAttention" ->
                new MultiheadAttention(
                        integer("embed_dim"), integer("num_heads"), options(MultiheadAttention.options()));
            case "TransformerEncoderLayer" ->
                new TransformerEncoderLayer(
                        integer("d_model"), integer("nhead"), options(TransformerEncoderLayer.options()));
            case "TransformerDecoderLayer" ->
                new TransformerDecoderLayer(
                        integer("d_model"), integer("nhead"), options(TransformerDecoderLayer.options()));
            case "Transformer" -> new Transformer(integer("d_model"), integer("nhead"), options(Transformer.options()));
            case "GRUCell" -> new GRUCell(integer("input_size"), integer("hidden_size"), flag("bias", true));
            case "LSTMCell" -> new LSTMCell(integer("input_size"), integer("hidden_size"), flag("bias", true));
            case "RNNCell" ->
                new RNNCell(
                        integer("input_size"),
                        integer("hidden_size"),
                        flag("bias", true),
                        "relu".equals(given.remove("nonlinearity"))
                                ? RecurrentOptions.Nonlinearity.RELU
                                : RecurrentOptions.Nonlinearity.TANH);
            case "Unfold" -> new Unfold(longs("kernel_size"), options(Tensors.unfoldOptions()));
            case "Fold" -> new Fold(longs("output_size"), longs("kernel_size"), options(Tensors.unfoldOptions()));
            default -> name.startsWith("Conv") ? convolution() : name.contains("Pad") ? padding() : null;
        };
    }

    private @Nullable Module convolution() {
        int in = integer("in_channels");
        int out = integer("out_channels");
        long[] kernel = longs("kernel_size");
        return switch (name) {
            case "Conv1d" -> new Conv1d(in, out, kernel, options(Conv1d.options()));
            case "Conv2d" -> new Conv2d(in, out, kernel, options(Conv2d.options()));
            case "Conv3d" -> new Conv3d(in, out, kernel, options(Conv3d.options()));
            case "ConvTranspose1d" -> new ConvTranspose1d(in, out, kernel, options(ConvTranspose1d.options()));
            case "ConvTranspose2d" -> new ConvTranspose2d(in, out, kernel, options(ConvTranspose2d.options()));
            case "ConvTranspose3d" -> new ConvTranspose3d(in, out, kernel, options(ConvTranspose3d.options()));
            default -> null;
        };
    }

    private @Nullable Module padding() {
        long[] sides = longs("padding");
        Number value = number("value", 0);
        return switch (name) {
            case "ConstantPad1d" -> new ConstantPad1d(sides, value);
            case "ConstantPad2d" -> new ConstantPad2d(sides, value);
            case "ConstantPad3d" -> new ConstantPad3d(sides, value);
            case "ZeroPad1d" -> new ZeroPad1d(sides);
            case "ZeroPad2d" -> new ZeroPad2d(sides);
            case "ZeroPad3d" -> new ZeroPad3d(sides);
            case "ReflectionPad1d" -> new ReflectionPad1d(sides);
            case "ReflectionPad2d" -> new ReflectionPad2d(sides);
            case "ReflectionPad3d" -> new ReflectionPad3d(sides);
            case "ReplicationPad1d" -> new ReplicationPad1d(sides);
            case "ReplicationPad2d" -> new ReplicationPad2d(sides);
            case "ReplicationPad3d" -> new ReplicationPad3d(sides);
            case "CircularPad1d" -> new CircularPad1d(sides);
            case "CircularPad2d" -> new CircularPad2d(sides);
            case "CircularPad3d" -> new CircularPad3d(sides);
            default -> null;
        };
    }

    /** Calls a module with the arguments of PyTorch's forward; the result as PyTorch nests it. */
    static Object forward(Module module, List<@Nullable Object> args, Map<String, @Nullable Object> kwargs) {
        if (module.getClass().getSimpleName().startsWith("Transformer") || module instanceof MultiheadAttention) {
            return attention(module, args.stream().map(Tensor.class::cast).toList(), kwargs);
        }
        Object special = WindowModules.forward(module, args);
        if (special != null) return special;
        List<@Nullable Object> all = new ArrayList<>(args);
        all.addAll(kwargs.values());
        List<Tensor> in = new ArrayList<>();
        for (Object a : all) {
            List<@Nullable Object> items = Arg.items(a);
            for (Object t : items == null ? java.util.Arrays.asList(a) : items) {
                if (t instanceof Tensor tensor) in.add(tensor);
                else if (t != null) throw new NotOffered("forward of " + Arg.kind(t));
            }
        }
        Tensor x = in.getFirst();
        return switch (module) {
            case RNN m -> pair(in.size() == 1 ? m.run(x) : m.run(x, in.get(1)));
            case GRU m -> {
                GRU.Output out = in.size() == 1 ? m.run(x) : m.run(x, in.get(1));
                yield List.of(out.output(), out.hidden());
            }
            case LSTM m -> {
                LSTM.Output out = in.size() == 1 ? m.run(x) : m.run(x, in.get(1), in.get(2));
                yield List.of(out.output(), List.of(out.hidden(), out.cell()));
            }
            case LSTMCell m -> {
                LSTMCell.State out = in.size() == 1 ? m.run(x) : m.run(x, in.get(1), in.get(2));
                yield List.of(out.hidden(), out.cell());
            }
            default ->
                switch (in.size()) {
                    case 1 -> module.call(x);
                    case 2 -> module.call(x, in.get(1));
                    default -> module.call(x, in.get(1), in.get(2));
                };
        };
    }

    private static Object attention(Module module, List<Tensor> in, Map<String, @Nullable Object> kwargs) {
        TransformerMasks masks = TransformerMasks.none();
        return switch (module) {
            case MultiheadAttention m -> {
                MultiheadAttention.Output out = m.run(
                        in.get(0), in.get(1), in.get(2), OptionCalls.with(MultiheadAttention.callOptions(), kwargs));
                yield java.util.Arrays.asList(out.output(), out.weights());
            }
            case TransformerEncoderLayer m -> m.run(in.getFirst(), OptionCalls.with(masks, kwargs));
            case TransformerDecoderLayer m -> m.run(in.get(0), in.get(1), OptionCalls.with(masks, kwargs));
            case Transformer m -> m.run(in.get(0), in.get(1), OptionCalls.with(masks, kwargs));
            default -> throw new NotOffered("forward of " + module.getClass());
        };
    }

    private static Object pair(RNN.Output out) {
        return List.of(out.output(), out.hidden());
    }
}

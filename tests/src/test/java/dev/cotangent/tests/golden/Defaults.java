package dev.cotangent.tests.golden;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PyTorch's defaults of parameters that are neither None nor False, for methods that have them all written out. */
final class Defaults {
    private static final Map<String, Object> VALUES = new HashMap<>();

    private Defaults() {}

    private static void add(Object value, String... parameters) {
        for (String p : parameters) VALUES.put(p, value);
    }

    static {
        add(0L, "offset", "diagonal", "start", "startdim", "storageoffset", "dim1", "decimals", "labelsmoothing");
        add(1L, "alpha", "beta", "step", "correction", "dim2", "groups", "dilation", "addcmul.value", "addcdiv.value");
        add(-1L, "enddim");
        add(Long.MAX_VALUE, "end");
        add(
                true,
                "unbiased",
                "largest",
                "sorted",
                "includeself",
                "countincludepad",
                "loginput",
                "pivot",
                "fullmatrices",
                "left",
                "periodic",
                "some",
                "sym",
                "unpackdata",
                "unpackpivots",
                "triangularsolve.upper");
        add(
                true,
                "useinputstats",
                "dropout.training",
                "dropout1d.training",
                "dropout2d.training",
                "dropout3d.training");
        add(0.5, "dropout.p", "dropout1d.p", "dropout2d.p", "dropout3d.p");
        add("mean", "reduction");
        add("ij", "indexing");
        add("none", "approximate");
        add("linear", "interpolation");
        add(1e-5, "rtol");
        add(1e-8, "atol");
        add(-100L, "ignoreindex");

        add(0L, "cat.dim", "stack.dim", "split.dim", "chunk.dim", "unbind.dim", "slice.dim", "slicescatter.dim");
        add(0L, "splitwithsizes.dim", "tensorsplit.dim");
        add(1L, "cosinesimilarity.dim", "normalize.dim");
        add(-1L, "sort.dim", "argsort.dim", "topk.dim", "kthvalue.dim", "mode.dim", "diff.dim", "glu.dim");
        add(-1L, "trapezoid.dim", "trapz.dim", "cumulativetrapezoid.dim", "linalgcross.dim", "linalgvecdot.dim");
        add(-1L, "cross.dim", "vecdot.dim", "linalgdiagonal.dim2");
        add(-2L, "diagembed.dim1");
        add(-1L, "diagembed.dim2");

        add(2L, "dist.p", "cdist.p", "pdist.p", "normalize.p", "pairwisedistance.p", "tripletmarginloss.p");
        add(1L, "multimarginloss.p", "diff.n", "huberloss.delta", "trapezoid.dx", "trapz.dx", "cumulativetrapezoid.dx");
        add(
                1.0,
                "multimarginloss.margin",
                "tripletmarginloss.margin",
                "tripletmarginwithdistanceloss.margin",
                "hingeembeddingloss.margin");
        add(0.0, "marginrankingloss.margin", "cosineembeddingloss.margin");
        add(1e-12, "normalize.eps", "maskednormalize.eps");
        add(1e-8, "cosinesimilarity.eps", "poissonnllloss.eps");
        add(1e-6, "pairwisedistance.eps", "tripletmarginloss.eps", "gaussiannllloss.eps");
        add(1e-5, "batchnorm.eps", "instancenorm.eps", "layernorm.eps", "groupnorm.eps");
        add(0.1, "batchnorm.momentum", "instancenorm.momentum");
        add(1L, "conv1d.stride", "conv2d.stride", "conv3d.stride");
        add(1L, "convtranspose1d.stride", "convtranspose2d.stride", "convtranspose3d.stride");
        add(0L, "padding", "outputpadding");
        add(100L, "histc.bins");
        add(0.01, "leakyrelu.negativeslope");
        add(20L, "softplus.threshold");
        add(0.5, "hardshrink.lambd", "softshrink.lambd");
        add(10.0, "logspace.base");
        add(1e-4, "localresponsenorm.alpha");
        add(0.75, "localresponsenorm.beta");
        add(1L, "localresponsenorm.k");
    }

    /** Returns the default of a method's parameter, by Java's names; null where it is None, False or there is none. */
    static @Nullable Object of(String method, String parameter) {
        String name = Names.parameter(parameter);
        String plain = Names.plain(method);
        if (plain.endsWith("_")) plain = plain.substring(0, plain.length() - 1);
        return VALUES.getOrDefault(plain + "." + name, VALUES.get(name));
    }
}

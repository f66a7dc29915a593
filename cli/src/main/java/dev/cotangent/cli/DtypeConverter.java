package dev.cotangent.cli;

import dev.cotangent.Dtype;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads dtypes as PyTorch writes them, {@code float32} or {@code torch.float32}, in any case. */
public final class DtypeConverter implements ITypeConverter<Dtype> {
    @Override
    public Dtype convert(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceFirst("^torch\\.", "");
        for (Dtype dtype : Dtype.reals()) {
            if (name(dtype).equals(name)) return dtype;
        }
        throw new TypeConversionException("'" + text + "' is no dtype: "
                + Arrays.stream(Dtype.reals()).map(DtypeConverter::name).collect(Collectors.joining(", ")) + " are");
    }

    private static String name(Dtype dtype) {
        return dtype.name().toLowerCase(Locale.ROOT);
    }
}

package dev.cotangent.nn;

import dev.cotangent.Tensor;

/** Mixes groups of channels. PyTorch's {@code nn.ChannelShuffle}. */
public final class ChannelShuffle extends Module {
    private final int groups;

    /** Creates one. */
    public ChannelShuffle(int groups) {
        this.groups = groups;
    }

    @Override
    public Tensor forward(Tensor input) {
        return Functional.channelShuffle(input, groups);
    }

    @Override
    protected String extraRepr() {
        return "groups=" + groups;
    }
}

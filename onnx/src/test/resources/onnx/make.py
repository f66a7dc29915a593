"""Writes the models of this folder, with inputs and outputs: PyTorch 2.13 (CPU), onnx and onnxscript."""

import numpy as np
import onnx
import torch
from torch import nn

torch.manual_seed(0)


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.bn = nn.BatchNorm2d(4)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.bn(self.conv(x))), 2)
        return self.fc(torch.flatten(x, 1)).log_softmax(1)


class Encoder(nn.Module):
    """The architecture of MiniLM in small: a mean of token embeddings, normalised."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(30, 8)
        self.pos = nn.Embedding(12, 8)
        layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, activation="gelu")
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, ids, mask):
        h = self.emb(ids) + self.pos(torch.arange(ids.size(1)))
        h = self.enc(h, src_key_padding_mask=mask == 0)
        m = mask.unsqueeze(-1).to(h.dtype)
        return nn.functional.normalize((h * m).sum(1) / m.sum(1).clamp(min=1e-9), dim=1)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, 2, bidirectional=True)
        self.gru = nn.GRU(8, 3)

    def forward(self, x):
        return self.gru(self.lstm(x)[0])[0]


def strip(file):
    """Takes out traces of the stack, which are most of a file."""
    model = onnx.load(file)
    nodes = list(model.graph.node) + [n for f in model.functions for n in f.node]
    for part in [model, model.graph, *nodes, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    for node in nodes:
        for attribute in node.attribute:
            attribute.ClearField("doc_string")
    onnx.save(model, file)


ids = torch.randint(0, 30, (2, 7))
mask = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
cases = {
    "conv": (Conv(), (torch.randn(2, 1, 8, 8),)),
    "encoder": (Encoder(), (ids, mask)),
    "recurrent": (Recurrent(), (torch.randn(5, 2, 3),)),
}
for name, (module, inputs) in cases.items():
    module.eval()
    with torch.no_grad():
        np.save(f"{name}_output.npy", module(*inputs).numpy())
    for i, x in enumerate(inputs):
        np.save(f"{name}_input{i}.npy", x.numpy())
    torch.onnx.export(module, inputs, f"{name}_dynamo.onnx", dynamo=True, opset_version=18, external_data=False)
    torch.onnx.export(module, inputs, f"{name}_script.onnx", dynamo=False, opset_version=17)
    for way in ("dynamo", "script"):
        strip(f"{name}_{way}.onnx")

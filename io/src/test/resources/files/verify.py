"""Checks with PyTorch 2.13.0, safetensors 0.8.0 and NumPy 2.4 the files that SavedFilesTest writes: python verify.py FOLDER."""
import sys
import numpy
import safetensors
import safetensors.torch
import torch

folder = sys.argv[1] + "/"
base = torch.arange(12, dtype=torch.float32).reshape(3, 4)


def same(a, b):
    assert a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b), (a, b)


d = torch.load(folder + "saved.pt", weights_only=True)
torch.load(folder + "saved.pt", weights_only=True, mmap=True)
same(d["base"], base)
same(d["transposed"], base.t())
assert d["transposed"].data_ptr() == d["base"].data_ptr() and d["row"].data_ptr() == d["base"].data_ptr() + 16
same(d["row"], base[1])
assert isinstance(d["parameter"], torch.nn.Parameter) and d["parameter"].requires_grad
assert not isinstance(d["gradient"], torch.nn.Parameter) and d["gradient"].requires_grad
for name in "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split():
    same(d["dtypes"][name], torch.tensor([0, 1, 2, 0, 3]).to(getattr(torch, name)))
same(d["empty"], torch.zeros(0, 3))
same(d["scalar"], torch.tensor(2.5))
assert d["integers"] == [0, 255, 256, -1, 2**31 - 1, 2**31, -(2**63), 2**63, 2**200, True, False, None]
assert d["floats"] == [0.1, float("inf"), -0.0]
assert d["text"] == "gr\u00fcn \u5f35\u91cf \U0001f600" and d["bytes"] == b"\x00\xff"
assert d["tuple"] == (1, ("x",), ()) and d["set"] == {7} and d["keys"] == {1: "a", (1, "b"): "c"}
assert d["size"] == torch.Size([2, 3]) and d["dtype"] == torch.float16 and d["device"] == torch.device("cuda:1")
assert d["list"] is d["same list"]
z = torch.load(folder + "zip64.pt", weights_only=True)
same(z["x"], base)
t = torch.load(folder + "training.pt", weights_only=True)
model = torch.nn.Linear(3, 2)
model.load_state_dict(t["model"])
optimizer = torch.optim.NAdam(model.parameters())
optimizer.load_state_dict(t["optimizer"])
assert optimizer.state[model.weight]["step"] == 2 and t["step"] == 2
torch.set_rng_state(t["shuffle"]["state"])
assert torch.rand(1).item() == t["next"], (torch.rand(1), t["next"])
with safetensors.safe_open(folder + "saved.safetensors", "pt") as f:
    assert f.metadata() == {"format": "pt", "note": "gr\u00fcn"}
s = safetensors.torch.load_file(folder + "saved.safetensors")
same(s["transposed"], base.t())
same(s["half"], torch.ones(2, dtype=torch.bfloat16))
same(s["mask"], base > 3)
same(s["empty"], torch.zeros(0, 3))
for name in ["saved.npz", "compressed.npz"]:
    n = numpy.load(folder + name)
    assert (n["transposed"] == base.t().numpy()).all() and n["scalar"] == 2.5 and n["mask"].dtype == bool
print("all right")

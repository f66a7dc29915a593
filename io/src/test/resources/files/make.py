"""Writes the files beside this script: PyTorch 2.13.0 (CPU), safetensors 0.8.0, NumPy 2.4. Each is what its name says."""
import collections
import os
import numpy
import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
base = torch.arange(12, dtype=torch.float32).reshape(3, 4)

odd = torch.arange(3.)
odd.note = "an attribute"  # saved by torch._tensor._rebuild_from_type_v2
model = torch.nn.Linear(2, 1)
scheduler = torch.optim.lr_scheduler.MultiStepLR(torch.optim.SGD(model.parameters(), 0.1), [2, 4])
values = {
    "odd": odd,
    "state": model.state_dict(),  # an OrderedDict with an attribute _metadata
    "scheduler": scheduler.state_dict(),  # with a Counter
    "ordered": collections.OrderedDict([("z", 1), ("a", 2)]),
    "default": collections.defaultdict(list, {"k": [1]}),
    "bytes": b"\x00\xff",
    "set": {1, 2},
    "size": base.shape,
    "dtype": torch.float16,
    "device": torch.device("cuda:1"),
    "integers": [0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31, -2**63, 2**63, 2**200],
    "floats": [0.1, -0.0, float("inf"), float("nan")],
    "keys": {1: "a", (1, "b"): "c", None: 0},
    "gradient": torch.ones(2, requires_grad=True),
    "again": [base, base.t(), base[1], base[:, ::2], base.expand(2, 3, 4)],
}
values["same"] = values["floats"]
torch.save(values, "protocol2.pt")
torch.save(values, "protocol4.pt", pickle_protocol=4)
torch.save(values, "protocol5.pt", pickle_protocol=5)
torch.save(values, "legacy.pt", _use_new_zipfile_serialization=False)
torch.save({"wide": torch.ones(2, dtype=torch.uint16), "fine": base}, "uint16.pt")
torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), "torchscript.pt")
torch.save(torch.nn.Linear(1, 1), "module.pt")
numpy.save("vector.npy", numpy.arange(100.0))

# A training after two steps, and what the third one and the next random numbers give.
torch.manual_seed(0)
model = torch.nn.Linear(3, 2)
optimizer = torch.optim.AdamW([{"params": [model.weight], "lr": 0.1}, {"params": [model.bias]}], lr=0.01, amsgrad=True)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)


def step():
    optimizer.zero_grad()
    model(torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0]])).pow(2).sum().backward()
    optimizer.step()
    scheduler.step()


step()
step()
torch.randn(1)
training = {
    "model": {k: v.clone() for k, v in model.state_dict().items()},
    "optimizer": optimizer.state_dict(),
    "scheduler": scheduler.state_dict(),
    "random": torch.get_rng_state(),
}
torch.save(training, "in-training.pt")
step()
after = {"model": model.state_dict(), "rates": scheduler.get_last_lr(), "random": [torch.randn(2), torch.rand(3)]}
torch.save(after, "after-training.pt")

"""The benchmark's cases in PyTorch."""

import sys
import time

import torch
import torch.nn.functional as F

from peer import MODULUS, WEIGHTS, numerators, serve

DEVICE = torch.device(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))


def values(seed, n):
    return numerators(seed, torch.arange(1, n + 1)).double() / MODULUS


def tensor(seed, *sizes, scale=1.0):
    n = torch.Size(sizes).numel()
    return ((values(seed, n) * 2 - 0.75) * scale).float().reshape(sizes).to(DEVICE)


class Work:
    """A case made ready: run() does it once, outcome() gives all that a run leaves behind."""

    def __init__(self, function):
        self.run = function

    def outcome(self):
        return [self.run()]

    def reset(self):
        pass

    def checksum(self):
        self.reset()
        size = mixed = 0.0
        for t in self.outcome():
            flat = t.detach().cpu().double().reshape(-1)
            size += flat.abs().sum().item()
            mixed += flat.dot(values(WEIGHTS, flat.numel())).item()
        return size, mixed

    def seconds(self, runs):
        self.reset()
        synchronize()
        run = self.run
        start = time.perf_counter()
        for _ in range(runs):
            run()
        synchronize()
        return time.perf_counter() - start


class MeanBackward(Work):
    def __init__(self, n):
        self.p = tensor(1, n).requires_grad_()
        self.q = tensor(2, n).requires_grad_()

    def run(self):
        self.p.grad = None
        self.q.grad = None
        mean = (self.p * self.q).mean()
        mean.backward()
        return mean

    def outcome(self):
        return [self.run(), self.p.grad, self.q.grad]


class Training(Work):
    """A step of training a perceptron: forward, cross entropy, backward, optimiser."""

    def __init__(self, widths, batch, optimizer):
        self.images = tensor(1, batch, widths[0])
        self.labels = (torch.arange(batch) * 7 % widths[-1]).to(DEVICE)
        layers = []
        for i in range(1, len(widths)):
            if i > 1:
                layers.append(torch.nn.ReLU())
            layers.append(torch.nn.Linear(widths[i - 1], widths[i]))
        self.model = torch.nn.Sequential(*layers).to(DEVICE)
        self.parameters = list(self.model.parameters())
        self.start = [
            tensor(10 + i, *p.shape, scale=p.shape[1] ** -0.5 if p.dim() == 2 else 0.1)
            for i, p in enumerate(self.parameters)
        ]
        self.kind = optimizer

    def reset(self):
        with torch.no_grad():
            for p, start in zip(self.parameters, self.start):
                p.copy_(start)
        if self.kind == "adam":
            self.optimizer = torch.optim.Adam(self.parameters, lr=0.001)
        else:
            self.optimizer = torch.optim.SGD(self.parameters, lr=0.01, momentum=0.9)
        self.run()

    def run(self):
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def outcome(self):
        losses = [self.run() for _ in range(3)]
        return self.parameters + losses


UNARY = {
    "mul_scalar": lambda p: p * 1.5,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "sum": torch.sum,
    "mean": torch.mean,
    "row_sum": lambda x: x.sum(1),
    "column_sum": lambda x: x.sum(0),
    "softmax": lambda x: torch.softmax(x, -1),
    "transposed_copy": lambda x: x.t().contiguous(),
}

BINARY = {
    "add": torch.add,
    "chain": lambda p, q: (-(p * q + 0.5)).exp() * p,
}


def work(name):
    kind, text = name.split("/", 1)
    if kind == "mean_backward":
        return MeanBackward(int(text))
    if kind == "train":
        widths, batch, optimizer = text.split("/")
        return Training([int(w) for w in widths.split("-")], int(batch), optimizer)
    sizes = [int(s) for s in text.split("x")]
    if kind in ("mm", "bmm"):
        *batch, m, k, n = sizes
        a, b = tensor(1, *batch, m, k), tensor(2, *batch, k, n)
        function = getattr(torch, kind)
        return Work(lambda: function(a, b))
    x = tensor(1, *sizes)
    if kind in UNARY:
        function = UNARY[kind]
        return Work(lambda: function(x))
    if kind in BINARY:
        function, y = BINARY[kind], tensor(2, *sizes)
        return Work(lambda: function(x, y))
    if kind == "broadcast_add":
        row = tensor(2, sizes[1])
        return Work(lambda: x + row)
    if kind == "layer_norm":
        weight, bias = tensor(2, sizes[1]), tensor(3, sizes[1])
        return Work(lambda: F.layer_norm(x, (sizes[1],), weight, bias, 1e-5))
    raise ValueError("no case " + name)


def synchronize():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize(DEVICE)


serve("PyTorch " + torch.__version__, work)

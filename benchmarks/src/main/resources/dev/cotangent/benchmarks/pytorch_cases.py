"""The benchmark's cases in PyTorch."""

import functools
import pathlib
import sys
import time
import warnings

import torch
import torch.nn.functional as F

from peer import MODULUS, WEIGHTS, numerators, serve

DEVICE = torch.device(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
warnings.simplefilter("ignore")  # Warnings about beta operations.
COMPILED = sys.argv[3:] == ["compile"]


def compiled(function):
    """Returns the function to measure, compiled at its first call if requested."""
    return torch.compile(function, dynamic=False) if COMPILED else function


@functools.lru_cache(2)
def weights(n):
    return values(WEIGHTS, n)


def values(seed, n):
    return numerators(seed, torch.arange(1, n + 1)).double() / MODULUS


def tensor(seed, *sizes, scale=1.0):
    n = torch.Size(sizes).numel()
    return ((values(seed, n) * 2 - 0.75) * scale).float().reshape(sizes).to(DEVICE)


class Work:
    """A case with its operands: run() runs it once, outcome() returns all results of a run."""

    def __init__(self, function):
        self.run = compiled(function)

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
            mixed += flat.dot(weights(flat.numel())).item()
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
    """A training step: forward, backward, optimiser."""

    def __init__(self, parameters, loss, optimizer):
        self.parameters = parameters
        self.loss = compiled(loss)
        self.start = [p.detach().clone() for p in parameters]
        self.make_optimizer = optimizer

    def reset(self):
        with torch.no_grad():
            for p, start in zip(self.parameters, self.start):
                p.copy_(start)
        self.optimizer = self.make_optimizer(self.parameters)
        self.step = compiled(self.optimizer.step)
        self.run()

    def run(self):
        self.optimizer.zero_grad()
        loss = self.loss()
        loss.backward()
        self.step()
        return loss

    def outcome(self):
        losses = [self.run() for _ in range(3)]
        return self.parameters + losses


def perceptron(widths, batch, optimizer):
    images = tensor(1, batch, widths[0])
    labels = (torch.arange(batch) * 7 % widths[-1]).to(DEVICE)
    layers = []
    for i in range(1, len(widths)):
        if i > 1:
            layers.append(torch.nn.ReLU())
        layers.append(torch.nn.Linear(widths[i - 1], widths[i]))
    model = torch.nn.Sequential(*layers).to(DEVICE)
    parameters = list(model.parameters())
    with torch.no_grad():
        for i, p in enumerate(parameters):
            p.copy_(tensor(10 + i, *p.shape, scale=p.shape[1] ** -0.5 if p.dim() == 2 else 0.1))
    if optimizer == "adam":
        make = lambda ps: torch.optim.Adam(ps, lr=0.001)
    else:
        make = lambda ps: torch.optim.SGD(ps, lr=0.01, momentum=0.9)
    return Training(parameters, lambda: F.cross_entropy(model(images), labels), make)


class Gpt:
    """A small GPT, as in Gpt.java."""

    BATCH, CONTEXT, CHANNELS, HEADS, LAYERS, VOCABULARY = 16, 64, 128, 4, 4, 65

    def __init__(self):
        n, c, v = self.BATCH * self.CONTEXT, self.CHANNELS, self.VOCABULARY
        self.tokens = (torch.arange(n) * 7 % v).view(self.BATCH, self.CONTEXT).to(DEVICE)
        self.targets = (torch.arange(1, n + 1) * 7 % v).to(DEVICE)
        self.mask = torch.ones(self.CONTEXT, self.CONTEXT).triu(1).bool().to(DEVICE)
        self.parameters = []
        self.matrix(v, c)
        self.matrix(self.CONTEXT, c)
        for _ in range(self.LAYERS):
            self.norm_parameters()
            self.linear(c, 3 * c)
            self.linear(c, c)
            self.norm_parameters()
            self.linear(c, 4 * c)
            self.linear(4 * c, c)
        self.norm_parameters()
        self.matrix(v, c)

    def seed(self):
        return 10 + len(self.parameters)

    def matrix(self, rows, columns):
        self.parameters.append(tensor(self.seed(), rows, columns, scale=columns**-0.5).requires_grad_())

    def linear(self, inputs, outputs):
        self.matrix(outputs, inputs)
        self.parameters.append(tensor(self.seed(), outputs, scale=0.1).requires_grad_())

    def norm_parameters(self):
        self.parameters.append((tensor(self.seed(), self.CHANNELS, scale=0.1) + 1).requires_grad_())
        self.parameters.append(tensor(self.seed(), self.CHANNELS, scale=0.1).requires_grad_())

    def norm(self, x, weight, bias):
        return F.layer_norm(x, (self.CHANNELS,), weight, bias)

    def heads(self, x):
        return x.view(self.BATCH, self.CONTEXT, self.HEADS, -1).transpose(1, 2)

    def attention(self, x, weight, bias):
        q, k, v = (self.heads(t) for t in F.linear(x, weight, bias).split(self.CHANNELS, 2))
        scores = (q @ k.transpose(-2, -1)) * (self.CHANNELS // self.HEADS) ** -0.5
        weights = scores.masked_fill(self.mask, float("-inf")).softmax(-1)
        return (weights @ v).transpose(1, 2).contiguous().view(self.BATCH, self.CONTEXT, self.CHANNELS)

    def loss(self):
        tokens, positions, *layers, w, b, head = self.parameters
        x = F.embedding(self.tokens, tokens) + positions
        for i in range(0, len(layers), 12):
            p = layers[i : i + 12]
            x = x + F.linear(self.attention(self.norm(x, p[0], p[1]), p[2], p[3]), p[4], p[5])
            x = x + F.linear(F.gelu(F.linear(self.norm(x, p[6], p[7]), p[8], p[9])), p[10], p[11])
        logits = F.linear(self.norm(x, w, b), head).view(-1, self.VOCABULARY)
        return F.cross_entropy(logits, self.targets)


def gpt(kind):
    model = Gpt()
    if kind == "forward":
        return Work(torch.no_grad()(model.loss))
    fused = True if kind == "step_fused" else None
    return Training(model.parameters, model.loss, lambda ps: torch.optim.AdamW(ps, lr=1e-3, fused=fused))


class AdamStep(Work):
    """A step of AdamW over many tensors with existing gradients."""

    def __init__(self, kind):
        self.parameters = [tensor(i, 128, 128).requires_grad_() for i in range(50)]
        for i, p in enumerate(self.parameters):
            p.grad = tensor(50 + i, 128, 128)
        step = torch.optim.AdamW(self.parameters, lr=1e-3, fused=True if kind == "fused" else None).step
        super().__init__(step)

    def outcome(self):
        self.run()
        return self.parameters


class Convolution(Work):
    """A convolution as in Convolutions.java: forward, or the gradients of input and weight."""

    def __init__(self, text):
        images, kernels, stride, groups, way = text.split("/")
        images = [int(s) for s in images.split("x")]
        kernels = [int(s) for s in kernels.split("x")]
        self.x, self.w = tensor(1, *images), tensor(2, *kernels, scale=0.1)
        function = F.conv1d if len(images) == 3 else F.conv2d
        padding = kernels[-1] // 2
        conv = compiled(
            lambda x, w: function(x, w, stride=int(stride[1:]), padding=padding, groups=int(groups[1:]))
        )
        if way == "forward":
            self.leaves = []
            self.run = lambda: conv(self.x, self.w)
            return
        self.leaves = [self.x.requires_grad_(), self.w.requires_grad_()]
        out = conv(self.x, self.w)
        cotangent = tensor(3, *out.shape)
        self.run = lambda: torch.autograd.grad(out, self.leaves, cotangent, retain_graph=True)

    def outcome(self):
        return tensors(self.run())


def read_operands():
    sizes, kinds = {}, {}
    for line in (pathlib.Path(__file__).parent / "operands.txt").read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == "size":
            sizes[words[1]] = {w[0]: int(w[2:]) for w in words[2:]}
        else:
            kinds[words[0]] = (len(kinds) + 1, *words[1:])
    return sizes, kinds


SIZES, KINDS = read_operands()


@functools.lru_cache(12)
def operand(name, size):
    """Creates an operand as operators/Operands.java does."""
    seed, dtype, shape, low, high, _ = KINDS[name]
    letters = SIZES.get(size, {})
    number = lambda text: letters.get(text) or float(text)
    shape = [int(number(s)) for s in shape.split(",")]
    n = torch.Size(shape).numel()
    low, high = number(low), number(high)
    if dtype == "float64":
        flat = low + (high - low) * values(seed, n)
    elif dtype == "float32":
        flat = (low + (high - low) * values(seed, n)).float()
    elif dtype == "dominant":
        flat = (low + (high - low) * values(seed, n)).float().reshape(shape) + shape[-1] * torch.eye(shape[-1])
    elif dtype == "sorted":
        flat = (low + (high - low) * torch.arange(n).double() / n).float()
    elif dtype == "sign":
        flat = torch.where(values(seed, n) < 0.5, -1.0, 1.0)
    elif dtype == "bool":
        flat = values(seed, n) < 0.5
    elif dtype == "int64":
        flat = torch.floor(low + (high - low) * values(seed, n)).long()
    elif dtype == "perm":
        flat = torch.arange(n) * 7919 % int(high - low)
    return flat.reshape(shape).to(DEVICE)


def tensors(result):
    """Returns all tensors of a result, which may be a tuple."""
    if isinstance(result, torch.Tensor):
        return [result]
    return [t for r in result if r is not None for t in tensors(r)]


class Operator(Work):
    """An operation, forward or forward with backward, given as a lambda without the keyword."""

    def __init__(self, name, text):
        size = name.split("/")[1]
        function = eval("lambda " + text, {"torch": torch, "F": F})
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        self.leaves = []
        operands = [operand(n, size) for n in names]
        if name.endswith("/backward"):
            for i, n in enumerate(names):
                if KINDS[n][-1] == "grad":
                    operands[i] = operands[i].detach().requires_grad_()
                    self.leaves.append(operands[i])
        function = compiled(function)
        self.forward = lambda: function(*operands)
        if self.leaves:
            first = tensors(self.forward())[0]
            self.cotangent = tensor(0, *first.shape).to(first.dtype)
        self.run = self.backward if self.leaves else self.forward

    def backward(self):
        for leaf in self.leaves:
            leaf.grad = None
        out = self.forward()
        if type(out) is not torch.Tensor:
            out = tensors(out)[0]
        out.backward(self.cotangent)
        return out

    def outcome(self):
        if not self.leaves:
            return tensors(self.forward())
        return [self.run()] + [leaf.grad for leaf in self.leaves if leaf.grad is not None]


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


def work(name, expression=None):
    if COMPILED:
        torch._dynamo.reset()
    if expression:
        return Operator(name, expression)
    kind, text = name.split("/", 1)
    if kind == "mean_backward":
        return MeanBackward(int(text))
    if kind == "train":
        widths, batch, optimizer = text.split("/")
        return perceptron([int(w) for w in widths.split("-")], int(batch), optimizer)
    if kind == "gpt":
        return gpt(text)
    if kind == "adamw":
        return AdamStep(text)
    if kind == "conv":
        return Convolution(text)
    sizes = [int(s) for s in text.split("x")]
    if kind in ("mm", "bmm"):
        *batch, m, k, n = sizes
        a, b = tensor(1, *batch, m, k), tensor(2, *batch, k, n)
        function = getattr(torch, kind)
        return Work(lambda: function(a, b))
    if kind in ("mm_float64", "mm_bfloat16"):
        m, k, n = sizes
        dtype = getattr(torch, kind[3:])
        a, b = tensor(1, m, k).to(dtype), tensor(2, k, n).to(dtype)
        return Work(lambda: a @ b)
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


serve("PyTorch " + torch.__version__ + (" compiled" if COMPILED else ""), work)

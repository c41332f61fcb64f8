"""A stack of cores: blocks with one core or with several side by side that a router weighs."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.configs.cortex import CortexConfig
from metta.policy.cores.core import Core, widened


class Cortex(Core):
    """x <- join(x, W core(norm(x))), then x <- join(x, ffn(norm(x))), block after block; norm(x) in the end.

    Args:
        size: of inputs, outputs and everything in between.
        config: which cores, in which blocks.
    """

    def __init__(self, size: int, config: CortexConfig) -> None:
        blocks = [
            _Block(size, [cell.build(size) for cell in cells], config.block, config.expand)
            for cells in config.blocks()
        ]
        super().__init__(size, {str(number): (block.memory_size,) for number, block in enumerate(blocks)})
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.RMSNorm(size, eps=1e-5)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        stream = widened(inputs)
        parts = self.unpack(memory)
        for name, block in zip(self.memory_shapes, self.blocks, strict=True):
            stream, parts[name] = block(stream, parts[name], resets)
        return self.norm(stream), self.pack(parts)


class _Block(nn.Module):
    """One or several cores side by side and a layer after them."""

    def __init__(self, size: int, cells: list[Core], join: str, expand: float) -> None:
        super().__init__()
        self.cells = nn.ModuleList(cells)
        self.memory_sizes = [cell.memory_size for cell in cells]
        self.memory_size = sum(self.memory_sizes)
        self.norm = nn.RMSNorm(size, eps=1e-5)
        self.router = nn.Linear(size, len(cells)) if len(cells) > 1 else None
        self.mix = nn.Linear(size, size, bias=False)
        self.join = _Gate(size) if join == "gated" else _Sum()
        self.layer = _GatedLayer(size, max(1, round(expand * size))) if expand else None
        self.layer_join = (_Gate(size) if join == "gated" else _Sum()) if expand else None
        nn.init.normal_(self.mix.weight, std=0.5 * size**-0.5)
        if self.router is not None:  # all cores count the same at first
            nn.init.normal_(self.router.weight, std=1e-3)
            nn.init.zeros_(self.router.bias)

    def forward(self, stream: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """Return the stream [T, B, size] after the block, and its memory."""
        normal = self.norm(stream)
        results = [
            cell(normal, part, resets)
            for cell, part in zip(self.cells, memory.split(self.memory_sizes, dim=-1), strict=True)
        ]
        read = (
            results[0][0] if self.router is None else self._route(normal, [result[0] for result in results])
        )
        stream = self.join(stream, widened(self.mix(read)))
        if self.layer is not None and self.layer_join is not None:
            stream = self.layer_join(stream, self.layer(stream))
        return stream, torch.cat([after for _, after in results], dim=-1)

    def _route(self, normal: Tensor, read: list[Tensor]) -> Tensor:
        """Return the mean of what the cores read, weighted anew at every step."""
        assert self.router is not None
        weights = widened(self.router(normal)).softmax(-1)
        return (torch.stack(read, dim=-1) * weights.unsqueeze(-2)).sum(-1)


class _GatedLayer(nn.Module):
    """W (silu(U norm(x)) * V norm(x)): SwiGLU (Shazeer, 2020, arXiv:2002.05202)."""

    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.norm = nn.RMSNorm(size, eps=1e-5)
        self.into = nn.Linear(size, 2 * inner, bias=False)
        self.out = nn.Linear(inner, size, bias=False)
        nn.init.normal_(self.out.weight, std=0.5 * inner**-0.5)

    def forward(self, stream: Tensor) -> Tensor:
        gate, value = self.into(self.norm(stream)).chunk(2, dim=-1)
        return widened(self.out(functional.silu(gate) * value))


class _Sum(nn.Module):
    """x + y."""

    def forward(self, stream: Tensor, result: Tensor) -> Tensor:
        return stream + result


class _Gate(nn.Module):
    """(1 - z) x + z tanh(W y + U (r x)), z = sigmoid(.. - 2): the gate of GTrXL (Parisotto et al., 2019).

    It lets nearly nothing of a block through at first, so training starts from a policy without memory.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.of_result = nn.Linear(size, 3 * size, bias=False)
        self.of_stream = nn.Linear(size, 2 * size, bias=False)
        self.of_reset = nn.Linear(size, size, bias=False)
        self.bias = nn.Parameter(torch.full((size,), 2.0))

    def forward(self, stream: Tensor, result: Tensor) -> Tensor:
        r, z, candidate = widened(self.of_result(result)).chunk(3, dim=-1)
        stream_r, stream_z = widened(self.of_stream(stream)).chunk(2, dim=-1)
        z = (z + stream_z - self.bias).sigmoid()
        candidate = (candidate + widened(self.of_reset((r + stream_r).sigmoid() * stream))).tanh()
        return torch.lerp(stream, candidate, z)

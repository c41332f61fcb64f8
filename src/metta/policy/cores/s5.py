"""A diagonal linear state space with complex states: S5.

"Simplified State Space Layers for Sequence Modeling" (Smith et al., 2023, arXiv:2208.04933), with resets inside the
scan as in "Structured State Space Models for In-Context Reinforcement Learning" (Lu et al., 2023, arXiv:2303.03982).
There is no kept library of it for PyTorch with resets.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from metta.policy.cores.core import Core, widened
from metta.policy.cores.recurrence import linear_recurrence


class S5(Core):
    """h_t = a h_{t-1} + (a - 1) / lambda * (B u_t), a = exp(lambda * step), y_t = GLU(gelu(2 Re(C h_t) + D u_t)).

    u is the normalised input; lambda = -exp(decay) + i frequency. From u to h everything is linear.

    Args:
        size: of inputs and outputs.
        state_size: complex states.
        shortest_step, longest_step: bounds of the initial steps; a state remembers about 2 / step steps.
    """

    def __init__(
        self, size: int, state_size: int = 64, shortest_step: float = 1e-3, longest_step: float = 0.1
    ) -> None:
        super().__init__(size, {"state": (state_size, 2)})
        self.norm = nn.LayerNorm(size)
        self.into = nn.Linear(size, 2 * state_size, bias=False)
        self.out = nn.Linear(2 * state_size, size, bias=False)
        self.skip = nn.Parameter(torch.randn(size))
        self.gate = nn.Linear(size, 2 * size)
        # The eigenvalues of S4D-Lin (Gu et al., 2022): -1/2 + i pi n.
        self.decay = nn.Parameter(torch.full((state_size,), math.log(0.5)))
        self.frequency = nn.Parameter(math.pi * torch.arange(state_size))
        spread = torch.rand(state_size) * math.log(longest_step / shortest_step)
        self.log_step = nn.Parameter(spread + math.log(shortest_step))
        nn.init.normal_(self.into.weight, std=(2 * size) ** -0.5)
        nn.init.normal_(self.out.weight, std=(2 * state_size) ** -0.5)

    def forward(self, inputs: Tensor, memory: Tensor, resets: Tensor) -> tuple[Tensor, Tensor]:
        """See `Core.forward`."""
        normal = self.norm(inputs)
        states = self.run_states(
            normal, torch.view_as_complex(self.unpack(memory)["state"].contiguous()), resets
        )
        parts = torch.view_as_real(states)  # [T, B, P, 2]
        read = 2.0 * self.out(parts.flatten(2)) + self.skip * normal
        outputs, gate = widened(self.gate(functional.gelu(read))).chunk(2, dim=-1)
        return outputs * gate.sigmoid(), self.pack({"state": parts[-1]})

    def run_states(self, normal: Tensor, initial: Tensor, resets: Tensor) -> Tensor:
        """Return the states after each step, complex [T, B, P], of normalised inputs [T, B, size]."""
        eigenvalue = torch.complex(-self.decay.exp(), self.frequency)
        keep = (eigenvalue * self.log_step.exp()).exp()
        drive = torch.view_as_complex(widened(self.into(normal)).unflatten(-1, (-1, 2)).contiguous())
        drive = drive * ((keep - 1.0) / eigenvalue)
        return linear_recurrence(keep * resets.logical_not().unsqueeze(-1), drive, initial)

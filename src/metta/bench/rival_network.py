"""The network that trainers are compared with: a linear layer over the bytes of an observation, a memory, two heads.

It is PufferLib 3.0's default policy (`models.Default` in `models.LSTMWrapper`), written as an ordinary module.
"""

from torch import Tensor, nn

from metta.policy.cores.lstm import LSTM
from metta.policy.own_module import register_module
from mettagrid.spec import GameSpec

MEMORIES = ("lstm", "none")


class FlatNetwork(nn.Module):
    """Bytes -> linear -> GELU -> LSTM or nothing -> heads.

    Args:
        spec: of the game.
        hidden: size of features and memory.
        memory: `lstm` or `none`.
    """

    def __init__(self, spec: GameSpec, hidden: int = 128, memory: str = "lstm") -> None:
        super().__init__()
        self.encoder = nn.Linear(3 * spec.num_tokens, hidden)
        self.core = LSTM(hidden) if memory == "lstm" else None
        if self.core is not None:
            self.memory_size = self.core.memory_size
        self.decoder = nn.Linear(hidden, len(spec.action_names))
        self.value = nn.Linear(hidden, 1)
        nn.init.orthogonal_(self.decoder.weight, 0.01)

    def encode(self, tokens: Tensor) -> Tensor:
        """Return features [..., hidden] of tokens, uint8 [..., num_tokens, 3]."""
        return nn.functional.gelu(self.encoder(tokens.flatten(-2).float()))

    def decode(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits and values of features."""
        return self.decoder(features), self.value(features).squeeze(-1)

    def forward(
        self, tokens: Tensor, memory: Tensor | None = None, resets: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        """See `register_module`: a sequence where there is memory, else single steps."""
        features = self.encode(tokens)
        if self.core is None or memory is None or resets is None:
            return self.decode(features)
        features, after = self.core(features, memory, resets)
        logits, values = self.decode(features)
        return logits, values, after


FlatArchitecture = register_module("bench_flat", FlatNetwork)

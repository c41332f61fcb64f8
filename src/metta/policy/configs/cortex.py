"""`cortex`: a stack of cores that a short pattern describes."""

import re
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from metta.policy.configs.core_config import CoreConfig, CoreField

SYMBOLS = {
    "L": "lstm",
    "Gr": "gru",
    "Mi": "mingru",
    "Ma": "mamba",
    "S5": "s5",
    "M": "mlstm",
    "S": "slstm",
    "X": "transformer_xl",
    "Ag": "agalite",
    "C": "causal_conv",
}
"""What stands for which core in a pattern."""


class CortexConfig(CoreConfig):
    """Blocks one after another, each with one core or with several side by side.

    `pattern="MiX"` is a minGRU and then attention; `"[AgS]L"` is AGaLiTe and sLSTM side by side, with a router that
    weighs them at every step, and then an LSTM.
    """

    name: Literal["cortex"] = "cortex"
    """Name of the core."""
    pattern: str = Field(
        "[MiS5]M", description=f"one block after another; {', '.join(SYMBOLS)}; [..] = routed"
    )
    repeats: int = Field(1, ge=1, le=32, description="how often the pattern stands there")
    block: Literal["residual", "gated"] = Field(
        "residual", description="how a block's result joins its input: added, or through a GRU gate (GTrXL)"
    )
    expand: float = Field(
        1.5, ge=0.0, le=8.0, description="inner size / size of the layer after a core; 0 = none"
    )
    cells: dict[str, CoreField] = Field(
        default_factory=dict,
        description="cores that symbols stand for: changes of the known ones, or new ones",
    )

    @field_validator("cells")
    @classmethod
    def _symbols_can_be_read(cls, cells: dict[str, CoreConfig]) -> dict[str, CoreConfig]:
        for symbol in cells:
            if not re.fullmatch(r"[A-Z][a-z0-9]?", symbol):
                raise ValueError(f"{symbol!r} is no symbol: a capital and at most one small letter or digit")
        return cells

    @model_validator(mode="after")
    def _pattern_can_be_read(self) -> "CortexConfig":
        self._parse()
        return self

    def blocks(self) -> list[list[CoreConfig]]:
        """Return the cores of each block, all repeats included.

        Raises:
            ValueError: one line, if the pattern cannot be read.
        """
        return self._parse() * self.repeats

    def build(self, size: int) -> Any:
        """Return a new `Cortex`."""
        from metta.policy.cores.cortex import Cortex  # noqa: PLC0415  (keeps PyTorch out of --list)

        return Cortex(size, self)

    def _parse(self) -> list[list[CoreConfig]]:
        known = {**SYMBOLS, **self.cells}
        symbols = sorted(known, key=len, reverse=True)  # `S5` before `S`
        tokens = re.compile(rf"\s*(?:({'|'.join(symbols)})|([\[\]]))\s*")
        blocks: list[list[CoreConfig]] = []
        place, inside = 0, False
        while place < len(self.pattern):
            token = tokens.match(self.pattern, place)
            if token is None or token[2] == ("[" if inside else "]"):
                raise ValueError(self._complaint(f"at {self.pattern[place:]!r}", symbols))
            place = token.end()
            if token[2]:
                inside = token[2] == "["
                blocks += [[]] if inside else []
            elif inside:
                blocks[-1].append(CoreConfig.resolve(known[token[1]]))
            else:
                blocks.append([CoreConfig.resolve(known[token[1]])])
        if inside or not blocks or not all(blocks):
            raise ValueError(self._complaint("it ends in a bracket or has an empty block", symbols))
        return blocks

    def _complaint(self, reason: str, symbols: list[str]) -> str:
        return (
            f"pattern {self.pattern!r} cannot be read: {reason}; "
            f"valid: {', '.join(sorted(symbols))} and [..] around several side by side"
        )

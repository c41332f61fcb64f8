"""In-context chain: try converters, remember which one took which item, and repeat what worked."""

import torch
from torch import Tensor

from metta.policy.policy import Policy, PolicyOutput
from metta.policy.scripted import Errand, ErrandPolicy, Expression, Own, Random
from metta.policy.scripted.sight import Sight
from metta.policy.scripted.surroundings import Surroundings
from mettagrid.config.verb import HEADINGS
from mettagrid.spec import GameSpec

GAME = "in_context_chain"

UNTRIED, FAILED, WORKED = 0.0, -1.0, 1.0
SIDESTEPS = 0.2  # how often each direction is tried by who is stuck
CROWDING = 12.0  # steps that going round somebody may cost: corridors are narrow
HEART = 100  # hundredths of the last reward


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for chains of any length."""
    return ChainPolicy(spec)


class _Goal(Expression):
    """The number of the converter to go to, which `ChainPolicy` sets for each row before every step."""

    def __init__(self) -> None:
        self.number = torch.zeros(1)

    def __repr__(self) -> str:
        return "goal"

    def read(self, around: Surroundings) -> Tensor:
        return self.number[:, None, None]


class ChainPolicy(Policy):
    """Chooses a converter by what it remembers of this episode; `ErrandPolicy` goes there and uses it.

    Its memory is that of the errands, what it did last (item and converter) and `known`: for each item and
    converter whether it worked, failed, or is untried. A converter that made an item vanish fails for every item.

    Args:
        spec: the game.
    """

    def __init__(self, spec: GameSpec) -> None:
        super().__init__(spec)
        self.converters = [name for name in spec.kind_names if name.startswith("converter_")]
        self.size = len(self.converters)
        self.goal = _Goal()
        is_stuck = Own("last_action:noop") > 0  # somebody stands in the way
        errands = [
            *(Errand(do=f"move_{way}", when=[is_stuck, Random() < SIDESTEPS]) for way in HEADINGS),
            *(
                Errand(name, "use", when=[self.goal == number])
                for number, name in enumerate(self.converters, start=1)
            ),
        ]
        self.errands = ErrandPolicy(spec, errands, crowding=CROWDING)
        kinds = [f"kind:{name}" for name in self.converters]
        self.sight = Sight(spec, seen=["item", "cooldown", *kinds], own=["reward", "last_action:use"])

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> Tensor:
        """Return memory of nothing."""
        inner = self.errands.initial_state(num_rows, device)
        return torch.cat([inner, torch.zeros(num_rows, 2 + self.size**2, device=device)], dim=1)

    def forward(
        self, observations: Tensor, action_mask: Tensor, state: Tensor, resets: Tensor
    ) -> PolicyOutput:
        """See `Policy.forward`."""
        if observations.dim() == 3:
            return self._step(observations, action_mask, state, resets)
        outputs = []
        for step in zip(observations, action_mask, resets, strict=True):
            outputs.append(self._step(step[0], step[1], state, step[2]))
            state = outputs[-1].state
        logits, values = (torch.stack([getattr(o, name) for o in outputs]) for name in ("logits", "value"))
        return PolicyOutput(logits, values, state)

    def _step(self, observations: Tensor, mask: Tensor, state: Tensor, resets: Tensor) -> PolicyOutput:
        kept = state * resets.logical_not().unsqueeze(1)
        split = state.shape[1] - 2 - self.size**2
        inner, last, known = kept[:, :split], kept[:, split : split + 2], kept[:, split + 2 :]
        known = known.unflatten(1, (self.size, self.size))  # [B, items, converters]
        seen, own = self.sight.read(observations)
        item, is_heart = seen[:, 0, seen.shape[2] // 2, seen.shape[3] // 2], own[:, 0] >= HEART
        is_resting = ((seen[:, 2:] > 0) & (seen[:, 1:2] > 0)).flatten(2).any(2)  # [B, converters]
        used = torch.where(own[:, 1] > 0, last[:, 1], 0)
        known = self._learn(known, last[:, 0], item, is_heart, used.long(), is_resting)
        self.goal.number = self._choose(known, item)
        output = self.errands(observations, mask, inner, resets)
        memory = torch.cat([torch.stack([item, self.goal.number], dim=1), known.flatten(1)], dim=1)
        return PolicyOutput(output.logits, output.value, torch.cat([output.state, memory], dim=1))

    def _learn(
        self, known: Tensor, before: Tensor, item: Tensor, is_heart: Tensor, used: Tensor, is_resting: Tensor
    ) -> Tensor:
        """Return what is known once the last step is understood.

        Args:
            known: [B, items, converters].
            before: [B], item before the last step.
            item: [B], item now.
            is_heart: bool [B], whether it gave a heart.
            used: int64 [B], number of the converter that was used; 0 = none.
            is_resting: bool [B, converters]; if the item is the same, somebody else was quicker.
        """
        converter = (used - 1).clamp(min=0)
        is_at = torch.nn.functional.one_hot(converter, self.size).bool() & (used > 0).unsqueeze(1)
        of_item = torch.nn.functional.one_hot(before.long().clamp(max=self.size - 1), self.size).bool()
        has_worked = is_heart | (item == before + 1)
        has_vanished = (item == 0) & (before > 0) & ~is_heart
        rests = (is_resting & is_at).any(1)
        has_failed = (item == before) & ~is_heart & ~rests
        here = of_item[:, :, None] & is_at[:, None, :]
        known = torch.where(here & has_worked[:, None, None], WORKED, known)
        known = torch.where(here & has_failed[:, None, None], FAILED, known)
        return torch.where((is_at & has_vanished[:, None])[:, None, :], FAILED, known)

    def _choose(self, known: Tensor, item: Tensor) -> Tensor:
        """Return the number of the converter that takes the item, or of one that may; float32 [B]."""
        rows = known[torch.arange(len(known)), item.long().clamp(max=self.size - 1)]  # [B, converters]
        is_taken = (known == WORKED).any(1)  # a converter takes one item only
        hope = torch.where(rows == WORKED, 3.0, torch.where((rows == UNTRIED) & ~is_taken, 2.0, 1.0))
        return hope.argmax(1).float() + 1

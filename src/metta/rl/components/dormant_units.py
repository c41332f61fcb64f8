"""Reports dormant units: those that hardly ever say anything, so that a network shrinks without notice.

Sokar et al. 2023, https://arxiv.org/abs/2302.12902: a unit is dormant if its mean absolute activation, divided by the
mean over its layer, is at most a threshold. Looked at are the inputs of linear layers: what these read is what the
units before them say, whatever the nonlinearity.
"""

from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport


class DormantUnitsConfig(ComponentConfig):
    """When dormant units are counted."""

    kind: Literal["dormant_units"] = "dormant_units"
    """Name of this kind of component."""
    epoch_interval: int = Field(default=10, ge=1, description="count every so many epochs")
    threshold: float = Field(
        default=0.025, ge=0.0, description="of the relative activation; the paper's value"
    )
    num_rows: int = Field(default=32, ge=1, description="training rows that the policy looks at for it")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        return DormantUnits(self, context.trainer)


def dormant_units(activations: Tensor, threshold: float) -> Tensor:
    """Return which units are dormant: mean |h_i| <= threshold * mean over units of mean |h_j|.

    Args:
        activations: float [samples, units].
        threshold: relative.

    Returns:
        bool [units].
    """
    strength = activations.float().abs().mean(dim=0)
    return strength <= threshold * strength.mean()


class DormantUnits(Component):
    """Adds `dormant/<layer>`, the share of a layer's inputs that are dormant, and `dormant/all`.

    Args:
        config: when, how much.
        trainer: whose policy and last experience are looked at.
    """

    def __init__(self, config: DormantUnitsConfig, trainer: Any) -> None:
        self._config = config
        self._trainer = trainer

    def on_epoch_end(self, report: EpochReport) -> None:
        """Count if it is time."""
        if report.progress.epoch % self._config.epoch_interval == 0:
            report.metrics.update(self._count())

    def _count(self) -> dict[str, float]:
        seen = self._activations()
        dormant = {name: dormant_units(values, self._config.threshold) for name, values in seen.items()}
        if not dormant:
            return {}
        shares = torch.stack([units.float().mean() for units in dormant.values()])
        total = torch.cat(list(dormant.values())).float().mean()
        values = torch.cat([shares, total.unsqueeze(0)]).tolist()  # one read of the device
        return dict(zip([*(f"dormant/{name}" for name in dormant), "dormant/all"], values, strict=True))

    def _activations(self) -> dict[str, Tensor]:
        """What each linear layer of the policy reads on some training rows, [samples, units]."""
        policy, experience = self._trainer.policy, self._trainer.experience
        seen: dict[str, Tensor] = {}

        def note(name: str) -> Any:
            def hook(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
                seen[name] = inputs[0].detach().flatten(0, -2)

            return hook

        layers = [(name, layer) for name, layer in policy.named_modules() if isinstance(layer, nn.Linear)]
        hooks = [layer.register_forward_pre_hook(note(name)) for name, layer in layers]
        rows = torch.arange(min(self._config.num_rows, experience.num_rows), device=self._trainer.device)
        minibatch = experience.gather(rows)
        try:
            with torch.no_grad():
                policy(minibatch.observations, minibatch.action_mask, minibatch.memory, minibatch.resets)
        finally:
            for hook in hooks:
                hook.remove()
        return seen

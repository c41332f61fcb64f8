"""Reports how long each parameter's gradient is: what learns, and what does not."""

import math
from typing import Literal

from pydantic import Field

from metta.rl.components.component import Component, ComponentConfig, ComponentContext
from metta.rl.report import EpochReport


class GradientsConfig(ComponentConfig):
    """When gradients are reported."""

    kind: Literal["gradients"] = "gradients"
    """Name of this kind of component."""
    epoch_interval: int = Field(default=10, ge=1, description="report every so many epochs")

    def build(self, context: ComponentContext) -> Component:
        """See `ComponentConfig.build`."""
        return GradientReporter(self)


class GradientReporter(Component):
    """Adds `gradient/<parameter>`: mean norm over the epoch's steps, before clipping.

    The trainer has them anyway, so this costs nothing.
    """

    def __init__(self, config: GradientsConfig) -> None:
        self._config = config

    def on_epoch_end(self, report: EpochReport) -> None:
        """Add the norms if it is time."""
        if report.progress.epoch % self._config.epoch_interval == 0:
            updates = report.updates
            columns = zip(*updates.gradients, strict=True)
            for name, norms in zip(updates.gradient_names, columns, strict=True):
                report.metrics[f"gradient/{name}"] = math.fsum(norms) / len(norms)

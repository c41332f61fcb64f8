"""Tables about kinship, sharing and births."""

import numpy as np

from mettagrid.compile.compiled import Frame
from mettagrid.config.game import GameConfig
from mettagrid.config.sharing import GIVEN, RECEIVED

Tables = dict[str, np.ndarray]


def society_tables(game: GameConfig, frame: Frame | None = None) -> Tables:
    """Who is how near to whom, who gets a part of whose reward, and what children inherit."""
    kinship = (
        game.kinship.tables(game.num_agents) if frame is None or frame.kinship is None else frame.kinship
    )
    if frame is not None:
        frame.kinship = kinship
    kinship = dict(kinship)
    if game.group_variable is None:
        kinship["kinship_groups"] = np.zeros(0, int)
    return {**kinship, "sharing": _sharing(game), "genes": _genes(game)}


def _sharing(game: GameConfig) -> np.ndarray:
    names = game.names()
    statistics = [names.statistic(name) for name in (GIVEN, RECEIVED)] if game.sharing else []
    return np.array([[*way.encode(names), *statistics] for way in game.sharing], int).reshape(-1, 6)


def _genes(game: GameConfig) -> np.ndarray:
    variables = list(game.all_variables())
    rows = [
        (variables.index(name), round(gene.mutation * 65536), gene.span)
        for name, gene in game.heredity.items()
    ]
    return np.array(rows, int).reshape(-1, 3)

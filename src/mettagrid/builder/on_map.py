"""on_map: a game on another map, for as many agents as the map has places."""

from mettagrid.config.game import GameConfig
from mettagrid.config.vary import is_of_maps
from mettagrid.maps import AsciiMap


def on_map(game: GameConfig, drawing: AsciiMap) -> GameConfig:
    """The game on a drawn map. `num_agents` follows the map, or, where agents are born, `initial_agents`.

    What the game draws anew for every map is left out: a drawing stays as it is.

    Args:
        game: is not changed.
        drawing: where things stand.

    Raises:
        ValueError: the map has no place for an agent or things that the game lacks, or the game needs another number
            of agents; one line.
    """
    places = drawing.count_agents()
    if places == 0:
        raise ValueError("the map has no place for an agent, which is '@'")
    agents = {"num_agents": places}
    if game.initial_agents is not None:
        agents = {"initial_agents": places, "num_agents": max(places, game.num_agents)}
    vary = {key: varied for key, varied in game.vary.items() if not is_of_maps(key, varied)}
    return game.model_copy(deep=True).override_all({"map": drawing, "vary": vary} | agents)

"""Games that differ in numbers become options of one draw."""

import pytest

from mettagrid.compile import compile_game
from mettagrid.config.joint_draw import joint_draw
from mettagrid.config.vary import Together
from mettagrid.games.arena import ArenaNumbers, make_arena


def arena(**numbers: int):
    return make_arena(4, numbers=ArenaNumbers(**numbers))


def test_what_differs_is_listed_and_leads_from_game_to_game():
    games = [arena(heart_price=price, damage=damage) for price, damage in ((100, 10), (20, 10), (30, 5))]
    drawn = joint_draw(games, weights=[1, 2, 1])
    assert len(drawn.options[0]) == 3, "the altar asks for the price and takes it"
    assert drawn.options[0]["bodies.person.traits.damage"] == 10
    assert sorted(drawn.options[1].values()) == [10, 20, 20]
    assert drawn.weights == [1, 2, 1]
    for option, game in zip(drawn.options, games, strict=True):
        assert arena().override_all(option) == game
    assert isinstance(drawn, Together)
    compile_game(arena().override("vary", {"numbers": drawn}))


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (arena(), "these games are all the same: nothing to draw"),
        (make_arena(4, shaped=True), "games 0 and 1 are of different form: only one of them has rules."),
        (
            arena().override("shuffle_spawns", False),
            "shuffle_spawns is neither a number nor a name, and cannot",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(other, message):
    with pytest.raises(ValueError) as error:
        joint_draw([arena(), other])
    assert message in str(error.value)

"""The vocabulary: words by position and by name, amounts, and the rows that each word gives the core."""

import pytest
from pydantic import ValidationError

from mettagrid.rules import (
    EFFECTS,
    FILTERS,
    Add,
    Argument,
    Around,
    AtLeast,
    AtMost,
    Become,
    Birth,
    Bond,
    Bonded,
    CanBear,
    Chance,
    ChangeBody,
    ChangeKinship,
    Compare,
    Convert,
    Count,
    Court,
    Courted,
    Every,
    Freeze,
    Gather,
    HasRoom,
    Lay,
    Leave,
    Mates,
    Move,
    Names,
    Nearby,
    Not,
    OnGround,
    OnTrace,
    Part,
    Push,
    Related,
    Remove,
    Reward,
    Same,
    Set,
    Spawn,
    Step,
    Swap,
    Take,
    Total,
    Trait,
    Var,
)

NAMES = Names(
    variables={"heading": 0, "energy": 1, "ore": 2, "frozen": 3},
    kinds={"empty": 0, "agent": 1, "mine": 2},
    bodies={"small": 0, "big": 1},
    traits={"strength": 0, "price_use": 1},
    statistics={"hits": 0},
    grounds={"plain": 0, "swamp": 1},
    traces={"scent": 1},
    reaches={(2, 3, -1, 0, 1, -1): 0, (-1, 1, -1, 0, 1, -1): 1, (1, 2, 2, 1, 4, 1): 2},
    argument=7,
)
ACTOR, TARGET, WORLD, GROUP = 0, 1, 2, 3
(
    CONSTANT,
    TRAIT_OF_ACTOR,
    TRAIT_OF_TARGET,
    VARIABLE_OF_ACTOR,
    VARIABLE_OF_TARGET,
    VARIABLE_OF_WORLD,
    VARIABLE_OF_GROUP,
) = range(7)
MINES = Around("mine", 3)


def test_words_take_their_fields_by_position_or_by_name():
    assert Add("energy", 50) == Add(variable="energy", amount=50) == Add("energy", amount=50)
    assert Add("energy", 50).of == "actor"
    assert Take("ore", 2, "target") == Take("ore", 2, of="target")
    assert Nearby("mine", 2, 3) == Nearby(kind="mine", amount=2, radius=3)


def test_too_many_values_are_refused_with_the_names():
    with pytest.raises(TypeError, match=r"Add takes 4 values \(variable, amount, of, around\), not 5"):
        Add("energy", 1, "actor", None, 2)
    with pytest.raises(TypeError, match="Step takes 0 values"):
        Step(1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Add("energy", of="someone"),
        lambda: Add("energy", "all"),
        lambda: Add("energy", amout=3),
        lambda: Chance(1.5),
        lambda: Every(0),
        lambda: Nearby(radius=16),
        lambda: Convert({"ore": 0}, {"energy": 1}),
        lambda: Reward(31),
        lambda: Set("energy"),
        lambda: Not(Add("energy")),
    ],
)
def test_what_a_word_cannot_say_is_refused_when_it_is_made(make):
    with pytest.raises(ValidationError):
        make()


@pytest.mark.parametrize("words", [FILTERS, EFFECTS])
def test_words_have_a_name_of_their_own_and_say_what_they_mean(words):
    ops = [word.model_fields["op"].default for word in words]
    assert len(set(ops)) == len(ops)
    for word in words:
        assert word.__doc__ and word.__doc__.split("\n")[0].endswith(".")
        for name, field in word.model_fields.items():
            assert name == "op" or field.description, f"{word.__name__}.{name} is not described"


@pytest.mark.parametrize(
    ("amount", "mode", "number"),
    [
        (5, CONSTANT, 5),
        (-5, CONSTANT, -5),
        (Trait("strength"), TRAIT_OF_ACTOR, 0),
        (Trait("price_use", of="target"), TRAIT_OF_TARGET, 1),
        (Var("energy"), VARIABLE_OF_ACTOR, 1),
        (Var("ore", of="target"), VARIABLE_OF_TARGET, 2),
        (Var("ore", of="world"), VARIABLE_OF_WORLD, 2),
        (Var("ore", of="group"), VARIABLE_OF_GROUP, 2),
        (Argument(), CONSTANT, 7),
    ],
)
def test_amounts(amount, mode, number):
    assert AtLeast("energy", amount).encode(NAMES)[3:5] == (mode, number)
    assert Add("energy", amount).encode(NAMES)[0][3:5] == (mode, number)


@pytest.mark.parametrize("amount", [32768, -32768, 10**9])
def test_amounts_out_of_range_are_refused(amount):
    with pytest.raises(
        ValueError, match=rf"amount {amount} is out of range; numbers go from -32767 to 32767"
    ):
        Add("energy", amount).encode(NAMES)


def test_argument_needs_an_action():
    with pytest.raises(ValueError, match=r"Argument\(\) has a value only in rules on a verb"):
        Set("energy", Argument()).encode(NAMES.with_argument(None))


@pytest.mark.parametrize(
    ("word", "row"),
    [
        (AtLeast("energy", 5), (0, ACTOR, 1, CONSTANT, 5, -1, -1, 0)),
        (AtMost("energy", of="target"), (1, TARGET, 1, CONSTANT, 0, -1, -1, 0)),
        (HasRoom("ore"), (2, ACTOR, 2, CONSTANT, 1, -1, -1, 0)),
        (Same("ore"), (3, TARGET, 2, CONSTANT, 0, -1, -1, 0)),
        (Chance(0.25), (4, ACTOR, -1, CONSTANT, 16384, -1, -1, 0)),
        (Every(10, 3), (5, ACTOR, -1, CONSTANT, 10, 3, -1, 0)),
        (Chance(Var("ore", of="world")), (4, ACTOR, -1, VARIABLE_OF_WORLD, 2, -1, -1, 0)),
        (Nearby(), (6, ACTOR, -1, CONSTANT, 1, 1, -1, 0)),
        (Nearby("mine", 2, 3, of="target"), (6, TARGET, -1, CONSTANT, 2, 0, -1, 0)),
        (Nearby("agent", 1, 2, "ore", equals=4, same="energy"), (6, ACTOR, -1, CONSTANT, 1, 2, -1, 0)),
        (Total("ore", 9, MINES), (7, TARGET, 2, CONSTANT, 9, 0, -1, 0)),
        (
            Compare(Trait("strength"), Var("ore", "target")),
            (8, ACTOR, -1, VARIABLE_OF_TARGET, 2, TRAIT_OF_ACTOR, 0, 0),
        ),
        (AtLeast("ore", 2, "group"), (0, GROUP, 2, CONSTANT, 2, -1, -1, 0)),
        (Related(0.25), (9, TARGET, -1, CONSTANT, 60, -1, -1, 0)),
        (Bonded("target"), (10, TARGET, -1, CONSTANT, 0, -1, -1, 0)),
        (Mates(), (11, TARGET, -1, CONSTANT, 0, -1, -1, 0)),
        (Courted(4), (12, TARGET, -1, CONSTANT, 4, -1, -1, 0)),
        (OnGround("swamp", "target"), (13, TARGET, -1, CONSTANT, 0, 1, -1, 0)),
        (OnTrace("scent"), (14, ACTOR, -1, CONSTANT, 0, 1, -1, 0)),
        (CanBear(), (15, ACTOR, -1, CONSTANT, 0, -1, -1, 0)),
        (Not(AtLeast("energy")), (0, ACTOR, 1, CONSTANT, 1, -1, -1, 1)),
        (Not(Not(AtLeast("energy"))), (0, ACTOR, 1, CONSTANT, 1, -1, -1, 0)),
    ],
)
def test_filters_as_rows(word, row):
    assert word.encode(NAMES) == row


@pytest.mark.parametrize(
    ("word", "rows"),
    [
        (Add("energy", 5), [(0, ACTOR, 1, CONSTANT, 5, 0, -1, -1)]),
        (Take("energy", 5, "target"), [(0, TARGET, 1, CONSTANT, 5, 1, -1, -1)]),
        (Take("energy", "all"), [(0, ACTOR, 1, CONSTANT, 32767, 1, -1, -1)]),
        (Set("ore", 3), [(1, ACTOR, 2, CONSTANT, 3, -1, -1, -1)]),
        (Move("ore"), [(2, ACTOR, 2, CONSTANT, 32767, TARGET, -1, -1)]),
        (Move("ore", 1, "target"), [(2, TARGET, 2, CONSTANT, 1, ACTOR, -1, -1)]),
        (
            Convert({"ore": 2}, {"energy": 9}),
            [(0, ACTOR, 2, CONSTANT, 2, 1, -1, -1), (0, ACTOR, 1, CONSTANT, 9, 0, -1, -1)],
        ),
        (Freeze(4), [(1, TARGET, 3, CONSTANT, 4, -1, -1, -1)]),
        (Step(), [(3, ACTOR, -1, CONSTANT, 0, -1, -1, -1)]),
        (Swap(), [(4, TARGET, -1, CONSTANT, 0, -1, -1, -1)]),
        (Push(), [(5, TARGET, -1, CONSTANT, 0, -1, -1, -1)]),
        (Remove(), [(6, TARGET, -1, CONSTANT, 0, -1, -1, -1)]),
        (Spawn("mine"), [(7, TARGET, -1, CONSTANT, 0, 2, 0, -1)]),
        (Become("mine"), [(8, TARGET, -1, CONSTANT, 0, 2, -1, -1)]),
        (Reward(0.5), [(9, ACTOR, -1, CONSTANT, 500, -1, -1, -1)]),
        (Reward(-1, "target"), [(9, TARGET, -1, CONSTANT, -1000, -1, -1, -1)]),
        (Count("hits", 2), [(10, ACTOR, -1, CONSTANT, 2, 0, -1, -1)]),
        (ChangeBody("big"), [(11, ACTOR, -1, CONSTANT, 0, 1, -1, -1)]),
        (Add("ore", 1, around=MINES), [(0, ACTOR, 2, CONSTANT, 1, 0, -1, 0)]),
        (Remove("actor", MINES), [(6, ACTOR, -1, CONSTANT, 0, -1, -1, 0)]),
        (Move("ore", 1, to="group"), [(2, ACTOR, 2, CONSTANT, 1, GROUP, -1, -1)]),
        (Move("ore", 1, "group"), [(2, GROUP, 2, CONSTANT, 1, ACTOR, -1, -1)]),
        (Spawn("mine", "beside"), [(7, ACTOR, -1, CONSTANT, 0, 2, 1, -1)]),
        (Spawn("mine", "anywhere"), [(7, ACTOR, -1, CONSTANT, 0, 2, 2, -1)]),
        (Gather("ore", 6, MINES), [(12, TARGET, 2, CONSTANT, 6, -1, -1, 0)]),
        (Court(), [(13, TARGET, -1, CONSTANT, 0, -1, -1, -1)]),
        (Bond(), [(14, TARGET, -1, CONSTANT, 0, -1, -1, -1)]),
        (Part(), [(15, ACTOR, -1, CONSTANT, 0, -1, -1, -1)]),
        (Birth(0.5), [(16, ACTOR, -1, CONSTANT, 0, 32768, -1, -1)]),
        (ChangeKinship(to=0.5), [(17, TARGET, -1, CONSTANT, 120, 0, 1, -1)]),
        (ChangeKinship(by=-0.25, mutual=False), [(17, TARGET, -1, CONSTANT, -60, 1, 0, -1)]),
        (Lay("swamp"), [(18, TARGET, -1, CONSTANT, 0, 1, -1, -1)]),
        (Leave("scent", 9), [(19, ACTOR, -1, CONSTANT, 9, 1, -1, -1)]),
    ],
)
def test_effects_as_rows(word, rows):
    assert word.encode(NAMES) == rows


def test_every_word_is_encoded_above():
    """A new word needs its row here, and its behaviour in a test_..._in_core.py beside this file."""
    marks = [*test_filters_as_rows.pytestmark, *test_effects_as_rows.pytestmark]
    tested = {type(case[0]) for mark in marks for case in mark.args[1]}
    assert tested == {*FILTERS, *EFFECTS}


def test_convert_asks_for_the_price_and_the_room():
    """What is paid makes room first."""
    assert Convert({"ore": 2}, {"energy": 9}).needs(NAMES) == [
        AtLeast("ore", 2).encode(NAMES),
        HasRoom("energy", 9).encode(NAMES),
    ]
    assert Convert({"ore": 2}, {"ore": 3}).needs(NAMES)[1] == HasRoom("ore", 1).encode(NAMES)
    assert len(Convert({"ore": 2}, {"ore": 1}).needs(NAMES)) == 1


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (AtLeast("enrgy"), "unknown variable 'enrgy'; did you mean energy?"),
        (Add("enrgy"), "unknown variable 'enrgy'; did you mean energy?"),
        (Nearby("mien"), "unknown kind 'mien'; did you mean mine?"),
        (Spawn("mines"), "unknown kind 'mines'; did you mean mine?"),
        (ChangeBody("bigg"), "unknown body 'bigg'; did you mean big?"),
        (Count("hit"), "unknown statistic 'hit'; did you mean hits?"),
        (Add("ore", Trait("strenth")), "unknown trait 'strenth'; did you mean strength?"),
        (Add("ore", Var("xyz")), "unknown variable 'xyz'; valid: energy, frozen, heading, ore"),
        (OnGround("swmp"), "unknown ground 'swmp'; did you mean swamp?"),
        (Leave("scnt", 3), "unknown trace 'scnt'; did you mean scent?"),
        (Move("ore", giver="group", to="group"), "giver and receiver are both the group"),
        (ChangeKinship(), "give either `by` or `to`"),
        (Add("ore", around=Around(equals=3)), "equals needs `having`: which variable is meant"),
        (Every(4, 4), "phase 4 never comes; it must be below the period 4"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(word, message):
    with pytest.raises(ValueError) as refusal:
        word.encode(NAMES)
    assert str(refusal.value) == message

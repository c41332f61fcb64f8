"""Assembly lines: everybody collects, goes to an assembler where others wait, and takes the mark that is missing there.

Where recipes for one hand are all there is, everybody makes hearts of carbon alone.
"""

from dataclasses import replace

from metta.policy.policy import Policy
from metta.policy.scripted import Errand, ErrandPolicy, Expression, Nearby, Own, Random, Seen
from mettagrid.spec import GameSpec

GAME = "assembly_lines"

PATIENCE = 30  # steps of waiting for partners before another assembler is tried
HESITATION = 0.4  # probability of changing the mark in a step, so that not everybody does at once


def make_policy(spec: GameSpec) -> Policy:
    """Return the policy for the assembly lines."""
    is_alone = Own("world:hands") == 1
    carbon, oxygen = Own("carbon"), Own("oxygen")
    silicon, circuit = Own("silicon"), Own("circuit")
    is_there = Nearby("assembler", 1) >= 1
    others = Nearby("agent", 1, of="target")
    has_place = (others <= 2) | (is_there & (others <= 3))
    has_hands = (_hands(1) == 1) & (_hands(2) == 1)
    has_inputs = (_with("carbon") >= 1) & (_with("oxygen") >= 1)
    is_loaded = (carbon >= 2) & (oxygen >= 2) | (is_there & (carbon >= 1) & (oxygen >= 1))
    together = [
        *_marking(is_there & is_loaded),
        Errand("assembler", "use", when=[has_hands, has_inputs]),
        Errand("assembler", "use", when=[Seen("jammed") > 0, is_loaded], cost=2),
        Errand("assembler", when=[is_loaded, has_place, others >= 1], wait="", patience=PATIENCE),
        Errand("assembler", when=[is_loaded, has_place], cost=8, wait="", patience=PATIENCE),
        Errand("assembler", "use", when=[carbon >= 5], cost=20),
        Errand("extractor_oxygen", "use", when=[oxygen <= 4, Seen("oxygen") >= 1], cost=oxygen * 3),
        Errand("extractor_oxygen", when=[oxygen <= 0, Seen("oxygen") == 0], cost=10, patience=20),
        Errand("extractor_silicon", "use", when=[silicon + circuit <= 1], cost=2),
        Errand("forge", "use", when=[silicon >= 1, carbon >= 1, circuit <= 4]),
    ]
    return ErrandPolicy(
        spec,
        [
            *(replace(errand, when=[*errand.when, ~is_alone]) for errand in together),
            Errand("assembler", "use", when=[is_alone, carbon >= 2]),
            Errand("extractor_carbon", "use", when=[carbon <= 4], cost=carbon * 3),
            Errand("charger", "use", when=[Own("energy") <= 15]),
        ],
    )


def _marking(is_ready: Expression) -> list[Errand]:
    """Take the lowest mark that nobody else beside the assembler has; 0 if all are taken."""
    mark = Own("mark")
    taken = [Nearby("agent", 2, when=[Seen("mark") == m]) >= 1 for m in (1, 2, 3)]
    now = [is_ready, Random() < HESITATION]
    return [
        Errand(do="mark_1", when=[*now, mark != 1, ~taken[0]]),
        Errand(do="mark_2", when=[*now, (mark == 0) | (mark == 3) | ((mark == 1) & taken[0]), ~taken[1]]),
        Errand(do="mark_3", when=[*now, mark != 3, taken[0], taken[1], ~taken[2]]),
        Errand(do="mark_0", when=[*now, mark > 0, taken[0], taken[1], taken[2]]),
    ]


def _hands(mark: int) -> Expression:
    """How many with a mark stand around the target."""
    return Nearby("agent", 1, when=[Seen("mark") == mark], of="target")


def _with(item: str) -> Expression:
    """How many with an item stand around the target."""
    return Nearby("agent", 1, when=[Seen(item) >= 1], of="target")

"""Random rules: games whose goal and rules are drawn from a grammar and hidden; names are the same in all of them."""

from mettagrid.games.random_rules.batch import make_random_rules_batch
from mettagrid.games.random_rules.drawing import draw_rule_set
from mettagrid.games.random_rules.fingerprint import fingerprint
from mettagrid.games.random_rules.game import make_game, make_random_rules
from mettagrid.games.random_rules.planner import PlanStep, find_plan
from mettagrid.games.random_rules.rule_set import Production, RuleSet

__all__ = [
    "PlanStep",
    "Production",
    "RuleSet",
    "draw_rule_set",
    "find_plan",
    "fingerprint",
    "make_game",
    "make_random_rules",
    "make_random_rules_batch",
]

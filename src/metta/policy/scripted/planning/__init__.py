"""Planning: what rules do, where one can walk, and the shortest tour over things. For games in which little moves."""

from metta.policy.scripted.planning.rulebook import Outcome, Rulebook
from metta.policy.scripted.planning.state import Board, State, Thing
from metta.policy.scripted.planning.tour import Leg, actions_of, best_tour, leg_to

__all__ = ["Board", "Leg", "Outcome", "Rulebook", "State", "Thing", "actions_of", "best_tour", "leg_to"]

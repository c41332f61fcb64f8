"""Hands: which agents are played by hand, by whom, and what each person was told of their choices."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

_Owner = TypeVar("_Owner")
Choices = list[tuple[int, list[int]]]
"""Agents, each with the actions that it can choose."""


class Hands(Generic[_Owner]):
    """A book of who plays what. An agent has one owner at most; owners are told apart by identity."""

    def __init__(self) -> None:
        self._owners: dict[tuple[int, int], _Owner] = {}  # (branch, agent) -> who plays it
        self._told: dict[
            tuple[int, int], tuple[_Owner, Choices]
        ] = {}  # (branch, id of owner) -> what they know

    def take(self, number: int, agent: int, owner: _Owner) -> None:
        """Notes that somebody plays an agent; ValueError if somebody else does."""
        if self._owners.setdefault((number, agent), owner) is not owner:
            raise ValueError(f"agent {agent} is played by somebody else")

    def release(self, number: int, agent: int, owner: _Owner) -> bool:
        """Notes that somebody plays an agent no more; returns whether they did before."""
        if not self.has(number, agent, owner):
            return False
        del self._owners[number, agent]
        return True

    def has(self, number: int, agent: int, owner: _Owner) -> bool:
        """Whether somebody plays an agent."""
        return self._owners.get((number, agent)) is owner

    def part(self, owner: _Owner) -> list[tuple[int, int]]:
        """Forgets somebody; returns the (branch, agent) that they played."""
        places = [place for place, known in self._owners.items() if known is owner]
        for place in places:
            del self._owners[place]
        self._told = {key: told for key, told in self._told.items() if key[1] != id(owner)}
        return places

    def in_branch(self, number: int) -> list[int]:
        """The agents of a branch that are played by hand."""
        return [agent for branch, agent in self._owners if branch == number]

    def drop_branch(self, number: int) -> list[_Owner]:
        """Forgets a branch; returns who played in it."""
        owners = {id(owner): owner for (branch, _), owner in self._owners.items() if branch == number}
        self._owners = {place: owner for place, owner in self._owners.items() if place[0] != number}
        self._told = {key: told for key, told in self._told.items() if key[0] != number}
        return list(owners.values())

    def news(self, number: int, choices: Mapping[int, list[int]]) -> Iterator[tuple[_Owner, Choices]]:
        """Those who do not know yet what they can choose in a branch, with what they should be told.

        Args:
            number: of the branch.
            choices: the actions that each agent that is played by hand can choose.
        """
        now: dict[int, tuple[_Owner, Choices]] = {
            id(told[0]): (told[0], []) for (branch, _), told in self._told.items() if branch == number
        }
        for (branch, agent), owner in sorted(self._owners.items(), key=lambda item: item[0]):
            if branch == number:
                now.setdefault(id(owner), (owner, []))[1].append((agent, choices.get(agent, [])))
        for key, (owner, mine) in now.items():
            if self._told.get((number, key), (owner, []))[1] != mine:
                self._told[number, key] = owner, mine
                yield owner, mine

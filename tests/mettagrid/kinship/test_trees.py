"""Family trees: relatedness against every way in which a gene can come down, and families that are known."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mettagrid.kinship import FamilyTrees
from mettagrid.kinship.trees import relatedness
from mettagrid.rules import FULL_KINSHIP as ONE


def by_genes(parents: np.ndarray) -> np.ndarray:
    """How often two people carry the same founder's gene, over all ways in which children take after a parent."""
    children = [person for person, (mother, _) in enumerate(parents) if mother >= 0]
    same = np.zeros((len(parents), len(parents)))
    for sides in product((0, 1), repeat=len(children)):
        gene = list(range(len(parents)))
        for child, side in zip(children, sides, strict=True):
            gene[child] = gene[parents[child][side]]
        same += np.equal.outer(gene, gene)
    return same / 2 ** len(children)


@st.composite
def pedigrees(draw: st.DrawFn) -> np.ndarray:
    founders = draw(st.integers(2, 4))
    parents = [(-1, -1)] * founders
    for person in range(founders, founders + draw(st.integers(0, 8))):
        mother, father = draw(st.permutations(range(person)))[:2]
        parents.append((mother, father))
    return np.array(parents)


@settings(max_examples=40)
@given(pedigrees())
def test_relatedness_is_the_chance_to_carry_the_same_gene(parents):
    np.testing.assert_allclose(relatedness(parents), by_genes(parents), atol=1e-12)


def test_the_relatives_that_everybody_knows():
    people = {
        "grandmother": (-1, -1), "grandfather": (-1, -1), "stranger": (-1, -1), "other": (-1, -1),
        "mother": (0, 1), "aunt": (0, 1), "half_uncle": (0, 2),
        "child": (4, 3), "sister": (4, 3), "cousin": (5, 2), "half_sister": (4, 2),
    }  # fmt: skip
    names = list(people)
    table = relatedness(np.array(list(people.values())))

    def between(a: str, b: str) -> float:
        return table[names.index(a), names.index(b)]

    assert between("child", "mother") == between("child", "sister") == 1 / 2
    assert (
        between("child", "grandmother")
        == between("child", "aunt")
        == between("child", "half_sister")
        == 1 / 4
    )
    assert between("child", "cousin") == between("child", "half_uncle") == 1 / 8
    assert between("grandmother", "stranger") == between("mother", "other") == 0
    assert between("mother", "half_uncle") == 1 / 4


@settings(deadline=None)
@given(
    founders=st.integers(2, 9),
    generations=st.integers(2, 6),
    living=st.integers(1, 6) | st.none(),
    children=st.integers(1, 4),
    num_agents=st.integers(14, 20),
)
def test_trees_are_families(founders, generations, living, children, num_agents):
    living = None if living is None else min(living, generations)
    trees = FamilyTrees(
        founders=founders, generations=generations, living=living, children=children, num_trees=2
    )
    trees.check(num_agents)
    parents = trees.parents(num_agents, 0)
    people, dead = len(parents), generations - (living or generations)
    assert people == num_agents + founders * dead
    assert (parents[:founders] == -1).all()
    later, elders = parents[founders:], np.arange(founders, people)[:, None]
    assert (later[:, 0] >= 0).all()
    assert (later < elders).all()
    assert (later[:, 0] != later[:, 1]).all()
    generation = np.zeros(people, int)
    for person in range(founders, people):
        generation[person] = 1 + generation[parents[person, 0]]
        assert parents[person, 1] == -1 or generation[parents[person, 1]] == generation[parents[person, 0]]
    assert generation[-1] == generations - 1
    if dead:
        assert (generation[:-num_agents] < dead).all()
        assert (generation[-num_agents:] >= dead).all()
    matrices = trees.tables(num_agents)["kinship_templates"].reshape(2, num_agents, num_agents)
    youngest = relatedness(parents)[-num_agents:, -num_agents:]
    assert (matrices[0] == np.rint(youngest * ONE)).all()


def test_each_tree_is_another_one_and_depends_on_seed_and_number_alone():
    few, many = (FamilyTrees(founders=4, num_trees=n).tables(12)["kinship_templates"] for n in (5, 20))
    assert (few == many[:5]).all()
    assert len({matrix.tobytes() for matrix in many.reshape(20, -1)}) > 15
    assert (FamilyTrees(founders=4, num_trees=5, seed=1).tables(12)["kinship_templates"] != few).any()

"""`metta bench rules` measures every word, and sharing among many agents."""

from metta.bench import rules
from mettagrid.rules import EFFECTS, FILTERS, Not


def test_every_word_is_measured():
    on_cells = [effect for effects in rules.EFFECTS_ON_EMPTY_CELLS for effect in effects]
    conditions = [word.filter if isinstance(word, Not) else word for word in rules.FILTERS_THAT_HOLD]
    assert {type(word) for word in conditions} == set(FILTERS) - {Not}
    assert {type(word) for word in [*rules.EFFECTS_ON_AGENTS, *on_cells]} == set(EFFECTS)


def test_figures_of_words_and_of_sharing(monkeypatch):
    monkeypatch.setattr(rules, "_STEPS", 2)
    monkeypatch.setattr(rules, "MANY_AGENTS", 64)
    figures, facts = rules.bench_rules(repeats=1)
    units = [figure.unit for figure in figures]
    assert units.count("ns") == len(rules.FILTERS_THAT_HOLD) + len(rules.EFFECTS_ON_AGENTS) + 2
    assert next(figure.name for figure in figures if figure.unit == "us") == "step without kinship"
    assert all(figure.median > 0 for figure in figures if figure.unit == "us")
    assert facts["repeats"] == 1

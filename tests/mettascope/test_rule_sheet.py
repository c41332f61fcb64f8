from mettagrid.builder.envs import make_arena
from mettagrid.compile import compile_game
from mettagrid.config.distribution import Uniform
from mettagrid.config.vary import Together
from mettagrid.games.families import make_families
from mettascope.rule_sheet import rule_parts, rule_sheet


def parts_of(game):
    compiled = compile_game(game)
    return compiled.spec, rule_parts(game, compiled.spec, compiled.rule_sources)


def test_there_are_parts_for_each_rule_that_events_name():
    game = make_arena(num_agents=4)
    compiled = compile_game(game)
    spec, parts = parts_of(game)
    assert len(parts) == len(compiled.rule_sources)
    altar = next(rule for rule in parts if rule["targets"] == ["altar"] and rule["on"] == ["use"])
    energy = spec.variable_names.index("energy")
    tests = [condition["test"] for condition in altar["when"]]
    assert {"op": "at_least", "variable": energy, "amount": 100, "of": "actor", "negated": False} in tests
    assert altar["then"][0] == "take 100 energy"


def test_what_needs_more_than_one_thing_has_no_test():
    _, parts = parts_of(make_families())
    conditions = [condition for rule in parts for condition in rule["when"]]
    assert all(c["test"] is None for c in conditions if "kinship" in c["text"] or "chance" in c["text"])
    assert any(c["test"] for c in conditions)


def test_what_each_episode_draws_anew_has_no_test():
    game = make_arena(num_agents=4)
    index = next(
        i for i, rule in enumerate(game.rules) if rule.targets == ["altar"] and rule.verbs == ["use"]
    )
    path = next(
        f"rules.{index}.when.{i}.amount"
        for i, word in enumerate(game.rules[index].when)
        if word.op == "at_least"
    )
    for varied in ({path: Uniform(1, 100)}, {"price": Together([{path: 1}, {path: 100}])}):
        _, parts = parts_of(game.model_copy(update={"vary": varied}))
        altar = next(rule for rule in parts if rule["targets"] == ["altar"] and rule["on"] == ["use"])
        assert [condition["test"] is None for condition in altar["when"]] == [False, True]


def test_the_sheet_leaves_the_rules_to_the_parts():
    sheet = rule_sheet(make_arena(num_agents=4))
    titles = [section["title"] for section in sheet]
    assert "What agents do" in titles and "Rules" not in titles
    assert all(section["text"] for section in sheet)

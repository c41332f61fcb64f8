"""`metta bench maps`: every kind is drawn, rates are positive, the peer's answers become ratios."""

import json

import pytest

from metta.bench import main
from metta.bench.maps import MapSettings, all_kinds, bench_maps, map_of, needs_of
from metta.common.errors import UserError

BRIEF = ["maps", "--seconds", "0.001", "--repeats", "1", "--sizes", "25"]


@pytest.mark.parametrize("kind", all_kinds())
def test_every_kind_is_drawn_at_the_middle_size(kind):
    config = map_of(kind, 60)
    num_agents, values = needs_of(config)
    assert config.build(1, 0, num_agents, values).any()


def test_rates_are_measured_without_a_peer():
    figures, facts = bench_maps(
        MapSettings(kinds=("caves", "random_map"), sizes=(25, 30), seconds=0.001, repeats=2)
    )
    assert [figure.name for figure in figures] == [
        "caves 25x25",
        "caves 30x30",
        "random_map 25x25",
        "random_map 30x30",
    ]
    assert all(len(figure.values) == 2 and min(figure.values) > 0 for figure in figures)
    assert "peer" not in facts


def test_it_prints_a_table_or_json(capsys):
    assert main([*BRIEF, "--kinds", "caves"]) == 0
    assert "caves 25x25" in capsys.readouterr().out
    assert main([*BRIEF, "--kinds", "caves", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["bench"], document["figures"][0]["unit"]) == ("maps", "maps/s")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([*BRIEF, "--kinds", "cave"], "unknown kind 'cave'; did you mean caves"),
        ([*BRIEF, "--vs", "mettagrid"], "--peer-python PATH belong together"),
        ([*BRIEF, "--vs", "mettagrid", "--peer-python", "/no/python"], "no peer interpreter /no/python"),
        (["maps", "--sizes", "0"], "'0' is not a whole number of at least 1"),
    ],
)
def test_mistakes_are_one_line(arguments, complaint):
    with pytest.raises(UserError) as error:
        main(arguments)
    assert complaint in str(error.value)


def test_a_peer_that_answers_becomes_a_ratio(tmp_path):
    """A stand-in for the other interpreter: it says how many maps it drew, and cannot draw one kind."""
    script = tmp_path / "python"
    script.write_text(
        "#!/bin/sh\n"
        'echo \'{"version": "0", "kinds": ["caves", "forest"]}\'\n'
        "while read line; do case $line in\n"
        '*forest*) echo \'{"error": "no"}\' ;;\n'
        '*) echo \'{"maps": 1, "seconds": 0.5}\' ;;\n'
        "esac; done\n"
    )
    script.chmod(0o755)
    settings = MapSettings(("caves", "forest"), (25,), seconds=0.001, repeats=2, peer_python=str(script))
    figures, facts = bench_maps(settings)
    assert [figure.name for figure in figures] == ["caves 25x25", "  times mettagrid", "forest 25x25"]
    assert figures[1].median == pytest.approx(figures[0].median / 2)
    assert facts["peer"]["version"] == "0"

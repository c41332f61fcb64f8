"""docs/rules.md and the rule sheets are what the code says."""

from pathlib import Path

import pytest

from mettagrid.reference.__main__ import main
from mettagrid.reference.documents import COMMAND, documents, stale_sheets
from mettagrid.reference.makers import find_makers
from mettagrid.reference.words_page import fill

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
WRITTEN = documents(DOCS)
GAMES = ROOT / "src" / "mettagrid" / "games"


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_what_is_on_disk_is_what_the_code_says(path):
    assert path.is_file(), f"{path.name} is missing; run: {COMMAND}"
    assert path.read_text(encoding="utf-8") == WRITTEN[path], f"{path.name} is out of date; run: {COMMAND}"


def test_there_is_no_sheet_of_a_game_that_is_gone():
    assert stale_sheets(DOCS) == [], f"run: {COMMAND}"


def test_every_file_of_games_has_a_maker():
    """A new game is found by itself."""
    found = {maker.make.__module__.split(".")[2] for maker in find_makers()}
    assert found == {path.stem for path in GAMES.iterdir() if path.stem not in ("__init__", "__pycache__")}


def test_sheets_name_everything_of_their_games():
    for maker in find_makers():
        if not maker.has_defaults:
            continue
        game, sheet = maker.make(), WRITTEN[DOCS / "games" / "rules" / f"{maker.name}.md"]
        names = [*game.verbs, *game.variables, *game.objects, *game.grounds, *game.traces]
        assert [name for name in names if f"`{name}`" not in sheet] == []
        first_words = {rule.on if isinstance(rule.on, str) else rule.on[0] for rule in game.rules} - {"step"}
        assert [verb for verb in first_words if f"**`{verb}`**" not in sheet] == []
        assert sheet.count("\n- ") == len(game.rules)


def test_the_command_writes_what_is_missing_and_nothing_else(tmp_path, capsys):
    hand_written = "# Mine\n\n" + "".join(
        f"Before {name}.\n<!-- begin {name}: x -->\nold\n<!-- end {name} -->\n"
        for name in (
            "filters",
            "effects",
            "amounts",
            "aims",
            "kinship",
            "sharing",
            "distributions",
            "verbs",
            "games",
        )
    )
    (tmp_path / "rules.md").write_text(hand_written)
    stale = tmp_path / "games" / "rules" / "chess.md"
    stale.parent.mkdir(parents=True)
    stale.write_text("# Chess")
    assert main([str(tmp_path)]) == 0
    text = (tmp_path / "rules.md").read_text()
    assert "Before kinship." in text and "old" not in text.split() and "### AtLeast" in text
    assert not stale.exists()
    assert (stale.parent / "arena.md").is_file()
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "there is no" in capsys.readouterr().err


def test_a_page_that_lacks_a_list_is_refused():
    with pytest.raises(ValueError, match=r"^docs/rules.md: the list 'aims' is on the page or in the code"):
        fill("<!-- begin filters -->\n<!-- end filters -->", [])

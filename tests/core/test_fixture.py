from tests.core.export_arena import FIXTURE, arena_text


def test_the_arena_of_the_golden_trace_is_the_arena_of_the_game():
    is_fresh = FIXTURE.read_text(encoding="ascii") == arena_text()
    assert is_fresh, "the arena has changed: docs/testing.md says how to renew the fixture"

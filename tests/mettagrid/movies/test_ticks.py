import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mettagrid.movies.ticks import has_stride, parse_ticks, spread

PARTS = st.none() | st.integers(-30, 30)


@given(PARTS, PARTS, st.none() | st.integers(1, 9), st.integers(1, 20))
def test_ranges_are_those_of_python(start: int | None, stop: int | None, stride: int | None, num_ticks: int):
    def word(part: int | None) -> str:
        return "" if part is None else str(part)

    text = f"{word(start)}:{word(stop)}" + ("" if stride is None else f":{stride}")
    expected = list(range(num_ticks))[start:stop:stride]
    assert has_stride(text) == (stride is not None)
    if expected:
        assert list(parse_ticks(text, num_ticks)) == expected
    else:
        with pytest.raises(ValueError, match=f"none in .*ticks 0 to {num_ticks - 1}"):
            parse_ticks(text, num_ticks)


def test_one_tick_may_be_counted_from_the_end():
    assert list(parse_ticks("7", 10)) == [7]
    assert list(parse_ticks("-1", 10)) == [9]
    assert list(parse_ticks("-10", 10)) == [0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10", "no tick 10; the replay has ticks 0 to 9"),
        ("-11", "no tick -11"),
        ("12:20", "none in 12:20; the replay has ticks 0 to 9"),
        ("8:3", "none in 8:3"),
        ("::-1", "stride in ::-1 must be 1 or more"),
        ("::0", "must be 1 or more"),
        ("", "neither a tick nor a range; e.g. 250"),
        ("a:b", "neither a tick nor a range"),
        ("1:2:3:4", "neither a tick nor a range"),
        ("1.5", "neither a tick nor a range"),
        ("9" * 5000, "neither a tick nor a range"),
    ],
)
def test_what_cannot_be_is_one_line(text: str, message: str):
    with pytest.raises(ValueError, match=message) as error:
        parse_ticks(text, 10)
    assert len(str(error.value)) < 120


@given(st.integers(1, 500), st.integers(2, 20))
def test_spread_keeps_both_ends_and_even_steps(length: int, count: int):
    chosen = spread(range(10, 10 + length), count)
    assert len(chosen) == min(length, count)
    assert (chosen[0], chosen[-1]) == (10, 9 + length)
    steps = {after - before for before, after in itertools.pairwise(chosen)}
    assert not steps or max(steps) - min(steps) <= 1
    assert min(steps, default=1) >= 1

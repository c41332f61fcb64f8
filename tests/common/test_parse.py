import pytest
from hypothesis import given
from hypothesis import strategies as st

from metta.common.parse import parse_scalar, readings


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1M", 1_000_000),
        ("2.5k", 2500),
        ("0.1B", 100_000_000),
        ("1_000", 1000),
        ("-3", -3),
        ("+5", 5),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("1e6", 1e6),
        ("1.0005k", 1000.5),
        ("True", True),
        ("false", False),
        ("null", None),
        ("None", None),
        *((text, text) for text in ("001", "1m", "-", "", "1:30", "nan", "yes", "9" * 5000)),
    ],
)
def test_scalars(text, value):
    assert parse_scalar(text) == value
    assert type(parse_scalar(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("001", ("001", ["001"])),
        ('"001"', ("001", ["001"])),
        ("'1'", ("1", ["1"])),
        ("64,65", ("64,65", [64, 65], ["64", "65"])),
        ("7", (7, "7", [7], ["7"])),
        ("true", (True, "true", [True], ["true"])),
        ("", ("", [])),
        ("[1, '2', no, 1e-3, {a: 2k}]", ([1, "2", "no", 0.001, {"a": 2000}],)),
        ('{"a": [1, null], "b": true}', ({"a": [1, None], "b": True},)),
        ("{1: 2}", ({"1": 2},)),
        ("[1,", ("[1,",)),
        ("[&a [1], *a]", ("[&a [1], *a]",)),
        ("{[1]: 2}", ("{[1]: 2}",)),
        ("file://./x/x:v5.mpt", ("file://./x/x:v5.mpt", ["file://./x/x:v5.mpt"])),
    ],
)
def test_readings_come_best_first(text, values):
    found = readings(text)
    assert found.values[: len(values)] == values


def test_text_that_explodes_or_nests_without_end_stays_text():
    assert readings("[" * 5000).values == ("[" * 5000,)


@given(st.text())
def test_no_text_fails(text):
    found = readings(text)
    assert found.values
    assert isinstance(found.text, str)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_survive(number):
    assert parse_scalar(str(number)) == number
    assert parse_scalar(f"{number:_}") == number
    assert parse_scalar(f"{number}k") == number * 1000

"""What people write for ranges and choices, what is refused, and coordinates against their values."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from metta.common.parse import readings
from metta.sweep.config import SweepConfig
from metta.sweep.space import Choice, Parameter, Range, grid_of, parse_parameter, short_value


def parsed(text: object) -> Range | Choice:
    return TypeAdapter(Parameter).validate_python(text)


@pytest.mark.parametrize(
    ("text", "low", "high", "scale"),
    [
        ("1e-5..1e-2:log", 1e-5, 1e-2, "log"),
        ("0.0..1.0", 0.0, 1.0, "uniform"),
        ("1..8", 1, 8, "int"),
        ("1..8:uniform", 1, 8, "uniform"),
        ("1..1k:log", 1, 1000, "log_int"),
        ("16..4_096:pow2", 16, 4096, "pow2"),
        ("0.8..0.999:logit", 0.8, 0.999, "logit"),
        ("-2..-1", -2, -1, "int"),
        (".5..1.5", 0.5, 1.5, "uniform"),
        ({"low": 1, "high": 8, "scale": "pow2"}, 1, 8, "pow2"),
        ({"min": 1e-5, "max": 1e-2, "distribution": "log_normal"}, 1e-5, 1e-2, "log"),
    ],
)
def test_ranges(text: object, low: float, high: float, scale: str):
    assert parsed(text) == Range(low=low, high=high, scale=scale)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("relu,tanh", ["relu", "tanh"]),
        ("1, 2,4", [1, 2, 4]),
        ("true,false", [True, False]),
        ([[64], [64, 64]], [[64], [64, 64]]),
        ({"choices": [1, None]}, [1, None]),
    ],
)
def test_choices(text: object, choices: list):
    parameter = parsed(text)
    assert isinstance(parameter, Choice)
    assert parameter.choices == choices
    assert [parameter.value(coordinate) for coordinate in parameter.coordinates()] == choices


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2..1", "is empty"),
        ("1..1", "is empty"),
        ("0..1:log", "no logarithm"),
        ("-1.0..1:log", "no logarithm"),
        ("1..2:lgo", "unknown scale 'lgo'; did you mean log"),
        ("0.5..4:int", "must be whole"),
        ("3..8:pow2", "powers of two"),
        ("0..0.5:logit", "between 0 and 1"),
        ("a..b", "'a' in a..b is no number"),
        ("1..true", "'true' in 1..true is no number"),
        ("3", "a single value belongs into train_overrides"),
        ("", "a single value"),
        ("1,1", "1 is among the choices twice"),
        ({"low": 1}, "high: Field required"),
        ({"low": 1, "high": 2, "scale": "cubic"}, "scale"),
        ({"low": 1, "high": math.inf}, "finite"),
        (7, "a single value"),
    ],
)
def test_what_is_refused_in_one_line(text: object, message: str):
    with pytest.raises(ValidationError) as error:
        parsed(text)
    assert message in str(error.value)
    with pytest.raises(ValueError, match=r"^search_space\.a\.b: ") as line:
        SweepConfig().override("search_space.a.b", readings(text) if isinstance(text, str) else text)
    assert message in str(line.value)
    assert "\n" not in str(line.value)


def test_dotted_keys_are_settings():
    config = SweepConfig().override_all(
        {
            "search_space.trainer.optimizer.learning_rate": readings("1e-4..1e-2:log"),
            "search_space.x": readings("1,2"),
        }
    )
    assert list(config.search_space) == ["trainer.optimizer.learning_rate", "x"]
    again = SweepConfig.model_validate(config.model_dump(mode="json"))
    assert again == config


RANGES = [
    Range(low=1e-5, high=1e-2, scale="log"),
    Range(low=-3.0, high=4.0),
    Range(low=2, high=9, scale="int"),
    Range(low=1, high=1000, scale="log_int"),
    Range(low=4, high=64, scale="pow2"),
    Range(low=0.8, high=0.999, scale="logit"),
]


@given(index=st.integers(0, len(RANGES) - 1), share=st.floats(0.0, 1.0))
def test_every_coordinate_is_a_value_of_the_range(index: int, share: float):
    parameter = RANGES[index]
    low, high = parameter.coordinates()
    coordinate = low + share * (high - low)
    if isinstance(low, int):
        coordinate = round(coordinate)
    value = parameter.value(coordinate)
    assert parameter.low <= value <= parameter.high
    assert math.isclose(parameter.coordinate(value), coordinate, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize("parameter", RANGES)
def test_grids_reach_both_ends_and_rise(parameter: Range):
    values = [parameter.value(coordinate) for coordinate in parameter.grid(3)]
    assert values == sorted(set(values))
    assert [values[0], values[-1]] == pytest.approx([parameter.low, parameter.high])
    assert len(values) == 3


def test_a_grid_has_all_combinations_once():
    space = {"a": Range(low=1, high=2, scale="int"), "b": parse_parameter("x,y,z")}
    points = grid_of(space, points=5)
    assert points == [{"a": a, "b": b} for a in (1, 2) for b in ('"x"', '"y"', '"z"')]


def test_the_middle_of_a_logarithmic_grid_is_the_geometric_mean():
    assert RANGES[0].grid(3)[1] == pytest.approx(math.sqrt(1e-5 * 1e-2))


def test_values_in_tables_are_short():
    assert [short_value(value) for value in (0.000123456, "relu", True, 64, [1, 2])] == [
        "0.0001235",
        "relu",
        "true",
        "64",
        "[1, 2]",
    ]

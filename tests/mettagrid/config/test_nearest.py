import pytest

from mettagrid.config.nearest import did_you_mean, nearest_names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("trian", ["train"]),
        ("TRAIN", ["train"]),
        ("evalute", ["evaluate"]),
        ("timesteps", ["total_timesteps"]),
        ("q", []),
    ],
)
def test_nearest_names(name, expected):
    assert nearest_names(name, ["train", "evaluate", "replay", "total_timesteps"]) == expected


def test_did_you_mean():
    assert did_you_mean("trian", ["train", "play"]) == "did you mean train?"
    assert did_you_mean("zzz", ["b", "a"]) == "valid: a, b"
    assert did_you_mean("zzz", [f"name{i:02}" for i in range(20)]).endswith("name11 and 8 more")
    assert did_you_mean("zzz", []) == "there is nothing to choose from"

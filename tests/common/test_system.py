import pytest

from metta.common.system import SystemConfig, available_cores


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:3", "mps"])
def test_devices(device):
    assert SystemConfig(device=device).device == device


@pytest.mark.parametrize("settings", [{"device": "gpu"}, {"seed": -1}, {"num_threads": -1}, {"data_dir": ""}])
def test_refused(settings):
    with pytest.raises(ValueError):
        SystemConfig(**settings)


def test_threads_and_folders():
    assert SystemConfig(num_threads=3).thread_count() == 3
    assert SystemConfig().thread_count() == available_cores() >= 1
    assert SystemConfig(data_dir="here").run_dir("a").parts == ("here", "a")

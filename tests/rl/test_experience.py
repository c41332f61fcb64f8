"""Experience: rows, memories, minibatches without replacement."""

import torch

from metta.rl.experience import Experience
from tests.rl.fakes import echo_spec


def filled_experience() -> Experience:
    """2 segments of 3 steps of 4 columns; every number tells where it is from: 100 t + n."""
    experience = Experience(echo_spec(), 4, 2, 3, 1, torch.device("cpu"))
    experience.begin_rollout()
    for step in range(6):
        experience.keep_memory(step, torch.full((4, 1), float(step)))
        experience.view(step).actions.copy_(100 * step + torch.arange(4))
    experience.end_rollout()
    return experience


def test_every_row_comes_exactly_once() -> None:
    experience = filled_experience()
    parts = experience.shuffled_rows(3, torch.Generator().manual_seed(0))
    assert sorted(torch.cat(parts).tolist()) == list(range(8))
    assert [len(part) for part in parts] == [3, 3, 2]


def test_a_row_is_a_column_in_order_with_the_memory_before_it() -> None:
    minibatch = filled_experience().gather(torch.tensor([2, 7]))
    assert minibatch.actions.T.tolist() == [[2, 102, 202], [303, 403, 503]]
    assert minibatch.memory.flatten().tolist() == [0.0, 3.0]
    assert minibatch.observations.shape == (3, 2, 2, 3)


def test_updates_are_noted_where_they_belong() -> None:
    experience = filled_experience()
    minibatch = experience.gather(torch.tensor([7]))
    experience.note_update(minibatch, torch.full((3, 1), 0.5), torch.full((3, 1), 2.0))
    assert (experience.ratios[3:, 3] == 0.5).all()
    assert experience.ratios.sum() == 24 - 1.5
    assert experience.latest_values.sum() == 6.0

"""A process that is alone agrees with itself at no cost; see test_same_result for several."""

import torch

from metta.rl.ranks import (
    all_bytes,
    all_rows,
    any_over_ranks,
    bytes_of_first,
    is_first_rank,
    mean_over_ranks,
    num_ranks,
)


def test_one_process_agrees_with_itself() -> None:
    values = torch.tensor([1.0, 2.0])
    assert mean_over_ranks(values) is values and all_rows(values) is values
    assert (num_ranks(), is_first_rank(), any_over_ranks(True), any_over_ranks(False)) == (
        1,
        True,
        True,
        False,
    )
    assert all_bytes(b"a") == [b"a"] and bytes_of_first(b"b") == b"b"

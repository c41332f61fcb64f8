"""How PyTorch computes on the processor: with how many threads, and with which library."""

import torch


def set_up_processor(num_threads: int) -> None:
    """Let PyTorch use this many threads of the processor, and multiply float32 matrices as fast as it can."""
    torch.set_num_threads(num_threads)
    multiply_with_onednn()


def multiply_with_onednn() -> bool:
    """Let oneDNN multiply float32 matrices, if it keeps float32; returns whether it does now.

    PyTorch gives them to MKL, which uses half the width of processors that Intel did not make: with oneDNN an AMD EPYC
    with AVX-512 is 2.3 times as fast. PyTorch's only switch for it allows to round the factors to bfloat16, which
    oneDNN does where there are matrix tiles (AMX), and a GPU as well: there it stays as it was.
    """
    if torch.cuda.is_available():
        return False
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    if not keeps_float32():
        torch.set_float32_matmul_precision(before)
    return torch.get_float32_matmul_precision() == "medium"


def keeps_float32() -> bool:
    """Return whether products of float32 matrices keep digits that bfloat16 does not have."""
    fine = torch.full((64, 64), 1.0 + 2.0**-20)
    return bool(torch.equal(fine @ torch.eye(64), fine))

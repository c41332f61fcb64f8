"""Whether the host may look at data. Knows nothing of what the data is."""

from torch import Tensor


def asking_is_free(tensor: Tensor) -> bool:
    """Return whether results whose shape depends on the tensor's values cost nothing extra.

    On a CPU they do, and working on fewer values is faster. Any other device would have to finish all its work
    before the host knew how many there are: there, everything is worked on, and what is not there gets no weight.
    """
    return tensor.device.type == "cpu"

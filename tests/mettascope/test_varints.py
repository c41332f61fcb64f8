import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mettascope.varints import fold, pack, unfold, unpack


def slow_pack(numbers: list[int]) -> bytes:
    out = bytearray()
    for number in numbers:
        rest = number
        while rest >= 128:
            out.append(128 | rest % 128)
            rest //= 128
        out.append(rest)
    return bytes(out)


NUMBERS = st.lists(st.one_of(st.integers(0, 300), st.integers(0, 2**35 - 1)), max_size=50)


@given(NUMBERS)
def test_numbers_are_packed_as_leb128_and_come_back(numbers):
    packed = pack(np.array(numbers, np.int64))
    assert packed == slow_pack(numbers)
    assert unpack(packed).tolist() == numbers


@given(st.lists(st.integers(-(2**33), 2**33), max_size=50))
def test_folding_keeps_small_numbers_small_and_can_be_undone(numbers):
    array = np.array(numbers, np.int64)
    folded = fold(array)
    assert unfold(folded).tolist() == numbers
    assert (folded >= 0).all() and (folded <= 2 * np.abs(array)).all()


@pytest.mark.parametrize("number", [-1, 2**35])
def test_what_does_not_fit_is_refused(number):
    with pytest.raises(ValueError, match=r"numbers must be in 0\.\.34359738367"):
        pack(np.array([number], np.int64))


@pytest.mark.parametrize(
    ("data", "message"), [(b"\x05\x80", "has been cut"), (b"\x80\x80\x80\x80\x80\x01", "more than 5 bytes")]
)
def test_damaged_bytes_are_refused(data, message):
    with pytest.raises(ValueError, match=message):
        unpack(data)

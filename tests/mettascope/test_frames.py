import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mettagrid.events import EVENT
from mettascope.columns import Column, zeros
from mettascope.frames import decode_frame, encode_frame, pack_chunk, unpack_chunk

COLUMNS = [Column("kind", 1, 7), Column("variable", 3, 5), Column("nothing", 0, 4)]
EMPTY = zeros(COLUMNS)
NUMBERS = st.integers(-(2**31), 2**31 - 1)


def states():
    return st.tuples(*(st.lists(NUMBERS, min_size=c.length, max_size=c.length) for c in COLUMNS)).map(
        lambda lists: [np.array(values, np.int64) for values in lists]
    )


EVENTS = st.lists(st.tuples(*[st.integers(-(2**31), 2**31 - 1)] * len(EVENT)), max_size=4).map(
    lambda rows: np.array(rows, EVENT)
)


def equal(left, right):
    return all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


@given(states(), states(), EVENTS)
def test_a_frame_turns_one_state_into_the_other(before, after, events):
    frame = decode_frame(encode_frame(8, before, after, base=7, events=events), before)
    assert frame.tick == 8
    assert equal(frame.values, after)
    assert np.array_equal(frame.events, events)


@given(st.lists(states(), min_size=1, max_size=4))
def test_a_chunk_holds_successive_frames(course):
    frames = [encode_frame(5, EMPTY, course[0])]
    frames += [encode_frame(5 + i, course[i - 1], course[i], base=4 + i) for i in range(1, len(course))]
    read = unpack_chunk(pack_chunk(frames), EMPTY)
    assert [frame.tick for frame in read] == list(range(5, 5 + len(course)))
    assert all(equal(frame.values, values) for frame, values in zip(read, course, strict=True))


def test_only_what_differs_takes_room():
    many = zeros([Column("variable", 10, 1000)])
    one = [many[0].copy()]
    one[0][4321] = 7
    assert len(encode_frame(1, many, one, base=0)) < 12


@given(states(), st.binary(max_size=40))
def test_arbitrary_bytes_are_refused_or_read_but_never_crash(before, data):
    try:
        decode_frame(data, before)
    except ValueError as error:
        assert "\n" not in str(error)


@given(states(), st.data())
def test_a_frame_that_is_cut_is_refused(after, data):
    frame = encode_frame(3, EMPTY, after)
    cut = data.draw(st.integers(0, len(frame) - 1))
    with pytest.raises(ValueError):
        decode_frame(frame[:cut], EMPTY)

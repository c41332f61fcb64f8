"""Stream: random numbers of scenes; what the core does is what the obvious program does."""

from hypothesis import given
from hypothesis import strategies as st

from mettagrid.maps.stream import Stream


@given(st.integers(0, 2**64 - 1), st.integers(0, 40), st.integers(0, 5))
def test_an_order_is_a_shuffle_with_the_streams_own_numbers(key, count, taken):
    stream, slow = Stream(key), Stream(key)
    for _ in range(taken):
        assert stream.key() == slow.key()
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = slow.below(last + 1)
        order[last], order[other] = order[other], order[last]
    assert stream.order(count) == order
    assert stream.key() == slow.key()

import torch
from hypothesis import given
from hypothesis import strategies as st

from metta.policy.categorical import entropy, log_prob, sample

LOGITS = torch.tensor([0.0, 1.0, -1e9, 2.0])


def test_samples_follow_the_distribution_and_never_the_forbidden() -> None:
    generator = torch.Generator().manual_seed(0)
    uniform = torch.rand(20_000, generator=generator)
    counts = torch.bincount(sample(LOGITS.expand(20_000, -1), uniform), minlength=4)
    torch.testing.assert_close(counts / 20_000, LOGITS.softmax(-1), rtol=0, atol=0.02)
    assert counts[2] == 0


@given(
    st.lists(st.one_of(st.floats(-30, 30, width=32), st.just(-1e9)), min_size=1, max_size=30).filter(
        lambda logits: max(logits) > -1e9
    ),
    st.sampled_from([0.0, 2.0**-24, 0.5, 1.0 - 2.0**-24]),
)
def test_the_ends_of_the_distribution_are_allowed_actions(logits: list[float], uniform: float) -> None:
    action = int(sample(torch.tensor(logits), torch.tensor(uniform)))
    assert 0 <= action < len(logits)
    assert logits[action] > -1e9


def test_log_prob_and_entropy_ignore_the_forbidden() -> None:
    allowed = torch.distributions.Categorical(logits=LOGITS[[0, 1, 3]])
    torch.testing.assert_close(entropy(LOGITS), allowed.entropy())
    torch.testing.assert_close(log_prob(LOGITS, torch.tensor(3)), allowed.log_prob(torch.tensor(2)))


def test_entropy_of_one_choice_has_a_gradient() -> None:
    logits = torch.tensor([1.0, -1e9, -1e9], requires_grad=True)
    entropy(logits).backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() == 0

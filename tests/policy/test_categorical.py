import torch

from metta.policy.categorical import entropy, log_prob, sample

LOGITS = torch.tensor([0.0, 1.0, -1e9, 2.0])


def test_samples_follow_the_distribution_and_never_the_forbidden() -> None:
    generator = torch.Generator().manual_seed(0)
    counts = torch.bincount(sample(LOGITS.expand(20_000, -1), generator), minlength=4)
    torch.testing.assert_close(counts / 20_000, LOGITS.softmax(-1), rtol=0, atol=0.02)
    assert counts[2] == 0


def test_same_generator_same_samples() -> None:
    logits = torch.randn(50, 4)
    first, second = (sample(logits, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first, second)


def test_log_prob_and_entropy_ignore_the_forbidden() -> None:
    allowed = torch.distributions.Categorical(logits=LOGITS[[0, 1, 3]])
    torch.testing.assert_close(entropy(LOGITS), allowed.entropy())
    torch.testing.assert_close(log_prob(LOGITS, torch.tensor(3)), allowed.log_prob(torch.tensor(2)))


def test_entropy_of_one_choice_has_a_gradient() -> None:
    logits = torch.tensor([1.0, -1e9, -1e9], requires_grad=True)
    entropy(logits).backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() == 0

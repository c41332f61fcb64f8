"""Teachers in the rollout: who acts, what counts, what is kept."""

from typing import Any

import pytest
import torch

from metta.policy.policy import Policy, PolicyOutput
from metta.rl.losses import teacher as teacher_module
from metta.rl.losses.action_supervised import ActionSupervisedConfig
from tests.rl.fakes import EchoBatch
from tests.rl.runs import Listener, echo_trainer


class EchoTeacher(Policy):
    """Plays the echo game perfectly; its memory counts steps since the last reset."""

    def initial_state(self, num_rows: int, device: torch.device | str = "cpu") -> torch.Tensor:
        return torch.zeros(num_rows, 1, device=device)

    def forward(
        self, observations: torch.Tensor, action_mask: torch.Tensor, state: torch.Tensor, resets: torch.Tensor
    ) -> PolicyOutput:
        logits = torch.full(action_mask.shape, -1e9)
        logits.scatter_(-1, observations[..., 0, 2:3].long(), 0.0)
        return PolicyOutput(logits, torch.full(resets.shape, 2.0), state * ~resets.unsqueeze(-1) + 1)


@pytest.fixture(autouse=True)
def echo_teacher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher_module, "load_policy", lambda uri, spec, device: EchoTeacher(spec))


def after_rollout(**settings: Any) -> Any:
    trainer = echo_trainer(losses__action_supervised=settings, advantage__normalize=False)
    trainer._begin_epoch()
    trainer._collect_rollout()
    return trainer


def test_the_teacher_watches_and_remembers() -> None:
    trainer = after_rollout()
    experience, loss = trainer.experience, trainer.losses["action_supervised"]
    symbols = experience.steps.observations[:, :, 0, 2].long()
    assert torch.equal(loss.extra_steps(experience, "actions"), symbols)
    assert loss.extra_steps(experience, "taught").all()
    assert not experience.off_policy.any()
    assert (experience.ratios == 1).all()
    # World w begins at tick w of an episode of eight; eight steps later it is w steps into the next one.
    assert loss.memory.flatten().tolist() == [8, 8, 1, 1, 2, 2, 3, 3]


def test_the_teacher_acts_for_its_share() -> None:
    torch.manual_seed(1)
    trainer = after_rollout(student_led=0.25, teacher_led=0.5)
    experience, loss = trainer.experience, trainer.losses["action_supervised"]
    led = loss.led
    assert led.any() and not led.all()
    assert torch.equal(experience.steps.actions[:, led], loss.extra_steps(experience, "actions")[:, led])
    assert (experience.steps.rewards[:, led] == 1).all(), "the teacher's actions were played"
    assert (experience.steps.log_probs[:, led] == 0).all()
    assert (experience.ratios[:, led] < 1).all(), "what the student would hardly do counts little"
    assert (experience.ratios[:, ~led] == 1).all()
    assert torch.equal(experience.off_policy, led.expand(8, -1))
    assert torch.equal(loss.extra_steps(experience, "taught"), (led | loss.followed).expand(8, -1))


def test_ratios_are_the_students_probability_of_what_the_teacher_did() -> None:
    trainer = after_rollout(student_led=0.0, teacher_led=1.0)
    experience = trainer.experience
    output = trainer.policy(
        experience.steps.observations[:4],
        experience.steps.action_mask[:4],
        experience.memory[0],
        experience.steps.resets[:4],
    )
    probabilities = (
        output.logits.softmax(-1).gather(-1, experience.steps.actions[:4].unsqueeze(-1)).squeeze(-1)
    )
    torch.testing.assert_close(experience.ratios[:4], probabilities.detach())


def test_slices_learn_either_from_the_teacher_or_from_rewards() -> None:
    torch.manual_seed(1)
    trainer = after_rollout(student_led=0.5, practise=False)
    loss, experience = trainer.losses["action_supervised"], trainer.experience
    assert loss.followed.any() and not loss.followed.all()
    assert torch.equal(experience.off_policy, loss.followed.expand(8, -1))
    assert (experience.ratios == 1).all(), "they acted themselves"


def test_agents_are_dealt_anew() -> None:
    trainer = after_rollout(student_led=0.5)
    first = trainer.losses["action_supervised"].followed.clone()
    trainer._collect_rollout()
    assert not torch.equal(first, trainer.losses["action_supervised"].followed)


def test_the_dead_are_not_taught() -> None:
    trainer = echo_trainer(
        env=EchoBatch(death_tick=3), losses__action_supervised={"teacher_led": 1, "student_led": 0}
    )
    trainer._begin_epoch()
    trainer._collect_rollout()
    experience = trainer.experience
    dead = ~experience.steps.alive
    assert dead.any()
    assert not trainer.losses["action_supervised"].extra_steps(experience, "taught")[dead].any()
    assert not experience.steps.actions[dead].any()


def test_agreement_is_rewarded_before_advantages() -> None:
    """Shaping rewards changes what PPO learns from: in the original it came after the advantages."""
    plain, shaped = (after_rollout(reward_coef=coef) for coef in (0.0, 0.5))
    right = plain.experience.steps.rewards  # in the echo game, the teacher's action is the right one
    torch.testing.assert_close(shaped.experience.rewards, 1.5 * right)
    torch.testing.assert_close(shaped.experience.steps.rewards, right)
    for trainer in (plain, shaped):
        trainer._compute_advantages()
    assert (plain.experience.advantages != shaped.experience.advantages).any()


def test_shares_of_more_than_everybody_are_refused() -> None:
    with pytest.raises(ValueError, match=r"student_led=0\.8 and teacher_led=0\.5 are more than all agents"):
        ActionSupervisedConfig(student_led=0.8, teacher_led=0.5)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("action_supervised", {}),
        ("action_supervised", {"teacher_led": 1.0, "student_led": 0.0}),
        ("distillation", {}),
        ("distillation", {"divergence": "reverse", "smoothing": 0.1}),
        ("distillation", {"student_led": 0.5, "teacher_led": 0.2, "practise": False, "value_coef": 0.1}),
    ],
)
def test_the_student_becomes_the_teacher(name: str, settings: dict[str, Any]) -> None:
    changes = {
        f"losses__{name}": settings,
        "optimizer__learning_rate": 0.03,
        "losses__ppo_actor__weight": 0.0,
    }
    listener = Listener()
    echo_trainer(epochs=60, **changes).train([listener])
    assert listener.reports[0].metrics[f"loss/{name}.agreement"] < 0.6
    assert listener.reports[-1].metrics[f"loss/{name}.agreement"] > 0.95


def test_teachers_are_neither_trained_nor_saved() -> None:
    trainer = echo_trainer(losses__distillation={})
    assert set(trainer.losses["distillation"].state_dict()) == {"memory", "led", "followed"}

"""Learning: experience, advantages, losses, the trainer, its components. Recipes need `metta.rl.training`."""

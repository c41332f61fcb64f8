"""Components of a run: one file each, plugged into the trainer's loop."""

"""House commands: what `metta` does beside running tools of recipes."""

"""One file per architecture: its config, with the reason of each default. Nothing lists them."""

"""One file per architecture: its config, with the reason of each default. Found by name; nothing here lists them."""

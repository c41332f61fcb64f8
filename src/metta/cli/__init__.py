"""The `metta` command: finds recipes, builds tools from arguments and runs them."""

"""Memories of policies: one file per core, all with the contract and the reset rule of `core.Core`."""

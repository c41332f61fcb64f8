"""Places other than the local disk where checkpoints lie: object stores and the Hub."""

from metta.policy.stores.store import Store, open_store

__all__ = ["Store", "open_store"]

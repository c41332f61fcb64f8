from tests.policy.stores.fixtures import line, moto

__all__ = ["line", "moto"]

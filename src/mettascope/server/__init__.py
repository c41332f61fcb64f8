"""The viewer's server: who may ask, what one server takes, where the page comes from. Knows nothing of worlds."""

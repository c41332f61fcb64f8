"""Recipes: modules of functions that return tools; `metta train arena` runs recipes.prod.arena.train.

A `recipes/` folder in the current directory joins this one, so an installed Metta finds a user's own recipes.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

"""Recipes in progress; they go when nobody runs them any more."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

"""What reads recipes is tested on the small project that the runner is tested on."""

from tests.cli.conftest import farm, farm_project

__all__ = ["farm", "farm_project"]

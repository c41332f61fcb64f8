"""The worlds page's routes without a server."""

import json

import pytest

from mettascope.app import create_app
from mettascope.branches import Branches
from mettascope.viewer import Viewer
from tests.mettascope.server.asking import ask


class Asker:
    """Asks the application itself, without guard and network."""

    def __init__(self):
        self.branches = Branches()
        self.app = create_app(Viewer(self.branches))

    def get(self, path, **scope):
        return ask(self.app, path, **scope)

    def post(self, path, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(self.app, path, "POST", body=data)


@pytest.fixture(scope="session")
def asker():
    return Asker()

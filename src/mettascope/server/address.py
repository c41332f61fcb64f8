"""Address: where the viewer's server listens, and which Host headers name it. Refusing others stops DNS rebinding."""

import socket
from dataclasses import dataclass

_WILDCARDS = {"0.0.0.0", "::"}


@dataclass(frozen=True)
class Address:
    """Where the server listens, and by which names it may be asked.

    Args:
        host: the number of the address that is bound; 0.0.0.0 or :: for all addresses of this machine.
        port: the port.
        names: further names under which visitors reach it, as "name" or "name:port".
    """

    host: str
    port: int
    names: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host == "::1" or self.host.startswith("127.")

    def origin(self) -> str:
        """Return the page's address without a token, e.g. http://127.0.0.1:8765."""
        host = socket.gethostname() if self.host in _WILDCARDS else _bracketed(self.host)
        return f"http://{host}:{self.port}"

    def hosts(self) -> frozenset[str]:
        """Return the values of a Host header that are ours, in lower case."""
        names = {"127.0.0.1", "localhost", "[::1]", *self.names}
        if self.host in _WILDCARDS:
            names.add(socket.gethostname())
        else:
            names.add(_bracketed(self.host))
        return frozenset(each for name in names for each in self._with_port(name.lower()))

    def _with_port(self, name: str) -> set[str]:
        if ":" in name.rpartition("]")[2]:
            return {name}
        return {f"{name}:{self.port}"} | ({name} if self.port == 80 else set())

    def is_ours(self, asked: str, local: str | None) -> bool:
        """Return whether a Host header names us; `local` is the address at which the connection arrived."""
        local = (local or "").removeprefix("::ffff:")  # how IPv4 looks at a socket for both
        if self.host in _WILDCARDS and local and asked in self._with_port(_bracketed(local)):
            return True
        return asked in self.hosts()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host

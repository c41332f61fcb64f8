"""Tokens: the secrets that one server's visitors need, and the cookie that stands for them afterwards."""

import secrets
from enum import IntEnum


class Right(IntEnum):
    """What a visitor may do; a higher one includes the lower ones."""

    NONE = 0
    WATCH = 1
    CONTROL = 2


class Tokens:
    """Two random tokens of one server, `watch` and `control`, made anew at every start.

    A token is given once, for a cookie; the cookie's value is another secret, so that what a browser keeps and
    sends with each request opens nothing when somebody puts it into an address.
    """

    def __init__(self) -> None:
        self.watch = secrets.token_urlsafe(32)
        self.control = secrets.token_urlsafe(32)
        self._tickets: set[str] = set()
        self._cookies = {right: secrets.token_urlsafe(32) for right in (Right.WATCH, Right.CONTROL)}

    def ticket(self) -> str:
        """Return a token for `control` that works once.

        For a program's arguments: all users of a machine can read those.
        """
        ticket = secrets.token_urlsafe(32)
        self._tickets.add(ticket)
        return ticket

    def right_of_token(self, token: str) -> Right:
        """Return what a token allows; a ticket is used up by asking."""
        if _same(token, self.control):
            return Right.CONTROL
        if _same(token, self.watch):
            return Right.WATCH
        for ticket in self._tickets:
            if _same(token, ticket):
                self._tickets.remove(ticket)
                return Right.CONTROL
        return Right.NONE

    def cookie_of(self, right: Right) -> str:
        """Return the value of the cookie that stands for a right."""
        return self._cookies[right]

    def right_of_cookies(self, headers: list[bytes], name: str) -> Right:
        """Return the most that cookies of this name allow.

        All are tried: cookies do not know ports, and another server of this machine may have set one of our name.
        """
        found = [Right.NONE]
        for value in _cookie_values(headers, name):
            found += [right for right, cookie in self._cookies.items() if _same(value, cookie)]
        return max(found)


def cookie_header(name: str, value: str) -> str:
    """Return the Set-Cookie header of a session: scripts cannot read it, other sites cannot use it."""
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict"


def _cookie_values(headers: list[bytes], name: str) -> list[str]:
    pairs = [pair.partition(b"=") for header in headers for pair in header.split(b";")]
    return [value.strip().decode("latin-1") for key, _, value in pairs if key.strip() == name.encode()]


def _same(given: str, secret: str) -> bool:
    """Compare in a time that tells nothing of the secret."""
    return secrets.compare_digest(given.encode(errors="surrogatepass"), secret.encode())

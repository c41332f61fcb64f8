"""The guard: who is let in, with which right, and what every answer carries."""

import itertools
from pathlib import Path

import pytest

from mettascope.server.guard import Guard, Limits, content_policy
from mettascope.server.tokens import Right, Tokens
from tests.mettascope.server.asking import (
    HOST,
    ORIGIN,
    PORT,
    ask,
    ask_in_parts,
    cookie,
    guarded,
    make_page,
    open_websocket,
)
from tests.mettascope.server.sample_app import SampleApp

OWN = {"origin": ORIGIN}


@pytest.fixture
def sample() -> SampleApp:
    return SampleApp()


@pytest.fixture
def guard(sample: SampleApp, tmp_path: Path) -> Guard:
    return guarded(sample.app, make_page(tmp_path / "page"))[0]


@pytest.fixture
def tokens(guard: Guard) -> Tokens:
    return guard._tokens


def exchange(guard: Guard, token: object, **headers: str) -> tuple[int, dict[str, str]]:
    body = f'{{"token": "{token}"}}'.encode()
    answer = ask(guard, "/session", "POST", {**OWN, **headers}, body)
    return answer.status, answer.headers


def test_page_answers_everybody_and_nothing_of_the_application_does(guard: Guard, sample: SampleApp) -> None:
    for path in ("/", "/index.html", "/assets/index-aB3_x-9z.js"):
        assert ask(guard, path).status == 200
    for path in ("/assets/other", "/api/games", "/files/a", "/nothing", "", "//", "/./index.html"):
        assert ask(guard, path).status == 401
    assert not sample.seen


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", f"127.0.0.1.evil.example:{PORT}",
     f"127.0.0.1:{PORT}@evil.example", f"[::1]x:{PORT}", f"0.0.0.0:{PORT}", f"10.0.0.7:{PORT}", f" {HOST}",
     f"{HOST}, evil.example", "localhost", f"localhost.:{PORT}"],
)  # fmt: skip
def test_another_host_is_refused_even_for_the_page(
    guard: Guard, tokens: Tokens, sample: SampleApp, host: str
) -> None:
    everything = {"host": host, "origin": f"http://{host}", **cookie(tokens, Right.CONTROL)}
    assert ask(guard, "/", headers={"host": host}).status == 403
    assert ask(guard, "/api/games", "POST", everything).status == 403
    assert open_websocket(guard, headers=everything).status == 403
    assert not sample.seen


def test_two_hosts_or_two_origins_are_refused(guard: Guard, tokens: Tokens) -> None:
    session = list(cookie(tokens, Right.CONTROL).items())
    assert ask(guard, "/api/games", headers=[("host", HOST), ("host", HOST), *session]).status == 403
    assert ask(guard, "/api/games", headers=[("origin", ORIGIN), ("origin", ORIGIN), *session]).status == 403


@pytest.mark.parametrize("host", [HOST, f"localhost:{PORT}", f"LOCALHOST:{PORT}", f"[::1]:{PORT}"])
def test_own_names_are_served(guard: Guard, tokens: Tokens, host: str) -> None:
    own = {"host": host, "origin": f"http://{host}", **cookie(tokens, Right.WATCH)}
    assert ask(guard, "/api/games", headers=own).status == 200
    assert open_websocket(guard, headers=own).status == 101


@pytest.mark.parametrize(
    "origin",
    ["null", "", "http://evil.example", f"https://{HOST}", "http://127.0.0.1", "http://127.0.0.1:9999",
     f"http://localhost:{PORT}", f"{ORIGIN}.evil.example", f"{ORIGIN}/", f"{ORIGIN} {ORIGIN}", HOST],
)  # fmt: skip
def test_another_origin_is_refused(guard: Guard, tokens: Tokens, sample: SampleApp, origin: str) -> None:
    session = {"origin": origin, **cookie(tokens, Right.CONTROL)}
    assert ask(guard, "/api/games", headers=session).status == 403
    assert ask(guard, "/api/games", "POST", session).status == 403
    assert open_websocket(guard, headers=session).status == 403
    assert exchange(guard, tokens.control, origin=origin)[0] == 403
    assert not sample.seen


def test_missing_origin_is_refused_for_all_but_reading(
    guard: Guard, tokens: Tokens, sample: SampleApp
) -> None:
    session = cookie(tokens, Right.CONTROL)
    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW"):
        assert ask(guard, "/api/games", method, session).status == 403
    assert open_websocket(guard, headers=session).status == 403
    assert not sample.seen
    assert ask(guard, "/api/games", headers=session).status == 200


def test_other_pages_of_this_machine_cannot_read_by_the_cookie(guard: Guard, tokens: Tokens) -> None:
    session = cookie(tokens, Right.CONTROL)
    for site, status in {"same-site": 403, "cross-site": 403, "none": 200, "same-origin": 200}.items():
        assert ask(guard, "/api/games", headers={**session, "sec-fetch-site": site}).status == status
    assert ask(guard, "/", headers={"sec-fetch-site": "cross-site"}).status == 200  # a link to us


def test_unknown_methods_are_refused_with_everything_right(
    guard: Guard, tokens: Tokens, sample: SampleApp
) -> None:
    for method in ("HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get"):
        assert ask(guard, "/api/games", method, {**OWN, **cookie(tokens, Right.CONTROL)}).status == 405
    assert not sample.seen


def test_watching_does_not_change(guard: Guard, tokens: Tokens, sample: SampleApp) -> None:
    session = {**OWN, **cookie(tokens, Right.WATCH)}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert ask(guard, "/api/games", method, session).status == 403
    assert not sample.seen
    assert ask(guard, "/api/games", headers=session).status == 200
    assert open_websocket(guard, headers=session).status == 101
    assert sample.seen == [("/api/games", False), ("/ws", False)]


def test_control_changes(guard: Guard, tokens: Tokens, sample: SampleApp) -> None:
    session = {**OWN, **cookie(tokens, Right.CONTROL)}
    assert ask(guard, "/api/games", "POST", session, b"content").status == 200
    assert open_websocket(guard, headers=session).status == 101
    assert sample.seen == [("/api/games", True), ("/ws", True)]
    assert sample.bodies == [b"content"]


def test_right_cannot_be_brought_along(guard: Guard, tokens: Tokens, sample: SampleApp) -> None:
    session = {**OWN, **cookie(tokens, Right.WATCH)}
    ask(guard, "/api/games", headers={**session, "may_control": "true"}, state={"may_control": True})
    assert sample.seen == [("/api/games", False)]


def test_wrong_cookies_are_refused(guard: Guard, tokens: Tokens, sample: SampleApp) -> None:
    name, right = f"mettascope-{PORT}", tokens.cookie_of(Right.CONTROL)
    wrong = [
        "", name, f"{name}=", f"{name}={right}x", f"{name}={right[:-1]}", f"{name}={tokens.control}",
        f"x{name}={right}",
        f"mettascope-{PORT + 1}={right}", f"{name}={right.swapcase()}", f"{name}=\xff\xfe", f'{name}="{right}"',
    ]  # fmt: skip
    for value in wrong:
        session = {**OWN, "cookie": value}
        assert ask(guard, "/api/games", headers=session).status == 401, value
        assert ask(guard, "/api/games", "POST", session).status == 401, value
        assert open_websocket(guard, headers=session).status == 401, value
    assert not sample.seen


def test_strange_cookie_of_our_name_does_not_shut_us_out(guard: Guard, tokens: Tokens) -> None:
    good = cookie(tokens, Right.WATCH)["cookie"]
    assert (
        ask(guard, "/api/games", headers={"cookie": f"mettascope-{PORT}=tossed; a=b; {good}"}).status == 200
    )
    assert ask(guard, "/api/games", headers=[("cookie", "a=b"), ("cookie", good)]).status == 200


@pytest.mark.parametrize("right", [Right.WATCH, Right.CONTROL])
def test_token_is_exchanged_for_a_cookie_that_scripts_cannot_read(
    guard: Guard, tokens: Tokens, right: Right
) -> None:
    token = tokens.control if right is Right.CONTROL else tokens.watch
    status, headers = exchange(guard, token)
    assert status == 200
    value, *attributes = headers["set-cookie"].split("; ")
    assert attributes == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert token not in value
    assert ask(guard, "/session", headers={"cookie": value}).json == {"may_control": right is Right.CONTROL}


def test_session_needs_a_valid_token_and_small_json(guard: Guard, tokens: Tokens) -> None:
    for token in ("", "x", tokens.control[:-1], tokens.cookie_of(Right.CONTROL), "\\ud800", "\\u0000"):
        status, headers = exchange(guard, token)
        assert status == 401
        assert "set-cookie" not in headers
    for body in (b"", b"x", b"[]", b'{"token": 1}', b'{"token": ["a"]}', b"\xff", b"[" * 1000, b"null"):
        assert ask(guard, "/session", "POST", OWN, body).status == 400, body
    assert ask(guard, "/session", "POST", OWN, b" " * 1025).status == 413
    assert ask(guard, "/session").status == 401


def test_exchange_takes_nothing_away(guard: Guard, tokens: Tokens) -> None:
    _, headers = exchange(guard, tokens.watch, **cookie(tokens, Right.CONTROL))
    kept = headers["set-cookie"].split(";")[0]
    assert ask(guard, "/session", headers={"cookie": kept}).json == {"may_control": True}


def test_ticket_works_once(guard: Guard, tokens: Tokens) -> None:
    ticket = tokens.ticket()
    assert [exchange(guard, ticket)[0] for _ in range(3)] == [200, 401, 401]


def test_secrets_are_all_different_and_new_for_each_server() -> None:
    secrets = []
    for _ in range(20):
        tokens = Tokens()
        secrets += [tokens.watch, tokens.control, tokens.ticket()]
        secrets += [tokens.cookie_of(right) for right in (Right.WATCH, Right.CONTROL)]
    assert len(set(secrets)) == len(secrets) == 100
    assert min(map(len, secrets)) >= 43  # 32 bytes


def test_every_answer_carries_the_security_headers(guard: Guard, tokens: Tokens) -> None:
    session = {**OWN, **cookie(tokens, Right.CONTROL)}
    answers = [
        ask(guard, "/"), ask(guard, "/api/games"), ask(guard, "/", headers={"host": "evil.example"}),
        ask(guard, "/api/games", headers=session), ask(guard, "/missing", headers=session),
        ask(guard, "/api/games", "POST", OWN), open_websocket(guard),
    ]  # fmt: skip
    assert [answer.status for answer in answers] == [200, 401, 403, 200, 404, 401, 403]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert answers[0].headers["content-security-policy"] == content_policy(HOST)
    assert "evil" not in answers[2].headers["content-security-policy"]


def test_content_policy_allows_what_the_page_needs_and_no_more() -> None:
    parts = dict(part.strip().split(" ", 1) for part in content_policy(HOST).split(";"))
    assert parts == {
        "default-src": "'self'",
        "img-src": "'self' blob: data:",
        "connect-src": f"'self' ws://{HOST}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_host_of_a_refused_request_cannot_write_into_the_policy(guard: Guard) -> None:
    policy = ask(guard, "/", headers={"host": "x; script-src *"}).headers["content-security-policy"]
    assert policy == content_policy(None)
    assert "ws:" not in policy


def test_bodies_are_limited_whether_they_tell_their_length_or_not(sample: SampleApp, tmp_path: Path) -> None:
    guard, tokens = guarded(sample.app, make_page(tmp_path / "page"), Limits(max_body_bytes=100))
    session = {**OWN, **cookie(tokens, Right.CONTROL)}
    for length in ("101", "-1", "1e9", "9" * 5000, "abc"):
        assert ask(guard, "/api/games", "POST", {**session, "content-length": length}).status == 413
    for sizes, status in {(100,): 200, (50, 50): 200, (101,): 413, (50, 50, 1): 413, (1,) * 101: 413}.items():
        parts = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in sizes]
        parts[-1]["more_body"] = False
        assert ask_in_parts(guard, "/api/games", "POST", session, parts).status == status
    assert sample.bodies == [b"x" * 100] * 2


def test_body_that_breaks_off_does_not_reach_the_application(
    guard: Guard, tokens: Tokens, sample: SampleApp
) -> None:
    session = {**OWN, **cookie(tokens, Right.CONTROL)}
    parts = [{"type": "http.request", "body": b"half", "more_body": True}]
    assert ask_in_parts(guard, "/api/games", "POST", session, parts).status == 400
    assert not sample.seen


def test_websockets_beyond_the_limit_are_refused(sample: SampleApp, tmp_path: Path) -> None:
    guard, tokens = guarded(sample.app, make_page(tmp_path / "page"), Limits(max_websockets=2))
    session = {**OWN, **cookie(tokens, Right.WATCH)}
    guard.num_websockets = 2
    assert open_websocket(guard, headers=session).status == 503
    guard.num_websockets = 1
    assert open_websocket(guard, headers=session).status == 101
    assert guard.num_websockets == 1


def test_all_refusals_combined_with_each_other(guard: Guard, tokens: Tokens, sample: SampleApp) -> None:
    """One wrong thing is enough, whatever else is right."""
    hosts = {HOST: True, "evil.example": False}
    origins = {ORIGIN: True, "http://evil.example": False}
    cookies = {cookie(tokens, Right.CONTROL)["cookie"]: True, "a=b": False}
    for (host, a), (origin, b), (value, c) in itertools.product(
        hosts.items(), origins.items(), cookies.items()
    ):
        headers = {"host": host, "origin": origin, "cookie": value}
        sample.seen.clear()
        assert (ask(guard, "/api/games", "POST", headers).status == 200) == (a and b and c)
        assert (open_websocket(guard, headers=headers).status == 101) == (a and b and c)
        assert bool(sample.seen) == (a and b and c)


def test_unknown_kinds_of_connection_are_an_error(guard: Guard) -> None:
    with pytest.raises(RuntimeError, match="does not know scope 'webtransport'"):
        ask(guard, "/", type="webtransport")

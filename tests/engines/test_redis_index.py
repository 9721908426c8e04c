"""A shared index on a real Redis server, which the tests start; without one, or its packages, they are skipped."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import MissingExtraError, UnreadableError, UsageError
from curate.core.plan import Plan
from curate.engines import redis_index
from curate.engines.against import CorpusIndex, KeySketch
from curate.engines.indexes import grow_index, open_index
from curate.engines.redis_index import RedisIndex, parse_url
from curate.engines.scan import scan
from curate.formats.sources import discover

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from curate.engines.scan import Scan

HORSE = "correct-horse/1"
QUOTED = HORSE.replace("/", "%2F")
PROMPT = 2.0
"""Seconds within which an address that does not work is told."""

ASK = 'Explain the term "escrow" to a first-time buyer of a house in plain English.'
ANSWER = "Escrow means that a neutral third party holds the money until both sides have done their part."
CORPUS = [("Name three rivers.", "The Elbe."), (ASK, "It is a kind of fee."), (ASK, ANSWER), (ASK, ANSWER)]
NEW = [
    (ASK, ANSWER),
    (ASK.upper(), ANSWER),
    ("Please " + ASK[0].lower() + ASK[1:], ANSWER),
    ("Name three rivers!", "The Elbe"),
    ("Name four rivers.", "The Elbe."),
    (ASK, "Something else."),
]


def scanned(path: Path, pairs: list[tuple[str, str]]) -> Scan:
    rows = [{"instruction": ask, "input": "", "output": answer} for ask, answer in pairs]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return scan(discover([path]), (KeySketch(),), Plan())


def need_packages() -> None:
    if not all(map(find_spec, ("redis", "datasketch"))):
        pytest.skip('needs the extra "redis": pip install "curate-data[redis]"')


def certified(folder: Path) -> Path:
    """A certificate that only those trust who are told to, with its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "cert.pem"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(folder: Path, *options: str, tls: bool = False) -> Iterator[int]:
    """The port of a server of our own, which keeps nothing and ends with the block."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("needs a Redis server: apt-get install redis-server")
    need_packages()
    port = free_port()
    kind = ["--port", "0", "--tls-port"] if tls else ["--port"]
    kept = ["--dir", str(folder), "--save", ""]
    command = [binary, *kind, str(port), "--bind", "127.0.0.1", *kept, *options]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            for _ in range(100):
                with socket.socket() as one:
                    if one.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
            yield port
        finally:
            process.kill()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with served(tmp_path_factory.mktemp("redis")) as one:
        yield one


@pytest.fixture
def server(port: int) -> Iterator[Any]:
    """A client of the empty server, to look behind the index."""
    import redis  # noqa: PLC0415 (may be missing)

    with redis.Redis(port=port) as client:
        client.flushall()
        yield client


@pytest.fixture
def url(port: int, server: Any) -> str:
    assert server.dbsize() == 0
    return f"redis://127.0.0.1:{port}/0"


def told(index: CorpusIndex | RedisIndex, seen: Scan) -> list[tuple[int, str, int, bool]]:
    """Each row that is known, from 1, with the place of the row that it repeats, and whether it is a copy."""
    return [
        (row + 1, one.place.file.rpartition("/")[2], one.place.row, one.is_exact)
        for row, one in index.known(seen).items()
    ]


def test_a_server_says_what_a_local_file_does(url: str, tmp_path: Path) -> None:
    corpus, new = scanned(tmp_path / "c.jsonl", CORPUS), scanned(tmp_path / "n.jsonl", NEW)
    assert told(open_index(url), new) == []
    grow_index(url, corpus)
    known = told(open_index(url), new)
    assert known == [(1, "c.jsonl", 3, True)] + [
        (row, "c.jsonl", other, False) for row, other in ((3, 3), (4, 1))
    ]
    local = str(tmp_path / "corpus.index")
    grow_index(local, corpus)
    assert known == told(open_index(local), new)


def test_the_first_of_several_is_named(url: str, tmp_path: Path) -> None:
    """A copy names the first copy; a near row the first near one, though another was asked for with it."""
    please, kindly = (f"{word} {ASK[0].lower()}{ASK[1:]}" for word in ("Please", "Kindly"))
    grow_index(url, scanned(tmp_path / "c.jsonl", [(please, ANSWER), (ASK, ANSWER)]))
    known = told(open_index(url), scanned(tmp_path / "n.jsonl", [(ASK, ANSWER), (kindly, ANSWER)]))
    assert known == [(1, "c.jsonl", 2, True), (2, "c.jsonl", 1, False)]


def test_rows_that_are_known_keep_their_place(url: str, tmp_path: Path) -> None:
    for name, pairs in (("a.jsonl", CORPUS[:2]), ("b.jsonl", CORPUS[1:]), ("c.jsonl", CORPUS)):
        grow_index(url, scanned(tmp_path / name, pairs))
    places = [place[1:3] for place in told(open_index(url), scanned(tmp_path / "n.jsonl", CORPUS))]
    assert places == [("a.jsonl", 1), ("a.jsonl", 2), ("b.jsonl", 2), ("b.jsonl", 2)]


def test_a_growth_of_nothing_new_adds_no_line(url: str, server: Any, tmp_path: Path) -> None:
    corpus = scanned(tmp_path / "c.jsonl", CORPUS)
    grow_index(url, corpus)
    assert server.smembers(b"curate.index:about:layout") == {redis_index.LAYOUT}
    keys = server.dbsize()
    lengths = [server.llen(key) for key in server.scan_iter() if server.type(key) == b"list"]
    grow_index(url, corpus)
    assert server.dbsize() == keys
    assert (
        [server.llen(key) for key in server.scan_iter() if server.type(key) == b"list"] == lengths == [1] * 6
    )


def test_real_rows(url: str, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (real_data / "gsm8k/test.jsonl").read_bytes().splitlines(keepends=True)[:1200]
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_bytes(b"".join(lines[:800]))
    two.write_bytes(b"".join(lines[400:]))
    corpus, new = (scan(discover([path]), (KeySketch(),), Plan()) for path in (one, two))
    monkeypatch.setattr(redis_index, "BATCH", 100)
    grow_index(url, corpus)
    known = told(open_index(url), new)
    assert known == told(CorpusIndex.empty().grown(corpus), new)
    assert len(known) >= 400


def test_a_candidate_is_verified(url: str, server: Any, tmp_path: Path) -> None:
    """A line that stands under the key of another row removes nothing."""
    grow_index(url, scanned(tmp_path / "a.jsonl", CORPUS[:1]))
    lines = {
        name: server.lrange(next(server.scan_iter(b"curate.index:" + name + b":?*")), 0, -1)
        for name in (b"said", b"near")
    }
    server.flushall()
    grow_index(url, scanned(tmp_path / "b.jsonl", CORPUS[2:3]))
    growth = next(iter(server.smembers(b"curate.index:about:growths")))
    for name, (line,) in lines.items():
        key = next(server.scan_iter(b"curate.index:" + name + b":?*"))
        server.delete(key)
        server.rpush(key, growth + line[16:])
    new = scanned(tmp_path / "n.jsonl", CORPUS[2:3])
    assert told(open_index(url), new) == []


def test_what_broke_off_does_not_count(url: str, server: Any, tmp_path: Path) -> None:
    corpus = scanned(tmp_path / "c.jsonl", CORPUS)
    server.set(b"curate.index:near:", b"in the way of the second table")
    with pytest.raises(UnreadableError, match="something else"):
        grow_index(url, corpus)
    assert len(list(server.scan_iter(b"curate.index:said:?*"))) == 3
    assert told(open_index(url), corpus) == []
    server.delete(b"curate.index:near:")
    grow_index(url, corpus)
    assert [place[2] for place in told(open_index(url), corpus)] == [1, 2, 3, 3]


def test_no_text_goes_to_the_server(url: str, server: Any, tmp_path: Path) -> None:
    grow_index(url, scanned(tmp_path / "c.jsonl", CORPUS))
    read = {b"list": lambda key: server.lrange(key, 0, -1), b"set": server.smembers, b"hash": server.hgetall}
    held = b" ".join(key + repr(read[server.type(key)](key)).encode() for key in server.scan_iter()).lower()
    words = {word.strip('".?!').lower() for ask, answer in CORPUS for word in f"{ask} {answer}".split()}
    assert b"c.jsonl" in held
    assert not [word for word in words if len(word) > 3 and word.encode() in held]


def test_another_version_is_refused(url: str, server: Any, tmp_path: Path) -> None:
    index = open_index(url)
    assert isinstance(index, RedisIndex)
    server.sadd(b"curate.index:about:layout", b"curate.index/0 redis/1")
    with pytest.raises(UnreadableError, match="another version"):
        open_index(url)
    with pytest.raises(UnreadableError, match="another version"):
        index.grow(scanned(tmp_path / "c.jsonl", CORPUS))
    assert server.smembers(b"curate.index:about:layout") == {b"curate.index/0 redis/1"}


def test_what_is_no_index_is_refused(url: str, server: Any, tmp_path: Path) -> None:
    corpus = scanned(tmp_path / "c.jsonl", CORPUS)
    grow_index(url, corpus)
    growth = next(iter(server.smembers(b"curate.index:about:growths")))
    key = next(server.scan_iter(b"curate.index:said:?*"))
    server.delete(key)
    server.rpush(key, growth + b"what is this?")
    with pytest.raises(UnreadableError, match="none of an index"):
        told(open_index(url), corpus)
    server.flushall()
    server.set(b"curate.index:about:layout", b"text")
    with pytest.raises(UnreadableError, match="something else"):
        open_index(url)


def test_a_server_that_goes_away_is_told(tmp_path: Path) -> None:
    corpus = scanned(tmp_path / "c.jsonl", CORPUS)
    with served(tmp_path) as one:
        index = open_index(f"redis://127.0.0.1:{one}")
    assert isinstance(index, RedisIndex)
    with pytest.raises(UsageError, match="cannot be reached"):
        index.known(corpus)
    with pytest.raises(UsageError, match="cannot be reached"):
        index.grow(corpus)


def test_a_password_opens_and_is_never_shown(tmp_path: Path) -> None:
    corpus = scanned(tmp_path / "c.jsonl", CORPUS)
    with served(tmp_path, "--requirepass", HORSE) as one:
        url = f"redis://:{QUOTED}@127.0.0.1:{one}/2"
        grow_index(url, corpus)
        assert len(told(open_index(url), corpus)) == 4
        assert "horse" not in repr(open_index(url))
        wrong = (
            f"redis://127.0.0.1:{one}",
            f"redis://:horse@127.0.0.1:{one}",
            f"redis://horse:x@127.0.0.1:{one}",
        )
        for other in wrong:
            with pytest.raises(UsageError, match="does not let us in") as caught:
                open_index(other)
            assert "horse" not in str(caught.value)


def test_tls_trusts_only_a_known_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus, certificate = scanned(tmp_path / "c.jsonl", CORPUS), certified(tmp_path)
    files = ["--tls-cert-file", str(certificate), "--tls-key-file", str(tmp_path / "key.pem")]
    with served(tmp_path, *files, "--tls-auth-clients", "no", tls=True) as one:
        url = f"rediss://127.0.0.1:{one}"
        with pytest.raises(UsageError, match="certificate trusted"):
            open_index(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        grow_index(url, corpus)
        assert len(told(open_index(url), corpus)) == 4


@contextmanager
def listening(greeting: bytes) -> Iterator[int]:
    """A port on which something other than Redis is: it says this to who comes first, or nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        came: list[socket.socket] = []

        def greet() -> None:
            came.append(server.accept()[0])
            came[0].sendall(greeting)

        thread = Thread(target=greet)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(PROMPT)
        came[0].close()


def refused_in_time(url: str, match: str) -> str:
    start = time.monotonic()
    with pytest.raises(UsageError, match=match) as caught:
        open_index(url)
    assert time.monotonic() - start < PROMPT
    return str(caught.value)


def test_an_address_where_no_redis_is() -> None:
    need_packages()
    nobody = free_port()
    shown = refused_in_time(f"redis://:{QUOTED}@127.0.0.1:{nobody}/1", "cannot be reached")
    assert f"redis://127.0.0.1:{nobody}/1" in shown
    assert "horse" not in shown
    refused_in_time(f"redis://{'x' * 80}.invalid:{nobody}", "cannot be reached")
    with listening(b"") as silent:
        refused_in_time(f"redis://127.0.0.1:{silent}", "does not answer")
    with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as other:
        refused_in_time(f"redis://127.0.0.1:{other}", "cannot be reached")


@pytest.mark.parametrize(
    "url",
    [
        "redis://",
        "redis://:horse/1@host:1/0",
        "redis://user:1/horse@host",
        "redis://user:1#horse@host",
        "redis://host:horse/0",
        "redis://host:70000/0",
        "redis://host/horse",
        "redis://host/-1",
        "redis://host/0?password=horse",
        "redis://[::1/0",
        "postgres://user:horse@host/0",
    ],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_index(url)
    assert "horse" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_addresses() -> None:
    address = parse_url(f"rediss://ann:{QUOTED}@[::1]/3")
    assert address.shown == "rediss://[::1]:6379/3"
    settings = {"host": "::1", "port": 6379, "db": 3, "username": "ann", "password": HORSE, "ssl": True}
    assert address.settings == settings
    assert parse_url("redis://host:1").settings == {"host": "host", "port": 1, "db": 0}


def test_without_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"curate-data\[redis\]"):
        open_index("redis://127.0.0.1")

"""`python -m tools.signal_log` on files and on the API's pages: unbroken, or the first broken."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from signals.ledger import Entry, Head, body, chain
from tools import signal_log
from tools.system.layout import PROJECT

LOG = chain(Head(), [body("fired", {"id": f"s{n}", "said": "±1 %"}) for n in range(12)])


def lines(entries: list[Entry]) -> str:
    return "".join(json.dumps(one._asdict()) + "\n" for one in entries)


def written(folder: Path, entries: list[Entry]) -> str:
    file = folder / "log.jsonl"
    file.write_text(lines(entries), "utf-8")
    return str(file)


def run(*arguments: str, key: str = "k1", given: str | None = None) -> tuple[int, str]:
    """Run the command as a person does; return its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.signal_log", *arguments], cwd=PROJECT, text=True,
        capture_output=True, timeout=60, input=given, env=os.environ | {signal_log.KEY: key},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


class Api(BaseHTTPRequestHandler):
    """The log in pages of five, for whoever has the key."""

    entries: ClassVar[list[Entry]] = []

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self.headers["Authorization"] != "Bearer k1" or parts.path != "/api/v1/signal-log":
            self.send_error(401)
            return
        query = parse_qs(parts.query)
        after = int(query["after"][0])
        told = self.entries[:-4] if query.get("recent") == ["false"] else self.entries
        page = [one for one in told if one.seq > after][:6]
        more = page[4].seq if len(page) == 6 else None
        answer = {"data": [one._asdict() for one in page[:5]], "meta": {"next": more}}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Api.entries = LOG
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_unbroken_file_is_counted_and_its_head_is_told(tmp_path: Path) -> None:
    status, said = run(written(tmp_path, LOG))
    assert (status, said) == (0, f"12 entries, unbroken, head 12 {LOG[-1].hash}\n")


def test_standard_input_is_a_file_too() -> None:
    status, said = run("-", given=lines(LOG[:3]))
    assert (status, said) == (0, f"3 entries, unbroken, head 3 {LOG[2].hash}\n")


def test_an_empty_log_is_unbroken(tmp_path: Path) -> None:
    assert signal_log.check([], signal_log.Head()) == (0, "0" * 64)
    assert run(written(tmp_path, []))[0] == 0


def test_the_first_broken_entry_is_named(tmp_path: Path) -> None:
    forged = [*LOG]
    forged[6] = forged[6]._replace(body=forged[6].body.replace("s6", "s7"))
    status, said = run(written(tmp_path, forged))
    assert (status, said) == (1, "broken: entry 7 does not follow from entry 6\n")


def test_a_missing_entry_is_named(tmp_path: Path) -> None:
    status, said = run(written(tmp_path, LOG[:3] + LOG[4:]))
    assert (status, said) == (1, "broken: entry 4 is missing: after 3 comes 5\n")


def test_from_a_kept_hash_only_what_came_later_is_needed(tmp_path: Path) -> None:
    kept = LOG[4]
    for entries in (LOG, LOG[5:], LOG[4:]):
        status, said = run(written(tmp_path, entries), "--since", "5", kept.hash)
        assert (status, said) == (0, f"7 entries, unbroken, head 12 {LOG[-1].hash}\n")


def test_a_log_that_was_made_anew_is_found_by_a_kept_hash(tmp_path: Path) -> None:
    anew = chain(Head(), [body("fired", {"id": "better"}), *(one.body for one in LOG[1:])])
    assert run(written(tmp_path, anew))[0] == 0
    for entries in (anew, anew[5:]):
        status, said = run(written(tmp_path, entries), "--since", "5", LOG[4].hash)
        assert status == 1
        assert "entry 5 is not the one that was kept" in said or "entry 6 does not follow" in said
    status, _ = run(written(tmp_path, anew[:5]), "--since", "5", LOG[4].hash)
    assert status == 1, "also when nothing came after it"


def test_a_log_that_was_cut_off_is_found_by_a_kept_hash(tmp_path: Path) -> None:
    assert run(written(tmp_path, LOG[:4]))[0] == 0
    status, said = run(written(tmp_path, LOG[:4]), "--since", "5", LOG[4].hash)
    assert (status, said) == (1, "broken: it ends before entry 5, which was kept\n")


@pytest.mark.parametrize("text", ["no json\n", '{"seq": 1}\n', "[]\n"])
def test_a_file_that_is_no_log_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.txt"
    file.write_text(lines(LOG[:1]) + text)
    status, said = run(str(file))
    assert (status, "line 2 is no entry" in said, "Traceback" in said) == (1, True, False)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    status, said = run(str(tmp_path / "nowhere"))
    assert (status, "nowhere" in said, "Traceback" in said) == (1, True, False)


def test_a_hash_that_is_none_is_refused(tmp_path: Path) -> None:
    status, said = run(written(tmp_path, LOG), "--since", "5", "abc")
    assert (status, "64 hex digits" in said) == (2, True)


@pytest.mark.parametrize("path", ["", "/", "/api/v1/signal-log"])
def test_the_api_is_read_page_by_page(address: str, path: str) -> None:
    status, said = run(address + path)
    assert (status, said) == (0, f"12 entries, unbroken, head 12 {LOG[-1].hash}\n")


def test_the_api_is_read_from_a_kept_hash_on(address: str) -> None:
    status, said = run(address, "--since", "12", LOG[11].hash)
    assert (status, said) == (0, f"0 entries, unbroken, head 12 {LOG[-1].hash}\n")
    status, said = run(address, "--since", "12", LOG[10].hash)
    assert (status, "entry 12 is not the one that was kept" in said) == (1, True)


def test_what_is_settled_is_read_without_the_last_days(address: str) -> None:
    status, said = run(address, "--settled")
    assert (status, said) == (0, f"8 entries, unbroken, head 8 {LOG[7].hash}\n")


def test_a_break_on_a_later_page_is_found(address: str) -> None:
    Api.entries = [*LOG[:9], LOG[9]._replace(hash="f" * 64), *LOG[10:]]
    assert run(address) == (1, "broken: entry 10 does not follow from entry 9\n")


def test_a_refused_key_is_told_and_what_to_do(address: str) -> None:
    status, said = run(address, key="wrong")
    assert (status, "answers 401; CRYPTOINTEL_API_KEY" in said) == (1, True)


def test_an_api_that_does_not_answer_is_told() -> None:
    status, said = run("http://127.0.0.1:9")
    assert (status, "gave no log" in said, "Traceback" in said) == (1, True, False)

"""Providers of sign-ins for the running system: a stock OpenID provider, and GitHub's shapes.

The OpenID provider is npm `oidc-provider`, unmodified, under Node from a folder below .local.
GitHub's three addresses are answered as its documentation shows them.
"""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from tests.support.live import Live, eventually
from tools.pyworkers import node
from tools.system.layout import PROJECT, Ports

HERE = Path(__file__).parent
FOLDER = PROJECT / ".local" / "signing_in"
CLIENT_ID, CLIENT_SECRET = "cryptointel", "what only it and the provider know"
_OPENID, _GITHUB = 9, 10  # ports behind those of the system
_form = re.compile(r'<form[^>]* action="([^"]+)"')
_hidden = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def variables(ports: Ports) -> dict[str, str]:
    """Return what the Workers are told of the providers."""
    github = f"http://127.0.0.1:{ports.base + _GITHUB}"
    return {
        "GOOGLE_ISSUER": f"http://127.0.0.1:{ports.base + _OPENID}",
        "GOOGLE_CLIENT_ID": CLIENT_ID, "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GITHUB_URL": github, "GITHUB_API_URL": github,
        "GITHUB_CLIENT_ID": CLIENT_ID, "GITHUB_CLIENT_SECRET": CLIENT_SECRET,
    }  # fmt: skip


@contextmanager
def openid(live: Live) -> Iterator[str]:
    """Run the OpenID provider; yield its address."""
    program = node.find()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("provider.mjs", "package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, FOLDER / name)
    node.install(program, FOLDER, FOLDER)
    told = variables(live.system.ports)
    issuer = told["GOOGLE_ISSUER"]
    dashboard = live.system.ports.address("dashboard")
    environment = {
        **os.environ, "ISSUER": issuer, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET,
        "REDIRECT_URI": f"{dashboard}/session/oauth/google/callback",
    }  # fmt: skip
    with (FOLDER / "provider.log").open("wb") as log:
        process = subprocess.Popen(
            [str(program.program), "provider.mjs"], cwd=FOLDER, env=environment,
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            eventually(lambda: _answers(issuer), 30)
            yield issuer
        finally:
            process.terminate()
            process.wait(10)


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200
    except httpx.HTTPError:
        return False


def consent(location: str, person: str) -> str:
    """Sign in and agree on the provider's own pages; return where they lead back to."""
    with httpx.Client() as browser:
        answer = browser.get(location)
        for _ in range(12):
            if answer.is_redirect:
                onward = urljoin(str(answer.request.url), answer.headers["location"])
                if urlsplit(onward).netloc != urlsplit(location).netloc:
                    return onward
                answer = browser.get(onward)
                continue
            action = _form.search(answer.text)
            assert action is not None, answer.text
            fields = dict(_hidden.findall(answer.text)) | {"login": person, "password": "any"}
            address = urljoin(str(answer.request.url), action.group(1).replace("&amp;", "&"))
            answer = browser.post(address, data=fields)
    raise AssertionError("the provider's pages lead nowhere")


@contextmanager
def github(live: Live, login: str, number: int) -> Iterator[None]:
    """Answer as GitHub does, for one person."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            good = form["client_secret"] == [CLIENT_SECRET] and form["code"] == ["good"]
            self._say({"access_token": "gho_1", "token_type": "bearer"} if good else
                      {"error": "bad_verification_code"})  # fmt: skip

        def do_GET(self) -> None:
            assert self.headers["authorization"] == "Bearer gho_1"
            assert self.headers["user-agent"], "GitHub refuses requests without one"
            emails = [{"email": f"{login}@github.example", "primary": True, "verified": True}]
            self._say(emails if self.path == "/user/emails" else {"login": login, "id": number})

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _say(self, told: object) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = HTTPServer(("127.0.0.1", live.system.ports.base + _GITHUB), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A browser without a page, at the running dashboard: it keeps cookies and the CSRF token."""

import http.client
import json
from typing import Any

from tests.support.live import Live, Reply

PASSWORD = "four unrelated words here"


class Visitor:
    """Talks to the dashboard under a host name (passkeys need one), from one address."""

    def __init__(self, live: Live, address: str = "10.77.0.1") -> None:
        self.live, self.address = live, address
        self.port = live.system.ports.of("dashboard")
        self.origin = f"http://localhost:{self.port}"
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        self.csrf = ""

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Reply:
        """Send one request as our own page would; keep the cookies of the answer."""
        sent = {
            "host": f"localhost:{self.port}", "cf-connecting-ip": self.address,
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }  # fmt: skip
        if method != "GET":
            sent |= {"origin": self.origin, "x-requested-with": "cryptointel",
                     "content-type": "application/json", "x-csrf-token": self.csrf}  # fmt: skip
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, sent)
            answer = connection.getresponse()
            told = answer.read().decode()
            self.set_cookies = answer.headers.get_all("set-cookie") or []
            self._keep()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, told)
        finally:
            connection.close()

    def data(self, path: str, method: str = "GET", body: Any = None, status: int = 200) -> Any:
        """Return what a good answer says."""
        reply = self.ask(path, method, body)
        assert reply.status == status, reply.body
        told = reply.json()["data"]
        if isinstance(told, dict) and "csrf" in told:
            self.csrf = told["csrf"] or ""
        return told

    def refused(self, path: str, method: str = "GET", body: Any = None, **more: str) -> str:
        """Return the kind of a refusal."""
        reply = self.ask(path, method, body, **more)
        assert reply.status >= 400, reply.body
        return str(reply.json()["type"]).rpartition("/")[2]

    def sign_up(self, email: str) -> "Visitor":
        """Make an account and sign in to it."""
        body = {"email": email, "password": PASSWORD}
        self.data("/api/v1/auth/register", "POST", body, 202)
        return self.sign_in(email)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        """Sign in by password."""
        self.data("/session", "POST", {"email": email, "password": password})
        return self

    def user(self) -> Any:
        """Return who is signed in."""
        return self.data("/session")["user"]

    def age(self, seconds: int) -> None:
        """Let the session's times lie that much further back."""
        session_id = self.cookies["session"].partition(".")[0]
        self.live.write(
            f"UPDATE sessions SET seen_at = seen_at - {seconds}, proved_at = proved_at - {seconds},"
            f" next_at = next_at - {seconds}, previous_until = previous_until - {seconds}"
            f" WHERE session_id = '{session_id}'"
        )

    def _keep(self) -> None:
        for cookie in self.set_cookies:
            pair, *attributes = cookie.split("; ")
            name, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

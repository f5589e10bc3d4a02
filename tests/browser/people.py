"""People who sign up at the running dashboard, each from an address of their own."""

import base64
from itertools import count

from playwright.sync_api import BrowserContext, Page, expect

from dashboard.totp import code_at
from tests.support.live import Live

PASSWORD = "four unrelated words here"
_numbers = count(1)


class Person:
    """Somebody at a page of the dashboard, under a host name: passkeys need one."""

    def __init__(self, page: Page, live: Live, name: str = "ann") -> None:
        number = next(_numbers)
        self.page, self.live = page, live
        self.own = f"http://localhost:{live.system.ports.of('dashboard')}"
        self.email = f"{name}{number}@example.com"
        self.come_from(page.context, number)

    @staticmethod
    def come_from(context: BrowserContext, number: int) -> None:
        """Give a browser an address: of one, only so many a minute may sign up."""
        context.set_extra_http_headers({"cf-connecting-ip": f"10.88.{number >> 8}.{number & 255}"})

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.own + path)

    def sign_up(self) -> None:
        """Make the account by the page, and be signed in."""
        self.open("/sign-up?next=/settings")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Create account").click()
        self.sees_settings()

    def sees_settings(self) -> None:
        """Wait for the settings of this account."""
        settings = self.page.locator(".settings")
        expect(settings.get_by_text(self.email)).to_be_visible()

    def sign_out(self) -> None:
        """Sign out by the header, which shows it to everybody."""
        self.page.get_by_role("button", name=f"Sign out {self.email}").click()
        expect(self.page.get_by_role("link", name="Sign in").first).to_be_visible()

    def type_password(self, password: str = PASSWORD, path: str = "/login?next=/settings") -> None:
        """Send the form of the sign-in page."""
        self.open(path)
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def age_proof(self) -> None:
        """Let the last proof lie eleven minutes back."""
        self.live.write(
            "UPDATE sessions SET proved_at = proved_at - 660 WHERE user_id ="
            f" (SELECT user_id FROM users WHERE email = '{self.email}')"
        )

    def section(self, name: str) -> None:
        """Open a section of the settings."""
        self.page.get_by_role("navigation", name="Settings").get_by_role("link", name=name).click()


class App:
    """An authenticator app that was told its secret; each code is of another step."""

    def __init__(self, live: Live, shown: str) -> None:
        self._secret = base64.b32decode(shown.replace(" ", ""))
        self._live = live
        self._steps = count()

    def code(self) -> str:
        """Return a code that was not used yet; two can be had within a minute."""
        (now,) = self._live.rows("SELECT CAST(strftime('%s', 'now') AS INTEGER)")[0]
        return code_at(self._secret, now // 30 + next(self._steps))

"""The administrators' pages: what is changed holds, is asked for twice, and is written down."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.books import as_admin
from tests.support.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def own(live: Live) -> str:
    return live.system.ports.address("dashboard")


@pytest.fixture
def admin(page: Page, live: Live) -> Iterator[Page]:
    """A page of an administrator, beside whom there is Ann, another one."""
    live.write(
        "INSERT INTO users (user_id, email, role, created_at)"
        " VALUES ('u_ann', 'ann@pages.example', 'viewer', 1) ON CONFLICT DO UPDATE SET"
        " role = 'viewer', plan = 'free', disabled_at = NULL"
    )
    yield from as_admin(page, live)
    live.write(
        "DELETE FROM source_switches; DELETE FROM operator_alerts;"
        "DELETE FROM webhooks WHERE owner = 'u_ann';"
        "UPDATE feature_flags SET enabled = 1, rollout_percent = 100 WHERE flag = 'notebook'"
    )


def test_a_role_is_changed_after_a_proof_and_written_down(
    admin: Page, live: Live, own: str
) -> None:
    live.write("UPDATE sessions SET proved_at = 1 WHERE user_id = 'demo'")
    admin.goto(f"{own}/admin/users")
    admin.get_by_label("E-mail address or id").fill("ann@pages")
    admin.get_by_role("link", name="ann@pages.example").click()
    admin.get_by_label("Role", exact=True).select_option("analyst")
    expect(admin.get_by_role("dialog")).to_contain_text("to analyst?")
    expect(admin.get_by_label("Role", exact=True)).to_have_value("viewer")  # until it is confirmed
    admin.get_by_role("button", name="Change it").click()
    admin.get_by_label("Your password").fill(live.system.account.password)
    admin.get_by_role("button", name="Continue").click()
    expect(admin.get_by_label("Role", exact=True)).to_have_value("analyst")
    expect(admin.get_by_role("region", name="What administrators changed")).to_contain_text(
        "viewer → analyst"
    )


def test_ones_own_account_offers_no_changes(admin: Page, own: str) -> None:
    admin.goto(f"{own}/admin/users?user=demo")
    expect(admin.get_by_text("This is your own account")).to_be_visible()
    expect(admin.get_by_label("Role", exact=True)).to_have_count(0)


def test_a_flag_is_switched_for_a_share_of_the_users(admin: Page, own: str) -> None:
    admin.goto(f"{own}/admin/flags")
    switch = admin.get_by_role("switch", name="Feature notebook")
    expect(switch).to_be_checked()
    switch.focus()
    admin.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    assert (
        admin.evaluate(
            "fetch('/api/v1/me/flags').then((a) => a.json()).then((a) => a.data.flags.notebook)"
        )
        is False
    )
    admin.get_by_role("button", name="Change the flag notebook").click()
    admin.get_by_label("Switched on").check()
    admin.get_by_label("Share of users").fill("25")
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("on for 25 % of everybody")).to_be_visible()


def test_a_source_that_is_switched_off_is_not_asked_at_the_next_tick(
    admin: Page, live: Live, own: str
) -> None:
    admin.goto(f"{own}/admin/sources")
    kraken = admin.locator("details", has_text="kraken")
    kraken.locator("summary").click()
    expect(kraken.get_by_text("Circuit breaker")).to_be_visible()
    kraken.get_by_role("button", name="Switch off").click()
    admin.get_by_role("dialog").get_by_role("button", name="Switch it off").click()
    expect(kraken.get_by_text("switched off")).to_be_visible()
    live.next_tick()
    state = live.system.ask("collection", "/")["sources"]["kraken"]
    assert (state["state"], state["reason"]) == ("off", "turned off by the operator")


def test_a_tick_is_replayed_from_its_raw_bodies(admin: Page, own: str) -> None:
    admin.goto(f"{own}/admin/runs")
    newest = admin.locator("details").first
    newest.locator("summary").click()
    expect(newest.get_by_role("row").filter(has_text="coingecko")).to_be_visible()
    newest.get_by_role("button", name="Replay this tick").click()
    admin.get_by_role("button", name="Replay it").click()
    expect(admin.get_by_text("was done again")).to_be_visible(timeout=30_000)


def test_an_alert_is_acknowledged_and_moves_out_of_the_way(
    admin: Page, live: Live, own: str
) -> None:
    live.write(
        "INSERT INTO webhooks (webhook_id, owner, url, events, active, failing_since, created_at,"
        " updated_at) VALUES ('page', 'u_ann', 'https://hooks.example', '[]', 1, 1, 1, 1)"
    )
    admin.goto(f"{own}/admin")
    alert = admin.get_by_role("listitem").filter(has_text="Receivers of webhooks fail")
    alert.get_by_role("button", name="Acknowledge").click()
    expect(alert).to_contain_text("acknowledged by demo")
    admin.goto(f"{own}/admin/audit")
    expect(admin.get_by_text("Handled an alert").first).to_be_visible()


def test_who_is_no_administrator_is_told_so(page: Page, live: Live, own: str) -> None:
    page.goto(f"{own}/admin")
    expect(page.get_by_text("Sign in as an administrator")).to_be_visible()

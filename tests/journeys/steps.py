"""What people do on the pages, in their words: roles and names, never classes."""

import re
import time

from playwright.sync_api import Locator, Page, expect

PATIENCE = 90.0  # seconds
PAUSE = 300.0  # milliseconds between two looks


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def to_page(page: Page, title: str) -> None:
    """The page has come whose heading ends so."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(f"{re.escape(title)}\\s*$"))


def say_need(page: Page, text: str, topic: str) -> None:
    page.get_by_role("textbox", name="What is the problem").fill(text)
    page.get_by_role("combobox", name="Topic").select_option(topic)


def say_offer(page: Page, text: str, topic: str, hours: str) -> None:
    page.get_by_role("textbox", name="What did you do").fill(text)
    page.get_by_role("combobox", name="Topic").select_option(topic)
    page.get_by_role("radio", name="We have done it once").check()
    page.get_by_role("textbox", name="Hours a month").fill(hours)


def let_see(page: Page, who: str) -> None:
    """Choose who may see the first answer of this page."""
    page.get_by_text("Change who may see this").first.click()
    page.get_by_role("radio", name=re.compile(f"^{who}")).check()


def saved(page: Page) -> Locator:
    """The line that says that what was typed is kept."""
    return page.get_by_role("status").filter(has_text=re.compile(r"Saved \d\d:\d\d"))


def look_again_until(page: Page, there: Locator) -> None:
    """Open the page anew until something is on it."""
    latest = time.monotonic() + PATIENCE
    while not there.first.is_visible():
        assert time.monotonic() < latest, f"never on {page.url}: {there}"
        page.wait_for_timeout(PAUSE)
        page.reload()


def act_on(page: Page, row: Locator, action: str) -> None:
    """Choose rows of a list of the coordinators' place, and what to do with them."""
    row.get_by_role("checkbox").check()
    page.get_by_role("combobox", name="Action").select_option(label=action)
    page.get_by_role("button", name="Go", exact=True).click()


def line(page: Page, *words: str) -> Locator:
    """Lines of a list that say all of this."""
    rows = page.get_by_role("row")
    for word in words:
        rows = rows.filter(has_text=word)
    return rows

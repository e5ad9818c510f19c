"""Quotes in a report end with the consent to them, also where it is published.

The class: something was shown rightly, its rights changed, a copy goes on showing it.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from localities.choices import Role
from loci.cycles.models import Report, ReportReader, ReportSection
from loci.cycles.queries.reports import report_shown
from loci.cycles.services.reports import draft_report
from surveys.choices import Visibility
from surveys.models import Statement, ThemeText
from surveys.services.analysing import refresh_analysis
from surveys.services.editing_themes import let_quote, name_theme
from surveys.services.finding_themes import find_themes
from surveys.services.showing_themes import show_themes
from tests import make
from tests.attacks.canaries import words_of
from tests.make import NOW
from tests.surveys.themes import closed_wave, say_all, theme_about

pytestmark = pytest.mark.django_db


class Drafted:
    """A report with quotes, whose authors can still say no."""

    def __init__(self) -> None:
        by, wave = make.coordinator(), closed_wave()
        say_all(wave)
        refresh_analysis(wave=wave, now=NOW)
        find_themes(wave=wave, now=NOW)
        name_theme(theme=theme_about(wave, "portal"), name="Portals", by=by, now=NOW)
        show_themes(wave=wave, by=by, now=NOW)
        said = ThemeText.objects.filter(statement__text__contains="scanned")
        let_quote(texts=list(said), is_approved=True, by=by)
        self.report = draft_report(wave=wave, by=by)
        self.quote, self.other = self.report.quotes[:2]
        self.member = make.person()
        make.place(self.member, make.organisation(), Role.READER)

    def narrow(self) -> None:
        said = Statement.objects.filter(text=self.quote)
        said.update(visibility=Visibility.SIDE)

    def publish(self) -> None:
        Report.objects.filter(pk=self.report.pk).update(
            state="published", published_at=NOW, read_by=NOW
        )


@pytest.fixture
def drafted() -> Drafted:
    return Drafted()


def test_words_taken_back_leave_a_published_report(drafted, signed_in):
    """The database keeps what was published; the page shows what may be shown."""
    drafted.publish()
    page = reverse("cycles:report", args=[drafted.report.reference])
    before = words_of(signed_in(drafted.member).get(page))
    assert drafted.quote in before
    assert drafted.other in before

    drafted.narrow()

    after = words_of(signed_in(drafted.member).get(page))
    assert drafted.quote not in after
    assert drafted.other in after
    assert "words that their author took back" in after
    kept = ReportSection.objects.get(report=drafted.report, kind="themes")
    assert drafted.quote in kept.text


def test_a_coordinator_s_no_ends_a_quote_too(drafted):
    drafted.publish()
    said = ThemeText.objects.filter(statement__text=drafted.quote)

    let_quote(texts=list(said), is_approved=False, by=make.coordinator())

    shown = report_shown(drafted.report, drafted.member, timezone.now())
    assert not any(drafted.quote in row.text for row in shown.sections)


def test_readers_read_no_words_that_were_taken_back_meanwhile(drafted, signed_in):
    """Lines were broken by whoever edited the section: the words are known again."""
    ReportReader.objects.create(report=drafted.report, person=drafted.member)
    section = ReportSection.objects.get(report=drafted.report, kind="themes")
    section.text = section.text.replace(" ", "\r\n")
    section.save()
    Report.objects.filter(pk=drafted.report.pk).update(
        state="reading", read_by=timezone.now() + timedelta(days=3)
    )
    pages = [
        reverse("cycles:report", args=[drafted.report.reference]),
        reverse("cycles:read", args=[drafted.report.reference, "themes"]),
    ]
    last = drafted.quote.split()[-1]
    client = signed_in(drafted.member)
    assert all(last in words_of(client.get(page)) for page in pages)

    Statement.objects.filter(text__contains="scanned").update(visibility="pair")

    assert not any("scanned" in words_of(client.get(page)) for page in pages)

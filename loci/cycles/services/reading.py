"""Readers say section by section what they think, and hear what became of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from loci.cycles.choices import ReportState, Verdict
from loci.cycles.models import Reading, Report, ReportReader, ReportSection


class NotAReader(Refused):
    """Only those who were asked to read a report say what they think of it here."""


class ReadingIsOver(Refused):
    """The report is not with its readers now."""


class WordsNeeded(Refused):
    """A comment or a correction says what."""


class OutcomeNeeded(Refused):
    """Everybody reads what became of a remark."""


@transaction.atomic
def read_section(
    *, section: ReportSection, verdict: Verdict, words: str, by: User, now: datetime
) -> Reading:
    """One reader's word on one section; it can be changed until the day is over.

    Raises NotAReader, ReadingIsOver, WordsNeeded.
    """
    report = Report.objects.select_for_update().get(pk=section.report_id)
    readers = ReportReader.objects.current().filter(report=report)
    reader = readers.filter(person=by).first()
    if reader is None:
        raise NotAReader(_("You have not been asked to read this report."))
    is_open = report.state == ReportState.READING and report.read_by is not None
    if not is_open or report.read_by is None or report.read_by <= now:
        raise ReadingIsOver(_("The time to read this report is over."))
    words = clean_text(words).strip()
    if verdict != Verdict.AGREE and not words:
        raise WordsNeeded(_("Say in a sentence what you mean."))
    reading, _is_new = Reading.objects.update_or_create(
        section=section,
        reader=reader,
        defaults={
            "verdict": verdict,
            "words": words,
            "outcome": "",
            "has_changed": False,
        },
    )
    record(by, "read", section, verdict)
    return reading


@transaction.atomic
def answer_remark(
    *, reading: Reading, outcome: str, has_changed: bool, by: User
) -> Reading:
    """Say what became of a remark. Raises ReadingIsOver, OutcomeNeeded."""
    rows = Reading.objects.select_for_update(of=("self",))
    reading = rows.select_related("section__report").get(pk=reading.pk)
    if reading.section.report.state != ReportState.READING:
        raise ReadingIsOver(_("A published report is not changed any more."))
    outcome = clean_text(outcome).strip()
    if not outcome:
        raise OutcomeNeeded(_("Say in a sentence what became of it."))
    reading.outcome, reading.has_changed = outcome, has_changed
    reading.save(update_fields=["outcome", "has_changed", "updated_at"])
    record(by, "answered", reading, outcome)
    return reading

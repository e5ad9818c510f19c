"""A report as its reader may see it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from loci.accounts.models import User
from loci.cycles.choices import ReportState
from loci.cycles.models import (
    ActivityPlan,
    Reading,
    Report,
    ReportReader,
    ReportSection,
)
from loci.cycles.queries.quotes import ended_quotes, without_quotes
from surveys.models import Statement


@dataclass(frozen=True)
class SectionShown:
    """One section, what this reader said of it, and what changed after readers.

    `text` is without words that their authors have taken back since.
    """

    section: ReportSection
    text: str
    own: Reading | None
    outcomes: tuple[Reading, ...]


@dataclass(frozen=True)
class ReportShown:
    """A report, its sections, and whether this person reads it now."""

    report: Report
    sections: tuple[SectionShown, ...]
    can_read: bool
    readers: int
    answered: int
    changes: int
    newer: Report | None
    plan: ActivityPlan | None
    needs: tuple[Statement, ...]

    @property
    def to_say(self) -> int:
        """Sections of which this reader has said nothing yet."""
        return sum(row.own is None for row in self.sections)


def reports_for(person: User) -> QuerySet[Report]:
    """Reports that this person may read, those to be read first."""
    rows = Report.objects.visible_to(person).select_related("wave")
    return rows.order_by("-wave__opens_at", "-version", "pk")


def reports_to_read(person: User, now: datetime) -> QuerySet[Report]:
    """Reports that wait for this reader."""
    asked = ReportReader.objects.current().filter(person=person)
    return Report.objects.filter(
        pk__in=asked.values("report"), state=ReportState.READING, read_by__gt=now
    ).order_by("read_by", "pk")


def report_shown(report: Report, person: User, now: datetime) -> ReportShown:
    """All that the page shows; remarks of other readers only by what became of them."""
    readings = list(
        Reading.objects.filter(section__report=report)
        .select_related("reader")
        .order_by("pk")
    )
    readers = list(ReportReader.objects.current().filter(report=report))
    own = {row.section_id: row for row in readings if row.reader.person_id == person.pk}
    sections = list(report.sections.order_by("position", "pk"))
    is_open = report.is_being_read and report.read_by and report.read_by > now
    newer = Report.objects.filter(
        wave=report.wave, cycle=report.cycle_id, state=ReportState.PUBLISHED
    )
    plan, ended = _plan(report), ended_quotes(report)
    return ReportShown(
        report=report,
        sections=tuple(
            SectionShown(
                section,
                without_quotes(section.text, ended),
                own.get(section.pk),
                tuple(
                    row
                    for row in readings
                    if row.section_id == section.pk and row.outcome
                )
                if report.is_frozen
                else (),
            )
            for section in sections
            if section.text or not report.is_frozen
        ),
        can_read=bool(is_open) and any(row.person_id == person.pk for row in readers),
        readers=len(readers),
        answered=len({row.reader_id for row in readings}),
        changes=sum(row.has_changed for row in readings),
        newer=newer.first() if report.state == ReportState.SUPERSEDED else None,
        plan=plan,
        needs=_needs(plan, person),
    )


def _plan(report: Report) -> ActivityPlan | None:
    if not report.is_plan:
        return None
    rows = ActivityPlan.objects.select_related("host")
    return rows.filter(paper=report).first()


def _needs(plan: ActivityPlan | None, person: User) -> tuple[Statement, ...]:
    """Those needs of the plan that this reader may see."""
    if plan is None:
        return ()
    own = Statement.objects.quoted_to(person).filter(plans=plan)
    rows = own.select_related("locality", "topic")
    return tuple(rows.order_by("topic__position", "locality__name", "pk"))

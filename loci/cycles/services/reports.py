"""A report from its first draft to its publication."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import get_language, gettext as _, gettext_lazy

from localities.choices import Role
from localities.models import Membership, Region
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.cycles.choices import (
    BEING_WRITTEN,
    READING_DAYS,
    REPORT_MOVES,
    ReportKind,
    ReportState,
    SectionKind,
    Verdict,
)
from loci.cycles.models import Cycle, Reading, Report, ReportReader, ReportSection
from loci.cycles.services.report_texts import section_texts
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from meetings.models import Meeting
from surveys.models import Wave
from surveys.queries.themes import themes_shown


class NoResultsYet(Refused):
    """A report is made from the results of a closed wave."""


class AlreadyWritten(Refused):
    """A version of this report is being written already."""


class NoReaders(Refused):
    """A report is read by somebody before it is published."""


class StillBeingRead(Refused):
    """Readers have time until their day, or until all have answered."""


class RemarksOpen(Refused):
    """What readers say is wrong gets an answer before the report is published."""


@transaction.atomic
def draft_report(*, wave: Wave, by: User) -> Report:
    """A first version, or the next one; its sections are drafts to be edited.

    Raises NoResultsYet, AlreadyWritten.
    """
    texts = section_texts(wave)
    if texts is None:
        raise NoResultsYet(gettext_lazy("Close the wave first: it has no results yet."))
    title = _("Report on %(wave)s") % {"wave": wave.title}
    report = start_paper(wave=wave, cycle=None, title=title, texts=texts, by=by)
    rows = themes_shown(wave).rows
    report.quotes = [voice.text for row in rows for voice in row.voices]
    report.save(update_fields=["quotes", "updated_at"])
    return report


@transaction.atomic
def start_paper(
    *,
    wave: Wave,
    cycle: Cycle | None,
    title: str,
    texts: Mapping[SectionKind, str],
    by: User,
) -> Report:
    """A report of a wave, or the plan of a cycle, in its next version.

    Raises AlreadyWritten.
    """
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    versions = Report.objects.filter(wave=wave, cycle=cycle)
    if versions.filter(state__in=BEING_WRITTEN).exists():
        raise AlreadyWritten(gettext_lazy("A version of it is being written already."))
    newest = versions.aggregate(newest=Max("version"))["newest"] or 0
    paper = Report.objects.create(
        kind=ReportKind.PLAN if cycle else ReportKind.REPORT,
        wave=wave,
        cycle=cycle,
        version=newest + 1,
        title=title,
        language=get_language() or "en",
    )
    ReportSection.objects.bulk_create(
        ReportSection(
            report=paper,
            kind=kind,
            heading=str(kind.label),
            text=text,
            position=position,
        )
        for position, (kind, text) in enumerate(texts.items())
    )
    record(by, "drafted", paper)
    return paper


@transaction.atomic
def send_to_readers(*, report: Report, by: User, now: datetime) -> Report:
    """Ask its readers; they have the days that the report says, else ten.

    Raises NoReaders, WrongMove.
    """
    report = _locked(report)
    readers = [row.person for row in _readers(report) if row.person]
    if not readers:
        raise NoReaders(gettext_lazy("Name at least one reader first."))
    if report.read_by is None or report.read_by <= now:
        report.read_by = now + timedelta(days=READING_DAYS)
        report.save(update_fields=["read_by", "updated_at"])
    move(report, to=ReportState.READING, moves=REPORT_MOVES)
    for person in readers:
        _tell(NoticeKind.REPORT_TO_READ, report, person, now)
    record(by, "sent to its readers", report)
    return report


@transaction.atomic
def publish_report(*, report: Report, by: User, now: datetime) -> Report:
    """Freeze this version and replace the one before; hubs and co-hosts get a mail.

    Raises StillBeingRead, RemarksOpen, WrongMove.
    """
    report = _locked(report)
    _check_was_read(report, now)
    for earlier in Report.objects.select_for_update().filter(
        wave=report.wave, cycle=report.cycle, state=ReportState.PUBLISHED
    ):
        move(earlier, to=ReportState.SUPERSEDED, moves=REPORT_MOVES)
    if report.state == ReportState.READING:
        report.published_at = now
        report.state = ReportState.PUBLISHED
        report.save(update_fields=["published_at", "state", "updated_at"])
    else:
        move(report, to=ReportState.PUBLISHED, moves=REPORT_MOVES)
    for person in hubs_and_co_hosts(report, now):
        _tell(NoticeKind.REPORT_PUBLISHED, report, person, now)
    record(by, "published", report)
    return report


def _check_was_read(report: Report, now: datetime) -> None:
    sections = report.sections.count()
    silent = [
        row
        for row in _readers(report)
        if Reading.objects.filter(reader=row).count() < sections
    ]
    has_time = report.read_by is not None and report.read_by > now
    if report.state == ReportState.READING and silent and has_time:
        raise StillBeingRead(
            gettext_lazy("Readers have not all answered, and their time is not over.")
        )
    open_remarks = Reading.objects.filter(
        section__report=report, verdict=Verdict.CORRECT, outcome=""
    )
    if open_remarks.exists():
        raise RemarksOpen(
            gettext_lazy(
                "A reader says that something is wrong. Say what became of it first."
            )
        )


def hubs_and_co_hosts(report: Report, now: datetime) -> list[User]:
    """Coordinators of the regions asked, and people of who hosts a meeting there.

    Of a plan for one region: those of that region, and of who hosts the activity.
    """
    regions = Region.objects.filter(localities__parts__wave=report.wave)
    if report.cycle is not None and report.cycle.region_id:
        regions = Region.objects.filter(pk=report.cycle.region_id)
    hubs = Membership.objects.current().filter(
        role=Role.COORDINATOR, organisation__regions__in=regions
    )
    hosts = Meeting.objects.filter(
        region__in=regions, ends_at__gt=now, host__isnull=False
    )
    hosting = Membership.objects.current().filter(
        Q(organisation__in=hosts.values("host"))
        | Q(organisation__plans_hosted__paper=report)
        | Q(organisation__plans_co_hosted__paper=report)
    )
    people = {*hubs.values_list("person", flat=True)}
    people |= {*hosting.values_list("person", flat=True)}
    return list(User.objects.filter(pk__in=people).order_by("pk"))


def _locked(report: Report) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related(
        "wave", "cycle"
    )
    return rows.get(pk=report.pk)


def _readers(report: Report) -> list[ReportReader]:
    rows = ReportReader.objects.current().filter(report=report)
    return list(rows.select_related("person").order_by("pk"))


def _tell(kind: NoticeKind, report: Report, person: User, now: datetime) -> None:
    until = report.read_by.date().isoformat() if report.read_by else ""
    post_notice(
        key=f"{kind}:{report.pk}:{person.pk}",
        kind=kind,
        to=person,
        now=now,
        parameters={"title": report.title, "until": until},
        path=f"/reports/{report.reference}/",
    )

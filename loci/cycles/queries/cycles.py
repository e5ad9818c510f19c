"""Where a cycle stands, ready to be shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from localities.models import Membership
from loci.accounts.models import User
from loci.cycles.choices import FEW, ReportState, StepKind
from loci.cycles.models import ActivityPlan, Cycle, CycleStep, Report
from meetings.choices import ANNOUNCED, MeetingState
from meetings.models import Meeting, Review
from surveys.choices import WaveState
from surveys.models import Conversation

REVIEWS_AT_MOST = 3
ENDED = (WaveState.CLOSED, WaveState.SHARED_BACK)
OPENS_WHEN = {
    StepKind.ASK: gettext_lazy("Opens with its wave."),
    StepKind.REFLECT: gettext_lazy("Opens when the wave is closed."),
    StepKind.ATTEMPT: gettext_lazy("Opens when the activity plan is published."),
}


@dataclass(frozen=True)
class Condition:
    """One thing that must have happened before a step is closed."""

    words: str
    is_met: bool
    url: str = ""


@dataclass(frozen=True)
class StepShown:
    """One step with what opens it, what closes it, and whether the cycle is at it."""

    step: CycleStep
    owner: str
    is_here: bool
    is_late: bool
    opens_when: str
    closes_when: tuple[Condition, ...]


@dataclass(frozen=True)
class CycleShown:
    """A cycle with its steps; `here` is the kind of the step it is at, or empty."""

    cycle: Cycle
    owner: str
    steps: tuple[StepShown, ...]
    report: Report | None
    plan: ActivityPlan | None
    meeting: Meeting | None
    """What came of the plan, once it is announced."""
    reviewed: tuple[Meeting, ...]
    """Earlier meetings of its region whose reviews it builds on."""
    talked_with: int
    """Localities that were heard in another way; 0 also where they are one or two."""

    @property
    def here(self) -> str:
        return next((row.step.kind for row in self.steps if row.is_here), "")

    @property
    def here_until(self) -> date | None:
        return next((row.step.due_on for row in self.steps if row.is_here), None)


@dataclass(frozen=True)
class CycleRow:
    """One cycle in the list."""

    cycle: Cycle
    here: CycleStep | None
    is_late: bool


def current_steps() -> QuerySet[CycleStep]:
    """Of each cycle the step that it is at: the first that is not closed."""
    earlier = CycleStep.objects.filter(
        cycle=OuterRef("cycle"), position__lt=OuterRef("position"), closed_at=None
    )
    rows = CycleStep.objects.filter(~Exists(earlier), closed_at__isnull=True)
    return rows.order_by("due_on", "pk")


def cycles_shown(rows: QuerySet[Cycle] | None = None) -> tuple[CycleRow, ...]:
    """All cycles, or these, the newest first."""
    today = timezone.localdate()
    cycles = (
        (Cycle.objects.all() if rows is None else rows)
        .select_related("region", "wave")
        .prefetch_related(Prefetch("steps", CycleStep.objects.order_by("position")))
        .order_by("-pk")
    )
    return tuple(_row(cycle, list(cycle.steps.all()), today) for cycle in cycles)


def _row(cycle: Cycle, steps: Sequence[CycleStep], today: date) -> CycleRow:
    here = next((step for step in steps if step.closed_at is None), None)
    return CycleRow(cycle, here, is_late=here is not None and here.due_on < today)


def network_cycle() -> CycleRow | None:
    """The cycle that the landing page shows: the newest, that of the network first."""
    rows = sorted(cycles_shown(), key=lambda row: row.cycle.region_id is not None)
    return next((row for row in rows if row.here is not None), None)


def cycle_shown(cycle: Cycle, now: datetime, reader: User | None) -> CycleShown:
    """All that the page shows; links only to what this reader may open."""
    steps = list(cycle.steps.select_related("owner").order_by("position"))
    named = _named([cycle.owner, *(step.owner for step in steps)])
    here = next((step for step in steps if step.closed_at is None), None)
    today = timezone.localdate(now)
    found = _papers(cycle)
    return CycleShown(
        cycle=cycle,
        owner=named.get(cycle.owner_id or 0, ""),
        steps=tuple(
            StepShown(
                step,
                named.get(step.owner_id or 0, ""),
                is_here=step == here,
                is_late=step == here and step.due_on < today,
                opens_when=str(OPENS_WHEN[StepKind(step.kind)]),
                closes_when=_closes(step, cycle, found),
            )
            for step in steps
        ),
        report=found[0] if reader else None,
        plan=found[1] if reader else None,
        meeting=_announced(found[1]),
        reviewed=_reviewed(cycle),
        talked_with=_talked_with(cycle),
    )


def _named(owners: Iterable[User | None]) -> dict[int, str]:
    """Owners who are here and have a name: nobody's address is shown to everybody."""
    known = {row.pk: str(row) for row in owners if row is not None and row.name}
    here = Membership.objects.current().filter(person__in=known)
    return {pk: known[pk] for pk in here.values_list("person", flat=True)}


def _announced(plan: ActivityPlan | None) -> Meeting | None:
    found = plan.meeting if plan else None
    return found if found is not None and found.state in ANNOUNCED else None


def _reviewed(cycle: Cycle) -> tuple[Meeting, ...]:
    rows = Meeting.objects.announced().filter(review__isnull=False)
    if cycle.wave is not None:
        rows = rows.filter(ends_at__lt=cycle.wave.closes_at)
    if cycle.region_id:
        rows = rows.filter(region=cycle.region_id)
    return tuple(rows.order_by("-ends_at", "pk")[:REVIEWS_AT_MOST])


def _talked_with(cycle: Cycle) -> int:
    rows = Conversation.objects.filter(wave=cycle.wave_id, has_consent=True)
    if cycle.region_id:
        rows = rows.filter(locality__region=cycle.region_id)
    count = rows.values("locality").distinct().count() if cycle.wave_id else 0
    return count if count >= FEW else 0


Papers = tuple[Report | None, ActivityPlan | None]


def _papers(cycle: Cycle) -> Papers:
    """The published report of its wave and its published plan."""
    published = Report.objects.filter(wave=cycle.wave, state=ReportState.PUBLISHED)
    plans = ActivityPlan.objects.select_related("paper", "meeting")
    return (
        published.filter(cycle__isnull=True).first() if cycle.wave_id else None,
        plans.filter(paper__cycle=cycle, paper__state=ReportState.PUBLISHED).first(),
    )


def needed_to_close(step: CycleStep) -> tuple[Condition, ...]:
    """What closes a step, each thing with whether it has happened."""
    cycle = Cycle.objects.select_related("wave").get(pk=step.cycle_id)
    return _closes(step, cycle, _papers(cycle))


def _closes(step: CycleStep, cycle: Cycle, found: Papers) -> tuple[Condition, ...]:
    report, plan = found
    state = cycle.wave.state if cycle.wave else ""
    if step.kind == StepKind.ASK:
        return (Condition(_("the wave is closed"), state in ENDED),)
    if step.kind == StepKind.REFLECT:
        return (
            Condition(_("its report is published"), report is not None),
            Condition(
                _("what was heard is shared back"), state == WaveState.SHARED_BACK
            ),
            Condition(_("the activity plan is published"), plan is not None),
        )
    meeting = plan.meeting if plan else None
    is_over = meeting is not None and meeting.state == MeetingState.HELD
    is_reviewed = is_over and Review.objects.filter(meeting=meeting).exists()
    return (
        Condition(_("the activity has taken place"), is_over),
        Condition(_("its review is written"), is_reviewed),
    )

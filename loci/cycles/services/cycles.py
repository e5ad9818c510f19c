"""Turn the loop: begin a cycle, close its steps, tell owners what is late."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from localities.models import Region
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.cycles.choices import DAYS_TO_ATTEMPT, DAYS_TO_REFLECT, StepKind
from loci.cycles.models import Cycle, CycleStep
from loci.cycles.queries.cycles import current_steps, needed_to_close
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from surveys.models import Wave


class StepNotReady(Refused):
    """What closes this step has not happened yet."""


class NotThisStep(Refused):
    """Steps are closed in their order, and once."""


@transaction.atomic
def begin_cycle(
    *,
    title: str,
    wave: Wave,
    by: User | None,
    region: Region | None = None,
    owner: User | None = None,
) -> Cycle:
    """A cycle that begins with a wave; its steps get days that can be changed."""
    cycle = Cycle.objects.create(
        title=title, region=region, wave=wave, owner=owner, is_demo=wave.is_demo
    )
    give_steps(
        cycle=cycle, asks_on=wave.opens_at.date(), asked_on=wave.closes_at.date()
    )
    record(by, "began", cycle)
    return cycle


def give_steps(*, cycle: Cycle, asks_on: date, asked_on: date) -> None:
    """The three steps; existing ones stay as they are."""
    reflected = asked_on + timedelta(days=DAYS_TO_REFLECT)
    tried = reflected + timedelta(days=DAYS_TO_ATTEMPT)
    days = {
        StepKind.ASK: (asks_on, asked_on),
        StepKind.REFLECT: (asked_on, reflected),
        StepKind.ATTEMPT: (reflected, tried),
    }
    for position, (kind, (since, until)) in enumerate(days.items()):
        CycleStep.objects.get_or_create(
            cycle=cycle,
            kind=kind,
            defaults={"position": position, "starts_on": since, "due_on": until},
        )


@transaction.atomic
def close_step(*, step: CycleStep, by: User, now: datetime) -> CycleStep:
    """Close the step that the cycle is at; the next one begins.

    Raises NotThisStep, StepNotReady.
    """
    Cycle.objects.select_for_update().get(pk=step.cycle_id)
    here = current_steps().filter(cycle=step.cycle_id).first()
    if here is None or here.pk != step.pk:
        raise NotThisStep(_("The cycle is not at this step."))
    missing = [row.words for row in needed_to_close(here) if not row.is_met]
    if missing:
        raise StepNotReady(_("Not yet: %(missing)s") % {"missing": "; ".join(missing)})
    here.closed_at = now
    here.save(update_fields=["closed_at"])
    record(by, "closed", here)
    return here


def remind_of_late_steps(*, now: datetime) -> int:
    """Write once a day missed to who sees to a step; returns how many are late."""
    late = current_steps().filter(due_on__lt=now.date())
    told = 0
    for step in late.select_related("cycle__owner", "owner"):
        person = step.owner or step.cycle.owner
        if person is None or not person.is_active:
            continue
        post_notice(
            key=f"step_late:{step.pk}:{step.due_on}",
            kind=NoticeKind.STEP_LATE,
            to=person,
            now=now,
            parameters={
                "step": step.kind,
                "cycle": step.cycle.title,
                "day": step.due_on.isoformat(),
            },
            path=f"/cycles/{step.cycle.reference}/",
        )
        told += 1
    return told

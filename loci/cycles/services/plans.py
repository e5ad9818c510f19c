"""The plan of a cycle: whose needs it serves, how, who, with what; then read by readers."""

from collections import defaultdict

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from localities.models import Topic
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.cycles.choices import FEW, SectionKind
from loci.cycles.models import ActivityPlan, Cycle, ReportSection
from loci.cycles.services.reports import start_paper
from matchmaking.choices import SuggestionState
from matchmaking.models import Suggestion
from surveys.choices import StatementKind, WaveState
from surveys.models import Statement


class NothingHeardYet(Refused):
    """A plan follows what was asked for: its cycle has a wave, and that is closed."""


class AlreadyPublished(Refused):
    """A published plan is replaced by its next version, never changed."""


@transaction.atomic
def draft_plan(*, cycle: Cycle, by: User) -> ActivityPlan:
    """The next version; it begins with what the last one said, or with what is unmet.

    Raises NothingHeardYet, AlreadyWritten.
    """
    wave = cycle.wave
    if wave is None or wave.state not in (WaveState.CLOSED, WaveState.SHARED_BACK):
        raise NothingHeardYet(gettext_lazy("Close the wave of this cycle first."))
    before = (
        ActivityPlan.objects.filter(paper__cycle=cycle)
        .order_by("-paper__version")
        .first()
    )
    paper = start_paper(
        wave=wave,
        cycle=cycle,
        title=_("Activity plan: %(cycle)s") % {"cycle": cycle.title},
        texts=_words_of(before),
        by=by,
    )
    plan = ActivityPlan.objects.create(paper=paper)
    if before is None:
        plan.needs.set(unmet_needs(cycle))
    else:
        _continue(plan, before)
    write_from_fields(plan=plan)
    return plan


def _words_of(before: ActivityPlan | None) -> dict[SectionKind, str]:
    kinds = [SectionKind.OUTCOME, SectionKind.FORMAT]
    texts = {}
    if before is not None:
        rows = before.paper.sections.filter(kind__in=kinds)
        texts = dict(rows.values_list("kind", "text"))
    written = {kind: texts.get(kind, "") for kind in kinds}
    return written | {SectionKind.WHOM: "", SectionKind.MEANS: ""}


def _continue(plan: ActivityPlan, before: ActivityPlan) -> None:
    kept = ("format", "host", "starts_on", "ends_on", "budget", "languages")
    for name in (*kept, "has_interpretation", "meeting"):
        setattr(plan, name, getattr(before, name))
    plan.save()
    plan.co_hosts.set(before.co_hosts.all())
    plan.needs.set(before.needs.all())


def unmet_needs(cycle: Cycle) -> QuerySet[Statement]:
    """Needs of the cycle's wave and region that no introduction has answered.

    Only those whose authors let the network see them.
    """
    answered = Suggestion.objects.filter(state=SuggestionState.INTRODUCED)
    said = Statement.objects.spoken().read_by_the_network()
    rows = said.filter(kind=StatementKind.NEED, wave=cycle.wave)
    if cycle.region_id:
        rows = rows.filter(locality__region=cycle.region_id)
    return rows.exclude(pk__in=answered.values("need"))


@transaction.atomic
def write_from_fields(*, plan: ActivityPlan) -> None:
    """Write the two sections that follow from the plan's fields anew.

    Raises AlreadyPublished.
    """
    if plan.paper.is_frozen:
        raise AlreadyPublished(
            gettext_lazy("A published plan is not changed: write the next version.")
        )
    for kind, text in (
        (SectionKind.WHOM, _whom(plan)),
        (SectionKind.MEANS, _means(plan)),
    ):
        ReportSection.objects.filter(report=plan.paper_id, kind=kind).update(text=text)


@transaction.atomic
def change_plan(*, plan: ActivityPlan, by: User) -> ActivityPlan:
    """Keep changed fields and what follows from them. Raises AlreadyPublished."""
    write_from_fields(plan=plan)
    record(by, "changed", plan)
    return plan


def _whom(plan: ActivityPlan) -> str:
    """How many localities asked for each topic; few are not told."""
    places: dict[int, set[int]] = defaultdict(set)
    for code, place in plan.needs.values_list("topic", "locality"):
        places[code].add(place)
    lines = []
    for topic in Topic.objects.filter(pk__in=places).order_by("position", "pk"):
        count = len(places[topic.pk])
        told = (
            ngettext("%(count)d locality", "%(count)d localities", count)
            % {"count": count}
            if count >= FEW
            else _("fewer than %(few)d localities") % {"few": FEW}
        )
        lines.append(
            _("%(topic)s: asked for by %(who)s") % {"topic": topic.label, "who": told}
        )
    return "\n".join(lines)


def _means(plan: ActivityPlan) -> str:
    named = ", ".join(row.name for row in plan.co_hosts.order_by("name", "pk"))
    days = " / ".join(
        date_format(day, "DATE_FORMAT") for day in (plan.starts_on, plan.ends_on) if day
    )
    languages = ", ".join(plan.languages)
    if languages and plan.has_interpretation:
        languages = _("%(languages)s, with interpretation") % {"languages": languages}
    lines = (
        (_("Host"), plan.host.name if plan.host else ""),
        (_("Co-hosts"), named),
        (_("When"), days),
        (_("Budget line"), plan.budget),
        (_("Languages"), languages),
    )
    return "\n".join(f"{label}: {text}" for label, text in lines if text)

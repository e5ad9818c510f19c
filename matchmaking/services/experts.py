"""Experts say what they can help with; a coordinator asks them where no peer fits."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _, override

from localities.choices import Role
from localities.models import Membership, Region, Topic
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.models import Expertise
from surveys.models import Statement


class NotAnExpert(Refused):
    """This person is not listed as an expert now."""


class SaidAlready(Refused):
    """This expert has a standing word on the topic."""


class NotToAsk(Refused):
    """The need is not for the network, or lies outside the coordinator's regions."""


@transaction.atomic
def offer_expertise(*, topic: Topic, words: str, hours: int, by: User) -> Expertise:
    """Say what one can help with. Raises NotAnExpert, SaidAlready."""
    experts = Membership.objects.current().filter(role=Role.EXPERT)
    if not experts.filter(person=by).exists():
        raise NotAnExpert(_("You are not listed as an expert."))
    try:
        with transaction.atomic():
            said = Expertise.objects.create(
                person=by,
                topic=topic,
                words=clean_text(words).strip(),
                hours_a_month=hours,
            )
    except IntegrityError as problem:
        raise SaidAlready(
            _("You have said something on this topic: withdraw it first.")
        ) from problem
    record(by, "offered", said)
    return said


@transaction.atomic
def withdraw_expertise(*, expertise: Expertise, by: User, now: datetime) -> Expertise:
    """Take one's own word back; twice is once. Raises NotAnExpert."""
    found = Expertise.objects.select_for_update().get(pk=expertise.pk)
    if found.person_id != by.pk:
        raise NotAnExpert(_("This is not yours."))
    if found.withdrawn_at is None:
        found.withdrawn_at = now
        found.save(update_fields=["withdrawn_at", "updated_at"])
        record(by, "withdrew", found)
    return found


@transaction.atomic
def ask_expert(
    *, expertise: Expertise, need: Statement, by: User, now: datetime
) -> None:
    """Write to an expert about one need; the answer goes to the coordinator.

    The same expert is asked about the same need once. Raises NotAnExpert, NotToAsk.
    """
    if not Expertise.objects.standing().filter(pk=expertise.pk).exists():
        raise NotAnExpert(_("This expert no longer offers that."))
    mine = Statement.objects.for_introductions().filter(
        pk=need.pk, locality__region__in=Region.objects.coordinated_by(by)
    )
    if not mine.exists():
        raise NotToAsk(_("This need is not yours to pass on."))
    expert = expertise.person
    with override(expert.language):
        topic = need.topic.label
    post_notice(
        key=f"expert_asked:{expertise.pk}:{need.pk}",
        kind=NoticeKind.EXPERT_ASKED,
        to=expert,
        now=now,
        parameters={
            "place": need.locality.name,
            "topic": topic,
            "need": need.text,
            "coordinator": f"{by} <{by.email}>",
        },
        path="/suggestions/expertise/",
    )
    record(by, "asked an expert", expertise, f"statement {need.pk}")

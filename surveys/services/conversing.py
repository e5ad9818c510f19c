"""Write down what was said in a conversation; enter a side's answers with its consent."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _, override

from localities.choices import Side
from localities.models import Membership
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from surveys.choices import ConversationKind, StatementSide
from surveys.models import AnswerVersion, Conversation, Part


class NoConsent(Refused):
    """Answers are entered for a side only if it has agreed to that."""


class SideHasBegun(Refused):
    """A hub does not read or change what a side has begun to write itself."""


class NotTheirs(Refused):
    """Only the side itself confirms what was entered for it."""


@dataclass(frozen=True)
class Talk:
    """How and when a coordinator spoke with a side, and with whom (a role)."""

    kind: ConversationKind
    held_on: date
    spoke_with: str
    has_consent: bool


@transaction.atomic
def enter_for_side(*, part: Part, talk: Talk, by: User, now: datetime) -> Conversation:
    """Let a coordinator write this part until it is sent; who consented stays on record.

    Raises NoConsent, SideHasBegun, NotTheirs.
    """
    part = Part.objects.select_for_update(of=("self",)).get(pk=part.pk)
    if not Part.objects.coordinated_by(by).filter(pk=part.pk).exists():
        raise NotTheirs(_("This pair is not in your regions."))
    if not talk.has_consent or not talk.spoke_with.strip():
        raise NoConsent(
            _("Enter answers only for somebody who has agreed, and say in which role.")
        )
    if talk.held_on > now.date():
        raise NoConsent(_("The conversation has taken place: its day is not to come."))
    others = AnswerVersion.objects.filter(answer__part=part).exclude(by=by)
    whole = Membership.objects.coordinating_network(by).exists()
    if others.exists() and not whole:
        raise SideHasBegun(
            _(
                "The side has begun to write itself. Help it to go on, or ask the network."
            )
        )
    running = Conversation.objects.running().filter(part=part, by=by).first()
    if running:
        return running
    conversation = Conversation.objects.create(
        kind=talk.kind,
        locality_id=part.locality_id,
        side=part.side,
        wave_id=part.wave_id,
        part=part,
        held_on=talk.held_on,
        spoke_with=talk.spoke_with.strip(),
        has_consent=True,
        by=by,
    )
    record(by, "enters for the side", part, talk.spoke_with)
    return conversation


def end_entering(*, part: Part, by: User, now: datetime) -> None:
    """The part is sent: coordinators write in it no more, and the side is asked.

    What the side sends itself needs no further word.
    """
    entered = Conversation.objects.filter(part=part)
    if Part.objects.spoken_for_by(by).filter(pk=part.pk).exists():
        entered.filter(confirmed_at=None).update(
            ended_at=now, confirmed_at=now, confirmed_by=by
        )
        return
    latest = entered.running().order_by("pk").last()
    entered.running().update(ended_at=now)
    if latest is not None:
        _ask_the_side(part, latest, by, now)


def _ask_the_side(
    part: Part, conversation: Conversation, by: User, now: datetime
) -> None:
    sides = list(Side) if part.side == StatementSide.JOINT else [Side(part.side)]
    for person in {one for side in sides for one in people_of(part.locality, side)}:
        with override(person.language):
            day = date_format(conversation.held_on, "DATE_FORMAT")
        post_notice(
            key=f"entered:{conversation.pk}:{person.pk}:{now.isoformat()}",
            kind=NoticeKind.ENTERED_FOR_YOU,
            to=person,
            now=now,
            parameters={
                "locality": part.locality.name,
                "who": str(by),
                "day": day,
                "consent": conversation.spoke_with,
            },
            path=f"/surveys/{part.reference}/check/",
            reply_to=by.email,
        )


@transaction.atomic
def confirm_entered(*, part: Part, by: User, now: datetime) -> int:
    """The side says that what was entered for it is right. Raises NotTheirs."""
    if not Part.objects.spoken_for_by(by).filter(pk=part.pk).exists():
        raise NotTheirs(_("Only the side itself can confirm its answers."))
    waiting = Conversation.objects.filter(part=part, confirmed_at=None)
    count = waiting.update(ended_at=now, confirmed_at=now, confirmed_by=by)
    if count:
        record(by, "confirmed", part)
    return count

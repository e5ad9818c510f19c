"""The card of a suggestion: who, why, what does not fit, what it gives and costs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _, ngettext

from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from matchmaking.choices import ReplyAnswer, SuggestionState
from matchmaking.models import IntroductionNote, Reply, Suggestion
from matchmaking.queries.introductions import main_zone, times_of
from matchmaking.queries.reasons import reasons_in_words, what_does_not_fit
from surveys.choices import Experience, StatementKind
from surveys.models import Statement
from surveys.queries.quoting import Quote, quote_of, quotes_for


@dataclass(frozen=True)
class Quoted:
    """A reason that quotes a statement in its author's words."""

    lead: str
    quote: Quote


@dataclass(frozen=True)
class Status:
    """Where the suggestion stands for this person."""

    can_reply: bool
    partner_asks: bool
    waits_for_partner: bool
    waits_for_other: bool
    is_introduced: bool
    is_over: bool
    can_ask_another: bool
    own_reply: Reply | None


@dataclass(frozen=True)
class Introduction:
    """What two introduced pairs share: addresses, three times in UTC, dated notes."""

    contacts: tuple[User, ...]
    other_zone: str
    times: tuple[datetime, ...]
    notes: tuple[IntroductionNote, ...]


@dataclass(frozen=True)
class Card:
    """All that one pair reads on its card."""

    suggestion: Suggestion
    own: Locality
    other: Locality
    is_seeker: bool
    quotes: tuple[Quoted, ...]
    reasons: tuple[str, ...]
    keep_in_mind: tuple[str, ...]
    give_back: Quote | None
    cost: str
    status: Status
    introduction: Introduction | None


def card_for(person: User, suggestion: Suggestion, now: datetime) -> Card:
    """The card as this person's pair reads it."""
    is_seeker = side_of(person, suggestion.seeker) is not None
    own, other = suggestion.seeker, suggestion.helper
    if not is_seeker:
        own, other = other, own
    return Card(
        suggestion=suggestion,
        own=own,
        other=other,
        is_seeker=is_seeker,
        quotes=_quotes(person, suggestion, is_seeker=is_seeker),
        reasons=tuple(reasons_in_words(suggestion, to_helper=not is_seeker)),
        keep_in_mind=tuple(what_does_not_fit(suggestion, to_helper=not is_seeker)),
        give_back=_give_back(own, other) if is_seeker else _give_back(other, own),
        cost=_cost(suggestion, to_helper=not is_seeker),
        status=_status(person, suggestion, own, now),
        introduction=_introduction(suggestion, other),
    )


def _introduction(suggestion: Suggestion, other: Locality) -> Introduction | None:
    """What the two share, only once both have said yes."""
    if suggestion.state != SuggestionState.INTRODUCED:
        return None
    people = tuple(people_of(other))
    return Introduction(
        contacts=people,
        other_zone=main_zone(people),
        times=tuple(times_of(suggestion)),
        notes=tuple(
            suggestion.notes.select_related("by", "locality").order_by("at", "pk")
        ),
    )


def _quotes(
    person: User, suggestion: Suggestion, *, is_seeker: bool
) -> tuple[Quoted, ...]:
    leads = (_("They need:"), _("You have done it:"))
    if is_seeker:
        leads = (_("You need:"), _("They have done it:"))
    if suggestion.offer.experience == Experience.DOING:
        leads = (
            leads[0],
            _("They are doing it:") if is_seeker else _("You are doing it:"),
        )
    statements = (suggestion.need, suggestion.offer)
    quotes = quotes_for(person, statements)
    return tuple(
        Quoted(lead, quotes[row.pk])
        for lead, row in zip(leads, statements, strict=True)
    )


def _give_back(seeker: Locality, helper: Locality) -> Quote | None:
    """An offer of the seeker in a topic that the helper asked about."""
    wanted = (
        Statement.objects.for_introductions()
        .filter(locality=helper, kind=StatementKind.NEED)
        .values("topic")
    )
    offer = (
        Statement.objects.for_introductions()
        .filter(locality=seeker, kind=StatementKind.OFFER)
        .filter(Q(topic__in=wanted) | Q(topic__related__in=wanted))
        .order_by("topic__position", "pk")
        .first()
    )
    return quote_of(offer) if offer else None


def _cost(suggestion: Suggestion, *, to_helper: bool) -> str:
    hours = suggestion.offer.hours_a_month or suggestion.helper.hours_a_month
    if to_helper:
        sentence = ngettext(
            "You said that you can give %(hours)d hour a month.",
            "You said that you can give %(hours)d hours a month.",
            hours,
        )
    else:
        sentence = ngettext(
            "They can give %(hours)d hour a month.",
            "They can give %(hours)d hours a month.",
            hours,
        )
    return sentence % {"hours": hours}


def _status(
    person: User, suggestion: Suggestion, own: Locality, now: datetime
) -> Status:
    replies = {
        reply.locality_id: reply for reply in suggestion.replies.select_related("by")
    }
    mine = replies.get(own.pk)
    is_open = (
        suggestion.state == SuggestionState.APPROVED
        and suggestion.expires_at is not None
        and suggestion.expires_at > now
    )
    said_yes = mine is not None and mine.answer == ReplyAnswer.YES
    unsettled = said_yes and mine is not None and not mine.is_settled_yes
    my_side = side_of(person, own)
    partner_asks = bool(is_open and unsettled and mine and mine.side != my_side)
    return Status(
        can_reply=is_open and (not said_yes or partner_asks),
        partner_asks=partner_asks,
        waits_for_partner=is_open and unsettled and not partner_asks,
        waits_for_other=is_open and said_yes and not unsettled,
        is_introduced=suggestion.state == SuggestionState.INTRODUCED,
        is_over=not is_open and suggestion.state != SuggestionState.INTRODUCED,
        can_ask_another=not is_open and own.pk == suggestion.seeker_id,
        own_reply=mine,
    )

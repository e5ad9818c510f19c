"""The card of a suggestion: who, why, what does not fit, what it gives and costs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _, ngettext

from localities.choices import Phase
from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from matchmaking.choices import ReplyAnswer, SuggestionState
from matchmaking.models import Reply, Suggestion
from surveys.choices import Experience, StatementKind
from surveys.models import Statement


@dataclass(frozen=True)
class Quoted:
    """A reason that quotes a statement in its author's words."""

    lead: str
    quote: str
    language: str
    is_illustrative: bool


@dataclass(frozen=True)
class Status:
    """Where the suggestion stands for this person."""

    can_reply: bool
    partner_asks: bool
    waits_for_partner: bool
    waits_for_other: bool
    is_introduced: bool
    is_over: bool
    own_reply: Reply | None


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
    give_back: Quoted | None
    cost: str
    status: Status
    contacts: tuple[User, ...]


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
        quotes=_quotes(suggestion, is_seeker=is_seeker),
        reasons=tuple(reasons_in_words(suggestion, to_helper=not is_seeker)),
        keep_in_mind=tuple(what_does_not_fit(suggestion, to_helper=not is_seeker)),
        give_back=_give_back(own, other) if is_seeker else _give_back(other, own),
        cost=_cost(suggestion, to_helper=not is_seeker),
        status=_status(person, suggestion, own, now),
        contacts=_contacts(suggestion, other),
    )


def _contacts(suggestion: Suggestion, other: Locality) -> tuple[User, ...]:
    """The other pair's people, only once both have said yes."""
    if suggestion.state != SuggestionState.INTRODUCED:
        return ()
    return tuple(people_of(other))


def _quotes(suggestion: Suggestion, *, is_seeker: bool) -> tuple[Quoted, ...]:
    leads = (_("They need:"), _("You have done it:"))
    if is_seeker:
        leads = (_("You need:"), _("They have done it:"))
    if suggestion.offer.experience == Experience.DOING:
        leads = (
            leads[0],
            _("They are doing it:") if is_seeker else _("You are doing it:"),
        )
    statements = (suggestion.need, suggestion.offer)
    return tuple(quoted(lead, row) for lead, row in zip(leads, statements, strict=True))


def quoted(lead: str, statement: Statement) -> Quoted:
    return Quoted(lead, statement.text, statement.language, statement.is_illustrative)


def reasons_in_words(suggestion: Suggestion, *, to_helper: bool = False) -> list[str]:
    """Why these two, in sentences, strongest first."""
    lines = [
        _topic_line(suggestion),
        _experience_line(suggestion, to_helper=to_helper),
        _context_line(suggestion.seeker, suggestion.helper),
        _phase_line(suggestion.seeker, suggestion.helper),
        _language_line(suggestion.seeker, suggestion.helper),
    ]
    return [line for line in lines if line]


def _topic_line(suggestion: Suggestion) -> str:
    need, offer = suggestion.need.topic, suggestion.offer.topic
    if need.pk == offer.pk:
        return _("The same topic: %(topic)s") % {"topic": need.label}
    if need.area_id == offer.area_id:
        sentence = _("Near topics of one learning area: %(need)s, and %(offer)s")
    else:
        sentence = _("Topics that touch: %(need)s, and %(offer)s")
    return sentence % {"need": need.label, "offer": offer.label}


def _experience_line(suggestion: Suggestion, *, to_helper: bool) -> str:
    lines = {
        Experience.TAUGHT: _("You have done it and taught others"),
        Experience.DONE: _("You have done it in practice"),
        Experience.DOING: _("You are in the middle of it now"),
    }
    if not to_helper:
        lines = _their_experience()
    line = lines.get(Experience(suggestion.offer.experience or Experience.DONE), "")
    if suggestion.offer.evidence_url:
        line = _("%(line)s, with a link that shows it") % {"line": line}
    return line


def _their_experience() -> dict[Experience, str]:
    return {
        Experience.TAUGHT: _("They have done it and taught others"),
        Experience.DONE: _("They have done it in practice"),
        Experience.DOING: _("They are in the middle of it now"),
    }


def _context_line(seeker: Locality, helper: Locality) -> str:
    band = seeker.size_band
    alike = band is not None and band == helper.size_band
    if band is not None and alike and seeker.level == helper.level:
        return _("Similar places: both a %(level)s with %(size)s") % {
            "level": seeker.get_level_display().lower(),
            "size": band.label,
        }
    if seeker.level == helper.level:
        return _("The same level of government: %(level)s") % {
            "level": seeker.get_level_display().lower()
        }
    if band is not None and alike:
        return _("Places of similar size: %(size)s") % {"size": band.label}
    return ""


def _phase_line(seeker: Locality, helper: Locality) -> str:
    ahead = Phase(helper.phase).step - Phase(seeker.phase).step
    places = {
        "helper": helper.get_phase_display(),
        "seeker": seeker.get_phase_display(),
        "name": helper.name,
    }
    if ahead > 0:
        return (
            ngettext(
                "One step ahead: %(name)s is at “%(helper)s”, the other at “%(seeker)s”",
                "Some steps ahead: %(name)s is at “%(helper)s”, the other at “%(seeker)s”",
                ahead,
            )
            % places
        )
    return ""


def _language_line(seeker: Locality, helper: Locality) -> str:
    shared = sorted(set(seeker.languages) & set(helper.languages))
    if not shared:
        return ""
    names = ", ".join(language_name(code) for code in shared)
    return _("You share a language: %(names)s") % {"names": names}


def language_name(code: str) -> str:
    """What a language is called, in the reader's language where known."""
    names = {
        "en": _("English"),
        "es": _("Spanish"),
        "fr": _("French"),
        "id": _("Indonesian"),
        "ru": _("Russian"),
        "uk": _("Ukrainian"),
        "ka": _("Georgian"),
        "hy": _("Armenian"),
        "sq": _("Albanian"),
        "sr": _("Serbian"),
        "sw": _("Swahili"),
        "ha": _("Hausa"),
        "fil": _("Filipino"),
    }
    return names.get(code, code)


def what_does_not_fit(suggestion: Suggestion, *, to_helper: bool = False) -> list[str]:
    """What to keep in mind before saying yes."""
    seeker, helper = suggestion.seeker, suggestion.helper
    lines = []
    if not set(seeker.languages) & set(helper.languages):
        lines.append(_("You share no language: interpretation will be needed"))
    if seeker.level != helper.level:
        lines.append(
            _("Another level of government: %(helper)s, not %(seeker)s")
            % {
                "helper": helper.get_level_display().lower(),
                "seeker": seeker.get_level_display().lower(),
            }
        )
    if Phase(helper.phase).step < Phase(seeker.phase).step:
        their = _("They are at an earlier phase of their open contracting work")
        your = _("You are at an earlier phase of open contracting than they are")
        lines.append(your if to_helper else their)
    if suggestion.need.topic_id != suggestion.offer.topic_id:
        their = _("Their experience is in a near topic, not exactly in yours")
        your = _("Your experience is in a near topic, not exactly in theirs")
        lines.append(your if to_helper else their)
    return lines


def _give_back(seeker: Locality, helper: Locality) -> Quoted | None:
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
    return quoted("", offer) if offer else None


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
        own_reply=mine,
    )

"""Two pairs that said yes are introduced: addresses, three times, a page of their own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy as _, override

from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.calendars import Appointment, Standing, calendar_file
from loci.core.errors import Refused
from loci.core.texts import clean_text
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from matchmaking.choices import Outcome, SuggestionState
from matchmaking.engine.times import CALL, times_for_a_call
from matchmaking.models import IntroductionNote, Reply, Suggestion
from matchmaking.queries.introductions import main_zone, times_of

NOTES_AT_MOST = 200


class NotIntroduced(Refused):
    """The two pairs have not been introduced, or this person is of neither."""


class NotProposed(Refused):
    """The time is none of the three that were proposed."""


class NothingToNote(Refused):
    """An empty note, or a page that is full."""


@dataclass(frozen=True)
class Side:
    """One of two introduced pairs: its people and the clock they live by."""

    locality: Locality
    people: tuple[User, ...]
    zone: str


def introduce_if_both_agree(suggestion: Suggestion, now: datetime) -> bool:
    """Introduce the two pairs once both have settled on yes: mails to their people."""
    agreed = {
        reply.locality_id
        for reply in Reply.objects.filter(suggestion=suggestion)
        if reply.is_settled_yes
    }
    if agreed != {suggestion.seeker_id, suggestion.helper_id}:
        return False
    sides = (side_at(suggestion.seeker), side_at(suggestion.helper))
    times = times_for_a_call((sides[0].zone, sides[1].zone), now)
    suggestion.introduced_at, suggestion.outcome = now, Outcome.ACCEPTED
    suggestion.state = SuggestionState.INTRODUCED
    suggestion.proposed_times = [start.isoformat() for start in times]
    suggestion.save()
    record(None, "introduced", suggestion)
    _send_introductions(suggestion, sides, now)
    return True


def side_at(locality: Locality) -> Side:
    """The people of a locality and the time zone that most of them live in."""
    people = tuple(people_of(locality))
    return Side(locality, people, main_zone(people))


def _send_introductions(
    suggestion: Suggestion, sides: tuple[Side, Side], now: datetime
) -> None:
    for own, other in (sides, sides[::-1]):
        contacts = [f"{person} <{person.email}>" for person in other.people]
        for person in own.people:
            post_notice(
                key=f"introduction:{suggestion.pk}:{person.pk}",
                kind=NoticeKind.INTRODUCTION,
                to=person,
                now=now,
                parameters={
                    "own": own.locality.name,
                    "other": other.locality.name,
                    "need": suggestion.need.text,
                    "offer": suggestion.offer.text,
                    "contacts": contacts,
                    "times": _times_in_words(suggestion, person, own, other),
                },
                path=f"/suggestions/{suggestion.reference}/",
                calendar=_calendar(suggestion, person, own, other, now),
            )


def _times_in_words(
    suggestion: Suggestion, person: User, own: Side, other: Side
) -> list[str]:
    with override(person.language):
        return [
            gettext("%(own)s (%(own_zone)s) = %(other)s (%(other_zone)s)")
            % {
                "own": date_format(start.astimezone(ZoneInfo(own.zone)), "l j F, H:i"),
                "own_zone": own.zone,
                "other": date_format(start.astimezone(ZoneInfo(other.zone)), "l H:i"),
                "other_zone": other.zone,
            }
            for start in times_of(suggestion)
        ]


def _calendar(
    suggestion: Suggestion, person: User, own: Side, other: Side, now: datetime
) -> str:
    """The proposed times as tentative entries, or the agreed one as a sure one."""
    times = times_of(suggestion)
    with override(person.language):
        title = gettext("Call: %(own)s and %(other)s") % {
            "own": own.locality.name,
            "other": other.locality.name,
        }
    return calendar_file(
        [
            Appointment(
                uid=f"{suggestion.reference}-{number}@{_host()}",
                title=title,
                starts_at=start,
                ends_at=start + CALL,
                zone=own.zone,
                sequence=suggestion.times_agreed,
                standing=_standing(start, suggestion.agreed_time),
                url=f"{settings.LOCI_SITE_URL.rstrip('/')}/suggestions/{suggestion.reference}/",
            )
            for number, start in enumerate(times)
        ],
        written_at=now,
    )


def _standing(start: datetime, agreed: datetime | None) -> Standing:
    if agreed is None:
        return Standing.TENTATIVE
    return Standing.CONFIRMED if start == agreed else Standing.CANCELLED


def _host() -> str:
    return urlsplit(settings.LOCI_SITE_URL).hostname or "localhost"


def calendar_for(*, suggestion: Suggestion, person: User, now: datetime) -> str:
    """The calendar file of an introduction as this person's pair gets it."""
    own, other = _own_side_first(suggestion, person)
    return _calendar(suggestion, person, own, other, now)


def _own_side_first(suggestion: Suggestion, person: User) -> tuple[Side, Side]:
    sides = (side_at(suggestion.seeker), side_at(suggestion.helper))
    return sides if side_of(person, suggestion.seeker) else sides[::-1]


def lock_introduced(suggestion: Suggestion, by: User) -> tuple[Suggestion, Locality]:
    """The introduction, locked, and the pair that this person speaks for."""
    rows = Suggestion.objects.select_for_update(of=("self",))
    suggestion = rows.select_related("seeker", "helper", "need", "offer").get(
        pk=suggestion.pk
    )
    places = (suggestion.seeker, suggestion.helper)
    own = next((place for place in places if side_of(by, place)), None)
    if suggestion.state != SuggestionState.INTRODUCED or own is None:
        raise NotIntroduced(_("You have not been introduced to each other."))
    return suggestion, own


@transaction.atomic
def agree_on_time(
    *, suggestion: Suggestion, at: datetime, by: User, now: datetime
) -> Suggestion:
    """Settle on one of the three times; both pairs get it by mail and calendar.

    The last word counts. Raises NotIntroduced, NotProposed.
    """
    suggestion, _own = lock_introduced(suggestion, by)
    if at not in times_of(suggestion):
        raise NotProposed(_("Choose one of the proposed times."))
    if suggestion.agreed_time == at:
        return suggestion
    suggestion.agreed_time = at
    suggestion.times_agreed += 1
    suggestion.save(update_fields=["agreed_time", "times_agreed", "updated_at"])
    record(by, "agreed on a time", suggestion, at.isoformat())
    sides = (side_at(suggestion.seeker), side_at(suggestion.helper))
    for own, other in (sides, sides[::-1]):
        for person in own.people:
            with override(person.language):
                when = date_format(at.astimezone(ZoneInfo(own.zone)), "l j F, H:i")
            post_notice(
                key=f"time_agreed:{suggestion.pk}:{at:%Y-%m-%dT%H:%M}:{person.pk}",
                kind=NoticeKind.TIME_AGREED,
                to=person,
                now=now,
                parameters={
                    "own": own.locality.name,
                    "other": other.locality.name,
                    "when": f"{when} ({own.zone})",
                },
                path=f"/suggestions/{suggestion.reference}/",
                calendar=_calendar(suggestion, person, own, other, now),
            )
    return suggestion


@transaction.atomic
def add_note(
    *, suggestion: Suggestion, text: str, by: User, now: datetime
) -> IntroductionNote:
    """Add a dated note that both pairs read. Raises NotIntroduced, NothingToNote.

    The same words by the same person within a minute are one note.
    """
    suggestion, own = lock_introduced(suggestion, by)
    text = clean_text(text).strip()
    if not text:
        raise NothingToNote(_("Write a few words first."))
    again = IntroductionNote.objects.filter(
        suggestion=suggestion, by=by, text=text, at__gt=now - timedelta(minutes=1)
    ).first()
    if again is not None:
        return again
    if suggestion.notes.count() >= NOTES_AT_MOST:
        raise NothingToNote(_("This page is full. Write to each other by mail."))
    note = IntroductionNote.objects.create(
        suggestion=suggestion, locality=own, by=by, text=text, at=now
    )
    record(by, "noted", suggestion)
    return note

"""A case is posted, peers say which time suits, the best is settled on."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import people_of, side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.calendars import Appointment, calendar_file
from loci.core.errors import Refused
from loci.core.states import move
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice, withdraw_notices
from meetings.agenda.hours import times_for_all
from meetings.choices import (
    ASK_AGAIN_DAYS,
    CASES_AT_ONCE,
    CLINIC_MINUTES,
    CLINIC_MOVES,
    PEERS_MOST,
    TIMES_PROPOSED,
    ClinicState,
    Suits,
)
from meetings.models import Clinic, ClinicPeer, ClinicTime, ClinicWord
from meetings.queries.clinics import peers_for, votes_of
from meetings.services.writing import when_in_words


class NotYourCase(Refused):
    """The person speaks neither for the pair with the case nor for a peer."""


class TooManyCases(Refused):
    """The pair has as many open cases as anybody can follow."""


class NobodyToAsk(Refused):
    """No peer is known for this pair yet."""


class NotAsking(Refused):
    """The time is settled, or the case is closed."""


@transaction.atomic
def post_case(*, locality: Locality, by: User, now: datetime, **words: Any) -> Clinic:
    """Bring a case to up to six peers, with three times for an hour.

    `words` are the question, context, tried, help_wanted. The same words again are
    the same case. Raises NotYourCase, TooManyCases, NobodyToAsk.
    """
    locality = Locality.objects.select_for_update().get(pk=locality.pk)
    if side_of(by, locality) is None:
        raise NotYourCase(_("You do not speak for this pair."))
    open_cases = Clinic.objects.filter(locality=locality, state=ClinicState.ASKING)
    again = open_cases.filter(by=by, **words).first()
    if again is not None:
        return again
    if open_cases.count() >= CASES_AT_ONCE:
        raise TooManyCases(_("Three cases are open: settle or close one first."))
    peers = peers_for(locality, PEERS_MOST)
    if not peers:
        raise NobodyToAsk(
            _("No peer is known for your needs yet. Write to your hub: it knows more.")
        )
    clinic = Clinic.objects.create(locality=locality, by=by, **words)
    rows = [ClinicPeer(clinic=clinic, locality=peer) for peer in peers]
    ClinicPeer.objects.bulk_create(rows)
    zones = [
        person.time_zone for place in (locality, *peers) for person in people_of(place)
    ]
    for start in times_for_all(zones, now, TIMES_PROPOSED):
        ClinicTime.objects.create(clinic=clinic, starts_at=start)
    record(by, "posted a case", clinic)
    for peer in peers:
        _ask(clinic, peer, now, occasion="first")
    return clinic


def _ask(clinic: Clinic, peer: Locality, now: datetime, occasion: str) -> None:
    for person in people_of(peer):
        post_notice(
            key=f"clinic_asked:{clinic.pk}:{person.pk}:{occasion}",
            kind=NoticeKind.CLINIC_ASKED,
            to=person,
            now=now,
            parameters={
                "own": peer.name,
                "other": clinic.locality.name,
                "question": clinic.question,
            },
            path=clinic.get_absolute_url(),
        )


@transaction.atomic
def say_times(
    *, clinic: Clinic, words: dict[int, Suits], by: User, now: datetime
) -> ClinicPeer:
    """Take a peer's yes, if needed or no for each time; the last word counts.

    Raises NotYourCase, NotAsking.
    """
    clinic = _locked(clinic)
    if not clinic.is_asking:
        raise NotAsking(_("The time is settled already."))
    peer = next(
        (
            row
            for row in clinic.peers.select_related("locality").order_by("pk")
            if side_of(by, row.locality)
        ),
        None,
    )
    if peer is None:
        raise NotYourCase(_("Your pair was not asked."))
    for time in clinic.times.filter(pk__in=words):
        ClinicWord.objects.update_or_create(
            peer=peer, time=time, defaults={"suits": words[time.pk]}
        )
    peer.by, peer.answered_at = by, now
    peer.save()
    record(by, "said which time suits", clinic)
    return peer


def _locked(clinic: Clinic) -> Clinic:
    rows = Clinic.objects.select_for_update(of=("self",))
    return rows.select_related("locality").get(pk=clinic.pk)


@transaction.atomic
def settle_clinic(
    *, clinic: Clinic, time: ClinicTime, by: User, now: datetime
) -> Clinic:
    """Settle on a time; who can come gets it by mail, two of them get a role.

    Raises NotYourCase, WrongMove.
    """
    clinic = _locked(clinic)
    if side_of(by, clinic.locality) is None:
        raise NotYourCase(_("The pair with the case settles on the time."))
    time = clinic.times.get(pk=time.pk)
    vote = next(row for row in votes_of(clinic) if row.time == time)
    coming = [*vote.yes, *vote.if_needed]
    clinic.agreed_at = time.starts_at
    clinic.facilitator = coming[0] if coming else None
    clinic.note_taker = coming[1] if len(coming) > 1 else None
    clinic.save()
    move(clinic, to=ClinicState.SETTLED, moves=CLINIC_MOVES)
    record(by, "settled on a time", clinic)
    for place in (clinic.locality, *coming):
        _tell_time(clinic, place, now)
    return clinic


def _tell_time(clinic: Clinic, place: Locality, now: datetime) -> None:
    if clinic.agreed_at is None:
        return
    for person in people_of(place):
        post_notice(
            key=f"clinic_settled:{clinic.pk}:{person.pk}",
            kind=NoticeKind.CLINIC_SETTLED,
            to=person,
            now=now,
            parameters={
                "other": clinic.locality.name,
                "question": clinic.question,
                "when": when_in_words(
                    clinic.agreed_at, person.time_zone, person.language
                ),
            },
            path=clinic.get_absolute_url(),
            calendar=calendar_of(clinic, now),
        )


def calendar_of(clinic: Clinic, now: datetime) -> str:
    """The hour as a calendar file."""
    if clinic.agreed_at is None:
        raise NotAsking(_("No time is settled yet."))
    host = urlsplit(settings.LOCI_SITE_URL).hostname or "localhost"
    return calendar_file(
        [
            Appointment(
                uid=f"clinic-{clinic.reference}@{host}",
                title=clinic.question,
                starts_at=clinic.agreed_at,
                ends_at=clinic.agreed_at + timedelta(minutes=CLINIC_MINUTES),
                url=settings.LOCI_SITE_URL.rstrip("/") + clinic.get_absolute_url(),
            )
        ],
        written_at=now,
    )


@transaction.atomic
def close_clinic(*, clinic: Clinic, by: User) -> Clinic:
    """The pair takes its case back, or it is over. Raises NotYourCase."""
    clinic = _locked(clinic)
    if side_of(by, clinic.locality) is None:
        raise NotYourCase(_("The pair with the case closes it."))
    if clinic.state != ClinicState.CLOSED:
        move(clinic, to=ClinicState.CLOSED, moves=CLINIC_MOVES)
        withdraw_notices(f"clinic_asked:{clinic.pk}:")
        record(by, "closed", clinic)
    return clinic


def ask_peers_again(*, now: datetime) -> int:
    """Write once more to peers that have not said which time suits; returns how many."""
    due = ClinicPeer.objects.filter(
        clinic__state=ClinicState.ASKING,
        answered_at=None,
        reminded_at=None,
        created_at__lte=now - timedelta(days=ASK_AGAIN_DAYS),
    )
    return sum(
        _again(pk, now) for pk in due.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def _again(pk: int, now: datetime) -> int:
    rows = ClinicPeer.objects.select_for_update(of=("self",))
    peer = rows.select_related("clinic__locality", "locality").get(pk=pk)
    if peer.answered_at or peer.reminded_at:
        return 0
    peer.reminded_at = now
    peer.save(update_fields=["reminded_at", "updated_at"])
    _ask(peer.clinic, peer.locality, now, occasion="again")
    return 1

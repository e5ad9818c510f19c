"""Half a year after it was last checked, a side is asked once if it is still true."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core import signing

from localities.choices import Side
from localities.models import Fact, FactQuerySet, Locality, Seat
from localities.queries.people import people_of
from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_many

SALT = "localities.still_true"
LINK_SECONDS = 60 * 24 * 3600
AT_MOST = 200


def ask_still_true(*, now: datetime) -> int:
    """Write once to each side with stale lines; returns how many mails were written.

    The occasion is the oldest day that was not renewed, so that no answer means no
    second mail.
    """
    rows = (
        Fact.objects.stale(now.date())
        .exclude(side="")
        .order_by("checked_on", "pk")
        .values_list("locality", "side", "checked_on")
    )
    oldest: dict[tuple[int, str], tuple[date, int]] = {}
    for locality, side, day in rows:
        first, count = oldest.get((locality, side), (day, 0))
        oldest[locality, side] = (first, count + 1)
    asked = _asked()
    due = [
        (locality, side, day, count)
        for (locality, side), (day, count) in oldest.items()
        if _occasion(locality, side, day) not in asked
    ]
    notices = [
        notice
        for locality, side, day, count in due[:AT_MOST]
        for notice in _asks(locality, Side(side), day, count, now)
    ]
    post_many(notices)
    return len(notices)


def _occasion(locality: int, side: str, day: date) -> str:
    return f"still_true:{locality}:{side}:{day.isoformat()}:"


def _asked() -> set[str]:
    """Occasions that were written about."""
    keys = Notice.objects.filter(kind=NoticeKind.STILL_TRUE).values_list(
        "key", flat=True
    )
    return {f"{key.rpartition(':')[0]}:" for key in keys}


def _asks(
    locality: int, side: Side, day: date, count: int, now: datetime
) -> Iterable[Notice]:
    place = Locality.objects.get(pk=locality)
    for person in people_of(place, side):
        yield Notice(
            key=f"{_occasion(locality, side, day)}{person.pk}",
            kind=NoticeKind.STILL_TRUE,
            recipient=person,
            parameters={"place": place.name, "count": count},
            path=f"/pairs/still-true/{_token(person, place, side)}/",
            not_before=now,
        )


def _token(person: User, place: Locality, side: Side) -> str:
    said = [person.pk, place.pk, side.value]
    return signing.TimestampSigner(salt=SALT).sign_object(said)


def asked_by(token: str) -> tuple[User, Seat] | None:
    """Who was asked about which seat; None for a link that is old, altered or over."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        person_pk, place, side = signer.unsign_object(token, max_age=LINK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=person_pk, is_active=True).first()
    if person is None:
        return None
    seat = (
        Seat.objects.held_by(person)
        .filter(locality=place, side=side)
        .select_related("locality", "organisation")
        .first()
    )
    return (person, seat) if seat else None


def stale_of(seat: Seat, today: date) -> FactQuerySet:
    """The lines of one side that were not checked for half a year."""
    return Fact.objects.stale(today).filter(locality=seat.locality, side=seat.side)

"""A meeting as one person reads it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from localities.queries.people import people_of
from loci.accounts.models import User
from meetings.choices import HOLDING, PlaceState
from meetings.models import Invitation, Material, Meeting, Place, Review
from meetings.queries.addresses import site_address

DASH = "\N{EN DASH}"


@dataclass(frozen=True)
class Coming:
    """One invited pair of this person: what each says, what is left."""

    invitation: Invitation
    places: tuple[Place, ...]
    own: Place | None
    seats_left: int
    waits_before: int
    instead: tuple[User, ...]

    @property
    def is_coming(self) -> bool:
        return self.own is not None and self.own.state == PlaceState.YES

    @property
    def is_waiting(self) -> bool:
        return self.own is not None and self.own.state == PlaceState.WAITING

    @property
    def is_offered(self) -> bool:
        return self.own is not None and self.own.state == PlaceState.OFFERED

    @property
    def can_hand_on(self) -> bool:
        return self.is_coming or self.is_waiting or self.is_offered

    @property
    def has_answered(self) -> bool:
        return self.own is not None


@dataclass(frozen=True)
class MeetingPage:
    """All that the page of a meeting shows to this person."""

    meeting: Meeting
    host_time: str
    own_time: str
    pairs: tuple[Coming, ...]
    takes_answers: bool
    can_join: bool
    waiting: int
    is_host: bool
    coordinates: bool
    calendar_links: tuple[tuple[str, str], ...]
    materials: tuple[Material, ...]
    review: Review | None
    has_notes: bool
    has_talks: bool
    languages: str
    interpretation: str

    @property
    def has_place(self) -> bool:
        return any(pair.is_coming for pair in self.pairs)

    @property
    def takes_part(self) -> bool:
        return self.is_host or self.coordinates or bool(self.pairs)


def meeting_page(meeting: Meeting, person: User | None, now: datetime) -> MeetingPage:
    """The page, for a visitor too."""
    is_host = coordinates = False
    if person is not None:
        is_host = Meeting.objects.hosted_by(person).filter(pk=meeting.pk).exists()
        own = Meeting.objects.coordinated_by(person).filter(pk=meeting.pk)
        coordinates = own.exists()
    host_time = span_in_words(meeting, meeting.time_zone)
    own_zone = timezone.get_current_timezone_name() if person else meeting.time_zone
    own_time = span_in_words(meeting, own_zone)
    return MeetingPage(
        meeting=meeting,
        host_time=host_time,
        own_time=own_time if own_zone != meeting.time_zone else "",
        pairs=_pairs(meeting, person) if person else (),
        takes_answers=meeting.takes_answers(now),
        can_join=meeting.can_be_joined(now) and bool(meeting.join_link),
        waiting=Place.objects.queue().filter(invitation__meeting=meeting).count(),
        is_host=is_host,
        coordinates=coordinates,
        calendar_links=calendar_links(meeting),
        materials=tuple(meeting.materials.order_by("pk")),
        review=Review.objects.filter(meeting=meeting).first(),
        has_notes=meeting.sessions.exclude(notes="").exists(),
        has_talks=meeting.talk_times.exists(),
        languages=languages_in_words(meeting.languages),
        interpretation=languages_in_words(meeting.interpretation),
    )


def span_in_words(meeting: Meeting, zone: str) -> str:
    """From when to when, by the clock of a zone, with the zone's name."""
    clock = ZoneInfo(zone)
    begins, ends = (
        meeting.starts_at.astimezone(clock),
        meeting.ends_at.astimezone(clock),
    )
    if begins.date() == ends.date():
        day = date_format(begins, "l j F Y")
        return f"{day}, {begins:%H:%M}{DASH}{ends:%H:%M} ({zone})"
    first, last = (date_format(at, "l j F Y, H:i") for at in (begins, ends))
    return f"{first} {DASH} {last} ({zone})"


def invitations_of(person: User, meeting: Meeting) -> QuerySet[Invitation]:
    """Invitations of the pairs that this person speaks for now."""
    return (
        Invitation.objects.held_by(person)
        .filter(meeting=meeting)
        .select_related("locality", "meeting")
        .order_by("locality__name", "pk")
    )


def _pairs(meeting: Meeting, person: User) -> tuple[Coming, ...]:
    return tuple(_pair(row, person) for row in invitations_of(person, meeting))


def _pair(invitation: Invitation, person: User) -> Coming:
    rows = Place.objects.held().filter(invitation=invitation).select_related("person")
    places = tuple(rows.order_by("side", "pk"))
    own = next((place for place in places if place.person_id == person.pk), None)
    named = [row for row in places if row.state in {*HOLDING, PlaceState.WAITING}]
    taken = {row.person_id for row in named}
    return Coming(
        invitation=invitation,
        places=places,
        own=own,
        seats_left=max(invitation.meeting.seats_per_pair - len(named), 0),
        waits_before=_waits_before(invitation.meeting, own),
        instead=tuple(
            one for one in people_of(invitation.locality) if one.pk not in taken
        ),
    )


def _waits_before(meeting: Meeting, own: Place | None) -> int:
    if own is None or own.state != PlaceState.WAITING:
        return 0
    queue = Place.objects.queue().filter(invitation__meeting=meeting)
    return queue.filter(number__lt=own.number).count()


def calendar_links(meeting: Meeting) -> tuple[tuple[str, str], ...]:
    """Where calendars that live in a browser take a new entry from."""
    begins = f"{meeting.starts_at.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    ends = f"{meeting.ends_at.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"
    page = site_address(meeting.get_absolute_url())
    google = {
        "action": "TEMPLATE",
        "text": meeting.title,
        "dates": f"{begins}/{ends}",
        "ctz": meeting.time_zone,
        "details": page,
        "location": meeting.place,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": meeting.title,
        "startdt": meeting.starts_at.isoformat(),
        "enddt": meeting.ends_at.isoformat(),
        "body": page,
        "location": meeting.place,
    }
    return (
        ("Google", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        (
            "Outlook",
            f"https://outlook.live.com/calendar/0/action/compose?{urlencode(outlook)}",
        ),
    )


def languages_in_words(codes: list[str]) -> str:
    """Names of languages as they call themselves; an unknown code as it stands."""
    names = dict(settings.LANGUAGES)
    return ", ".join(names.get(code, code) for code in codes)


def meetings_listed(
    person: User | None, now: datetime
) -> tuple[list[Meeting], list[Meeting]]:
    """What is to come, soonest first, and what was, latest first."""
    rows = Meeting.objects.seen_by(person).select_related("region", "host")
    ahead = rows.filter(ends_at__gt=now).order_by("starts_at", "pk")[:50]
    past = rows.filter(ends_at__lte=now).order_by("-starts_at", "pk")[:50]
    return list(ahead), list(past)


@dataclass(frozen=True)
class Counted:
    """How many people stand where, for who prepares the meeting."""

    coming: int
    kept: int
    waiting: int
    maybe: int
    no: int
    silent_pairs: int


def counted(meeting: Meeting) -> Counted:
    places = Place.objects.filter(invitation__meeting=meeting)
    numbers = places.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in PlaceState}
    )
    return Counted(
        coming=numbers["yes"],
        kept=numbers["offered"],
        waiting=numbers["waiting"],
        maybe=numbers["maybe"],
        no=numbers["no"],
        silent_pairs=meeting.invitations.filter(answer="").count(),
    )


def places_for_host(meeting: Meeting) -> list[Place]:
    """Who comes, with what only the host reads."""
    rows = Place.objects.held().filter(
        invitation__meeting=meeting, state__in=[*HOLDING, PlaceState.WAITING]
    )
    return list(
        rows.select_related("person", "invitation__locality", "private_note").order_by(
            "invitation__locality__name", "side", "pk"
        )
    )

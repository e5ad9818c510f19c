"""More waves of the demonstration: of last time, for both sides of one pair, to come."""

from datetime import datetime, timedelta

from localities.choices import Role, Side
from localities.models import Locality, Membership, Region
from localities.queries.people import people_of
from loci.accounts.models import User
from surveys.choices import PartState, StatementSide, Visibility, WaveState
from surveys.models import Answer, Part, Reminder, Survey, Wave
from surveys.queries.completeness import questions_of
from surveys.queries.reminders import TOLD
from surveys.services.waves import give_parts, open_wave

PAIR = "caldas"
SAID_THEN = (  # a fact of the locality file, which names its sources
    "The Manizales public innovation lab co-creates community infrastructure improvements "
    "with residents and publishes 11 data visualisers, public works among them."
)
WHY_EARLY = "It asks one pair only, before its own meeting."


def ask_again(*, place: Locality, now: datetime) -> None:
    """What this pair's government answered half a year ago is still true or not."""
    wave = Wave.objects.create(
        survey=Survey.objects.get(code="needs-and-offers-1"),
        title="Interviews before the pilot",
        opens_at=now - timedelta(days=200),
        closes_at=now - timedelta(days=180),
        state=WaveState.SHARED_BACK,
        is_demo=True,
    )
    wave.localities.add(place)
    give_parts(wave=wave, locality=place)
    part = Part.objects.get(wave=wave, side=StatementSide.GOVERNMENT)
    question = questions_of(part).get(code="work")
    network = Visibility.NETWORK
    words = [{"value": SAID_THEN, "visibility": network}]
    Answer.objects.create(part=part, question=question, value=words, visibility=network)
    part.state, part.sent_at = PartState.SENT, wave.closes_at
    part.sent_by = people_of(place, Side.GOVERNMENT).first()
    part.save()


def ask_together(*, place: Locality, by: User, now: datetime) -> Wave:
    """A page that both sides of this pair write together, open beside the first wave."""
    wave = Wave.objects.create(
        survey=Survey.objects.get(code="before-a-meeting-1"),
        title="Before the regional meeting",
        opens_at=now - timedelta(days=8),
        closes_at=now + timedelta(days=14),
        gate_override=WHY_EARLY,
        is_demo=True,
    )
    wave.localities.add(place)
    return open_wave(wave=wave, by=by)


def ask_later(*, now: datetime) -> Wave:
    """A draft for one region, whose opening day is near."""
    wave = Wave.objects.create(
        survey=Survey.objects.get(code="before-a-meeting-1"),
        title="After the regional meeting",
        opens_at=now + timedelta(days=5),
        closes_at=now + timedelta(days=26),
        is_demo=True,
    )
    wave.regions.add(Region.objects.get(code="latam"))
    return wave


def tell(*, wave: Wave) -> None:
    """As if its opening had been told to everybody on its first day."""
    wave.told_from = wave.opens_at
    wave.save(update_fields=["told_from"])
    speakers = Membership.objects.current().filter(
        role=Role.MEMBER, organisation__seats__locality__parts__wave=wave
    )
    rows = speakers.order_by("pk").values_list(
        "organisation__seats__locality", "organisation__seats__side", "person"
    )
    Reminder.objects.bulk_create(
        Reminder(
            wave=wave,
            locality_id=place,
            person_id=person,
            number=TOLD,
            sides=[side],
            at=wave.opens_at,
        )
        for place, side, person in dict.fromkeys(rows)
    )

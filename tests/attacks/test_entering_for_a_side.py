"""Whoever writes a call down for a side reads of it what they may read, and no more."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from localities.queries.people import people_of
from surveys.choices import ConversationKind, Visibility
from surveys.services.answering import save_answer
from surveys.services.conversing import Talk, enter_for_side
from surveys.services.sending import send_part
from tests import make
from tests.attacks.canaries import plant, words_of
from tests.personas import World, world

pytestmark = pytest.mark.django_db
PAGES = ("start", "before", "check", "paper", "sent", "later")


@pytest.fixture
def things() -> World:
    """A hub enters answers for the civil society side, which has a wave behind it."""
    made = world()
    plant(made)
    now, hub = timezone.now(), made.people["own hub"]
    assert hub is not None
    said_in_a_wave_before(made)
    part = make.part(made.wave, made.seeker, Side.CIVIL_SOCIETY)
    talk = Talk(ConversationKind.CALL, now.date(), "the head", has_consent=True)
    enter_for_side(part=part, talk=talk, by=hub, now=now)
    return made


def said_in_a_wave_before(things: World) -> None:
    """Needs and an open answer, for each audience, sent by the side itself."""
    now = timezone.now()
    for number, visibility in enumerate(Visibility):
        wave = make.wave(
            survey=things.wave.survey,
            opens_at=now - timedelta(days=100 + number),
            closes_at=now + timedelta(days=1),
        )
        part = make.part(wave, things.seeker, Side.CIVIL_SOCIETY)
        own = people_of(things.seeker, Side.CIVIL_SOCIETY).get()
        words = f"CANARY-before-{visibility.value}."
        need = make.need_block(words, visibility=visibility.value)
        frank = {"value": f"{words}frank", "visibility": visibility.value}
        for code, block in (("needs", need), ("frank", frank)):
            save_answer(
                part=part,
                question=make.question(wave, code),
                blocks=[block],
                version=0,
                by=own,
                now=now,
            )
        send_part(part=part, by=own, now=now)
        type(wave).objects.filter(pk=wave.pk).update(state="shared_back")


def pages_of(things: World) -> list[str]:
    part = things.wave.parts.get(locality=things.seeker, side=Side.CIVIL_SOCIETY)
    sections = things.wave.survey.sections.values_list("code", flat=True)
    return [
        *(reverse(f"surveys:{name}", args=[part.reference]) for name in PAGES),
        *(reverse("surveys:section", args=[part.reference, code]) for code in sections),
    ]


def read_by(things: World, who: str, signed_in) -> set[str]:
    client = signed_in(things.people[who])
    told = "".join(words_of(client.get(page)) for page in pages_of(things))
    return {row.value for row in Visibility if f"CANARY-before-{row.value}." in told}


def test_a_hub_reads_of_earlier_waves_what_a_hub_may_read(things, signed_in):
    every = {row.value for row in Visibility}
    assert read_by(things, "civil society side", signed_in) == every

    assert read_by(things, "own hub", signed_in) == every - {Visibility.SIDE.value}

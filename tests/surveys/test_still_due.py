"""A mail of a wave that waited goes only while its reader has a part to send."""

import pytest
from django.core import mail
from django.utils import timezone

from loci.notices.choices import NoticeKind, NoticeState
from loci.notices.models import Notice
from loci.notices.services.delivery import deliver_due
from loci.notices.services.posting import post_notice
from surveys.choices import PartState, WaveState
from surveys.models import Part, Wave
from surveys.services.waves import give_parts
from tests import make

pytestmark = pytest.mark.django_db
KINDS = [NoticeKind.REMINDER, NoticeKind.WAVE_OPENED]


@pytest.fixture
def pair(open_wave):
    place = make.locality()
    people = make.pair(place)
    give_parts(wave=open_wave, locality=place)
    return open_wave, place, people[0]


def delivered(pair, kind):
    wave, place, person = pair
    post_notice(
        key=f"reminder:{wave.pk}:{place.pk}:{person.pk}:1",
        kind=kind,
        to=person,
        now=timezone.now(),
        parameters={"count": 1, "minutes": 3},
        path="/home/",
    )
    deliver_due(now=timezone.now())
    assert len(mail.outbox) == Notice.objects.filter(state=NoticeState.SENT).count()
    return Notice.objects.get().state


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("sent", "state"),
    [("civil_society", NoticeState.SENT), ("government", NoticeState.OVER)],
)
def test_it_goes_while_the_part_of_its_reader_is_missing(pair, kind, sent, state):
    wave, place, _government = pair
    Part.objects.filter(wave=wave, locality=place, side=sent).update(
        state=PartState.SENT, sent_at=timezone.now()
    )

    assert delivered(pair, kind) == state


@pytest.mark.parametrize("kind", KINDS)
def test_not_once_the_wave_has_closed_early(pair, kind):
    Wave.objects.filter(pk=pair[0].pk).update(state=WaveState.CLOSED)

    assert delivered(pair, kind) == NoticeState.OVER

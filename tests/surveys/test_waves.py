"""Whom a wave asks, when it closes, and what a part written together is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from localities.choices import Side
from surveys.choices import StatementSide, WaveState
from surveys.models import Answer, Part, Wave
from surveys.services.answering import save_answer
from surveys.services.holding import NotYourSide, WaveClosed
from surveys.services.waves import (
    NotLater,
    NotReopened,
    close_due_waves,
    extend,
    open_wave,
)
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return {
        "kenya": make.locality(region_code="africa"),
        "nepal": make.locality(region_code="asia"),
        "georgia": make.locality(region_code="cee"),
    }


def asked(wave):
    return set(Part.objects.filter(wave=wave).values_list("locality", flat=True))


def test_a_wave_asks_everybody_or_the_regions_and_localities_that_it_names(places):
    everybody = make.wave(state=WaveState.DRAFT)
    some = make.wave(state=WaveState.DRAFT, gate_override="At once")
    some.regions.add(places["kenya"].region)
    some.localities.add(places["georgia"])

    open_wave(wave=everybody, by=None)
    open_wave(wave=some, by=None)

    assert asked(everybody) == {place.pk for place in places.values()}
    assert asked(some) == {places["kenya"].pk, places["georgia"].pk}


def test_a_wave_closes_by_itself_when_its_day_has_come(places):
    due = make.wave(closes_at=NOW)
    running = make.wave()

    assert close_due_waves(now=NOW) == 1
    assert close_due_waves(now=NOW) == 0
    assert Wave.objects.get(pk=due.pk).state == WaveState.CLOSED
    assert Wave.objects.get(pk=running.pk).state == WaveState.OPEN


def joint_part(place):
    government, civil_society = make.pair(place)
    wave = make.wave(survey=make.survey(joint=True))
    return make.part(wave, place, StatementSide.JOINT), government, civil_society


def write(part, by, now=NOW, version=0):
    return save_answer(
        part=part,
        question=make.question(part.wave, "joint"),
        blocks=[{"value": f"Words {version}"}],
        version=version,
        by=by,
        now=now,
    )


def test_both_sides_write_the_joint_part_and_read_it_and_no_others(places):
    part, government, civil_society = joint_part(places["kenya"])
    stranger = make.pair(places["nepal"])[0]

    write(part, government)
    answer = write(part, civil_society, version=1)

    with pytest.raises(NotYourSide):
        write(part, stranger, version=2)
    assert answer.version == 2
    readers = {
        person
        for person in (government, civil_society, stranger)
        if Answer.objects.visible_to(person).filter(pk=answer.pk).exists()
    }
    assert readers == {government, civil_society}
    assert part.reference.endswith("-J")


def test_a_survey_without_a_joint_page_has_no_joint_part(places):
    make.part(make.wave(), places["kenya"], Side.GOVERNMENT)

    assert sorted(Part.objects.values_list("side", flat=True)) == [
        "civil_society",
        "government",
    ]


def test_more_time_lets_one_pair_write_after_the_close(places):
    part, government, _civil_society = joint_part(places["kenya"])
    wave, late = part.wave, part.wave.closes_at + timedelta(days=2)
    common = {"wave": wave, "locality": part.locality, "by": make.coordinator()}
    extend(**common, until=late, why="Elections", now=NOW)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.CLOSED)

    answer = write(part, government, now=late - timedelta(hours=1))

    assert answer.version == 1
    with pytest.raises(WaveClosed):
        write(part, government, now=late, version=1)
    with pytest.raises(NotLater):
        extend(**common, until=wave.closes_at, why="Elections", now=NOW)
    with pytest.raises(NotLater):
        extend(**common, until=late, why=" ", now=NOW)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.SHARED_BACK)
    wave.refresh_from_db()
    with pytest.raises(NotReopened):
        extend(**common, until=late, why="Elections", now=NOW)


def test_the_database_knows_three_kinds_of_part(places):
    part, *_people = joint_part(places["kenya"])

    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(pk=part.pk).update(side="hub")

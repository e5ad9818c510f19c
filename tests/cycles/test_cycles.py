"""The loop: steps with owners and days, what closes them, who hears that one is late."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from loci.cycles.choices import ReportState, StepKind
from loci.cycles.models import ActivityPlan, Cycle, Promise, Report
from loci.cycles.queries.cycles import cycle_shown, network_cycle
from loci.cycles.services.cycles import (
    NotThisStep,
    StepNotReady,
    begin_cycle,
    close_step,
    remind_of_late_steps,
)
from loci.notices.models import Notice
from meetings.models import Meeting, Review
from surveys.choices import WaveState
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.coordinator()


@pytest.fixture
def cycle(coordinator):
    wave = make.wave()
    region = make.locality().region
    return begin_cycle(
        title="First turn", wave=wave, region=region, owner=coordinator, by=coordinator
    )


def step_of(cycle, kind):
    return cycle.steps.get(kind=kind)


def here(cycle):
    return cycle_shown(cycle, NOW, None).here


def published(cycle, of=None, **facts):
    return Report.objects.create(
        wave=cycle.wave,
        cycle=of,
        title="Paper",
        state=ReportState.PUBLISHED,
        read_by=NOW,
        published_at=NOW,
        **facts,
    )


def test_a_cycle_begins_with_its_wave_and_has_three_steps(cycle):
    days = cycle.steps.order_by("position").values_list("kind", "starts_on", "due_on")

    wave = cycle.wave
    asked = wave.closes_at.date()
    assert [row[0] for row in days] == ["ask", "reflect", "attempt"]
    assert days[0][1:] == (wave.opens_at.date(), asked)
    assert days[1][1] == asked
    assert days[2][1] == days[1][2]
    assert here(cycle) == "ask"


def test_a_step_is_closed_when_what_closes_it_has_happened(cycle, coordinator):
    ask, reflect = step_of(cycle, StepKind.ASK), step_of(cycle, StepKind.REFLECT)
    with pytest.raises(StepNotReady, match="the wave is closed"):
        close_step(step=ask, by=coordinator, now=NOW)

    cycle.wave.state = WaveState.CLOSED
    cycle.wave.save()
    close_step(step=ask, by=coordinator, now=NOW)

    assert here(cycle) == "reflect"
    with pytest.raises(StepNotReady) as refusal:
        close_step(step=reflect, by=coordinator, now=NOW)
    assert str(refusal.value) == (
        "Not yet: its report is published; what was heard is shared back; "
        "the activity plan is published"
    )


def test_an_attempt_ends_with_a_meeting_that_was_held_and_reviewed(cycle, coordinator):
    cycle.wave.state = WaveState.SHARED_BACK
    cycle.wave.save()
    published(cycle)
    plan = published(cycle, kind="plan", of=cycle)
    meeting = make.meeting(state="held")
    ActivityPlan.objects.create(paper=plan, meeting=meeting)
    for kind in (StepKind.ASK, StepKind.REFLECT):
        close_step(step=step_of(cycle, kind), by=coordinator, now=NOW)
    attempt = step_of(cycle, StepKind.ATTEMPT)
    with pytest.raises(StepNotReady) as refusal:
        close_step(step=attempt, by=coordinator, now=NOW)
    assert str(refusal.value) == "Not yet: its review is written"

    Review.objects.create(
        meeting=meeting, planned="A", happened="B", why="C", following="D", at=NOW
    )
    close_step(step=attempt, by=coordinator, now=NOW)

    assert here(cycle) == ""
    with pytest.raises(NotThisStep):
        close_step(step=attempt, by=coordinator, now=NOW)


def test_promises_are_taken_up_again_after_the_meeting(cycle):
    plan = published(cycle, kind="plan", of=cycle)
    later = timezone.localdate() + timedelta(days=30)
    meeting = make.meeting(first_day=later)
    ActivityPlan.objects.create(paper=plan, meeting=meeting)
    facts = {"wave": cycle.wave, "heard": "Heard", "is_published": True}
    promise = Promise.objects.create(topic=make.topic(), **facts)
    done = {"topic": make.topic("it.ocds"), "state": "done"}
    Promise.objects.create(**done, **facts)
    assert not Promise.objects.to_take_up_again().exists()

    Meeting.objects.update(state="held")

    assert list(Promise.objects.to_take_up_again()) == [promise]
    Promise.objects.update(updated_at=meeting.ends_at + timedelta(hours=1))
    assert not Promise.objects.to_take_up_again().exists()


def test_the_next_cycle_builds_on_reviews_of_its_region(client, cycle):
    earlier = (NOW - timedelta(days=9)).date()
    own = make.meeting(title="Own", state="held", first_day=earlier)
    Review.objects.create(
        meeting=own, planned="CANARY", happened="B", why="C", following="D", at=NOW
    )

    page = client.get(reverse("cycles:cycle", args=[cycle.reference]))

    assert "review of: Own" in page.content.decode()
    assert "CANARY" not in page.content.decode()


def test_steps_are_closed_in_their_order_and_once(cycle, coordinator):
    cycle.wave.state = WaveState.SHARED_BACK
    cycle.wave.save()
    ask = step_of(cycle, StepKind.ASK)
    with pytest.raises(NotThisStep):
        close_step(step=step_of(cycle, StepKind.REFLECT), by=coordinator, now=NOW)

    close_step(step=ask, by=coordinator, now=NOW)

    with pytest.raises(NotThisStep):
        close_step(step=ask, by=coordinator, now=NOW)


def test_a_late_step_reaches_its_owner_once_a_day_missed(cycle, coordinator):
    ask = step_of(cycle, StepKind.ASK)
    late = NOW + timedelta(days=60)

    assert remind_of_late_steps(now=NOW) == 0
    assert remind_of_late_steps(now=late) == 1
    assert remind_of_late_steps(now=late) == 1  # late still, and no second mail
    assert list(
        Notice.objects.filter(kind="step_late").values_list("recipient", flat=True)
    ) == [coordinator.pk]

    ask.due_on = late.date() - timedelta(days=1)
    ask.save()
    remind_of_late_steps(now=late)

    assert Notice.objects.filter(kind="step_late").count() == 2


def test_a_step_of_its_own_owner_is_theirs(cycle):
    other = make.person("Hub")
    ask = step_of(cycle, StepKind.ASK)
    ask.owner = other
    ask.save()

    remind_of_late_steps(now=NOW + timedelta(days=60))

    assert Notice.objects.get(kind="step_late").recipient == other


def test_everybody_sees_where_the_loop_stands(client, cycle):
    page = client.get(reverse("cycles:cycle", args=[cycle.reference]))

    assert page.status_code == 200
    assert 'aria-current="step"' in page.content.decode()
    listed = client.get(reverse("cycles:cycles")).content.decode()
    assert "First turn" in listed
    assert "Ask" in listed


def test_papers_are_linked_for_members_only(client, cycle, coordinator):
    report = published(cycle)
    page = reverse("cycles:cycle", args=[cycle.reference])
    link = reverse("cycles:report", args=[report.reference])

    assert link not in client.get(page).content.decode()
    client.force_login(coordinator)
    assert link in client.get(page).content.decode()


def test_the_landing_page_shows_the_networks_cycle_first(client, cycle):
    network = begin_cycle(title="All", wave=make.wave(), by=None)

    row = network_cycle()
    assert row is not None
    assert row.cycle == network
    assert 'aria-current="step"' in client.get("/").content.decode()


def test_a_hub_sees_the_cycles_of_its_regions(cycle):
    network = begin_cycle(title="All", wave=make.wave(), by=None)
    own = make.hub_coordinator(cycle.region.code)
    other = make.hub_coordinator("cee")

    assert list(Cycle.objects.coordinated_by(own)) == [cycle]
    assert list(Cycle.objects.coordinated_by(other)) == []
    both = Cycle.objects.coordinated_by(make.coordinator()).order_by("pk")
    assert list(both) == [cycle, network]


def test_the_database_keeps_one_cycle_a_wave_and_region(cycle):
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.create(title="Again", wave=cycle.wave, region=cycle.region)
    Cycle.objects.create(title="Network", wave=cycle.wave)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.create(title="Network again", wave=cycle.wave)


def test_a_step_does_not_end_before_it_begins(cycle):
    ask = step_of(cycle, StepKind.ASK)
    ask.due_on = ask.starts_on - timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask.save()


def test_a_coordinator_turns_the_loop_in_the_cockpit(signed_in, coordinator):
    client = signed_in(coordinator)
    wave = make.wave()
    page = client.post(
        "/admin/cycles/cycle/add/",
        {
            "title": "Turn",
            "wave": wave.pk,
            "steps-TOTAL_FORMS": 0,
            "steps-INITIAL_FORMS": 0,
        },
    )
    assert page.status_code == 302, page.content.decode()
    cycle = Cycle.objects.get(title="Turn")
    assert cycle.steps.count() == 3
    act = {"action": "close_current_step", "_selected_action": [cycle.pk]}

    refused = client.post("/admin/cycles/cycle/", act, follow=True)
    assert "Not yet: the wave is closed" in refused.content.decode()
    wave.state = WaveState.CLOSED
    wave.save()
    done = client.post("/admin/cycles/cycle/", act, follow=True)

    assert "1 step closed." in done.content.decode()
    assert here(cycle) == "reflect"
    assert Promise.objects.count() == 0

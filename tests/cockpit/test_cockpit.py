"""The coordinators' place: what needs them, and changes by services only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from localities.choices import Side
from loci.accounts.models import AuditEntry
from loci.cockpit.lines import kinds_for
from loci.cockpit.queries import FirstSteps, cockpit_index
from loci.cycles.models import Promise, Reading, Report, ReportReader, ReportSection
from loci.cycles.services.cycles import begin_cycle
from loci.notices.models import Notice
from matchmaking.choices import SuggestionState
from matchmaking.models import Round, Suggestion
from surveys.choices import WaveState
from surveys.models import Theme
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    now = timezone.now()
    wave = make.wave(
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9)
    )
    african, asian = (
        make.locality(region_code="africa"),
        make.locality(region_code="asia"),
    )
    make.pair(african)
    make.pair(asian)
    make.part(wave, african, Side.GOVERNMENT)
    make.part(wave, asian, Side.GOVERNMENT)
    return {"wave": wave, "african": african, "asian": asian}


def run_action(client, model, action, *rows):
    return client.post(
        reverse(f"admin:{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def test_needs_you_counts_what_lies_in_ones_own_regions(network):
    Promise.objects.create(wave=network["wave"], topic=make.topic(), heard="Heard")

    of_network = {
        line.sentence: line.count for line in cockpit_index(make.coordinator()).lines
    }
    of_hub = {
        line.sentence: line.count
        for line in cockpit_index(make.hub_coordinator()).lines
    }

    assert of_network == {
        "parts have not been sent yet": 4,
        "promise has no owner or no date": 1,
        "sides have one person only": 4,
    }
    assert of_hub == {
        "parts have not been sent yet": 2,
        "sides have one person only": 2,
    }


def test_a_round_starts_from_the_waves_list(network, signed_in):
    page = run_action(
        signed_in(make.coordinator()), "surveys_wave", "start_matching", network["wave"]
    )

    assert Round.objects.get().wave == network["wave"]
    assert "1 round started" in page.content.decode()


def test_a_second_round_at_once_is_refused_in_words(network, signed_in):
    client = signed_in(make.coordinator())
    run_action(client, "surveys_wave", "start_matching", network["wave"])

    page = run_action(client, "surveys_wave", "start_matching", network["wave"])

    assert "A round is being computed already." in page.content.decode()
    assert Round.objects.count() == 1


def test_a_hub_cannot_start_a_round(network, signed_in):
    run_action(
        signed_in(make.hub_coordinator()),
        "surveys_wave",
        "start_matching",
        network["wave"],
    )

    assert not Round.objects.exists()


def test_approving_from_the_list_is_audited_and_written_to_both_pairs(
    network, signed_in
):
    coordinator = make.coordinator()
    suggestion = make.suggestion(network["african"], network["asian"], network["wave"])

    run_action(signed_in(coordinator), "matchmaking_suggestion", "approve", suggestion)

    suggestion.refresh_from_db()
    deed = AuditEntry.objects.get(verb="approved")
    assert (suggestion.state, deed.by) == (SuggestionState.APPROVED, coordinator)
    assert Notice.objects.filter(kind="suggestion").count() == 4


def test_a_hub_sees_and_approves_what_touches_its_region_only(network, signed_in):
    elsewhere = make.suggestion(
        make.locality(region_code="cee"),
        make.locality(region_code="latam"),
        network["wave"],
    )
    own = make.suggestion(network["african"], network["asian"], network["wave"])
    client = signed_in(make.hub_coordinator("africa"))

    page = run_action(client, "matchmaking_suggestion", "approve", own, elsewhere)

    states = dict(Suggestion.objects.values_list("pk", "state"))
    assert states == {
        own.pk: SuggestionState.APPROVED,
        elsewhere.pk: SuggestionState.PROPOSED,
    }
    assert elsewhere.seeker.name not in page.content.decode()


def test_the_state_of_a_wave_cannot_be_posted(network, signed_in):
    wave = network["wave"]
    url = reverse("admin:surveys_wave_change", args=[wave.pk])

    signed_in(make.coordinator()).post(
        url,
        {
            "title": "New title",
            "survey": wave.survey_id,
            "opens_at_0": "2026-05-01",
            "opens_at_1": "09:00",
            "closes_at_0": "2026-06-01",
            "closes_at_1": "09:00",
            "gate_override": "",
            "reminders_at_most": "3",
            "reminder_gap_days": "4",
            "state": "shared_back",
        },
    )

    wave.refresh_from_db()
    assert (wave.title, wave.state) == ("New title", WaveState.OPEN)


def test_promises_are_drafted_and_edited_by_the_coordinator(network, signed_in):
    owner = make.coordinator()
    promise = Promise.objects.create(
        wave=network["wave"], topic=make.topic(), heard="Heard"
    )
    client = signed_in(owner)

    client.post(
        reverse("admin:cycles_promise_change", args=[promise.pk]),
        {
            "wave": promise.wave_id,
            "topic": promise.topic_id,
            "heard": "Many asked for it",
            "doing": "A session in May",
            "state": "doing",
            "reason": "",
            "owner": owner.pk,
            "due_on": "2026-06-30",
            "is_published": "on",
        },
    )

    page = client.get(reverse("pages:you_said_we_did")).content.decode()
    assert "Many asked for it" in page
    assert "A session in May" in page


def test_needs_you_tells_what_was_heard_and_not_answered_yet(network):
    closed = make.wave(state=WaveState.CLOSED, survey=network["wave"].survey)
    Theme.objects.create(wave=closed)
    Theme.objects.create(wave=closed, name="Portals")
    reading = _correction(closed)
    late = timezone.localdate() - timedelta(days=1)
    Promise.objects.create(
        wave=closed,
        topic=make.topic(),
        heard="Heard",
        owner=make.person(),
        due_on=late,
        is_published=True,
    )

    lines = {line.sentence for line in cockpit_index(make.coordinator()).lines}
    of_hub = {line.sentence for line in cockpit_index(make.hub_coordinator()).lines}
    reading.outcome = "It says so now."
    reading.save()
    after = {line.sentence for line in cockpit_index(make.coordinator()).lines}

    told = {
        "theme waits for a name",
        "correction of a reader waits for an answer",
        "promise is late",
    }
    assert told <= lines
    assert not told & of_hub
    assert "correction of a reader waits for an answer" not in after


def _correction(wave):
    report = Report.objects.create(
        wave=wave, title="Report", state="reading", read_by=timezone.now()
    )
    return Reading.objects.create(
        section=ReportSection.objects.create(
            report=report, kind="short", heading="In short", position=0
        ),
        reader=ReportReader.objects.create(report=report, person=make.person()),
        verdict="correct",
        words="It was five.",
    )


def test_the_first_page_says_whether_suggestions_reach_everybody(network):
    wave, african, asian = network["wave"], network["african"], network["asian"]
    make.approved(african, asian, wave)  # its need is answered
    make.statement(asian, wave)
    make.statement(make.locality(region_code="cee"), wave, visibility="side")
    for _each in range(4):
        make.approved(make.locality("Many"), african, wave)
    many = make.locality("Asks much", region_code="asia")
    for _each in range(4):
        make.approved(many, make.locality(), wave)

    whole = cockpit_index(make.coordinator()).fairness
    hub = cockpit_index(make.hub_coordinator("africa")).fairness

    assert (whole.asking, whole.with_none, whole.with_many) == (7, 1, 1)
    assert (hub.asking, hub.with_none, hub.with_many) == (5, 0, 0)


def test_the_first_page_says_where_the_loop_stands(network, signed_in):
    begin_cycle(
        title="Turn in Africa",
        wave=network["wave"],
        region=network["african"].region,
        by=None,
    )

    own = signed_in(make.hub_coordinator("africa")).get("/admin/").content.decode()
    other = signed_in(make.hub_coordinator("cee")).get("/admin/").content.decode()

    assert "Turn in Africa" in own
    assert "Turn in Africa" not in other


def test_a_hub_sees_the_waves_that_ask_its_regions(network):
    titles = {
        who: [row.wave.title for row in cockpit_index(person).waves]
        for who, person in (
            ("africa", make.hub_coordinator("africa")),
            ("latam", make.hub_coordinator("latam")),
        )
    }

    assert titles == {"africa": [network["wave"].title], "latam": []}


def test_the_first_steps_stay_until_a_wave_was_opened(signed_in):
    person = make.coordinator()
    client = signed_in(person)

    def steps():
        return cockpit_index(person).first_steps

    empty, page = steps(), client.get("/admin/").content.decode()
    make.pair(make.locality())
    wave = make.wave(state=WaveState.DRAFT)
    begun = steps()
    wave.state = WaveState.OPEN
    wave.save()

    assert empty == FirstSteps(
        has_name=True, has_localities=False, has_people=False, has_wave=False
    )
    assert begun == FirstSteps(
        has_name=True, has_localities=True, has_people=True, has_wave=True
    )
    assert steps() is None
    assert reverse("admin:localities_import") in page
    assert "Nothing needs you now" not in page
    assert "First steps" not in client.get("/admin/").content.decode()


def test_who_has_no_name_yet_is_asked_for_it_before_inviting(signed_in):
    person = make.coordinator()
    named = signed_in(person).get("/admin/").content.decode()
    person.name = ""
    person.save()
    nameless = signed_in(person).get("/admin/").content.decode()

    assert reverse("accounts:name") not in named
    assert reverse("accounts:name") in nameless


def test_a_hub_does_not_begin_a_network():
    assert cockpit_index(make.hub_coordinator("africa")).first_steps is None


def test_every_line_of_needs_you_leads_to_a_list_that_opens(signed_in):
    person = make.coordinator()
    client = signed_in(person)
    kinds = kinds_for(person, whole_network=True)

    answers = {kind.line(1).url: client.get(kind.line(1).url) for kind in kinds}

    assert len(kinds) > 12
    refused = {url for url, answer in answers.items() if answer.status_code != 200}
    assert refused == set()


@pytest.mark.parametrize(
    "view",
    [
        "localities_locality_add",
        "localities_invitation_invite",
        "cycles_promise_add",
        "surveys_wave_changelist",
    ],
)
def test_nothing_chosen_is_said_in_words(signed_in, view):
    make.wave()
    client = signed_in(make.coordinator())
    page = client.get(reverse(f"admin:{view}")).content.decode()

    assert "---------" not in page
    assert "Not chosen yet" in page or "Choose what to do" in page

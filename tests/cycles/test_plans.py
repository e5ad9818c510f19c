"""A plan: from needs that nobody has met, read by readers, published, then frozen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from localities.choices import Role
from localities.models import Organisation
from loci.cycles.choices import OF_A_PLAN, ReportState, Verdict
from loci.cycles.models import ReportReader
from loci.cycles.services.cycles import begin_cycle
from loci.cycles.services.plans import (
    AlreadyPublished,
    NothingHeardYet,
    change_plan,
    draft_plan,
    unmet_needs,
)
from loci.cycles.services.reading import answer_remark, read_section
from loci.cycles.services.reports import (
    AlreadyWritten,
    draft_report,
    publish_report,
    send_to_readers,
)
from loci.notices.models import Notice
from surveys.choices import WaveState
from surveys.services.analysing import refresh_analysis
from surveys.services.waves import give_parts
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.coordinator()


@pytest.fixture
def cycle(coordinator):
    """Four localities of one region asked the same, one elsewhere; the wave is closed."""
    wave = make.wave(state=WaveState.CLOSED)
    places = [make.locality() for _each in range(4)]
    for place in places:
        give_parts(wave=wave, locality=place)
        make.statement(place, wave)
    place = places[0]
    make.statement(place, wave, topic=make.topic("it.ocds"))
    make.statement(place, wave, visibility="side", text="CANARY confided")
    make.statement(make.locality(region_code="cee"), wave)
    refresh_analysis(wave=wave, now=NOW)
    return begin_cycle(
        title="Turn", wave=wave, region=place.region, owner=coordinator, by=coordinator
    )


def words(plan, kind):
    return plan.paper.sections.get(kind=kind).text


def reader_of(plan):
    reader = make.person("Reader")
    make.place(reader, make.organisation(), Role.READER)
    ReportReader.objects.create(report=plan.paper, person=reader)
    return reader


def publish(plan, coordinator):
    """Through its reader, who agrees."""
    reader = reader_of(plan)
    paper = send_to_readers(report=plan.paper, by=coordinator, now=NOW)
    for section in paper.sections.all():
        read_section(
            section=section, verdict=Verdict.AGREE, words="", by=reader, now=NOW
        )
    return publish_report(report=paper, by=coordinator, now=NOW)


def test_a_plan_begins_with_what_is_unmet_in_its_region(cycle, coordinator):
    plan = draft_plan(cycle=cycle, by=coordinator)

    assert set(plan.needs.values_list("locality__region", flat=True)) == {
        cycle.region_id
    }
    assert plan.needs.count() == 5
    assert not plan.needs.filter(text__startswith="CANARY").exists()
    assert words(plan, "whom").splitlines() == [
        "it.portal: asked for by 4 localities",
        "it.ocds: asked for by fewer than 3 localities",
    ]
    kinds = plan.paper.sections.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == [kind.value for kind in OF_A_PLAN]


def test_a_need_that_an_introduction_answers_is_not_unmet(cycle):
    helper = make.locality()
    need = unmet_needs(cycle)[0]
    make.suggestion(
        need.locality,
        helper,
        cycle.wave,
        need=need,
        state="introduced",
        introduced_at=NOW,
    )

    assert need not in unmet_needs(cycle)


def test_before_the_close_there_is_no_plan(coordinator):
    cycle = begin_cycle(title="Early", wave=make.wave(), by=coordinator)

    with pytest.raises(NothingHeardYet):
        draft_plan(cycle=cycle, by=coordinator)


def test_a_plan_and_a_report_of_one_wave_are_written_side_by_side(cycle, coordinator):
    report = draft_report(wave=cycle.wave, by=coordinator)
    plan = draft_plan(cycle=cycle, by=coordinator)

    assert (report.version, plan.paper.version) == (1, 1)
    with pytest.raises(AlreadyWritten):
        draft_plan(cycle=cycle, by=coordinator)


def test_who_with_what_is_written_from_the_fields(cycle, coordinator):
    plan = draft_plan(cycle=cycle, by=coordinator)
    plan.host = Organisation.objects.create(name="AFIC", kind="hub")
    plan.budget = "Meetings, up to 4,000"
    plan.languages, plan.has_interpretation = ["en", "fr"], True
    plan.save()

    change_plan(plan=plan, by=coordinator)

    assert words(plan, "means").splitlines() == [
        "Host: AFIC",
        "Budget line: Meetings, up to 4,000",
        "Languages: en, fr, with interpretation",
    ]


def test_readers_validate_it_and_what_their_word_changed_is_shown(
    client, cycle, coordinator
):
    plan = draft_plan(cycle=cycle, by=coordinator)
    plan.paper.sections.filter(kind="format").update(text="Two days in June")
    reader = reader_of(plan)
    paper = send_to_readers(report=plan.paper, by=coordinator, now=NOW)
    remark = read_section(
        section=paper.sections.get(kind="format"),
        verdict=Verdict.CORRECT,
        words="Two days are too long",
        by=reader,
        now=NOW,
    )
    answer_remark(
        reading=remark, outcome="Now one day", has_changed=True, by=coordinator
    )
    publish_report(report=paper, by=coordinator, now=NOW + timedelta(days=20))

    client.force_login(reader)
    page = client.get(reverse("cycles:report", args=[paper.reference]))
    shown = page.content.decode()
    assert "Changed after a reader" in shown
    assert "Now one day" in shown
    assert "Two days are too long" not in shown


def test_nothing_of_a_published_plan_changes_but_the_meeting(cycle, coordinator):
    plan = draft_plan(cycle=cycle, by=coordinator)
    need = plan.needs.all()[0]
    plan.needs.remove(need)
    publish(plan, coordinator)
    plan.refresh_from_db()

    with pytest.raises(AlreadyPublished):
        change_plan(plan=plan, by=coordinator)
    plan.budget = "More"
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.needs.add(need)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.co_hosts.add(make.organisation())
    plan.refresh_from_db()
    plan.meeting = make.meeting()
    plan.save()


def test_only_the_next_version_replaces_a_published_plan(cycle, coordinator):
    first = draft_plan(cycle=cycle, by=coordinator)
    first.budget = "Meetings"
    first.save()
    publish(first, coordinator)

    second = draft_plan(cycle=cycle, by=coordinator)

    assert (second.paper.version, second.budget) == (2, "Meetings")
    assert set(second.needs.all()) == set(first.needs.all())
    publish(second, coordinator)
    first.paper.refresh_from_db()
    assert first.paper.state == ReportState.SUPERSEDED


def test_a_published_plan_is_told_to_its_region_and_its_hosts(cycle, coordinator):
    own = make.hub_coordinator(cycle.region.code)
    other = make.hub_coordinator("cee")
    hosting = make.person("Host")
    host = make.organisation()
    make.place(hosting, host, Role.MEMBER)
    plan = draft_plan(cycle=cycle, by=coordinator)
    plan.co_hosts.add(host)

    publish(plan, coordinator)

    told = Notice.objects.filter(kind="report_published")
    people = set(told.values_list("recipient", flat=True))
    assert {own.pk, hosting.pk} <= people
    assert other.pk not in people


def test_a_hub_writes_the_plan_of_its_region_and_no_report(
    signed_in, cycle, coordinator
):
    plan = draft_plan(cycle=cycle, by=coordinator)
    report = draft_report(wave=cycle.wave, by=coordinator)
    own = make.hub_coordinator(cycle.region.code)
    other = make.hub_coordinator("cee")
    page = f"/admin/cycles/activityplan/{plan.pk}/change/"
    paper = f"/admin/cycles/report/{plan.paper.pk}/change/"

    client = signed_in(own)
    assert client.get(page).status_code == 200
    assert client.get(paper).status_code == 200
    assert client.get(f"/admin/cycles/report/{report.pk}/change/").status_code == 302
    client = signed_in(other)
    assert client.get(page).status_code == 302
    assert client.get(paper).status_code == 302


def test_a_plan_is_edited_in_the_cockpit(signed_in, cycle, coordinator):
    plan = draft_plan(cycle=cycle, by=coordinator)
    client = signed_in(coordinator)
    facts = {
        "format": "training",
        "starts_on": "2026-09-02",
        "ends_on": "2026-09-01",
        "languages": "en,es",
        "needs": [plan.needs.filter(topic__code="it.portal")[0].pk],
    }
    address = f"/admin/cycles/activityplan/{plan.pk}/change/"

    wrong = client.post(address, facts)
    assert "An activity ends after it begins." in wrong.content.decode()
    facts["ends_on"] = "2026-09-03"
    assert client.post(address, facts).status_code == 302

    plan.refresh_from_db()
    assert (plan.format, plan.needs.count()) == ("training", 1)
    assert words(plan, "whom") == "it.portal: asked for by fewer than 3 localities"


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.PUBLISHED])
def test_a_hub_reads_no_need_of_a_plan_that_was_narrowed_since(
    cycle, coordinator, state, signed_in
):
    plan = draft_plan(cycle=cycle, by=coordinator)
    need = plan.needs.order_by("pk")[0]
    type(need).objects.filter(pk=need.pk).update(visibility="side", text="CANARY now")
    if state == ReportState.PUBLISHED:
        facts = {"state": state, "published_at": NOW, "read_by": NOW}
        type(plan.paper).objects.filter(pk=plan.paper_id).update(**facts)
    address = reverse("admin:cycles_activityplan_change", args=[plan.pk])

    page = signed_in(make.hub_coordinator()).get(address)

    assert page.status_code == 200
    assert "CANARY" not in page.content.decode()

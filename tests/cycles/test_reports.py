"""From results to a report that readers have read, and that nobody changes any more."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from localities.choices import OrganisationKind, Role
from loci.core.states import WrongMove
from loci.cycles.choices import OF_A_REPORT, ReportState, Verdict
from loci.cycles.models import Reading, Report, ReportReader, ReportSection
from loci.cycles.queries.reports import report_shown, reports_to_read
from loci.cycles.services.reading import (
    NotAReader,
    OutcomeNeeded,
    ReadingIsOver,
    WordsNeeded,
    answer_remark,
    read_section,
)
from loci.cycles.services.reports import (
    AlreadyWritten,
    NoReaders,
    NoResultsYet,
    RemarksOpen,
    StillBeingRead,
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
LATER = NOW + timedelta(days=11)


@pytest.fixture
def wave():
    wave = make.wave(state=WaveState.CLOSED)
    for _each in range(4):
        place = make.locality()
        give_parts(wave=wave, locality=place)
        make.statement(place, wave)
    make.statement(make.locality(), wave, topic=make.topic("it.ocds"))
    refresh_analysis(wave=wave, now=NOW)
    return wave


@pytest.fixture
def coordinator():
    return make.coordinator()


def reader_of(report):
    reader = make.person("Reader")
    make.place(reader, make.organisation(), Role.READER)
    ReportReader.objects.create(report=report, person=reader)
    return reader


@pytest.fixture
def read(wave, coordinator):
    """A report with its two readers."""
    report = draft_report(wave=wave, by=coordinator)
    people = [reader_of(report), reader_of(report)]
    return send_to_readers(report=report, by=coordinator, now=NOW), people


def say(report, reader, verdict=Verdict.AGREE, words="", kind="short", now=NOW):
    section = report.sections.get(kind=kind)
    return read_section(
        section=section, verdict=verdict, words=words, by=reader, now=now
    )


def say_all(report, reader):
    for section in report.sections.all():
        say(report, reader, kind=section.kind)


def test_sections_are_drafted_from_what_everybody_may_read(wave, coordinator):
    report = draft_report(wave=wave, by=coordinator)

    texts = dict(report.sections.values_list("kind", "text"))
    assert list(texts) == [kind.value for kind in OF_A_REPORT]
    assert texts["topics"] == "it.portal: needed by 4, offered by 0"
    assert "it.ocds" not in " ".join(texts.values())


def test_a_wave_without_results_has_no_report(coordinator):
    with pytest.raises(NoResultsYet):
        draft_report(wave=make.wave(), by=coordinator)


def test_one_version_is_written_at_a_time(wave, coordinator):
    draft_report(wave=wave, by=coordinator)

    with pytest.raises(AlreadyWritten):
        draft_report(wave=wave, by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(wave=wave, version=2, title="Beside it")


def test_a_report_goes_to_readers_and_to_them_alone(wave, coordinator):
    report = draft_report(wave=wave, by=coordinator)
    with pytest.raises(NoReaders):
        send_to_readers(report=report, by=coordinator, now=NOW)
    reader = reader_of(report)

    report = send_to_readers(report=report, by=coordinator, now=NOW)

    assert report.read_by == NOW + timedelta(days=10)
    assert list(reports_to_read(reader, NOW)) == [report]
    assert list(Notice.objects.values_list("kind", "recipient")) == [
        ("report_to_read", reader.pk)
    ]
    government, _civil_society = make.pair(make.locality())
    assert not Report.objects.visible_to(government).exists()
    assert Report.objects.visible_to(reader).get() == report


def test_a_reader_says_section_by_section_and_can_change_it(read):
    report, (reader, _other) = read
    say(report, reader)

    say(report, reader, Verdict.CORRECT, "It was five.")

    assert Reading.objects.values_list("verdict", "words").get() == (
        "correct",
        "It was five.",
    )


def test_a_remark_has_words_and_comes_from_a_reader_in_time(read):
    report, (reader, _other) = read

    with pytest.raises(WordsNeeded):
        say(report, reader, Verdict.COMMENT, " \x00 ")
    with pytest.raises(NotAReader):
        say(report, make.person())
    with pytest.raises(ReadingIsOver):
        say(report, reader, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(
            section=report.sections.get(kind="short"),
            reader=report.readers.get(person=reader),
            verdict=Verdict.COMMENT,
        )


def test_readers_have_their_time_and_who_never_answers_does_not_stop_it(
    read, coordinator
):
    report, (reader, _silent) = read
    say_all(report, reader)
    with pytest.raises(StillBeingRead):
        publish_report(report=report, by=coordinator, now=NOW)

    published = publish_report(report=report, by=coordinator, now=LATER)

    shown = report_shown(published, coordinator, LATER)
    assert (shown.answered, shown.readers) == (1, 2)


def test_when_all_have_answered_nobody_waits_for_the_day(read, coordinator):
    report, readers = read
    for reader in readers:
        say_all(report, reader)

    published = publish_report(report=report, by=coordinator, now=NOW)

    assert (published.state, published.published_at) == ("published", NOW)


def test_a_correction_is_answered_before_the_report_is_published(read, coordinator):
    report, (reader, _silent) = read
    remark = say(report, reader, Verdict.CORRECT, "It was five.")
    with pytest.raises(RemarksOpen):
        publish_report(report=report, by=coordinator, now=LATER)
    with pytest.raises(OutcomeNeeded):
        answer_remark(reading=remark, outcome=" ", has_changed=True, by=coordinator)

    answer_remark(
        reading=remark, outcome="Now it says five.", has_changed=True, by=coordinator
    )
    published = publish_report(report=report, by=coordinator, now=LATER)

    government, _other = make.pair(make.locality())
    shown = report_shown(published, government, LATER)
    assert shown.changes == 1
    assert [row.outcome for part in shown.sections for row in part.outcomes] == [
        "Now it says five."
    ]
    with pytest.raises(ReadingIsOver):
        answer_remark(
            reading=remark, outcome="Later", has_changed=False, by=coordinator
        )


def test_a_draft_is_not_published_unread(wave, coordinator):
    report = draft_report(wave=wave, by=coordinator)

    with pytest.raises(WrongMove):
        publish_report(report=report, by=coordinator, now=LATER)


def test_the_database_keeps_a_published_report_as_it_is(read, coordinator):
    report, _readers = read
    publish_report(report=report, by=coordinator, now=LATER)

    for change in (
        lambda: ReportSection.objects.update(text="Nicer words"),
        lambda: ReportSection.objects.update(heading="Nicer words"),
        lambda: Report.objects.update(title="Nicer words"),
        lambda: Report.objects.update(state="draft", published_at=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    section = report.sections.get(kind="short")
    assert section.text.startswith("4 of 4 localities have answered.")


def test_only_a_new_version_replaces_a_published_one(read, coordinator):
    report, _readers = read
    publish_report(report=report, by=coordinator, now=LATER)
    newer = draft_report(wave=report.wave, by=coordinator)
    reader_of(newer)
    send_to_readers(report=newer, by=coordinator, now=LATER)

    publish_report(report=newer, by=coordinator, now=LATER + timedelta(days=11))

    report.refresh_from_db()
    assert report.state == ReportState.SUPERSEDED
    assert report_shown(report, coordinator, LATER).newer == newer


def test_hubs_and_co_hosts_of_the_regions_asked_get_a_mail(read, coordinator):
    report, _readers = read
    Notice.objects.all().delete()
    hub, _far_hub = make.hub_coordinator("africa"), make.hub_coordinator("asia")
    host = make.organisation(OrganisationKind.PARTNER)
    hosting = make.person()
    make.place(hosting, host)
    make.meeting(host=host, first_day=LATER.date() + timedelta(days=1))

    publish_report(report=report, by=coordinator, now=LATER)

    told = Notice.objects.filter(kind="report_published")
    assert set(told.values_list("recipient", flat=True)) == {hub.pk, hosting.pk}


@pytest.mark.django_db(transaction=True)
def test_two_presses_publish_once_and_write_once(read, coordinator):
    report, _readers = read
    hub = make.hub_coordinator("africa")
    refused = []

    def press():
        try:
            publish_report(report=report, by=coordinator, now=LATER)
        except WrongMove as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    presses = [Thread(target=press) for _each in range(2)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()

    assert len(refused) == 1
    assert Notice.objects.filter(kind="report_published", recipient=hub).count() == 1


def test_a_reader_reads_and_answers_on_the_pages(read, signed_in):
    report, (reader, other) = read
    Report.objects.update(read_by=timezone.now() + timedelta(days=2))
    client = signed_in(reader)
    address = reverse("cycles:read", args=[report.reference, "topics"])

    home = client.get(reverse("pages:home")).content.decode()
    empty = client.post(address, {"verdict": "correct"})
    sent = client.post(address, {"verdict": "correct", "words": "<b>Five</b>"})

    assert report.title in home
    assert "Say in a sentence what you mean." in empty.content.decode()
    assert sent["Location"].endswith(f"/reports/{report.reference}/#topics")
    page = client.get(reverse("cycles:report", args=[report.reference]))
    assert "Something is wrong" in page.content.decode()
    beside = signed_in(other).get(reverse("cycles:report", args=[report.reference]))
    assert "Five" not in beside.content.decode()


def test_a_coordinator_writes_sends_and_publishes_in_the_cockpit(
    wave, coordinator, signed_in
):
    client = signed_in(coordinator)
    post(client, "surveys_wave", "draft_report", wave)
    report = Report.objects.get()
    reader = make.person("Reader")
    make.place(reader, make.organisation(), Role.READER)
    sections = list(report.sections.order_by("position"))
    form = {
        "title": "What we heard",
        "read_by_0": "",
        "read_by_1": "",
        **formset("readers", [], [{"person": reader.pk, "report": report.pk}]),
        **formset(
            "sections",
            [
                {
                    "id": row.pk,
                    "report": report.pk,
                    "heading": row.heading,
                    "text": f"Edited {row.kind}",
                }
                for row in sections
            ],
        ),
    }
    client.post(reverse("admin:cycles_report_change", args=[report.pk]), form)
    post(client, "cycles_report", "to_readers", report)
    early = post(client, "cycles_report", "publish", report)
    Report.objects.update(read_by=NOW)

    done = post(client, "cycles_report", "publish", report)

    report.refresh_from_db()
    assert "their time is not over" in early.content.decode()
    assert "1 report published." in done.content.decode()
    assert (report.title, report.state) == ("What we heard", "published")
    assert report.sections.get(kind="plan").text == "Edited plan"
    assert report.readers.get().person == reader


def formset(prefix, rows, new=()):
    every = [*rows, *new]
    return {
        f"{prefix}-TOTAL_FORMS": len(every),
        f"{prefix}-INITIAL_FORMS": len(rows),
        **{
            f"{prefix}-{number}-{name}": value
            for number, row in enumerate(every)
            for name, value in row.items()
        },
    }


def post(client, model, action, row):
    return client.post(
        reverse(f"admin:{model}_changelist"),
        {"action": action, "_selected_action": [row.pk]},
        follow=True,
    )


def test_sides_and_hubs_read_what_is_published(read, coordinator, signed_in):
    report, _readers = read
    publish_report(report=report, by=coordinator, now=LATER)
    member, _other = make.pair(make.locality())

    page = signed_in(member).get(reverse("cycles:report", args=[report.reference]))

    assert "0 of 2 readers answered. Changed after readers: 0 things." in (
        page.content.decode()
    )

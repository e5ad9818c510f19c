"""A wave opens on its own page, after a look at who is written to and when."""

from datetime import timedelta

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from loci.cockpit.queries import cockpit_index
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice, QuietDay
from loci.notices.services.stopping import stop
from surveys.choices import WaveState
from surveys.models import Part, Wave
from surveys.services.reminding import remind_all
from tests import make
from tests.cockpit.test_cockpit import run_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    now = timezone.now()
    return make.wave(
        state=WaveState.DRAFT,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=30),
        remind_on=list(range(7)),
    )


def address(wave):
    return reverse("admin:surveys_wave_open", args=[wave.pk])


def text_of(page):
    return page.content.decode()


def test_it_shows_who_gets_a_mail_and_writes_nothing_by_that(draft, signed_in):
    make.pair(make.locality())
    other = make.locality("Nobody Here")
    quiet = make.pair(make.locality())[0]
    stop(person=quiet, kind=NoticeKind.WAVE_OPENED)

    page = text_of(signed_in(make.coordinator()).get(address(draft)))

    assert "3 people get a mail" in page
    assert "1 person gets none" in page
    assert "2 sides have nobody to write to" in page
    assert f"{other}, Government" in page
    assert "3 localities are asked" in page
    assert Wave.objects.get(pk=draft.pk).state == WaveState.DRAFT
    assert not Part.objects.exists()


def test_a_later_day_is_explained(draft, signed_in):
    make.pair(make.locality())
    make.pair(make.locality(country_code="ID"))
    client, why = signed_in(make.coordinator()), "A later day is one on which"
    for day in range(3):
        on = timezone.localdate() + timedelta(days=day)
        QuietDay.objects.create(on=on, country_code="ID", why="Holiday")

    two_days = text_of(client.get(address(draft)))
    QuietDay.objects.all().delete()
    one_day = text_of(client.get(address(draft)))

    assert (why in two_days, why in one_day) == (True, False)


@pytest.mark.parametrize(("posted", "written"), [({"tell": "on"}, 2), ({}, 0)])
def test_it_opens_with_mails_or_without(draft, signed_in, posted, written):
    make.pair(make.locality())
    client = signed_in(make.coordinator())

    done = client.post(address(draft), posted | {"confirmed": "1"})
    again = client.post(address(draft), posted | {"confirmed": "1"})
    remind_all(now=timezone.now().replace(hour=12) + timedelta(days=1))

    draft.refresh_from_db()
    assert (done.status_code, again.status_code) == (302, 200)
    assert "It has been opened already" in text_of(again)
    assert (draft.state, draft.parts.count()) == (WaveState.OPEN, 2)
    assert Notice.objects.filter(kind="wave_opened").count() == written


def test_behind_a_shut_gate_the_reason_is_asked_on_the_same_page(draft, signed_in):
    make.wave()
    client = signed_in(make.coordinator())

    without = client.post(address(draft), {"gate_override": " "})
    state = Wave.objects.get(pk=draft.pk).state
    client.post(address(draft), {"gate_override": "The meeting is near."})

    draft.refresh_from_db()
    assert "This field is required" in text_of(without)
    assert state == WaveState.DRAFT
    assert (draft.state, draft.gate_override) == (
        WaveState.OPEN,
        "The meeting is near.",
    )


def test_the_list_leads_to_the_page_one_at_a_time(draft, signed_in):
    client = signed_in(make.coordinator())
    other = make.wave(state=WaveState.DRAFT)

    one = run_action(client, "surveys_wave", "open_now", draft)
    two = run_action(client, "surveys_wave", "open_now", draft, other)

    assert one.redirect_chain[-1][0] == address(draft)
    assert "One wave opens at a time" in text_of(two)
    assert not Wave.objects.exclude(state=WaveState.DRAFT).exists()


def test_a_drafts_own_page_leads_there_and_a_hub_may_not(draft, signed_in):
    page = reverse("admin:surveys_wave_change", args=[draft.pk])
    client, hub = signed_in(make.coordinator()), signed_in(make.hub_coordinator())

    shown = text_of(client.get(page))
    of_hub = text_of(hub.get(page))
    done = hub.post(address(draft), {"tell": "on", "confirmed": "1"})
    Wave.objects.update(state=WaveState.OPEN)

    assert address(draft) in shown
    assert address(draft) not in of_hub
    assert done.status_code == 403
    assert address(draft) not in text_of(client.get(page))


def test_what_is_over_says_that_it_would_close_again(draft, signed_in):
    Wave.objects.update(closes_at=timezone.now() - timedelta(minutes=1))

    page = text_of(signed_in(make.coordinator()).get(address(draft)))

    assert "it would close again at once" in page
    assert "0 people get a mail" in page


def test_a_draft_whose_day_is_near_needs_the_networks_coordinators(draft):
    make.wave(
        state=WaveState.DRAFT,
        opens_at=timezone.now() + timedelta(days=8),
        closes_at=timezone.now() + timedelta(days=30),
    )
    sentence = "wave is a draft, though its opening day is near or past"

    def lines(person):
        return {line.sentence: line.count for line in cockpit_index(person).lines}

    assert lines(make.coordinator())[sentence] == 1
    assert sentence not in lines(make.hub_coordinator())
    Wave.objects.update(state=WaveState.OPEN)
    assert sentence not in lines(make.coordinator())


FORM = {
    "title": "First wave",
    "opens_at_0": "2026-05-01",
    "opens_at_1": "09:00",
    "closes_at_0": "2026-06-01",
    "closes_at_1": "09:00",
    "reminders_at_most": "3",
    "reminder_gap_days": "4",
}
ADD = reverse_lazy("admin:surveys_wave_add")


def test_the_first_waves_form_does_not_ask_why_it_opens_early(signed_in):
    client = signed_in(make.coordinator())

    first = text_of(client.get(ADD))
    opened = make.wave()
    second = text_of(client.get(ADD))
    of_open = text_of(
        client.get(reverse("admin:surveys_wave_change", args=[opened.pk]))
    )

    assert "gate_override" not in first
    assert "gate_override" in second
    assert "gate_override" not in of_open


def test_days_of_the_week_are_ticked(signed_in):
    client = signed_in(make.coordinator())
    posted = FORM | {"survey": make.survey().pk}

    client.post(ADD, posted | {"remind_on": ["0", "4"]})
    wave = Wave.objects.get()
    page = reverse("admin:surveys_wave_change", args=[wave.pk])
    shown = text_of(client.get(page))
    wrong = text_of(client.post(page, posted | {"remind_on": ["7"]}))
    client.post(page, posted)

    assert wave.remind_on == [0, 4]
    assert 'name="remind_on" value="4"' in shown
    assert shown.count(" checked") == 2
    assert "7 is not one of the available choices" in wrong
    wave.refresh_from_db()
    assert wave.reminder_weekdays == {1, 2, 3}


def test_many_localities_are_searched_for_and_few_are_ticked(signed_in, monkeypatch):
    make.locality("Makueni")
    make.locality("Kutaisi")
    client, address = signed_in(make.coordinator()), reverse("admin:surveys_wave_add")

    few = text_of(client.get(address))
    monkeypatch.setattr("loci.cockpit.said.TICKS_AT_MOST", 1)
    many = text_of(client.get(address))

    assert few.count('type="checkbox" name="localities"') == 2
    assert 'type="checkbox" name="localities"' not in many
    assert "admin-autocomplete" in many
    assert "Makueni" not in many


def test_needs_of_two_waves_are_told_apart_in_their_list(signed_in):
    wave = make.wave(title="Autumn")
    make.statement(make.locality("Makueni"), wave=wave)

    page = signed_in(make.coordinator()).get(
        reverse("admin:surveys_statement_changelist")
    )

    cell = text_of(page).partition('class="field-wave')[2].partition("</td>")[0]
    assert "Autumn" in cell

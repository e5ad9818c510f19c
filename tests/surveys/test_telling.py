"""The opening of a wave is told: to its people, once each, and to nobody else."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from localities.choices import Role, Side
from localities.models import Membership, Seat
from localities.services.accepting import accept_invitation
from localities.services.inviting import Guest, invite_colleague
from loci.accounts.models import AuditEntry, User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice, QuietDay
from loci.notices.services.delivery import render
from loci.notices.services.stopping import stop
from surveys.choices import PartState, StatementSide, WaveState
from surveys.models import Part, Reminder, Wave
from surveys.services.planning import plans, telling, why_not_now
from surveys.services.reminding import remind_all, remind_by_hand, remind_wave
from surveys.services.waves import LastWaveNotShared, open_and_tell, open_wave
from tests import make
from tests.make import NOW
from tests.surveys.test_reminding import finish, parts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY = NOW + DAY  # 5 May 2026, 9:00 UTC


@pytest.fixture
def place():
    return make.locality("Makueni")


@pytest.fixture
def people(place):
    return make.pair(place)


@pytest.fixture
def draft(people):
    return make.wave(
        survey=make.survey(joint=True), state=WaveState.DRAFT, opens_at=NOW
    )


def opened(wave, now=NOW):
    return open_and_tell(wave=wave, by=make.coordinator(), now=now)


def swept(wave, *moments):
    return [remind_wave(wave=wave, now=moment) for moment in moments]


def told():
    rows = Reminder.objects.filter(number=0).order_by("at", "person_id")
    return [row.person for row in rows]


def mails():
    return Notice.objects.filter(kind=NoticeKind.WAVE_OPENED)


def test_each_person_is_told_once_what_is_asked_until_when_and_how_long(draft, people):
    wave = opened(draft)

    counts = swept(wave, NOW, TUESDAY, TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY)

    assert counts == [0, 2, 0, 0, 0]  # Monday is no day for mails
    assert told() == list(people)
    subject, body = render(mails().get(recipient=people[0]))
    assert subject == "Makueni: May wave is open until Monday 25 May"
    assert "about 7 minutes" in body
    assert "- Government part" in body
    assert "- Civil society part" not in body
    assert f"/surveys/{parts(wave)['government'].reference}/" in body
    assert "No more mails of this kind" in body
    assert AuditEntry.objects.filter(verb="announced").count() == 1


def test_each_reads_it_in_their_own_language_at_nine_where_they_are(draft, people):
    User.objects.filter(pk=people[0].pk).update(
        language="es", time_zone="America/Bogota"
    )
    wave = opened(draft)

    before, there = swept(wave, TUESDAY, TUESDAY + timedelta(hours=5))

    assert (before, there) == (1, 1)  # nine in Bogotá is fourteen in Greenwich
    assert told() == [people[1], people[0]]
    assert "25 mayo" in render(mails().get(recipient=people[0]))[0]


def test_an_opening_day_to_come_is_waited_for(draft, people):
    Wave.objects.update(opens_at=NOW + 8 * DAY)
    draft.refresh_from_db()
    opened(draft)

    early = remind_all(now=TUESDAY)
    on_the_day = remind_all(now=NOW + 8 * DAY)

    assert (early, on_the_day) == (0, 2)


def test_nobody_is_told_where_the_coordinator_writes_themselves(draft, people):
    open_wave(wave=draft, by=make.coordinator())

    assert remind_all(now=TUESDAY) == 0
    assert remind_all(now=NOW + 15 * DAY) == 2  # the first reminder is the first mail
    assert told() == []


def test_who_has_sent_has_stopped_or_has_a_quiet_day_is_not_written_to(draft, people):
    government, civil_society = people
    wave = opened(draft)
    Part.objects.exclude(side="civil_society").update(state=PartState.SENT, sent_at=NOW)
    QuietDay.objects.create(on=date(2026, 5, 5), country_code="KE", why="Holiday")

    quiet, next_day = swept(wave, TUESDAY, TUESDAY + DAY)

    assert (quiet, next_day) == (0, 1)
    assert told() == [civil_society]
    Reminder.objects.all().delete()
    stop(person=civil_society, kind=NoticeKind.WAVE_OPENED)
    assert swept(wave, TUESDAY + 2 * DAY) == [0]
    assert government not in told()


def test_what_waits_goes_when_everything_is_sent(draft, people):
    wave = opened(draft)
    swept(wave, TUESDAY)
    own = parts(wave)
    finish(own["joint"], people[0], TUESDAY)
    finish(own["government"], people[0], TUESDAY)

    assert [row.recipient for row in mails()] == [people[1]]


def test_the_budget_of_the_platform_holds(draft, people):
    wave = opened(draft)
    for key in ("x", "y", "z"):
        Notice.objects.create(
            key=key, kind="check_in", recipient=people[0], not_before=NOW - DAY
        )

    assert swept(wave, TUESDAY) == [1]
    assert told() == [people[1]]


def test_the_first_reminder_keeps_its_distance(draft, people):
    Wave.objects.update(opens_at=NOW + 6 * DAY, remind_on=list(range(7)))
    draft.refresh_from_db()
    wave = opened(draft)  # from Sunday 10th; the first mark is Monday 11th

    days = {number: swept(wave, NOW + number * DAY)[0] for number in range(6, 14)}

    assert [number for number, count in days.items() if count] == [6, 10]
    assert list(Reminder.objects.order_by("at").values_list("number", flat=True)) == [
        *(0, 0, 1, 1)
    ]


def test_who_comes_by_an_invitation_later_is_not_told_but_reminded(draft, people):
    wave = opened(draft)
    seat = Seat.objects.get(side=Side.GOVERNMENT)
    invited = invite_colleague(
        seat=seat, guest=Guest("ana@example.org"), by=people[0], now=NOW
    )
    accept_invitation(
        invitation=invited.invitation,
        by=invited.invitation.person,
        now=TUESDAY - DAY / 9,
    )
    ana = User.objects.get(email="ana@example.org")

    swept(wave, TUESDAY, NOW + 15 * DAY)

    assert told() == list(people)
    assert Reminder.objects.filter(person=ana, number=1).exists()


def test_who_is_given_a_place_without_a_mail_is_told(draft, people):
    wave = opened(draft)
    swept(wave, TUESDAY)
    imported = make.person()
    make.place(imported, Seat.objects.get(side=Side.GOVERNMENT).organisation)

    swept(wave, TUESDAY + DAY)

    assert told() == [*people, imported]


def test_who_speaks_for_two_pairs_is_told_once(draft, people):
    other = make.locality("Kisumu")
    organisation = Membership.objects.get(person=people[0]).organisation
    make.pair(other)
    Seat.objects.filter(locality=other, side=Side.GOVERNMENT).update(
        organisation=organisation
    )
    wave = opened(draft)

    swept(wave, TUESDAY, TUESDAY + DAY, TUESDAY + 2 * DAY)

    assert told().count(people[0]) == 1
    first = Reminder.objects.get(person=people[0], number=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(
            wave=wave, locality=other, person=people[0], number=0, sides=[], at=first.at
        )


def test_a_hand_written_reminder_comes_days_later_or_instead(draft, place, people):
    by = make.coordinator()
    wave = opened(draft)
    swept(wave, TUESDAY)
    soon = TUESDAY + DAY

    none = remind_by_hand(wave=wave, localities=[place.pk], by=by, now=soon)

    assert none == 0
    assert {
        why_not_now(wave, plan.candidate, soon)
        for plan in plans(wave, [place.pk], soon)
    } == {"was told of the opening lately"}
    Reminder.objects.all().delete()
    Notice.objects.all().delete()
    assert remind_by_hand(wave=wave, localities=[place.pk], by=by, now=soon) == 2
    assert swept(wave, soon + DAY) == [0]
    assert told() == []


def test_what_is_shown_before_the_opening_comes_true(draft, people):
    stop(person=people[1], kind=NoticeKind.WAVE_OPENED)
    empty = make.locality("Nobody Here")
    User.objects.filter(pk=people[0].pk).update(time_zone="Pacific/Kiritimati")
    make.place(make.person(), make.seat(empty, Side.GOVERNMENT).organisation)

    shown = telling(draft, NOW)
    wave = opened(draft)

    assert shown.days == ((date(2026, 5, 5), 2),)
    assert (shown.people, shown.left_out) == (2, 1)
    assert [(part.locality, part.side) for part in shown.nobody] == [
        (empty, StatementSide.CIVIL_SOCIETY)
    ]
    assert swept(wave, TUESDAY - DAY / 2, TUESDAY) == [1, 1]
    assert not Part.objects.exclude(wave=wave).exists()


def test_looking_writes_nothing(draft, people):
    telling(draft, NOW)

    draft.refresh_from_db()
    assert (draft.told_from, draft.state) == (None, WaveState.DRAFT)
    assert not Part.objects.exists()


def test_a_shut_gate_tells_nobody(draft, people):
    make.wave()

    with pytest.raises(LastWaveNotShared):
        opened(draft)

    assert Wave.objects.get(pk=draft.pk).told_from is None
    assert swept(draft, TUESDAY) == [0]


def test_readers_and_experts_of_an_organisation_are_not_told(draft, people):
    seat = Seat.objects.get(side=Side.GOVERNMENT)
    make.place(make.person(), seat.organisation, Role.EXPERT)
    wave = opened(draft)

    swept(wave, TUESDAY)

    assert told() == list(people)


def test_the_reminder_says_where_it_goes_on_only_to_who_has_begun(draft, people):
    wave = opened(draft)
    Part.objects.filter(side="government").update(first_opened_at=NOW)
    Part.objects.filter(side="joint").delete()
    swept(wave, TUESDAY, NOW + 15 * DAY)

    begun, not_begun = (
        render(Notice.objects.get(kind="reminder", recipient=person))[1]
        for person in people
    )

    assert "where you stopped" in begun
    assert "where you stopped" not in not_begun
    assert "Nothing is written yet" in not_begun

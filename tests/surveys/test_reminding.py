"""Reminders: to whom, how often, and never for nothing."""

from datetime import date, timedelta

import pytest
import time_machine

from localities.choices import Side
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice, QuietDay
from loci.notices.services.delivery import deliver_due, render
from loci.notices.services.stopping import stop
from surveys.choices import StatementSide
from surveys.models import Part, Reminder, Wave
from surveys.services.answering import save_answer
from surveys.services.planning import plans, why_not_now
from surveys.services.reminding import (
    NotThatLong,
    remind_all,
    remind_by_hand,
    remind_wave,
    snooze,
)
from surveys.services.sending import send_part
from surveys.services.waves import extend
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
TUESDAY = NOW + timedelta(days=15)  # 19 May 2026, 9:00 UTC; the close is Monday 25th
HOUR = timedelta(hours=1)


@pytest.fixture
def pair():
    place = make.locality("Makueni")
    government, civil_society = make.pair(place)
    wave = make.wave(survey=make.survey(joint=True))
    make.part(wave, place, StatementSide.GOVERNMENT)
    return wave, place, government, civil_society


def parts(wave):
    return {part.side: part for part in Part.objects.filter(wave=wave)}


def finish(part, by, now=NOW):
    code = "joint" if part.is_joint else "needs"
    block = {"value": "Together"} if part.is_joint else make.need_block()
    save_answer(
        part=part,
        question=make.question(part.wave, code),
        blocks=[block],
        version=0,
        by=by,
        now=now,
    )
    return send_part(part=part, by=by, now=now)


def told():
    rows = Reminder.objects.order_by("at", "person_id")
    return [(row.person, row.number, row.sides) for row in rows]


def test_each_person_gets_one_mail_about_all_that_is_theirs_to_send(pair):
    wave, _place, government, civil_society = pair

    written = remind_all(now=TUESDAY)

    assert written == 2
    assert told() == [
        (government, 1, ["government", "joint"]),
        (civil_society, 1, ["civil_society", "joint"]),
    ]
    subject, body = render(Notice.objects.get(recipient=government))
    assert subject == "Makueni: 2 parts left, closes Monday 25 May"
    assert "Both sides part" in body
    assert f"/surveys/{parts(wave)['government'].reference}/later/" in body


def test_who_has_sent_gets_none_unless_the_joint_part_is_missing(pair):
    wave, _place, government, civil_society = pair
    own = parts(wave)
    finish(own["government"], government)
    remind_all(now=TUESDAY)
    first = told()
    finish(own["joint"], civil_society, TUESDAY + HOUR)
    Wave.objects.update(reminders_swept_at=None)

    remind_all(now=TUESDAY + timedelta(days=7) - HOUR)

    assert first == [
        (government, 1, ["joint"]),
        (civil_society, 1, ["civil_society", "joint"]),
    ]
    assert [row for row in told() if row[1] == 2] == []  # the close has passed
    Wave.objects.update(reminders_swept_at=None, closes_at=NOW + timedelta(days=40))
    remind_all(now=NOW + timedelta(days=29))
    assert [row for row in told() if row[1] == 2] == [
        (civil_society, 2, ["civil_society"])
    ]


def test_what_waits_in_the_outbox_goes_when_the_part_is_sent(pair):
    wave, _place, government, civil_society = pair
    own = parts(wave)
    remind_all(now=TUESDAY)
    finish(own["joint"], government, TUESDAY)
    finish(own["government"], government, TUESDAY)

    left = Notice.objects.filter(kind="reminder").values_list("recipient", flat=True)

    assert list(left) == [civil_society.pk]


def test_a_second_sweep_and_a_second_beat_write_nothing_more(pair):
    wave, *_rest = pair

    counts = [remind_wave(wave=wave, now=TUESDAY) for _beat in range(3)]

    assert counts == [2, 0, 0]
    assert Notice.objects.filter(kind="reminder").count() == 2


def test_clocks_five_minutes_apart_remind_nobody_twice_and_nobody_never(pair):
    wave, *_rest = pair
    skew = timedelta(minutes=5)

    counts = []
    for now in (TUESDAY + skew, TUESDAY - skew, TUESDAY, TUESDAY + skew):
        Wave.objects.update(reminders_swept_at=None)
        counts.append(remind_wave(wave=wave, now=now))

    assert counts == [2, 0, 0, 0]
    assert Reminder.objects.values("person").distinct().count() == 2


def test_none_is_written_before_the_day_on_a_quiet_day_or_after_a_stop(pair):
    wave, _place, government, _civil_society = pair
    QuietDay.objects.create(on=date(2026, 5, 19), country_code="KE", why="Holiday")
    QuietDay.objects.create(on=date(2026, 5, 20), country_code="GE", why="Elsewhere")
    stop(person=government, kind=NoticeKind.REMINDER)

    early = remind_wave(wave=wave, now=TUESDAY - 2 * HOUR)
    quiet = remind_wave(wave=wave, now=TUESDAY)
    next_day = remind_wave(wave=wave, now=TUESDAY + timedelta(days=1))

    assert (early, quiet, next_day) == (0, 0, 1)


def test_the_budget_counts_what_others_parts_of_the_platform_write(pair):
    wave, _place, government, _civil_society = pair
    Notice.objects.create(
        key="x", kind="check_in", recipient=government, not_before=TUESDAY
    )
    Notice.objects.create(
        key="y", kind="part_sent", recipient=government, not_before=TUESDAY
    )

    assert remind_wave(wave=wave, now=TUESDAY) == 1
    assert told()[0][0] != government


def test_by_hand_no_day_is_waited_for_and_every_limit_holds(pair):
    wave, place, government, _civil_society = pair
    by = make.coordinator()

    first = remind_by_hand(wave=wave, localities=[place.pk], by=by, now=NOW)
    again = remind_by_hand(wave=wave, localities=[place.pk], by=by, now=NOW + HOUR)

    assert (first, again) == (2, 0)
    reasons = {
        plan.candidate.person: why_not_now(wave, plan.candidate, NOW + HOUR)
        for plan in plans(wave, [place.pk], NOW + HOUR)
    }
    assert reasons[government] == "was reminded a few days ago"


def test_who_had_enough_mails_is_told_with_the_day_from_which_on_again(pair):
    wave, place, government, civil_society = pair
    for days in (1, 2, 3):
        Notice.objects.create(
            key=f"x{days}",
            kind="check_in",
            recipient=government,
            not_before=NOW - timedelta(days=days),
        )
    Notice.objects.create(
        key="today", kind="check_in", recipient=civil_society, not_before=NOW
    )

    reasons = {
        plan.candidate.person: why_not_now(wave, plan.candidate, NOW)
        for plan in plans(wave, [place.pk], NOW)
    }

    enough = "has had enough mails from us: again from"
    assert reasons == {
        government: f"{enough} Friday 8 May",  # the oldest of three was on the 1st
        civil_society: f"{enough} Tuesday 5 May",
    }


def test_a_snooze_moves_the_next_one_and_ends_before_the_close(pair):
    wave, place, government, _civil_society = pair
    part = parts(wave)["government"]
    until = TUESDAY + timedelta(days=1)
    snooze(part=part, person=government, until=until, now=NOW)

    planned = {
        plan.candidate.person: plan.next_at for plan in plans(wave, [place.pk], NOW)
    }

    assert planned[government] == until
    with pytest.raises(NotThatLong):
        snooze(part=part, person=government, until=wave.closes_at + HOUR, now=NOW)


def test_a_pair_with_more_time_is_reminded_by_its_own_close(pair):
    wave, place, _government, _civil_society = pair
    extend(
        wave=wave,
        locality=place,
        until=wave.closes_at + timedelta(days=10),
        why="Elections",
        by=make.coordinator(),
        now=NOW,
    )

    planned = {plan.next_at for plan in plans(wave, [place.pk], NOW)}

    assert planned == {NOW + timedelta(days=17)}  # 14 days before 4 June


@time_machine.travel(TUESDAY)
def test_a_dead_mail_server_makes_one_mail_later(pair, settings, mailoutbox):
    wave, *_rest = pair
    settings.EMAIL_BACKEND = "tests.notices.test_delivery.Failing"
    remind_wave(wave=wave, now=TUESDAY)
    for hours in (0, 1, 2):
        deliver_due(now=TUESDAY + hours * HOUR)
        remind_wave(wave=wave, now=TUESDAY + hours * HOUR)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    deliver_due(now=TUESDAY + 5 * HOUR)
    deliver_due(now=TUESDAY + 6 * HOUR)

    assert len(mailoutbox) == 2
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 2


def test_a_late_page_puts_off_and_only_for_who_writes_the_part(pair, signed_in):
    now_wave = make.wave(
        survey=pair[0].survey,
        opens_at=NOW.now(NOW.tzinfo) - timedelta(days=1),
        closes_at=NOW.now(NOW.tzinfo) + timedelta(days=20),
    )
    part = make.part(now_wave, pair[1], StatementSide(Side.GOVERNMENT))
    address = f"/surveys/{part.reference}/later/"

    done = signed_in(pair[2]).post(address, {"days": "7"})
    other = signed_in(pair[3]).post(address, {"days": "7"})

    assert (done.status_code, other.status_code) == (302, 403)
    assert list(now_wave.snoozes.values_list("person", flat=True)) == [pair[2].pk]

"""The planner of reminders: golden days, and what holds for any zone and any calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from loci.notices.engine.planner import (
    Addressee,
    Budget,
    Schedule,
    day_with_room,
    next_opening,
    next_reminder,
)

DAY = timedelta(days=1)
OPENS = datetime(2026, 5, 1, 8, tzinfo=UTC)
CLOSES = datetime(2026, 5, 29, 12, tzinfo=UTC)  # a Friday
MIDWEEK = frozenset({1, 2, 3})
ANY_DAY = frozenset(range(7))
BUDGET = Budget(3, 7)
EVERY = tuple(range(401))
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
OF_EVERY_KIND = (
    "UTC",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Europe/Dublin",
)
SCHEDULE = Schedule(OPENS, CLOSES, (14, 7, 2), 3, 4, MIDWEEK)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_three_reminders_come_on_the_first_good_day_after_each_mark():
    told: list[datetime] = []
    now = OPENS
    while (moment := plan(told, now)) is not None:
        told.append(moment)
        now = moment

    assert told == [
        at(2026, 5, 19, 9),  # the mark is Friday 15th; the first Tuesday after it
        at(2026, 5, 26, 9),  # Friday 22nd: Tuesday 26th
    ]  # 27th is too near to the 26th: four days


def plan(told=(), now=OPENS, **facts):
    person = Addressee("UTC", reminded_at=tuple(told), **facts)
    return next_reminder(SCHEDULE, person, BUDGET, now=now)


def test_what_was_missed_while_all_stood_still_collapses_into_one():
    now = at(2026, 5, 27, 10, 30)

    first = plan((), now)

    assert first == now
    assert plan((first,), now) is None


def test_in_the_evening_it_waits_for_the_next_morning():
    assert plan((), at(2026, 5, 19, 20)) == at(2026, 5, 20, 9)


def test_a_snooze_is_kept_and_then_counts_as_a_mark():
    told = (at(2026, 5, 19, 9),)
    asked = at(2026, 5, 25, 18)

    assert plan(told, at(2026, 5, 20, 9), snoozed_until=asked) == at(2026, 5, 26, 9)


def test_quiet_days_stops_the_most_and_the_budget_hold():
    quiet = frozenset({date(2026, 5, 19), date(2026, 5, 20)})
    others = (at(2026, 5, 18, 9), at(2026, 5, 19, 9), at(2026, 5, 20, 9))

    assert plan((), OPENS, quiet=quiet) == at(2026, 5, 21, 9)
    assert plan((), OPENS, has_stopped=True) is None
    assert plan((OPENS,) * 3, OPENS) is None
    assert plan((), OPENS, messages_at=others) == at(2026, 5, 26, 9)


@pytest.mark.parametrize(
    ("zone", "day", "in_utc"),
    [
        ("Asia/Kathmandu", (2026, 5, 19), (2026, 5, 19, 3, 15)),
        ("Pacific/Chatham", (2026, 5, 19), (2026, 5, 19, 20, 15)),
        ("Europe/London", (2026, 3, 24), (2026, 3, 24, 9, 0)),
        ("Europe/London", (2026, 3, 31), (2026, 3, 31, 8, 0)),  # summer time since 29th
        ("America/Sao_Paulo", (2026, 1, 20), (2026, 1, 20, 12, 0)),  # no summer time
        ("Asia/Tbilisi", (2026, 5, 19), (2026, 5, 19, 5, 0)),
        ("Asia/Tbilisi", (2028, 2, 29), (2028, 2, 29, 5, 0)),  # a leap day
        ("Asia/Amman", (2022, 3, 1), (2022, 3, 1, 6, 0)),  # summer time for good
        ("Asia/Amman", (2022, 1, 18), (2022, 1, 18, 7, 0)),
        ("Africa/Casablanca", (2026, 2, 10), (2026, 2, 10, 8, 0)),
        ("Africa/Casablanca", (2026, 2, 24), (2026, 2, 24, 9, 0)),  # Ramadan
        ("Pacific/Auckland", (2026, 12, 31), (2026, 12, 31, 20, 0)),  # New Year
        ("No/Such_Zone", (2026, 5, 19), (2026, 5, 19, 9, 0)),
    ],
)
def test_nine_in_the_morning_where_the_person_is(zone, day, in_utc):
    closes = datetime(*day, 12, tzinfo=UTC) + 20 * DAY
    schedule = Schedule(closes - 60 * DAY, closes, (20,), 1, 1, ANY_DAY)
    now = datetime(*day, tzinfo=UTC) - 2 * DAY

    moment = next_reminder(schedule, Addressee(zone), BUDGET, now=now)

    assert moment == datetime(*in_utc, tzinfo=UTC)


days = st.integers(0, 40)
moments = st.builds(
    lambda day, minute: OPENS + day * DAY + timedelta(minutes=minute),
    st.integers(-5, 45),
    st.integers(0, 24 * 60 - 1),
)
schedules = st.builds(
    lambda start, length, marks, most, gap, weekdays: Schedule(
        start, start + length * DAY, tuple(marks), most, gap, frozenset(weekdays)
    ),
    st.integers(0, 16 * 365 * 24).map(
        lambda hours: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    ),
    st.integers(1, 40),
    st.lists(days, max_size=4),
    st.integers(0, 5),
    st.integers(0, 9),
    st.sets(st.integers(0, 6)),
)


@st.composite
def people(draw, schedule):
    near = st.integers(-3, 45).map(
        lambda day: schedule.opens_at + day * DAY + timedelta(hours=7)
    )
    return Addressee(
        draw(st.sampled_from(ZONES)),
        messages_at=tuple(draw(st.lists(near, max_size=6))),
        quiet=frozenset(moment.date() for moment in draw(st.lists(near, max_size=12))),
        snoozed_until=draw(st.none() | near),
    )


def told_by_sweeps(schedule, person, budget, data) -> list[datetime]:
    """Sweep every few hours from the opening to after the close, as beat does."""
    told: list[datetime] = []
    now = schedule.opens_at
    while now < schedule.closes_at + DAY:
        someone = replace(
            person,
            reminded_at=tuple(told),
            messages_at=person.messages_at + tuple(told),
        )
        moment = next_reminder(schedule, someone, budget, now=now)
        assert moment is None or moment >= now
        if moment is not None and moment <= now:
            told.append(now)
        now += timedelta(hours=data.draw(st.sampled_from([1, 5, 11, 30])))
    return told


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_every_limit_holds_for_any_zone_calendar_and_clock(data):
    schedule = data.draw(schedules)
    person = data.draw(people(schedule))
    budget = Budget(data.draw(st.integers(0, 4)), 7)
    zone = ZoneInfo(person.zone)
    told = told_by_sweeps(schedule, person, budget, data)

    local = [moment.astimezone(zone) for moment in told]
    dates = [moment.date() for moment in local]
    assert len(told) <= schedule.at_most
    assert len(set(dates)) == len(dates)
    assert all(time(9) <= moment.time() < time(17) for moment in local)
    assert all(moment < schedule.closes_at for moment in told)
    assert all(day.weekday() in schedule.weekdays for day in dates)
    assert not set(dates) & person.quiet
    assert all(b - a >= max(schedule.gap_days, 1) * DAY for a, b in pairwise(dates))
    every = [moment.astimezone(zone).date() for moment in (*person.messages_at, *told)]
    for day in dates:
        assert sum(day - 7 * DAY < other <= day for other in every) <= budget.messages
    if person.snoozed_until:
        until = person.snoozed_until.astimezone(zone).date()
        assert all(day >= until for day in dates)


def told_of(schedule, person, now=OPENS):
    return next_opening(schedule, person, BUDGET, now=now)


TELLING = replace(SCHEDULE, told_from=OPENS)  # the opening is Friday 1st


def test_the_opening_is_told_on_the_first_good_day_from_it_on():
    quiet = frozenset({date(2026, 5, 5)})
    others = (at(2026, 5, 5, 9),)

    assert told_of(TELLING, Addressee("UTC")) == at(2026, 5, 5, 9)
    assert told_of(TELLING, Addressee("UTC", quiet=quiet)) == at(2026, 5, 6, 9)
    assert told_of(TELLING, Addressee("UTC", messages_at=others)) == at(2026, 5, 6, 9)
    on_a_tuesday = replace(TELLING, told_from=at(2026, 5, 5, 11))
    assert told_of(on_a_tuesday, Addressee("UTC")) == at(2026, 5, 5, 11)  # at once
    assert told_of(on_a_tuesday, Addressee("Asia/Tokyo")) == at(2026, 5, 6)  # evening


def test_the_opening_is_told_to_nobody_who_knows_has_stopped_or_would_be_late():
    now = at(2026, 5, 5, 9)

    assert told_of(SCHEDULE, Addressee("UTC")) is None
    assert told_of(TELLING, Addressee("UTC", told_at=now)) is None
    assert told_of(TELLING, Addressee("UTC", reminded_at=(now,))) is None
    assert told_of(TELLING, Addressee("UTC", snoozed_until=now + DAY)) is None
    assert told_of(TELLING, Addressee("UTC", not_to_tell=True)) is None
    assert told_of(TELLING, Addressee("UTC"), CLOSES - timedelta(minutes=1)) is None


def test_the_first_reminder_keeps_its_distance_from_the_opening_mail():
    late = at(2026, 5, 14, 9)  # a day before the first mark

    assert plan((), late + DAY, told_at=late) == at(2026, 5, 19, 9)
    assert plan((), late, told_at=at(2026, 5, 19, 9)) == at(2026, 5, 26, 9)
    assert plan((), OPENS, told_at=at(2026, 5, 5, 9)) == at(2026, 5, 19, 9)
    assert plan((), OPENS, told_at=OPENS, has_stopped=True) is None


def test_the_day_on_which_there_is_room_again():
    now = at(2026, 5, 20, 10)
    sent = (at(2026, 5, 15, 9), at(2026, 5, 18, 9), at(2026, 5, 20, 9))

    def again(*messages):
        return day_with_room(Addressee("UTC", messages_at=messages), BUDGET, now=now)

    assert again() == date(2026, 5, 20)
    assert again(sent[2]) == date(2026, 5, 21)
    assert again(*sent) == date(2026, 5, 22)


def opening_and_reminders(schedule, person, data):
    """When each was written, by sweeps every few hours; while it is owed, it is first."""
    openings: list[datetime] = []
    told: list[datetime] = []
    now = schedule.told_from
    while now < schedule.closes_at + DAY:
        someone = replace(
            person,
            reminded_at=tuple(told),
            messages_at=(*person.messages_at, *openings, *told),
            told_at=openings[0] if openings else None,
        )
        opening = next_opening(schedule, someone, BUDGET, now=now)
        reminder = next_reminder(schedule, someone, BUDGET, now=now)
        assert opening is None or reminder is None or opening <= reminder
        if opening is not None and opening <= now:
            openings.append(now)
        elif reminder is not None and reminder <= now:
            told.append(now)
        now += timedelta(hours=data.draw(st.sampled_from([1, 5, 11, 30])))
    return openings, told


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_the_opening_comes_first_once_and_apart_from_the_reminders(data):
    schedule = data.draw(schedules)
    late = timedelta(hours=data.draw(st.integers(0, 20 * 24)))
    schedule = replace(schedule, told_from=schedule.opens_at + late)
    person = replace(data.draw(people(schedule)), not_to_tell=data.draw(st.booleans()))
    zone = ZoneInfo(person.zone)

    openings, told = opening_and_reminders(schedule, person, data)

    local = [moment.astimezone(zone) for moment in (*openings, *told)]
    dates = [moment.date() for moment in local]
    assert len(openings) <= (not person.not_to_tell)
    assert len(told) <= schedule.at_most
    assert dates == sorted(set(dates))
    assert all(b - a >= max(schedule.gap_days, 1) * DAY for a, b in pairwise(dates))
    assert all(time(9) <= moment.time() < time(17) for moment in local)
    assert all(moment < schedule.closes_at for moment in (*openings, *told))
    assert all(day.weekday() in schedule.weekdays for day in dates)
    assert not set(dates) & person.quiet
    every = [moment.astimezone(zone).date() for moment in person.messages_at] + dates
    for day in dates:
        assert sum(day - 7 * DAY < other <= day for other in every) <= BUDGET.messages


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_opening_is_told_on_the_first_day_that_can_be(data):
    """An oracle that looks at every hour: never later than it could be, never before."""
    schedule = data.draw(schedules)
    schedule = replace(schedule, told_from=schedule.opens_at)
    person = replace(data.draw(people(schedule)), snoozed_until=None)
    zone = ZoneInfo(person.zone)
    others = [moment.astimezone(zone).date() for moment in person.messages_at]

    def can_be(moment: datetime) -> bool:
        here = moment.astimezone(zone)
        day = here.date()
        recent = [sent for sent in others if day - 7 * DAY < sent <= day]
        return (
            time(9) <= here.time() < time(17)
            and day.weekday() in schedule.weekdays
            and day not in person.quiet
            and day not in recent
            and len(recent) < BUDGET.messages
        )

    quarter = timedelta(minutes=15)  # every zone has whole quarters since 2019
    moments = []
    moment = schedule.opens_at
    while moment < schedule.closes_at:
        moments.append(moment)
        moment += quarter

    found = next_opening(schedule, person, BUDGET, now=schedule.opens_at)

    assert found == next((each for each in moments if can_be(each)), None)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_plan_comes_true_when_its_moment_comes(data):
    """Asking earlier and asking then give the same moment: a sweep misses nothing."""
    schedule = data.draw(schedules)
    person = data.draw(people(schedule))
    now = schedule.opens_at + timedelta(hours=data.draw(st.integers(0, 900)))

    moment = next_reminder(schedule, person, BUDGET, now=now)

    if moment is not None:
        assert next_reminder(schedule, person, BUDGET, now=moment) == moment


def test_nine_comes_once_a_day_in_every_zone_from_2019_to_2035():
    """Neither twice nor never; the planner says so around each change of clocks."""
    days = [date(2019, 1, 1) + number * DAY for number in range(17 * 365 + 4)]
    alike: dict[tuple[timedelta | None, ...], str] = {}
    for name in ZONES:
        nines = [datetime.combine(day, time(9), ZoneInfo(name)) for day in days]
        offsets = tuple(nine.utcoffset() for nine in nines)
        assert offsets == tuple(nine.replace(fold=1).utcoffset() for nine in nines)
        alike[offsets] = name
    changes = [
        (name, day)
        for offsets, name in alike.items()
        for day, before, after in zip(days[1:], offsets, offsets[1:], strict=False)
        if before != after
    ]
    assert len(changes) > 1000
    for name, day in changes:
        near = [day + number * DAY for number in range(-2, 3)]
        nines = [datetime.combine(each, time(9), ZoneInfo(name)) for each in near]
        assert planned(name, near) == [nine.astimezone(UTC) for nine in nines]


def planned(name: str, days: list[date]) -> list[datetime | None]:
    """The next reminder after each, for somebody to be reminded on every day."""
    opens = datetime.combine(days[0] - DAY, time(12), ZoneInfo(name)).astimezone(UTC)
    schedule = Schedule(opens, opens + 30 * DAY, tuple(range(31)), 99, 1, ANY_DAY)
    told: list[datetime | None] = [opens]
    for _day in days:
        sent = tuple(moment for moment in told[1:] if moment)
        person = Addressee(name, reminded_at=sent[-1:])
        told.append(
            next_reminder(schedule, person, Budget(9, 1), now=told[-1] or opens)
        )
    return told[1:]


def test_once_a_day_at_nine_through_a_year_of_zones_of_every_kind():
    """Nine o'clock of each local day is one moment, days apart, through each change."""
    start = datetime(2025, 12, 28, tzinfo=UTC)
    for name in OF_EVERY_KIND:
        schedule = Schedule(start, start + 400 * DAY, EVERY, 500, 1, ANY_DAY)
        person = Addressee(name)
        told: list[datetime] = []
        now = start
        for _day in range(380):
            moment = next_reminder(
                schedule,
                Addressee(person.zone, tuple(told[-1:])),
                Budget(9, 1),
                now=now,
            )
            assert moment is not None
            told.append(moment)
            now = moment
        local = [moment.astimezone(ZoneInfo(name)) for moment in told]
        assert {moment.time() for moment in local[1:]} == {time(9)}
        steps = {b.date() - a.date() for a, b in pairwise(local)}
        assert steps == {DAY}

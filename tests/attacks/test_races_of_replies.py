"""Real threads against real Postgres: one outcome, one mail each, nobody sees an error."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections

from loci.core.errors import Refused
from loci.notices.models import Notice
from matchmaking.choices import ReplyAnswer, SuggestionState
from matchmaking.models import Suggestion
from matchmaking.services.replying import Answered, expire_suggestions, reply_to
from matchmaking.services.reviewing import approve_suggestion, take_back
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)
YES = Answered(ReplyAnswer.YES)
NO = Answered(ReplyAnswer.NOT_FOR_US, reason="no_time")


def at_once(*calls: Callable[[], object]) -> list[BaseException]:
    """Run all in threads of their own; returns what was raised beside refusals."""
    barrier = threading.Barrier(len(calls))
    problems: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            call()
        except Refused:
            pass
        except BaseException as problem:  # noqa: BLE001  # shown by the test
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return problems


@pytest.fixture
def two():
    seeker, helper = make.locality("Seeker"), make.locality("Helper")
    people = (*make.pair(seeker), *make.pair(helper))
    return make.approved(seeker, helper, make.wave()), people


def reply(suggestion, person, said=YES, now=NOW):
    return lambda: reply_to(suggestion=suggestion, said=said, by=person, now=now)


@pytest.mark.parametrize("_turn", range(3))
def test_twenty_presses_of_four_people_introduce_once(two, _turn):
    suggestion, people = two

    problems = at_once(*(reply(suggestion, people[n % 4]) for n in range(20)))

    assert problems == []
    assert Suggestion.objects.get().state == SuggestionState.INTRODUCED
    assert Notice.objects.filter(kind="introduction").count() == 4


@pytest.mark.parametrize("_turn", range(5))
def test_yes_against_no_leaves_one_end(two, _turn):
    suggestion, people = two
    for person in people[:3]:
        reply(suggestion, person)()

    problems = at_once(reply(suggestion, people[3]), reply(suggestion, people[0], NO))

    state = Suggestion.objects.get().state
    assert problems == []
    assert state in {SuggestionState.INTRODUCED, SuggestionState.DECLINED}
    introduced = state == SuggestionState.INTRODUCED
    assert Notice.objects.filter(kind="introduction").count() == 4 * introduced


@pytest.mark.parametrize("_turn", range(5))
def test_expiry_against_yes_leaves_one_end(two, _turn):
    suggestion, people = two
    for person in people[:3]:
        reply(suggestion, person)()
    in_time, late = NOW + timedelta(days=20), NOW + timedelta(days=21)

    problems = at_once(
        reply(suggestion, people[3], now=in_time),
        lambda: expire_suggestions(now=late),
    )

    assert problems == []
    assert Suggestion.objects.get().state in {
        SuggestionState.INTRODUCED,
        SuggestionState.EXPIRED,
    }


@pytest.mark.parametrize("_turn", range(3))
def test_two_approvals_do_not_take_one_place_twice(_turn):
    wave, helper = make.wave(), make.locality("Helper")
    rows = [make.suggestion(make.locality(), helper, wave) for _each in range(6)]
    for row in rows:
        row.offer.hours_a_month = 4  # two introductions
        row.offer.save()
    coordinator = make.coordinator()

    def approve(row):
        return lambda: approve_suggestion(suggestion=row, by=coordinator, now=NOW)

    problems = at_once(*(approve(row) for row in rows))

    assert problems == []
    assert Suggestion.objects.filter(state=SuggestionState.APPROVED).count() == 2


def test_taking_back_against_an_answer_never_loses_the_answer(two):
    suggestion, people = two
    coordinator = make.coordinator()

    problems = at_once(
        reply(suggestion, people[0]),
        lambda: take_back(suggestion=suggestion, by=coordinator),
    )

    found = Suggestion.objects.get()
    assert problems == []
    assert (found.state == SuggestionState.APPROVED) == found.replies.exists()


def test_the_threads_had_connections_of_their_own(two):
    seen: list[int] = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            seen.append(cursor.fetchone()[0])

    assert at_once(look, look, look) == []
    assert len(set(seen)) == 3

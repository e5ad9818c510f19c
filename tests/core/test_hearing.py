"""Clocks of our own: how long a silent server is left alone, when a worker is deaf."""

from loci.core.hearing import Hearing
from loci.core.rest import Rest


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_server_that_did_not_answer_is_left_alone_for_a_while_and_no_other():
    clock = Clock()
    rest = Rest(10.0, clock)
    rest.begin("one")

    at_once = rest.holds("one"), rest.holds("other")
    clock.now = 10.0

    assert at_once == (True, False)
    assert not rest.holds("one")


def test_a_worker_is_deaf_after_a_silence_that_began_with_its_last_message():
    clock = Clock()
    hearing = Hearing(90.0, 300.0, clock)
    clock.now = 80.0
    hearing.hears()
    clock.now = 170.0
    hears = not hearing.is_lost()
    clock.now = 171.0

    assert hears
    assert hearing.is_lost()


def test_a_busy_worker_is_not_deaf_until_it_takes_longer_than_any_work_may():
    clock = Clock()
    hearing = Hearing(90.0, 300.0, clock)
    for second in range(0, 390, 2):
        clock.now = float(second)
        assert not hearing.is_lost(), second
        hearing.works()

    clock.now = 392.0

    assert hearing.is_lost()


def test_a_silence_begins_with_the_end_of_the_work():
    clock = Clock()
    hearing = Hearing(90.0, 300.0, clock)
    clock.now = 250.0
    hearing.works()
    clock.now = 340.0
    hears = not hearing.is_lost()
    clock.now = 341.0

    assert hears
    assert hearing.is_lost()

"""What is still open when a test ends is ended and told; what ends by itself is not."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Timer
from typing import Any

import pytest
from django.db import OperationalError, connection

from tests.left_open import at_work, end_what_is_left

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "SELECT count(*) FROM surveys_wave"


@contextmanager
def somebody_reads() -> Iterator[Any]:
    """Another connection, in the middle of its transaction."""
    reader = connection.copy()
    with closing(reader):
        reader.set_autocommit(autocommit=False)
        with reader.cursor() as cursor:
            cursor.execute(QUESTION)
            yield reader


def test_who_stays_is_ended_and_told():
    with somebody_reads() as reader:
        (told,) = end_what_is_left(patience=0.1)

        assert "idle in transaction" in told
        assert QUESTION in told
        assert at_work() == []
        with pytest.raises(OperationalError), reader.cursor() as cursor:
            cursor.execute(QUESTION)


def test_who_ends_in_time_is_left_alone():
    with somebody_reads() as reader:
        Timer(0.3, reader.connection.rollback).start()

        assert end_what_is_left() == []

        with reader.cursor() as cursor:
            cursor.execute(QUESTION)

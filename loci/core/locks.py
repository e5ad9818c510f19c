"""One run at a time, across processes, by Postgres advisory locks."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def try_lock(name: str) -> bool:
    """Hold `name` until the current transaction ends; False if another holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def held_lock(name: str) -> Iterator[bool]:
    """Hold `name` over many transactions; False if another process holds it.

    It ends with the block, or with the connection of a process that is killed.
    """
    key = [zlib.crc32(name.encode())]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", key)
        row = cursor.fetchone()
    is_mine = bool(row and row[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", key)

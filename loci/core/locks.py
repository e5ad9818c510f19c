"""One run at a time, across processes, by Postgres advisory locks."""

import zlib

from django.db import connection


def try_lock(name: str) -> bool:
    """Hold `name` until the current transaction ends; False if another holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())]
        )
        row = cursor.fetchone()
    return bool(row and row[0])

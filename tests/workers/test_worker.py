"""Real workers over Valkey, on the database of the test: what they do, and what kills do."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from localities.choices import Side
from localities.models import Locality
from loci.notices.models import Notice
from matchmaking.choices import RoundState, SuggestionState
from matchmaking.models import Round, Suggestion
from matchmaking.services.rounds import start_round
from surveys.models import Analysis, Part, Wave
from surveys.services.sending import send_part
from tests.journeys.parts import someone_of, write_part
from tests.workers.conftest import StartWorker
from tests.workers.processes import until

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("workers")]

WAITS_FOR_THE_TABLE = """
    SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE relname = %s AND NOT granted AND pid <> pg_backend_pid()
"""

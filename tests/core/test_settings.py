"""Unsafe combinations refuse to start; what drills have shown to be needed stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app

PROJECT = Path(__file__).resolve().parents[2]
REAL = {
    "DATABASE_URL": "postgres://someone@db.example/loci",
    "LOCI_SECRET_KEY": "x" * 50,
    "LOCI_HOSTS": "loci.example",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LOCI_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return subprocess.run(
        [sys.executable, "-c", "import loci.settings"],
        cwd=PROJECT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DATABASE_URL": REAL["DATABASE_URL"]}, "LOCI_SECRET_KEY is needed"),
        (REAL | {"LOCI_DEMO": "1"}, "LOCI_DEMO=1 opens every account"),
        (REAL | {"LOCI_DEBUG": "1"}, "LOCI_DEBUG=1 needs LOCI_LOCAL=1"),
        (REAL | {"LOCI_LOCAL": "1"}, "LOCI_LOCAL=1 is for loopback"),
        (
            REAL | {"LOCI_LOCAL": "1", "LOCI_HOSTS": "localhost", "LOCI_DEMO": "1"},
            "LOCI_DEMO=1 opens every account",
        ),
    ],
)
def test_an_unsafe_combination_refuses_to_start_and_says_why(environment, words):
    outcome = start(**environment)

    assert outcome.returncode != 0
    assert words in outcome.stderr


@pytest.mark.parametrize(
    "environment", [{}, REAL, REAL | {"LOCI_DEMO": "1", "LOCI_DEMO_FORCE": "1"}]
)
def test_a_safe_combination_starts_without_any_server(environment):
    outcome = start(**environment)

    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_a_job_outlives_its_worker_and_no_line_is_waited_for_without_end(settings):
    """T-R4: with Celery's own settings the message of a killed worker is lost."""
    told = current_app.conf
    line = told.broker_transport_options
    database = settings.DATABASES["default"]

    assert (told.task_acks_late, told.task_reject_on_worker_lost) == (True, True)
    assert told.worker_prefetch_multiplier == 1
    assert told.task_time_limit < line["visibility_timeout"]
    assert (line["unacked_restore_interval"], line["unacked_restore_throttle"]) == (
        5,
        1,
    )
    assert 0 < line["socket_connect_timeout"] <= line["socket_timeout"] <= 2
    assert line["health_check_interval"] <= 10
    assert told.task_publish_retry is False
    assert settings.EMAIL_TIMEOUT == 10
    assert database["CONN_HEALTH_CHECKS"] is True
    for limit in ("lock_timeout", "statement_timeout"):
        assert f"{limit}=" in database["OPTIONS"]["options"]

"""What keeps the house: sizes, jobs, doors, migrations, tables in the admin."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from loci.core.jobs import Job

PROJECT = Path(settings.BASE_DIR)
ROOMS = ("loci", "localities", "surveys", "matchmaking", "meetings")
LONGEST_MODULE, LONGEST_TEMPLATE = 300, 120
BELOW_DOORS = {"models", "queries", "services", "choices.py", "engine", "analysis"}
OURS = {
    "accounts",
    "notices",
    "localities",
    "surveys",
    "matchmaking",
    "meetings",
    "cycles",
}
# Tables that nobody reads one by one: parts of another row's page, or machine rows.
NOT_IN_ADMIN = {
    "AgendaRun",
    "Answer",
    "AnswerVersion",
    "Attempt",
    "CheckIn",
    "CircleMember",
    "ClinicPeer",
    "ClinicTime",
    "ClinicWord",
    "ColumnMapping",
    "Consent",
    "CycleStep",
    "Embedding",
    "FactDoubt",
    "FactVersion",
    "Feed",
    "Feedback",
    "ImportDraft",
    "IntroductionNote",
    "Invitation",
    "Material",
    "Milestone",
    "Place",
    "PrivateNote",
    "ProfileAgreement",
    "Pulse",
    "Question",
    "Reminder",
    "Reply",
    "ReportReader",
    "ReportSection",
    "Review",
    "Room",
    "SavedPlace",
    "SavedSearch",
    "Seat",
    "SessionPair",
    "SessionWish",
    "Slot",
    "Snooze",
    "Stop",
    "Talk",
    "TalkSeat",
    "TalkTime",
    "TalkWish",
    "ThemeChange",
}


def modules() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def tracked() -> list[Path]:
    listed = subprocess.run(  # a list of names, nothing from outside
        ["/usr/bin/env", "git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [PROJECT / name for name in listed if (PROJECT / name).is_file()]


def test_no_module_and_no_template_is_too_long():
    long = [
        f"{path.relative_to(PROJECT)}: {count}"
        for path, most in [
            *((path, LONGEST_MODULE) for path in modules()),
            *(
                (path, LONGEST_TEMPLATE)
                for path in (PROJECT / "templates").rglob("*.html")
            ),
        ]
        if (count := path.read_text().count("\n")) > most
    ]

    assert long == []


def test_every_job_has_its_task_and_every_task_its_job():
    current_app.loader.import_default_modules()
    tasks = {name for name in current_app.tasks if not name.startswith("celery.")}

    assert tasks == {job.value for job in Job}


def test_beat_starts_only_what_exists():
    started = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert started <= {job.value for job in Job}


def test_below_the_doors_nothing_knows_of_the_web():
    knowing = [
        str(path.relative_to(PROJECT))
        for path in modules()
        if set(path.relative_to(PROJECT).parts) & BELOW_DOORS
        and re.search(
            r"^from django\.(http|shortcuts|views|contrib\.messages)",
            path.read_text(),
            re.MULTILINE,
        )
    ]

    assert knowing == []


def test_no_import_hides_in_a_function_of_an_app():
    hidden = []
    for path in modules():
        if "stack" in path.parts or path.parts[-2:] == ("analysis", "embedders.py"):
            continue  # the supervisor asks what is installed; a model is an extra
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [
                    n
                    for n in ast.walk(node)
                    if isinstance(n, ast.Import | ast.ImportFrom)
                ]
                hidden += [f"{path.relative_to(PROJECT)}:{n.lineno}" for n in inner]

    assert hidden == []


def test_every_table_of_ours_is_in_the_admin_or_said_not_to_be():
    ours = {model for model in apps.get_models() if model._meta.app_label in OURS}
    shown = {model for model in ours if admin.site.is_registered(model)}
    through = {model for model in ours if model._meta.auto_created}

    assert {model.__name__ for model in ours - shown - through} == NOT_IN_ADMIN


@pytest.mark.parametrize("room", ROOMS)
def test_migrations_are_named_and_import_nothing_of_ours(room):
    wrong = []
    for path in (PROJECT / room).rglob("migrations/[0-9]*.py"):
        text = path.read_text()
        if re.search(r"auto_\d|_initial", path.name):
            wrong.append(path.name)
        if re.search(rf"^(from|import) ({'|'.join(ROOMS)})\b", text, re.MULTILINE):
            wrong.append(f"{path.name} imports ours")

    assert wrong == []


def test_nothing_left_open_no_registry_and_no_path_of_one_machine():
    words = "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X:"])
    hosts = "|".join(
        [
            "files.python" + "hosted",
            "registry.npm" + "js",
            "--index" + "-url",
            "/wo" + "rk/",
            "/ro" + "ot/",
        ]
    )
    found = []
    for path in tracked():
        if (
            path.suffix in {".png", ".npz", ".svg", ".ico", ".mo"}
            or path.name == "LICENSE"
        ):
            continue
        text = path.read_text(errors="replace")
        allowed = path.name == "Makefile"  # names the option that keeps addresses out
        if re.search(rf"\b({words})\b", text) or (
            not allowed and re.search(hosts, text)
        ):
            found.append(str(path.relative_to(PROJECT)))

    assert found == []

"""The docs name what the code has: settings, commands, jobs."""

import re
from pathlib import Path

from django.conf import settings

from loci.core.jobs import Job
from tests.permissions import PAGE, render

PROJECT = Path(settings.BASE_DIR)
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text()


def test_every_setting_from_the_environment_is_explained():
    read = re.findall(
        r'env\.\w+\(\s*"([A-Z_]+)"', (PROJECT / "loci/settings.py").read_text()
    )

    assert {name for name in read if f"`{name}`" not in OPERATIONS} == set()


def test_every_job_is_explained():
    assert [job for job in Job if f"`{job.value}`" not in OPERATIONS] == []


def test_every_command_is_explained():
    commands = {
        path.stem
        for path in PROJECT.glob("**/management/commands/[a-z]*.py")
        if ".venv" not in path.parts
    }

    assert {name for name in commands if f"`{name}" not in OPERATIONS} == set()


def test_every_link_between_docs_leads_somewhere():
    pages = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    link = re.compile(r"\]\((?!https?://|mailto:|#)([^)#]+)")
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in link.findall(page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_table_of_permissions_is_that_of_the_matrix():
    assert PAGE.read_text() == render(), "make permissions"

"""Everything between installing and serving, in one process."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates, compiles languages, loads taxonomy, survey and demonstration."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        call_command("migrate", interactive=False, verbosity=1)
        call_command("compile_locale")
        call_command("load_taxonomy")
        call_command("load_survey")
        if settings.LOCI_DEMO:
            call_command("load_demo", "--if-empty")

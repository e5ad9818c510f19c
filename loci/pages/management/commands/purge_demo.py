"""Remove the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from loci.pages.services.demo_purge import purge_demo


class Command(BaseCommand):
    help = "Removes every trace of the demonstration; real data stays."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        for kind, count in sorted(purge_demo().items()):
            if count:
                self.stdout.write(f"{count:6d} {kind}")

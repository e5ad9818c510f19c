"""Compile the translations without gettext being installed."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Writes a .mo beside each .po whose text is newer."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                fresh = (
                    target.exists() and target.stat().st_mtime >= source.stat().st_mtime
                )
                if not fresh:
                    polib.pofile(str(source)).save_as_mofile(str(target))
                    self.stdout.write(f"compiled {source.parent.parent.name}")

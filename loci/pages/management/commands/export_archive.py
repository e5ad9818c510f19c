"""Write everything public into a zip that opens without a server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.management.base import BaseCommand, CommandError

from loci.pages.services.archive import make_archive

BEGAN = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file


class Command(BaseCommand):
    help = "Write all public pages and figures into a zip; open index.html in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the zip to write")
        parser.add_argument("--language", default="en")

    def handle(self, *_given: Any, **options: Any) -> None:
        made = make_archive(options["language"])
        if made.missing:
            raise CommandError("Not to be had: " + ", ".join(made.missing))
        with ZipFile(options["file"], "w", ZIP_DEFLATED) as file:
            for place, body in sorted(made.files.items()):
                file.writestr(ZipInfo(place, BEGAN), body, ZIP_DEFLATED)
        self.stdout.write(f"{len(made.files)} files in {options['file']}")

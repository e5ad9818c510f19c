"""Load the demonstration pilot."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from localities.services.locality_files import BrokenFile
from loci.pages.services.demo import DemoFacts, RealDataHere, load_demo

FOLDER = Path(settings.BASE_DIR) / "localities" / "data"


class Command(BaseCommand):
    help = "Loads 17 localities with illustrative needs and offers; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where real data is"
        )

        parser.add_argument(
            "--localities", type=Path, default=FOLDER / "localities.json"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        call_command("load_taxonomy", verbosity=0)
        call_command("load_survey", verbosity=0)
        facts = DemoFacts(
            localities=json.loads(options["localities"].read_text()),
            statements=json.loads((FOLDER / "statements.json").read_text()),
        )
        try:
            wave = load_demo(facts=facts, now=timezone.now())
        except RealDataHere as refusal:
            if not options["if_empty"]:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write("real data is here: no demonstration")
        except BrokenFile as problem:
            raise CommandError(f"Nothing was loaded.\n{problem}") from problem
        else:
            self.stdout.write(f"demonstration: {wave}")

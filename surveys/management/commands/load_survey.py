"""Load the surveys that come with the product."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from surveys.services.survey import load_survey

FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads the standard surveys; one in use stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        for name in ("needs_and_offers", "before_a_meeting"):
            facts = json.loads((FOLDER / f"{name}.json").read_text())
            self.stdout.write(str(load_survey(facts=facts)))

"""Load the taxonomy that comes with the product."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from localities.services.taxonomy import load_taxonomy

FOLDER = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads learning areas, topics, sectors and regions; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        taxonomy = json.loads((FOLDER / "taxonomy.json").read_text())
        words = FOLDER / "taxonomy_translations.json"
        translations = json.loads(words.read_text()) if words.exists() else {}
        count = load_taxonomy(taxonomy=taxonomy, translations=translations)
        self.stdout.write(f"{count} topics")

"""`make bench`: measure, print, and write the figures into docs/benchmarks.md.

`make bench ARGS="engine"` measures one part and leaves the others' figures as they are.
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from tests.bench import (  # noqa: E402
    agenda,
    analysis,
    directory,
    engine,
    pages,
    saving,
    themes,
)

REPORT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
PARTS = {
    "engine": ("Matching engine", engine.run),
    "analysis": ("Text and analysis", analysis.run),
    "themes": ("Themes of 20,000 texts", themes.run),
    "agenda": ("Agenda and talks of a meeting", agenda.run),
    "pages": ("Pages", pages.run),
    "saving": ("Saving and reminding", saving.run),
    "directory": ("Directory", directory.run),
}
INTRODUCTION = """# Benchmarks

Written by `make bench`; do not edit. Ratios were measured in one run on one machine;
seconds are CPU seconds and only mean something beside each other.
"""


def main(wanted: list[str]) -> None:
    kept = _sections()
    for name in wanted or list(PARTS):
        title, measure = PARTS[name]
        day = timezone.localdate()
        kept[title] = f"Measured {day}.\n\n{measure().strip()}\n"
        print(f"## {title}\n\n{kept[title]}")
    body = "\n".join(
        f"## {title}\n\n{kept[title]}"
        for title, _measure in PARTS.values()
        if title in kept
    )
    REPORT.write_text(f"{INTRODUCTION}\n{body}")


def _sections() -> dict[str, str]:
    """What the report holds now, by title."""
    if not REPORT.exists():
        return {}
    parts = REPORT.read_text().split("\n## ")[1:]
    return {
        title.strip(): text.strip() + "\n"
        for title, _line, text in (part.partition("\n") for part in parts)
    }


if __name__ == "__main__":
    main(sys.argv[1:])

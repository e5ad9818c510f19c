"""docs/benchmarks.md: sections by title, in one order; each command writes its own."""

from pathlib import Path

from django.utils import timezone

REPORT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
TITLES = (
    "Matching engine",
    "Text and analysis",
    "Themes of 20,000 texts",
    "Agenda and talks of a meeting",
    "Pages",
    "Saving and reminding",
    "Directory",
    "A wave while everything is killed",
    "Reminders while workers are killed",
    "The broker away, and back",
)
INTRODUCTION = """# Benchmarks

Written by `make bench` and `make chaos`; do not edit. Ratios were measured in one run on
one machine; seconds are CPU seconds and only mean something beside each other.
"""


def write(title: str, text: str) -> str:
    """Put one section in the place of what the report holds now; give it back."""
    kept = _sections()
    kept[title] = f"Measured {timezone.localdate()}.\n\n{text.strip()}\n"
    body = "\n".join(f"## {name}\n\n{kept[name]}" for name in TITLES if name in kept)
    REPORT.write_text(f"{INTRODUCTION}\n{body}")
    return kept[title]


def _sections() -> dict[str, str]:
    """What the report holds now, by title."""
    if not REPORT.exists():
        return {}
    parts = REPORT.read_text().split("\n## ")[1:]
    return {
        title.strip(): text.strip() + "\n"
        for title, _line, text in (part.partition("\n") for part in parts)
    }

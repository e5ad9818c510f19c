"""`make bench`: measure, print, and write the figures into docs/benchmarks.md.

`make bench ARGS="engine"` measures one part and leaves the others' figures as they are.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loci.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from tests.bench import (  # noqa: E402
    agenda,
    analysis,
    directory,
    engine,
    pages,
    report,
    saving,
    themes,
)

PARTS = {
    "engine": ("Matching engine", engine.run),
    "analysis": ("Text and analysis", analysis.run),
    "themes": ("Themes of 20,000 texts", themes.run),
    "agenda": ("Agenda and talks of a meeting", agenda.run),
    "pages": ("Pages", pages.run),
    "saving": ("Saving and reminding", saving.run),
    "directory": ("Directory", directory.run),
}


def main(wanted: list[str]) -> None:
    for place, name in enumerate(wanted or list(PARTS)):
        if place:  # rows of one part are no part of the next
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)
        title, measure = PARTS[name]
        print(f"## {title}\n\n{report.write(title, measure())}")


if __name__ == "__main__":
    main(sys.argv[1:])

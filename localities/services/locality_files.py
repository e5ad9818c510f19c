"""Read a file of localities: all rows are right, or none is taken."""

import re
from collections.abc import Iterator
from typing import Any

from localities.choices import Level, Phase

Facts = dict[str, Any]
NEEDED = (
    "slug",
    "name",
    "level",
    "country",
    "iso",
    "region",
    "languages",
    "phase",
    "government",
)
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class BrokenFile(ValueError):
    """Rows that cannot be taken; `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def checked_localities(rows: list[Facts], *, regions: set[str]) -> list[Facts]:
    """The rows, if every one is right. Raises BrokenFile with all that is wrong."""
    problems = [
        f"row {number} ({row.get('slug', '?')}): {problem}"
        for number, row in enumerate(rows, start=1)
        for problem in _problems(row, regions)
    ]
    slugs = [row.get("slug") for row in rows]
    problems += [
        f"{slug}: stands there {slugs.count(slug)} times"
        for slug in sorted({str(slug) for slug in slugs if slugs.count(slug) > 1})
    ]
    if problems:
        raise BrokenFile(problems)
    return rows


def _problems(row: Facts, regions: set[str]) -> Iterator[str]:
    missing = [name for name in NEEDED if not row.get(name)]
    if missing:
        yield f"without {', '.join(missing)}"
        return
    if not _SLUG.match(row["slug"]):
        yield f"the slug {row['slug']!r} is not small letters, digits and single dashes"
    if not _COUNTRY.match(row["iso"]):
        yield f"the country code {row['iso']!r} is not two capital letters"
    if row["region"] not in regions:
        yield f"no region is called {row['region']!r}"
    if row["level"] not in Level.values:
        yield f"no level of government is called {row['level']!r}"
    if row["phase"] not in Phase.values:
        yield f"no phase is called {row['phase']!r}"
    population = row.get("population")
    if population is not None and (not isinstance(population, int) or population < 0):
        yield f"the population {population!r} is not a number of people"

"""T-A3: doors ask for what a person may see, never for all rows.

In the place of django-scopes here stand `visible_to` and its kind on each QuerySet, which
take the person as an argument (docs/decisions/002). This reads the doors' source.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

SCOPES = {
    "visible_to",
    "editable_by",
    "held_by",
    "shown_to",
    "coordinated_by",
    "coordinating",
    "quoted_to",
    "written_by",
    "to",
}
DOORS = {"views", "cockpit"}
REGIONS = "of the regions that this person coordinates"
NARROWED = {
    "localities/views/invitations.py Invitation": "of the guest, or by the typed code",
    "localities/views/profile.py Fact": "of the seat that this person holds",
    "localities/views/public_sources.py Fact": "of places whose seat they hold",
    "loci/pages/views/own_data.py Locality": "of seats that they hold",
    "surveys/views/parts.py Answer": "of the part that is theirs",
    "surveys/views/parts.py Part": "whether the partner's is sent, never what is in it",
    "loci/cockpit/conversations.py Locality": REGIONS,
    "loci/cockpit/cycles.py Statement": "where there is no plan, none",
    "loci/cockpit/conversations.py Statement": "of a conversation in their regions",
    "loci/cockpit/experts.py Statement": "the service asks for one of their regions",
    "loci/cockpit/inviting.py Seat": REGIONS,
    "loci/cockpit/lines.py Locality": REGIONS,
    "loci/cockpit/lines.py Seat": REGIONS,
    "loci/cockpit/call_list.py Part": "of places of their regions",
    "loci/cockpit/meetings.py Locality": "of the region of a meeting that they see",
    "loci/cockpit/monitor_rows.py Locality": REGIONS,
    "loci/cockpit/monitor_rows.py Part": "of places of their regions",
    "loci/cockpit/public_lines.py Locality": REGIONS,
    "loci/cockpit/queries.py Invitation": "whether there is any",
    "loci/cockpit/queries.py Locality": "whether there is any",
    "loci/cockpit/rounds.py Locality": "the network's coordinators alone open rounds",
    "loci/cockpit/who.py Seat": "narrows a list of places that they see",
}
"""Places and seats are named to everybody; what is said there is not."""


def scoped() -> set[str]:
    """Names of tables whose rows are not for everybody."""
    return {
        model.__name__
        for model in apps.get_models()
        if any(
            hasattr(model._default_manager.all(), scope)
            for scope in ("visible_to", "editable_by", "shown_to", "held_by")
        )
    }


def chains(source: str) -> Iterator[list[str]]:
    """Every `Table.objects.one().two()` as names from left to right."""
    tree = ast.parse(source)
    inner: set[int] = set()
    for node in ast.walk(tree):
        names: list[str] = []
        here: ast.AST = node
        while isinstance(here, ast.Call | ast.Attribute):
            if isinstance(here, ast.Attribute):
                names.append(here.attr)
                here = here.value
            else:
                here = here.func
            inner.add(id(here))
        if isinstance(here, ast.Name) and "objects" in names and id(node) not in inner:
            yield [here.id, *reversed(names)]


def sources() -> Iterator[tuple[Path, str]]:
    base = Path(settings.BASE_DIR)
    for folder in ("loci", "localities", "surveys", "matchmaking", "meetings"):
        for path in (base / folder).rglob("*.py"):
            yield path.relative_to(base), path.read_text()


def unscoped() -> set[str]:
    """Where a door or the coordinators' place begins with all rows of such a table."""
    tables = scoped()
    return {
        f"{path} {names[0]}"
        for path, source in sources()
        if DOORS & set(path.parts)
        for names in chains(source)
        if names[0] in tables and not SCOPES & set(names)
    }


def test_doors_begin_with_what_the_person_may_see():
    """T-A3: a query that begins with all rows is named here, with what narrows it."""
    assert len(scoped()) > 10
    assert unscoped() == set(NARROWED)


def test_a_door_that_begins_with_all_rows_is_found():
    """T-A3: the positive twin."""
    found = list(chains("rows = Fact.objects.standing().filter(pk=pk).first()"))

    assert found == [["Fact", "objects", "standing", "filter", "first"]]

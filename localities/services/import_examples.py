"""An example of each kind of table, made of the columns that the import reads."""

from localities.models import Region
from localities.services.import_plans import SHAPES
from localities.services.tables import Row
from loci.core.tables import csv_of

SIGN = ";"  # what spreadsheets of most countries write and open
GOVERNMENT, CIVIL_SOCIETY = "Example Municipality", "Example Open Data Association"
EXAMPLES: dict[str, list[Row]] = {
    "localities": [
        {
            "slug": "example-city",
            "name": "Example City",
            "level": "city",
            "country": "Kenya",
            "iso": "KE",
            "languages": "en sw",
            "phase": "explore",
            "population": "120000",
            "population_note": "census 2019",
            "latitude": "0.52",
            "longitude": "35.27",
            "government": GOVERNMENT,
            "civil_society": CIVIL_SOCIETY,
        }
    ],
    "organisations": [
        {"name": "Example Foundation", "kind": "partner"},
        {"name": "Example Regional Hub", "kind": "hub"},
    ],
    "persons": [
        {
            "email": "procurement@example.org",
            "organisation": GOVERNMENT,
            "name": "Head of procurement",
            "role": "member",
            "language": "en",
        },
        {"email": "office@example.org", "organisation": CIVIL_SOCIETY},
    ],
}


def example_file(kind: str) -> bytes:
    """A CSV that can be taken as it is; persons after localities, whose seats they hold."""
    shape = SHAPES[kind]
    columns = (*shape.needed, *shape.optional)
    region = (
        Region.objects.order_by("name", "pk").values_list("code", flat=True).first()
    )
    known = {"region": region or ""}
    rows = [[(known | row).get(name, "") for name in columns] for row in EXAMPLES[kind]]
    return csv_of(columns, rows, sign=SIGN)

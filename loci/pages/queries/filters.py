"""What a reader asks of the directory: the filters in its address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from localities.choices import Level, Phase, Side, SizeBand, Stage
from localities.models import Region, Sector, Topic
from loci.accounts.choices import WORK_LANGUAGES

StrOrPromise = str | Promise
CAN_HELP, WANTS_HELP, DOING = "can_help", "wants_help", "doing"
DOES = {
    CAN_HELP: _("can help"),
    WANTS_HELP: _("wants help"),
    DOING: _("is doing it now"),
}
FACETS: dict[str, StrOrPromise] = {
    "does": _("Can help or wants help"),
    "topic": _("Topic"),
    "stage": _("Stage of contracting"),
    "sector": _("Sector"),
    "side": _("Said by"),
    "level": _("Level of government"),
    "size": _("People"),
    "phase": _("Phase"),
    "region": _("Region"),
    "language": _("Language"),
    "country": _("Country"),
}
OF_STATEMENTS = ("does", "topic", "stage", "sector", "side")
USEFUL, BY_NAME = "useful", "name"
SORTS = (USEFUL, BY_NAME)
PAGES_AT_MOST = 400
LONGEST_WORDS = 100
Labels = dict[str, dict[str, StrOrPromise]]


@dataclass(frozen=True)
class Filters:
    """The known filters of an address; what was not known is named, and left out."""

    words: str = ""
    chosen: dict[str, str] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    unknown: tuple[str, ...] = ()

    def get(self, facet: str) -> str:
        return self.chosen.get(facet, "")

    def without(self, facet: str) -> "Filters":
        """The same question without one filter, from its first page on."""
        if facet == "q":
            return replace(self, words="", page=1)
        rest = {name: value for name, value in self.chosen.items() if name != facet}
        return replace(self, chosen=rest, page=1)

    def adding(self, facet: str, value: str) -> "Filters":
        return replace(self, chosen={**self.chosen, facet: value}, page=1)

    def address(self, page: int = 1) -> str:
        """What stands after the question mark, with it."""
        asked = {
            "q": self.words,
            **dict(sorted(self.chosen.items())),
            "sort": self.sort,
            "page": str(page) if page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def labels() -> Labels:
    """Every value that a facet may have, with its name (three queries)."""
    topics = Topic.objects.order_by("position", "pk")
    sectors = Sector.objects.order_by("position", "pk")
    regions = Region.objects.order_by("name", "pk")
    return {
        "does": dict(DOES),
        "topic": {row.code: row.label for row in topics},
        "stage": dict(Stage.choices),
        "sector": {row.code: row.label for row in sectors},
        "side": dict(Side.choices),
        "level": dict(Level.choices),
        "size": {str(value): label for value, label in SizeBand.choices},
        "phase": dict(Phase.choices),
        "region": {row.code: row.name for row in regions},
        "language": dict(WORK_LANGUAGES),
    }


def asked_for(address: Mapping[str, str], known: Labels) -> Filters:
    """Read an address; a value that is not known is left out and said."""
    chosen, unknown = {}, []
    for facet, value in _given(address):
        if facet == "country":
            is_known = len(value) == 2 and value.isascii() and value.isupper()  # noqa: PLR2004
        else:
            is_known = value in known[facet]
        if is_known:
            chosen[facet] = value
        else:
            unknown.append(str(FACETS[facet]))
    sort = address.get("sort", "")
    return Filters(
        words=_words(address.get("q", "")),
        chosen=chosen,
        sort=sort if sort in SORTS else "",
        page=_page(address.get("page", "")),
        unknown=tuple(unknown),
    )


def asked_of(filters: Filters) -> dict[str, str]:
    """The filters that are on, without page and order."""
    words = {"q": filters.words} if filters.words else {}
    return {**words, **filters.chosen}


def _given(address: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for facet in FACETS:
        if value := address.get(facet, ""):
            yield facet, value


def _words(typed: str) -> str:
    return " ".join(typed.replace("\x00", " ").split())[:LONGEST_WORDS]


def _page(typed: str) -> int:
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= 4  # noqa: PLR2004
    return min(max(int(typed), 1), PAGES_AT_MOST) if is_number else 1


def size_range(value: str) -> tuple[int, int | None]:
    """People of a band: from, and below (None: no upper end)."""
    limits = (0, 100_000, 250_000, 1_000_000, 5_000_000, None)
    number = int(value)
    low = limits[number]
    return (low or 0, limits[number + 1])

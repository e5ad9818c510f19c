"""What one side of the demonstration saved, waits for and asked for; illustrative."""

from collections.abc import Mapping
from datetime import datetime

from localities.choices import Side
from localities.models import Locality, Seat, Topic
from localities.queries.people import people_of
from localities.services.keeping import save_place
from loci.pages.queries.filters import CAN_HELP, Filters
from loci.pages.services.saved_searches import FitsAlready, ask_to_be_told
from matchmaking.services.asking import Wish, ask_for_introduction

WHO, SAVED, ASKED = "kutaisi", ("makueni", "jalisco"), "makueni"
WORDS = "Illustrative: how did you bring procurement and civil society to one table?"


def keep(*, places: Mapping[str, Locality], now: datetime) -> None:
    """Two saved localities, a search that finds nobody yet, a request."""
    person = people_of(places[WHO], Side.GOVERNMENT).get()
    for slug in SAVED:
        save_place(locality=places[slug], by=person)
    seat = Seat.objects.get(locality=places[WHO], side=Side.GOVERNMENT)
    ask_for_introduction(seat=seat, wish=Wish(places[ASKED], WORDS), by=person)
    for topic in Topic.objects.order_by("position", "pk"):
        chosen = {"does": CAN_HELP, "topic": topic.code}
        try:
            ask_to_be_told(filters=Filters(chosen=chosen), by=person, now=now)
        except FitsAlready:
            continue
        return

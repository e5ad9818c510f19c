"""What is read of an introduction."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from loci.accounts.models import User
from matchmaking.models import Suggestion


def times_of(suggestion: Suggestion) -> list[datetime]:
    """The three times that were proposed, in UTC."""
    return [datetime.fromisoformat(start) for start in suggestion.proposed_times]


def main_zone(people: Collection[User]) -> str:
    """The time zone that most of these people live in; UTC without people."""
    zones = Counter(person.time_zone for person in people)
    return min(zones, key=lambda name: (-zones[name], name)) if zones else "UTC"

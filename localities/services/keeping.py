"""A person's own saved list. No audit: who keeps what is nobody else's to read."""

from localities.models import Locality, SavedPlace
from loci.accounts.models import User


def save_place(*, locality: Locality, by: User) -> SavedPlace:
    """Keep a locality at hand; twice is once."""
    return SavedPlace.objects.get_or_create(person=by, locality=locality)[0]


def leave_place(*, locality: Locality, by: User) -> None:
    """Take it off one's list; nothing if it is not there."""
    SavedPlace.objects.filter(person=by, locality=locality).delete()

"""*Tell me when*: a question that nobody answers yet is kept, and answered once.

Nothing of it goes into the audit: what a person looks for is nobody else's to read.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, override

from localities.models import Locality, SavedSearch, Seat
from loci.accounts.models import User
from loci.core.errors import Refused
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_notice
from loci.notices.services.standing import stands_while
from loci.pages.queries.filters import Filters, Labels, asked_for, asked_of, labels
from loci.pages.queries.matching_places import audience_of, fitting, own_of
from loci.pages.queries.saved import filters_in_words

WAITING_AT_MOST = 20
LOOK_EVERY = timedelta(hours=1)
A_LOOK = 200  # searches at most
LONGEST_PATH = 200


class AsksNothing(Refused):
    """No filter is on: everything would fit."""


class FitsAlready(Refused):
    """Somebody fits now: there is nothing to wait for."""


class TooManySearches(Refused):
    """As many searches as one person may have waiting."""


@transaction.atomic
def ask_to_be_told(*, filters: Filters, by: User, now: datetime) -> SavedSearch:
    """Keep a search that finds nobody. Twice is once.

    Raises AsksNothing, FitsAlready, TooManySearches.
    """
    asked = asked_of(filters)
    if not asked:
        raise AsksNothing(_("Choose a filter or a word first."))
    User.objects.select_for_update().get(pk=by.pk)
    own = SavedSearch.objects.waiting().filter(person=by)
    again = own.filter(asked=asked).first()
    if again is not None:
        return again
    if _found(filters, by).exists():
        raise FitsAlready(_("Somebody fits this now: see the list."))
    if own.count() >= WAITING_AT_MOST:
        raise TooManySearches(
            _("You wait for %(count)d things already. Take one away first.")
            % {"count": WAITING_AT_MOST}
        )
    return SavedSearch.objects.create(person=by, asked=asked, looked_at=now)


def stop_telling(*, search: int, by: User) -> None:
    """Forget one's own search; nothing if it is not there."""
    SavedSearch.objects.filter(pk=search, person=by).delete()


def tell_what_fits(*, now: datetime) -> int:
    """Write once for each search that somebody fits now; returns how many were written.

    Each is looked at once an hour, as its person may read the directory today.
    """
    due = (
        SavedSearch.objects.waiting()
        .filter(looked_at__lt=now - LOOK_EVERY)
        .order_by("looked_at", "pk")
        .values_list("pk", flat=True)
    )
    known = labels()
    return sum(_look(pk, known, now) for pk in list(due[:A_LOOK]))


@transaction.atomic
def _look(pk: int, known: Labels, now: datetime) -> bool:
    rows = SavedSearch.objects.waiting().select_related("person")
    search = (
        rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    )
    if search is None:
        return False
    search.looked_at = now
    filters = asked_for(search.asked, known)
    fits = not filters.unknown and _found(filters, search.person).exists()
    if fits:
        search.told_at = now
        _tell(search, filters, now)
    search.save(update_fields=["looked_at", "told_at", "updated_at"])
    return fits


def _found(filters: Filters, person: User) -> QuerySet[Locality]:
    """Who fits, but for the person's own localities."""
    audience = audience_of(person, own_of(person))
    own = Seat.objects.held_by(person).values("locality")
    return fitting(filters, audience).exclude(pk__in=own)


def _tell(search: SavedSearch, filters: Filters, now: datetime) -> None:
    with override(search.person.language):
        words = filters_in_words(filters, labels())
    path = f"/localities/{filters.address()}"
    post_notice(
        key=f"found_for_you:{search.pk}:{now:%Y-%m-%dT%H:%M}",
        kind=NoticeKind.FOUND_FOR_YOU,
        to=search.person,
        now=now,
        parameters={"asked": words},
        path=path if len(path) <= LONGEST_PATH else "/saved/",
    )


@stands_while(NoticeKind.FOUND_FOR_YOU)
def still_fits(notice: Notice, number: int) -> bool:
    """Somebody fits as its reader may read the directory now; else the search waits on."""
    rows = SavedSearch.objects.filter(pk=number, person=notice.recipient_id)
    search = rows.select_related("person").first()
    if search is None:
        return False
    filters = asked_for(search.asked, labels())
    fits = not filters.unknown and _found(filters, search.person).exists()
    same = SavedSearch.objects.waiting().filter(
        person=search.person, asked=search.asked
    )
    if not fits and not same.exists():
        rows.update(told_at=None)
    return fits

"""Secret addresses of calendars: made, read, ended; only a hash of each is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from localities.models import Membership, Region
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.calendars import calendar_file
from loci.core.errors import Refused
from meetings.choices import PlaceState
from meetings.models import Feed, Meeting, Place
from meetings.services.calendar_files import appointment_of

PAST_DAYS = 90
FEEDS_AT_MOST = 10


class TooManyFeeds(Refused):
    """This person has more addresses than anybody reads."""


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, person: User, region: Region | None) -> tuple[Feed, str]:
    """A new address and its token, which nobody can read again. Raises TooManyFeeds."""
    if Feed.objects.filter(person=person, revoked_at=None).count() >= FEEDS_AT_MOST:
        raise TooManyFeeds(_("End an address that you no longer use first."))
    token = secrets.token_urlsafe(32)
    feed = Feed.objects.create(person=person, region=region, digest=digest_of(token))
    record(person, "made a calendar address", feed)
    return feed, token


@transaction.atomic
def revoke_feed(*, feed: Feed, by: User, now: datetime) -> Feed:
    """End an address at once."""
    if feed.revoked_at is None:
        feed.revoked_at = now
        feed.save(update_fields=["revoked_at", "updated_at"])
        record(by, "ended a calendar address", feed)
    return feed


def feed_of(token: str) -> Feed | None:
    """The feed behind a token, if it is not ended and its person still has a place."""
    rows = Feed.objects.filter(
        digest=digest_of(token), revoked_at=None, person__is_active=True
    ).select_related("person", "region")
    feed = rows.first()
    if feed is None:
        return None
    belongs = Membership.objects.current().filter(person=feed.person).exists()
    return feed if belongs else None


def feed_file(feed: Feed, *, now: datetime) -> str:
    """The calendar behind an address; cancelled meetings say so under the same UID."""
    since = now - timedelta(days=PAST_DAYS)
    rows = Meeting.objects.announced().filter(ends_at__gt=since)
    if feed.region is not None:
        rows = rows.filter(region=feed.region)
    else:
        coming = Place.objects.held().filter(
            Q(state=PlaceState.YES) | Q(invitation__meeting__state="cancelled"),
            person=feed.person,
        )
        rows = rows.filter(pk__in=coming.values("invitation__meeting"))
    meetings = rows.order_by("starts_at", "pk")
    return calendar_file([appointment_of(row) for row in meetings], written_at=now)

"""A profile is published when both sides agree, or after 14 days by a coordinator."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _, override

from localities.choices import COORDINATOR_AFTER_DAYS, MilestoneKind, Side
from localities.models import Locality, Milestone, ProfileAgreement, Region, Seat
from localities.queries.people import people_of
from localities.services.inviting import NotYours, require_speaker
from loci.accounts.choices import PROFILE_ASKED, ConsentTo
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.accounts.services.consents import give_consent, withdraw_consent
from loci.core.errors import Refused
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice

WAIT = timedelta(days=COORDINATOR_AFTER_DAYS)


class TooEarly(Refused):
    """The other side still has time, or neither side has agreed yet."""


@transaction.atomic
def agree_to_publish(*, seat: Seat, by: User, now: datetime) -> Locality:
    """One side's yes; the second publishes. Twice is once. Raises NotYours."""
    require_speaker(seat, by)
    place = Locality.objects.select_for_update().get(pk=seat.locality_id)
    if place.is_listed:
        return place
    agreement, is_new = ProfileAgreement.objects.get_or_create(
        locality=place, side=seat.side, defaults={"by": by, "at": now}
    )
    if is_new:
        record(by, "agreed to publish", place, seat.side)
        give_consent(
            person=by,
            to=ConsentTo.PROFILE,
            about=_half(place, seat.side),
            words=str(PROFILE_ASKED),
            now=now,
        )
    if place.agreements.count() == len(Side):
        return _publish(place, by, now)
    if is_new:
        _tell_the_other_side(place, Side(seat.side).other, agreement)
    return place


@transaction.atomic
def take_agreement_back(*, seat: Seat, by: User, now: datetime) -> None:
    """Not yet, or no longer: what is published leaves the public pages at once.

    Raises NotYours.
    """
    require_speaker(seat, by)
    place = Locality.objects.select_for_update().get(pk=seat.locality_id)
    mine = ProfileAgreement.objects.filter(locality=place, side=seat.side)
    if place.is_listed:
        _unlist(place, now)
        record(by, "took the profile off the public pages", place, seat.side)
    elif mine.exists():
        forget_agreement(place, Side(seat.side), now)
        record(by, "took back the agreement", place, seat.side)


@transaction.atomic
def publish_by_coordinator(*, locality: Locality, by: User, now: datetime) -> Locality:
    """Publish what one side agreed to 14 days ago. Raises NotYours, TooEarly."""
    place = Locality.objects.select_for_update().get(pk=locality.pk)
    if not Region.objects.coordinated_by(by).filter(pk=place.region_id).exists():
        raise NotYours(_("This locality is not in your regions."))
    if place.is_listed:
        return place
    first = place.agreements.order_by("at", "pk").first()
    if first is None:
        raise TooEarly(_("Neither side has agreed to publish the profile yet."))
    if first.at + WAIT > now:
        raise TooEarly(
            _("The other side has time until %(day)s.")
            % {"day": date_format(first.at + WAIT, "DATE_FORMAT")}
        )
    return _publish(place, by, now)


@transaction.atomic
def hide_profile(*, locality: Locality, by: User, now: datetime) -> Locality:
    """Take a profile off the public pages at once; agreements begin anew."""
    place = Locality.objects.select_for_update().get(pk=locality.pk)
    if not Region.objects.coordinated_by(by).filter(pk=place.region_id).exists():
        raise NotYours(_("This locality is not in your regions."))
    if place.is_listed:
        _unlist(place, now)
        record(by, "hid", place)
    return place


def _unlist(place: Locality, now: datetime) -> None:
    """Off the public pages; agreements begin anew."""
    place.is_listed = False
    place.save(update_fields=["is_listed", "updated_at"])
    for side in Side:
        forget_agreement(place, side, now)


def forget_agreement(place: Locality, side: Side, now: datetime) -> None:
    """One side's yes is over: taken back, or given to words that have changed."""
    place.agreements.filter(side=side).delete()
    withdraw_consent(to=ConsentTo.PROFILE, about=_half(place, side), now=now)


def _half(place: Locality, side: str) -> str:
    return f"{place._meta.label_lower}:{place.pk}:{side}"


def _publish(place: Locality, by: User, now: datetime) -> Locality:
    place.is_listed, place.published_at = True, now
    place.save(update_fields=["is_listed", "published_at", "updated_at"])
    if not place.milestones.filter(kind=MilestoneKind.JOINED).exists():
        Milestone.objects.create(
            locality=place, kind=MilestoneKind.JOINED, on=now.date(), by=by
        )
    record(by, "published", place)
    return place


def _tell_the_other_side(place: Locality, side: Side, said: ProfileAgreement) -> None:
    for person in people_of(place, side):
        with override(person.language):
            day = date_format(said.at + WAIT, "DATE_FORMAT")
        post_notice(
            key=f"profile_agree:{said.pk}:{person.pk}",
            kind=NoticeKind.PROFILE_AGREE,
            to=person,
            now=said.at,
            parameters={"place": place.name, "day": day},
            path=f"/pairs/{place.slug}/profile/",
        )

"""“I will try … by …”: written down, and asked about after 30 days."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality
from localities.queries.people import side_of
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.texts import clean_text
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice
from meetings.choices import TRIED_AFTER_DAYS, Did
from meetings.models import Attempt, Clinic


class NotOfThisClinic(Refused):
    """The person's pair neither brought the case nor was asked to it."""


class DayIsPast(Refused):
    """Nothing is tried by a day that is over."""


@transaction.atomic
def write_attempt(
    *, clinic: Clinic, text: str, until: date, by: User, now: datetime
) -> Attempt:
    """Note what somebody will try. Raises NotOfThisClinic, DayIsPast."""
    places = Locality.objects.filter(
        pk__in=[clinic.locality_id, *clinic.peers.values_list("locality", flat=True)]
    )
    own = next((place for place in places if side_of(by, place)), None)
    Clinic.objects.select_for_update(of=("self",)).get(pk=clinic.pk)
    if own is None:
        raise NotOfThisClinic(_("Your pair is not of this clinic."))
    if until < now.date():
        raise DayIsPast(_("Name a day that is still to come."))
    attempt, is_new = Attempt.objects.get_or_create(
        clinic=clinic, locality=own, by=by, text=clean_text(text), until=until
    )
    if is_new:  # pressed twice it is one
        record(by, "will try", attempt)
    return attempt


def ask_about_attempts(*, now: datetime) -> int:
    """Ask each person once, 30 days after; returns how many were asked."""
    due = Attempt.objects.held().filter(
        created_at__lte=now - timedelta(days=TRIED_AFTER_DAYS),
        asked_at=None,
        answered_at=None,
    )
    pks = due.order_by("pk").values_list("pk", flat=True)
    return sum(_ask(pk, now) for pk in pks)


@transaction.atomic
def _ask(pk: int, now: datetime) -> int:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("by")
    attempt = rows.get(pk=pk)
    if attempt.asked_at or attempt.by is None:
        return 0
    attempt.asked_at = now
    attempt.save(update_fields=["asked_at", "updated_at"])
    post_notice(
        key=f"clinic_tried:{attempt.pk}",
        kind=NoticeKind.CLINIC_TRIED,
        to=attempt.by,
        now=now,
        parameters={"text": attempt.text},
        path=f"/meetings/attempts/{attempt.pk}/",
    )
    return 1


@transaction.atomic
def tell_attempt(
    *, attempt: Attempt, did: Did, words: str, by: User, now: datetime
) -> Attempt:
    """Take whether it was tried; the last word counts. Raises NotOfThisClinic."""
    if not Attempt.objects.held().filter(pk=attempt.pk, by=by).exists():
        raise NotOfThisClinic(_("Your pair is not of this clinic."))
    attempt.did, attempt.words, attempt.answered_at = did, clean_text(words), now
    attempt.save()
    record(by, f"tried: {did.value}", attempt)
    return attempt

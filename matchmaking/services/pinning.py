"""Coordinators settle what the engine must or must not propose, and the weights."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Region
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from matchmaking.choices import DeclineReason, PinKind
from matchmaking.models import Pin, Reply, WeightTable
from matchmaking.services.rounds import require_weights


class OutsideYourRegions(Refused):
    """Neither of the two localities lies in a region that this person coordinates."""


class AlreadySettled(Refused):
    """There is a standing word on these two, or a side asked never to meet."""


@dataclass(frozen=True)
class Word:
    """What a coordinator settles on one direction between two localities."""

    kind: PinKind
    seeker: Locality
    helper: Locality
    why: str
    until: date | None = None


@transaction.atomic
def settle(*, word: Word, by: User) -> Pin:
    """Write down a pin or a veto. Raises OutsideYourRegions, AlreadySettled."""
    regions = Region.objects.coordinated_by(by)
    places = {word.seeker.region_id, word.helper.region_id}
    if not regions.filter(pk__in=places).exists():
        raise OutsideYourRegions(_("Neither of the two is in your regions."))
    if word.kind == PinKind.PIN and _must_not_meet(word):
        raise AlreadySettled(
            _("One of the two asked not to meet the other: it cannot be pinned.")
        )
    try:
        with transaction.atomic():
            pin = Pin.objects.create(
                kind=word.kind,
                seeker=word.seeker,
                helper=word.helper,
                why=word.why,
                until=word.until,
                by=by,
            )
    except IntegrityError as problem:
        raise AlreadySettled(
            _("There is a standing word on these two already: lift it first.")
        ) from problem
    record(by, "settled", pin, word.why)
    return pin


def _must_not_meet(word: Word) -> bool:
    places = [word.seeker.pk, word.helper.pk]
    return Reply.objects.filter(
        reason=DeclineReason.CONFLICT,
        suggestion__seeker__in=places,
        suggestion__helper__in=places,
    ).exists()


@transaction.atomic
def lift(*, pin: Pin, by: User, now: datetime) -> Pin:
    """Lift a standing word; nothing if it is lifted. Raises OutsideYourRegions."""
    found = Pin.objects.coordinated_by(by).select_for_update(of=("self",))
    pin_found = found.filter(pk=pin.pk).first()
    if pin_found is None:
        raise OutsideYourRegions(_("Neither of the two is in your regions."))
    if pin_found.lifted_at is None:
        pin_found.lifted_at = now
        pin_found.save(update_fields=["lifted_at", "updated_at"])
        record(by, "lifted", pin_found)
    return pin_found


@transaction.atomic
def adopt_weights(*, weights: dict[str, float], why: str, by: User) -> WeightTable:
    """Let these weights count from the next round on. Raises BadWeights."""
    require_weights(weights)
    table = WeightTable.objects.create(weights=weights, why=why, by=by)
    record(by, "adopted weights", table, why)
    return table

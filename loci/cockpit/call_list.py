"""Whom to call about a wave, each with words that can be sent in another way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from localities.models import Invitation, Locality
from localities.queries.invited import invited_to
from surveys.choices import PartState
from surveys.models import Part, Wave
from surveys.services.planning import Plan, plans, why_not_now
from surveys.services.wave_mails import has_begun

FAR = timedelta(days=60)


@dataclass(frozen=True)
class Call:
    """One person to call, with words that can be sent in another way."""

    locality: Locality
    name: str
    email: str
    parts: str
    why: str
    message: str


def calls(wave: Wave, places: Iterable[Locality], now: datetime) -> list[Call]:
    """Who is no longer reminded though a part is missing; pairs where nobody can be.

    Where somebody was invited to such a side and has not come, that is who to call.
    """
    shown = {place.pk: place for place in places}
    found: list[Call] = []
    reached: set[tuple[int, str]] = set()
    for plan in plans(wave, shown, now):
        row = plan.candidate
        reached |= {(row.locality.pk, part.side) for part in row.parts}
        if plan.next_at is None or plan.next_at > now + FAR:
            found.append(_call(wave, plan, now))
    left = Part.objects.filter(wave=wave, locality__in=shown).exclude(
        state=PartState.SENT
    )
    invited = invited_to(shown)
    for part in left.order_by("locality__name", "side", "pk"):
        key = part.locality_id, part.side
        if key not in reached and not part.is_joint:
            place = shown[part.locality_id]
            found += _of_nobody(part, place, invited.get(key, []), now)
    return sorted(found, key=lambda call: (call.locality.name, call.name, call.email))


def _of_nobody(
    part: Part, place: Locality, invited: list[Invitation], now: datetime
) -> Iterator[Call]:
    side = part.get_side_display()
    if not invited:
        yield Call(place, "", "", side, _("nobody speaks for this side yet"), "")
    for row in invited:
        person = row.person
        message = _message_to_guest(row, place, now)
        why = why_not_here(row, now)
        yield Call(place, person.name, person.email, side, why, message)


def why_not_here(row: Invitation, now: datetime) -> str:
    """When they were invited, and whether they still can come."""
    day = date_format(localtime(row.invited_at), "SHORT_DATE_FORMAT")
    if row.expires_at <= now:
        return _("invited on %(day)s, did not come; it has run out") % {"day": day}
    return _("invited on %(day)s, not here yet") % {"day": day}


def _message_to_guest(row: Invitation, place: Locality, now: datetime) -> str:
    """Link and code are known to the mail alone: these words lead to it."""
    with translation.override(row.person.language):
        about = {
            "day": date_format(localtime(row.invited_at), "j F"),
            "until": date_format(localtime(row.expires_at), "j F"),
            "organisation": row.leads_to,
            "place": place.name,
            "link": f"{settings.LOCI_SITE_URL.rstrip('/')}/invitations/code/",
        }
        if row.expires_at <= now:
            return (
                _(
                    "On %(day)s we invited you by mail to a place in LOCI: %(organisation)s, "
                    "%(place)s. That mail has run out. Shall we send it again?"
                )
                % about
            )
        return (
            _(
                "On %(day)s we invited you by mail to a place in LOCI: %(organisation)s, "
                "%(place)s. Its link works until %(until)s; its code can be typed here: "
                "%(link)s. If you cannot find the mail, tell us: we send it again."
            )
            % about
        )


def _call(wave: Wave, plan: Plan, now: datetime) -> Call:
    row = plan.candidate
    why = why_not_now(wave, row, now) or _("no further reminder before the close")
    with translation.override(row.person.language):
        words = {
            "wave": wave.title,
            "place": row.locality.name,
            "parts": ", ".join(str(part.get_side_display()) for part in row.parts),
            "day": date_format(localtime(row.closes_at), "l j F"),
            "link": f"{settings.LOCI_SITE_URL.rstrip('/')}/surveys/{row.parts[0].reference}/",
        }
        if has_begun(row):
            message = _(
                "%(wave)s: for %(place)s a part is still missing (%(parts)s). It closes on "
                "%(day)s. It goes on where you stopped: %(link)s"
            )
        else:
            message = _(
                "%(wave)s: for %(place)s a part is still missing (%(parts)s). It closes on "
                "%(day)s. It begins here: %(link)s"
            )
    parts = ", ".join(str(part.get_side_display()) for part in row.parts)
    return Call(
        *(row.locality, row.person.name, row.person.email, parts, why, message % words)
    )

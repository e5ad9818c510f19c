"""Who was invited and has not come yet."""

from collections import defaultdict
from collections.abc import Iterable

from localities.choices import Role
from localities.models import Invitation

Place = tuple[int, str]  # locality, side


def invited_to(localities: Iterable[int]) -> dict[Place, list[Invitation]]:
    """By seat: invitations of members that wait, or have run out; the latest first."""
    rows = (
        Invitation.objects.unused()
        .filter(locality__in=list(localities), role=Role.MEMBER)
        .exclude(side="")
        .select_related("person", "organisation")
        .order_by("-last_mail_at", "-created_at", "pk")
    )
    found: dict[Place, list[Invitation]] = defaultdict(list)
    for row in rows:
        if row.locality_id is not None:
            found[row.locality_id, row.side].append(row)
    return found

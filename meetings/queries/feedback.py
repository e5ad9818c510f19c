"""What participants answered, for the review: counts, never who."""

from collections import Counter

from django.utils.translation import gettext as _

from meetings.choices import Occasion, OfUse
from meetings.models import Feedback, Meeting

FEWEST = 3  # localities behind a count that is shown


def feedback_in_words(meeting: Meeting) -> tuple[str, ...]:
    """A line for each occasion; answers of fewer than 3 localities are not shown."""
    rows = Feedback.objects.filter(
        place__invitation__meeting=meeting, answered_at__isnull=False
    ).select_related("place__invitation")
    lines = []
    for occasion in Occasion:
        said = [row for row in rows if row.occasion == occasion]
        places = {row.place.invitation.locality_id for row in said}
        if not said:
            continue
        if len(places) < FEWEST:
            lines.append(
                _("%(occasion)s: hidden (fewer than 3 localities)")
                % {"occasion": occasion.label}
            )
            continue
        counts = Counter(row.of_use for row in said)
        words = ", ".join(f"{choice.label}: {counts[choice]}" for choice in OfUse)
        lines.append(f"{occasion.label}: {words}")
    return tuple(lines)

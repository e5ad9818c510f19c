"""Everything that the coordinators' site shows; Django's admin looks for this file."""

from loci.cockpit import (
    circles,
    experts,
    heard,
    inviting,
    loop,
    matches,
    meetings,
    reports,
    rounds,
    said,
    themes,
    weights,
    who,
)

__all__ = [
    "circles",
    "experts",
    "heard",
    "inviting",
    "loop",
    "matches",
    "meetings",
    "reports",
    "rounds",
    "said",
    "themes",
    "weights",
    "who",
]

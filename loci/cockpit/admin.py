"""Everything that the coordinators' site shows; Django's admin looks for this file."""

from loci.cockpit import (
    circles,
    conversations,
    cycles,
    experts,
    heard,
    inviting,
    loop,
    matches,
    meetings,
    reports,
    rounds,
    said,
    surveys,
    themes,
    weights,
    who,
)

__all__ = [
    "circles",
    "conversations",
    "cycles",
    "experts",
    "heard",
    "inviting",
    "loop",
    "matches",
    "meetings",
    "reports",
    "rounds",
    "said",
    "surveys",
    "themes",
    "weights",
    "who",
]

"""Everything that the coordinators' site shows; Django's admin looks for this file."""

from loci.cockpit import loop, matches, said, who

__all__ = ["loop", "matches", "said", "who"]

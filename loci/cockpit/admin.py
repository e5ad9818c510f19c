"""Everything that the coordinators' site shows; Django's admin looks for this file."""

from loci.cockpit import loop, matches, rounds, said, who

__all__ = ["loop", "matches", "rounds", "said", "who"]

"""Everything that the coordinators' site shows; Django's admin looks for this file."""

from loci.cockpit import circles, loop, matches, rounds, said, who

__all__ = ["circles", "loop", "matches", "rounds", "said", "who"]

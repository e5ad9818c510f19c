"""Who should talk to whom: rounds, suggestions, replies."""

from matchmaking.models.check_ins import CheckIn
from matchmaking.models.rounds import Round
from matchmaking.models.suggestions import (
    Reply,
    Suggestion,
    SuggestionQuerySet,
    speaks_for,
)

__all__ = [
    "CheckIn",
    "Reply",
    "Round",
    "Suggestion",
    "SuggestionQuerySet",
    "speaks_for",
]
